"""The private pictures: every person's sequence as a line, and medoids. They never leave the server."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from veje.figures.legend import draw_legend, legend_height
from veje.figures.stack import head, quarter_axis
from veje.figures.style import SIZE, new_figure
from veje.figures.subject import Subject, state_legend
from veje.figures.whole import draw_runs


def draw_index_plot(subject: Subject, sequences: pl.DataFrame, types: pl.DataFrame) -> Figure:
    """Draw each person's states as one line, by pooled type, sorted from the oldest quarter on.

    sequences, types: tables of those names.
    """
    panels = lines_by_type(sequences, types)
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    entries = state_legend(subject)
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
    banner(figure, subject)
    draw_legend(figure, entries)
    return figure


def draw_medoids(subject: Subject, central: pl.DataFrame) -> Figure:
    """Draw the medoid of each pooled cluster: each line is one real person's sequence.

    central: cluster_pooled, type_pooled, states and the cluster's persons, a row a cluster.
    """
    states = np.array(central["states"].to_list(), dtype=np.int64)
    entries = state_legend(subject, np.unique(states).tolist())
    foot = legend_height(entries) + 0.36
    height = 0.42 * len(states) + foot + 0.6
    figure = new_figure(height)
    axes = figure.add_axes((0.245, foot / height, 0.735, 1 - (foot + 0.6) / height))
    draw_runs(axes, states, subject, 6.0)
    names = [
        f"{subject.labels.type(key)}\n{subject.labels.word('persons_n', n=subject.number(persons))}"
        for key, persons in central.select("type_pooled", "persons").iter_rows()
    ]
    axes.set_yticks(np.arange(len(names)) + 0.5, names)
    banner(figure, subject)
    draw_legend(figure, entries)
    return figure


def banner(figure: Figure, subject: Subject) -> None:
    """Write across a picture's head that it must not leave the server."""
    figure.text(
        0.5, 1 - 0.12 / figure.get_figheight(), subject.labels.word("private"), ha="center", va="top",
        color="white", fontsize=SIZE + 2, fontweight="bold",
        bbox={"facecolor": "#B00020", "edgecolor": "none", "pad": 5},
    )  # fmt: skip


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
