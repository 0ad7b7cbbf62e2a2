"""The private picture: every person's sequence as a line. It is microdata and never leaves the server."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from veje.figures.legend import Entry, draw_legend, legend_height
from veje.figures.stack import head, quarter_axis
from veje.figures.style import SIZE, new_figure
from veje.figures.subject import Subject


def draw_index_plot(subject: Subject, sequences: pl.DataFrame, types: pl.DataFrame) -> Figure:
    """Draw each person's states as one line, by pooled type, sorted from the oldest quarter on.

    sequences, types: tables of those names.
    """
    panels = lines_by_type(sequences, types)
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    states = zip(subject.alphabet.states, subject.alphabet.colours, strict=True)
    entries: list[Entry] = [(subject.labels.state_short(state), colour) for state, colour in states]
    foot = legend_height(entries) + 0.36
    height = rows * 3.1 + foot + 0.55
    figure = new_figure(height)
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    figure.subplots_adjust(
        left=0.075, right=0.985, top=1 - 0.95 / height, bottom=foot / height, wspace=0.25, hspace=0.3
    )
    for axes, (key, lines) in zip(grid, panels, strict=False):
        draw_lines(axes, lines[np.lexsort(lines.T[::-1])], subject)
        count = subject.labels.word("persons_n", n=subject.number(len(lines)))
        head(axes, f"{subject.labels.type(key)}\n{count}")
    for axes in grid[len(panels) :]:
        axes.set_visible(False)
    figure.text(
        0.5, 1 - 0.12 / height, subject.labels.word("private"), ha="center", va="top", color="white",
        fontsize=SIZE + 2, fontweight="bold", bbox={"facecolor": "#B00020", "edgecolor": "none", "pad": 5},
    )  # fmt: skip
    draw_legend(figure, entries)
    return figure


def lines_by_type(sequences: pl.DataFrame, types: pl.DataFrame) -> list[tuple[str, NDArray[np.uint8]]]:
    """Give the (n, Q) state codes of each pooled type, the one with most persons first."""
    placed = sequences.join(types.select("person", "type_pooled"), on="person", how="inner")
    panels = [
        (str(key), np.array(group["states"].to_list(), dtype=np.uint8))
        for (key,), group in placed.sort("type_pooled", "person").group_by(
            ["type_pooled"], maintain_order=True
        )
    ]
    panels.sort(key=lambda panel: (-len(panel[1]), panel[0]))
    return panels


def draw_lines(axes: Axes, states: NDArray[np.uint8], subject: Subject) -> None:
    """Draw (n, Q) state codes as an image, one row a person."""
    colours = ListedColormap(list(subject.alphabet.colours))
    axes.imshow(
        states,
        cmap=colours,
        vmin=-0.5,
        vmax=len(subject.alphabet.colours) - 0.5,
        aspect="auto",
        interpolation="nearest",
        extent=(0.5, states.shape[1] + 0.5, len(states), 0),
    )
    quarter_axis(axes, states.shape[1])
