"""Pictures on a grid: the heat map of activity, and quality by number of clusters."""

from __future__ import annotations

import textwrap

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from veje.figures.paths import quarter_label
from veje.figures.stack import head, quarter_axis
from veje.figures.style import SOFT, WITHHELD, ink_on, new_figure, quiet
from veje.figures.subject import Shares, Subject

DRAWN = ("ASW", "PBC", "R2")
CHOSEN = "#AA3377"


def draw_heat_map(subject: Subject) -> Figure:
    """Draw the share active in each quarter: a row for all persons and for each pooled type."""
    released, pooled = subject.released, subject.released.pooled
    rows = ["", *released.types(pooled)]
    last = released.last_quarter() or len(released.keys("timing_quarters"))
    cells = [
        [released.cell("timing_quarters", pooled, row, f"q{q:02d}", "share") for q in range(1, last + 1)]
        for row in rows
    ]
    shares = np.array([[np.nan if c.value is None else c.value for c in line] for line in cells])
    height = 0.5 * len(rows) + 0.75
    figure = new_figure(height)
    axes = figure.add_axes((0.245, 0.56 / height, 0.735, 1 - 0.64 / height))
    names = [subject.area(pooled), *[subject.type(row, pooled) for row in rows[1:]]]
    tiles(axes, shares, subject)
    axes.set_yticks(range(len(rows)), ["\n".join(_lines(name)) for name in names])
    quarter_axis(axes, last)
    axes.set_xlabel(quarter_label(subject))
    quiet(axes)
    return figure


def tiles(axes: Axes, shares: Shares, subject: Subject, top: float | None = None) -> None:
    """Draw a tile with its number for every share, a hatched one for a withheld share.

    shares: (rows, columns) percent, NaN when withheld; columns are at 1, 2, … top: the darkest share.
    A share below 1 is written with a decimal.
    """
    table = matplotlib.colormaps["Blues"]
    top = top or max(float(np.nanmax(shares, initial=0.0)), 1.0)
    known = [(int(x), int(y)) for y, x in np.argwhere(~np.isnan(shares))]
    colours = [to_hex(table(0.03 + 0.87 * min(shares[y, x] / top, 1.0))) for x, y in known]
    axes.add_collection(PolyCollection([_tile(x, y) for x, y in known], facecolor=colours), autolim=False)
    hidden = [_tile(int(x), int(y)) for y, x in np.argwhere(np.isnan(shares))]
    axes.add_collection(PolyCollection(hidden, **WITHHELD), autolim=False)
    for (x, y), colour in zip(known, colours, strict=True):
        share = float(shares[y, x])
        text = subject.number(share, int(share < 1))
        axes.text(x + 1, y, text, ha="center", va="center", color=ink_on(colour))
    axes.set_xlim(0.5, shares.shape[1] + 0.5)
    axes.set_ylim(len(shares) - 0.5, -0.5)


def _tile(x: int, y: int) -> list[tuple[float, float]]:
    """Give the corners of the tile in a column and a row from 0."""
    left, right, low, high = x + 0.52, x + 1.48, y - 0.44, y + 0.44
    return [(left, low), (right, low), (right, high), (left, high)]


def draw_activity(subject: Subject) -> Figure:
    """Draw the share active in each quarter, for every type pooled and in each municipality.

    Pooled rows are the pooled clusters' types, a municipality's row is the type of its own clusters.
    """
    released, pooled = subject.released, subject.released.pooled
    last = released.last_quarter() or len(released.keys("timing_quarters"))
    places = [(area, key) for key in ("", *released.types(pooled)) for area in released.areas]
    cells = [
        [released.cell("timing_quarters", *place, f"q{q:02d}", "share").value for q in range(1, last + 1)]
        for place in places
    ]
    shares = np.array(cells, dtype=np.float64)
    height = 0.25 * len(places) + 0.62
    figure = new_figure(height)
    axes = figure.add_axes((0.375, 0.54 / height, 0.61, 1 - 0.6 / height))
    tiles(axes, shares, subject)
    names = [
        subject.labels.word("pooled") if area == pooled else subject.labels.area(area) for area, _ in places
    ]
    axes.set_yticks(range(len(places)), names)
    for row in range(0, len(places), len(released.areas)):
        name = "\n".join(_lines(subject.place(places[row][1])))
        axes.text(-0.6, row - 0.44, name, transform=_at_left(axes), va="top", fontweight="bold")
        axes.axhline(row - 0.5, color=SOFT, linewidth=0.6, xmin=-0.6, clip_on=False)
    quarter_axis(axes, last)
    axes.set_xlabel(quarter_label(subject))
    quiet(axes)
    return figure


def _at_left(axes: Axes) -> Transform:
    """Give the coordinates of an axes' rows with widths in parts of the axes."""
    return axes.get_yaxis_transform()


def draw_quality(subject: Subject) -> Figure:
    """Draw quality indices against the number of clusters, a column for each area, the chosen one marked."""
    areas = subject.released.areas
    height = 1.3 * len(DRAWN) + 1.0
    figure = new_figure(height)
    grid = figure.subplots(len(DRAWN), len(areas), sharex=True, sharey="row", squeeze=False)
    figure.subplots_adjust(
        left=0.105, right=0.99, top=1 - 0.52 / height, bottom=0.48 / height, wspace=0.12, hspace=0.16
    )
    for row, index in zip(grid, DRAWN, strict=True):
        for axes, area in zip(row, areas, strict=True):
            _curve(axes, subject, area, index)
        row[0].set_ylabel("\n".join(textwrap.wrap(subject.labels.of("quality", index), 18)))
    for axes, area in zip(grid[0], areas, strict=True):
        chosen = subject.released.cell("quality", area, "", "chosen_k", "index").value
        told = "" if chosen is None else "\n" + subject.labels.word("chosen", n=int(chosen))
        pooled = area == subject.released.pooled
        name = subject.labels.word("pooled") if pooled else subject.labels.area(area)
        head(axes, name + told, 15 if len(areas) > 4 else 22)
    figure.text(0.545, 0.06 / height, subject.labels.word("clusters_axis"), ha="center")
    figure.align_ylabels()
    return figure


def _curve(axes: Axes, subject: Subject, area: str, index: str) -> None:
    """Draw one index of one area, with a line and a dot at the chosen number."""
    released = subject.released
    ks = sorted({int(k[1:3]) for k in released.keys("quality") if k.endswith(f"_{index}")})
    cells = [released.cell("quality", area, "", f"k{k:02d}_{index}", "index").value for k in ks]
    values = [np.nan if value is None else value for value in cells]
    axes.plot(ks, values, "-o", color=SOFT, linewidth=1.2, markersize=2.5)
    chosen = released.cell("quality", area, "", "chosen_k", "index").value
    if chosen is not None and int(chosen) in ks:
        axes.axvline(chosen, color=CHOSEN, linewidth=1.0, zorder=0)
        axes.plot(chosen, values[ks.index(int(chosen))], "o", color=CHOSEN, markersize=6)
    axes.margins(y=0.15)
    axes.set_xticks([k for k in ks if k % 4 == 0])
    axes.yaxis.set_major_formatter(lambda value, _: subject.number(value, 1))


def _lines(name: str) -> list[str]:
    return [line for part in name.split("\n") for line in textwrap.wrap(part, 30)]
