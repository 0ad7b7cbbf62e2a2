"""Pictures of lines: the entropy of the states by quarter, and the upper branches of the tree of clusters."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from veje.figures.legend import Entry, draw_legend, legend_height, text_width
from veje.figures.paths import quarter_label
from veje.figures.stack import quarter_axis, spread
from veje.figures.style import INK, WIDTH, Fill, new_figure, ramp
from veje.figures.subject import Shares, Subject
from veje.released import Cell

ROOT = "tree"
LIGHTEST = 0.8
"""The lightest line's place on the ramp: a yellow line is lost on white."""
DASHES = ("-", "--", "-.", ":", (0, (6, 2, 1, 2, 1, 2)), (0, (1, 1)))
"""The lines' strokes in turn, so that a grey print tells them apart."""


def draw_entropy(subject: Subject) -> Figure:
    """Draw the entropy of the states in each quarter, of all persons and of each pooled type."""
    released, pooled = subject.released, subject.released.pooled
    last = released.last_quarter()
    places = ["", *released.types(pooled)]
    lines = np.array(
        [
            [
                np.nan
                if (value := released.cell("entropy", pooled, key, f"q{q:02d}", "index").value) is None
                else value
                for q in range(1, last + 1)
            ]
            for key in places
        ]
    )
    figure = new_figure(3.8)
    names = [subject.labels.word("pooled"), *[subject.labels.type(key) for key in places[1:]]]
    names = [name for name, line in zip(names, lines, strict=True) if not np.isnan(line).all()]
    lines = lines[~np.isnan(lines).all(axis=1)]
    wide = WIDTH - 0.65 - 1.06 * max([text_width(name) for name in names] + [0.5]) - 0.35
    axes = figure.add_axes((0.65 / WIDTH, 0.13, wide / WIDTH, 0.83))
    _named_lines(axes, lines, names)
    axes.set_ylim(0, 1)
    axes.set_ylabel(subject.labels.word("entropy_axis"))
    axes.set_xlabel(quarter_label(subject))
    quarter_axis(axes, last)
    axes.yaxis.set_major_formatter(lambda value, _: subject.number(value, 1))
    return figure


def _named_lines(axes: Axes, lines: Shares, names: list[str]) -> None:
    """Draw lines over the quarters, each named at its right end."""
    at = np.arange(1, lines.shape[1] + 1)
    ends = [float(line[~np.isnan(line)][-1]) for line in lines]
    order = np.argsort(ends, kind="stable")
    places = dict(zip(order, spread([100 * ends[i] for i in order], 6.5, 100.0), strict=True))
    colours = [INK, *ramp(max(len(lines) - 1, 1), LIGHTEST)]
    for i, (line, name) in enumerate(zip(lines, names, strict=True)):
        dash = DASHES[i % len(DASHES)]
        axes.plot(at, line, color=colours[i], linestyle=dash, linewidth=2.2 if i == 0 else 1.6)
        right = at[-1] + 0.5
        start = at[~np.isnan(line)][-1]
        way = [start, right, right + 0.6], [ends[i], ends[i], places[i] / 100]
        axes.plot(*way, color=colours[i], linewidth=0.6, clip_on=False)
        axes.text(right + 0.75, places[i] / 100, name, va="center", color=INK)


def draw_dendrogram(subject: Subject) -> Figure:
    """Draw the upper branches of the pooled tree, with their persons; no branch is of few."""
    released, pooled = subject.released, subject.released.pooled
    ways = shown_ways(subject)
    types = released.types(pooled)
    colours = dict(zip(types, ramp(len(types), LIGHTEST), strict=True))
    entries: list[Entry] = [(subject.labels.type(key), Fill(colour)) for key, colour in colours.items()]
    entries.append((subject.labels.word("several_types"), Fill(INK)))
    foot = legend_height(entries) + 0.62
    height = 3.6 + foot
    figure = new_figure(height)
    axes = figure.add_axes((0.085, foot / height, 0.9, 1 - (foot + 0.12) / height))
    leaves = sorted(way for way in ways if f"{way}/1" not in ways)
    x = {way: float(i) for i, way in enumerate(leaves)}
    for way in sorted(ways, key=len, reverse=True):
        if f"{way}/1" in ways:
            x[way] = (x[f"{way}/1"] + x[f"{way}/2"]) / 2
            _fork(axes, subject, way, x, colours)
    for way in leaves:
        told = subject.number(ways[way])
        axes.annotate(told, (x[way], 0), (0, -4), textcoords="offset points", ha="center", va="top")
    axes.set_xlim(-0.6, len(leaves) - 0.4)
    axes.set_ylim(bottom=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.yaxis.set_major_formatter(lambda value, _: subject.number(value))
    axes.set_ylabel(subject.labels.word("height_axis"))
    figure.text(0.085, (foot - 0.36) / height, subject.labels.word("leaves_axis"), va="top")
    draw_legend(figure, entries)
    return figure


def shown_ways(subject: Subject) -> dict[str, float]:
    """Give the persons of each branch from the root on, as far down as both parts are published."""
    found: dict[str, float] = {}
    waiting: list[tuple[str, ...]] = [(ROOT,)]
    while waiting:
        values = {way: _node(subject, way, "count").value for way in waiting.pop()}
        if None not in values.values():
            found |= {way: value for way, value in values.items() if value is not None}
            waiting += [(f"{way}/1", f"{way}/2") for way in values]
    return found


def _fork(axes: Axes, subject: Subject, way: str, x: dict[str, float], colours: dict[str, str]) -> None:
    """Draw a division: from each part's height up to the branch's own, in the colour of its type."""
    top = _node(subject, way, "index").value or 0.0
    for part in (f"{way}/1", f"{way}/2"):
        low = _node(subject, part, "index").value or 0.0
        colour = colours.get(_type(subject, part), INK)
        axes.plot([x[part], x[part]], [low, top], color=colour, linewidth=1.8, solid_capstyle="butt")
    colour = colours.get(_type(subject, way), INK)
    axes.plot([x[f"{way}/1"], x[f"{way}/2"]], [top, top], color=colour, linewidth=1.8)


def _type(subject: Subject, way: str) -> str:
    """Give the type of a branch, empty where it holds several."""
    released = subject.released
    places = ("", *released.types(released.pooled))
    at = [released.cell("dendrogram", released.pooled, place, way, "count").value for place in places]
    return next((place for place, value in zip(places, at, strict=True) if value is not None), "")


def _node(subject: Subject, way: str, measure: str) -> Cell:
    return subject.released.cell("dendrogram", subject.released.pooled, _type(subject, way), way, measure)
