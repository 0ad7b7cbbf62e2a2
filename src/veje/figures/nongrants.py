"""The picture of persons without a grant: how often each path ends in one, by municipality."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.figure import Figure

from veje.figures.grids import tiles
from veje.figures.style import new_figure, quiet
from veje.figures.subject import Subject
from veje.names import NOT_GRANTED


def draw_not_granted(subject: Subject) -> Figure:
    """Draw the share of each path that ends in a grant: a row a type, a column a municipality."""
    released, labels = subject.released, subject.labels
    rows = [*released.types(released.pooled), ""]
    cells = [
        [released.cell(NOT_GRANTED, area, row, "granted", "share").value for area in released.areas]
        for row in rows
    ]
    names = [labels.type(row) if row else labels.type("all") for row in rows]
    lines = [textwrap.wrap(name, 50) for name in names]
    height = 0.19 * sum(max(len(own), 2) for own in lines) + 0.75
    figure = new_figure(height)
    axes = figure.add_axes((0.405, 0.24 / height, 0.58, 1 - 0.75 / height))
    tiles(axes, np.array(cells, dtype=np.float64), subject)
    axes.set_yticks(range(len(rows)), ["\n".join(own) for own in lines])
    heads = [labels.word("pooled"), *(labels.area(area) for area in released.local())]
    axes.set_xticks(range(1, len(heads) + 1), ["\n".join(textwrap.wrap(name, 14)) for name in heads])
    axes.xaxis.tick_top()
    figure.text(0.695, 0.06 / height, labels.word("ends_in_grant"), ha="center")
    quiet(axes)
    return figure
