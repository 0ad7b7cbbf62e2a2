"""Pictures of stacked bars: mean time, types by municipality, classes of timing, the exclusion flow."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from veje.figures.legend import Entry, draw_legend, legend_height, text_width
from veje.figures.style import (
    SCENARIO_COLOURS,
    SOFT,
    WIDTH,
    WITHHELD,
    Fill,
    new_figure,
    quiet,
    ramp,
    write_on,
)
from veje.figures.subject import Shares, Subject, scaled

PLOT = 0.735
"""The bars' part of the picture's width."""


@dataclass(frozen=True)
class Bars:
    """Stacked bars: rows with their names, segments with names and fills, values (segments, rows).

    The values are the table's, and so are the numbers in the bars; only lengths are fitted to `whole`.
    """

    rows: list[str]
    segments: list[str]
    fills: list[Fill]
    values: Shares
    whole: float
    digits: int
    axis: str
    gaps: tuple[int, ...] = ()


def draw_mean_time(subject: Subject) -> Figure:
    """Draw the mean number of quarters in each state, a bar for each pooled type."""
    released, pooled = subject.released, subject.released.pooled
    types = released.types(pooled)
    values = np.array(
        [
            [released.value("bilag_1", pooled, t, state, "mean") for t in types]
            for state in subject.alphabet.states
        ]
    )
    whole = float(released.last_quarter() or values.sum(axis=0).max())
    used = [i for i in range(len(values)) if values[i].any()]
    return draw_bars(
        Bars(
            [subject.type(t, pooled) for t in types],
            [subject.state(i) for i in used],
            [subject.fill(i) for i in used],
            values[used],
            whole,
            1,
            subject.labels.word("quarters_axis"),
        ),
        subject,
    )


def draw_types_by_area(subject: Subject) -> Figure:
    """Draw the shares of types in each municipality, from its own clusters."""
    released = subject.released
    types, areas = released.types(), released.local()
    values = np.array(
        [
            [released.value("table_7_2", area, t, "share_of_individuals", "share") for area in areas]
            for t in types
        ]
    )
    used = [i for i in range(len(types)) if values[i].any()]
    return draw_bars(
        Bars(
            [subject.area(area) for area in areas],
            [subject.labels.type(types[i]) for i in used],
            [Fill(colour) for colour in ramp(len(used))],
            values[used],
            100.0,
            1,
            subject.labels.word("share_axis"),
        ),
        subject,
    )


def draw_timing(subject: Subject) -> Figure:
    """Draw the classes of timing: all persons, then each pooled type, then each municipality."""
    released, pooled = subject.released, subject.released.pooled
    types, areas = released.types(pooled), released.local()
    places = [(pooled, ""), *[(pooled, t) for t in types], *[(area, "") for area in areas]]
    names = [subject.area(pooled), *[subject.type(t, pooled) for t in types]]
    names += [subject.area(area) for area in areas]
    values = np.array(
        [[released.value("timing", *place, key, "share") for place in places] for key in SCENARIO_COLOURS]
    )
    return draw_bars(
        Bars(
            names,
            [subject.labels.of("scenarios", key) for key in SCENARIO_COLOURS],
            [Fill(colour) for colour in SCENARIO_COLOURS.values()],
            values,
            100.0,
            1,
            subject.labels.word("share_axis"),
            gaps=(1, 1 + len(types)),
        ),
        subject,
    )


def draw_bars(bars: Bars, subject: Subject) -> Figure:
    """Draw stacked horizontal bars with a number in every segment that has room, and a legend."""
    names = ["\n".join(_wrapped(row)) for row in bars.rows]
    entries: list[Entry] = list(zip(bars.segments, bars.fills, strict=True))
    if (bars.values.sum(axis=0) < 0.997 * bars.whole).any():
        entries.append((subject.labels.word("withheld"), None))
    foot = legend_height(entries) + 0.56
    height = 0.5 * len(names) + 0.2 * len(bars.gaps) + 0.05 + foot
    figure = new_figure(height)
    axes = figure.add_axes((0.245, foot / height, PLOT, 1 - (foot + 0.04) / height))
    at = np.array([i + 0.4 * sum(i >= gap for gap in bars.gaps) for i in range(len(names))])
    _segments(axes, at, bars, subject)
    quiet(axes)
    axes.set_xlim(0, bars.whole)
    axes.set_ylim(at[-1] + 0.5, -0.5)
    axes.set_yticks(at, names)
    ticks = np.linspace(0, bars.whole, 5 if bars.whole % 4 == 0 else 6)
    axes.set_xticks(ticks, [subject.number(float(tick)) for tick in ticks])
    axes.set_xlabel(bars.axis)
    draw_legend(figure, entries)
    return figure


def _segments(axes: Axes, at: Shares, bars: Bars, subject: Subject) -> None:
    left = np.zeros(len(at))
    lengths = scaled(bars.values, bars.whole)
    for values, long, fill in zip(bars.values, lengths, bars.fills, strict=True):
        axes.barh(at, long, left=left, height=0.74, **fill.looks)
        axes.vlines((left + long)[long > 0], at[long > 0] - 0.37, at[long > 0] + 0.37, "white", linewidth=0.9)
        for y, x, value, length in zip(at, left, values, long, strict=True):
            text = subject.number(float(value), bars.digits)
            if length / bars.whole * PLOT * WIDTH > text_width(text) + 0.06:
                write_on(axes, x + length / 2, y, text, fill)
        left += long
    rest = bars.whole - left
    axes.barh(at, np.where(rest > 0.003 * bars.whole, rest, 0), left=left, height=0.74, **WITHHELD)


def draw_flow(subject: Subject) -> Figure:
    """Draw the persons left after each step of exclusion, with the records they stand for."""
    released, labels = subject.released, subject.labels
    keys = [key for key in released.keys("flow") if not key.endswith("_rows")]
    persons = [released.cell("flow", released.pooled, "", key, "count").value for key in keys]
    records = [released.cell("flow", released.pooled, "", f"{key}_rows", "count").value for key in keys]
    height = 0.4 * len(keys) + 0.1
    figure = new_figure(height)
    axes = figure.add_axes((0.33, 0.02, 0.3, 0.96))
    longest = max([value or 0.0 for value in persons] + [1.0])
    axes.barh(range(len(keys)), [value or 0.0 for value in persons], height=0.68, color="#4477AA")
    for y, (value, rows) in enumerate(zip(persons, records, strict=True)):
        for x, number, word in ((1.55, value, "persons_n"), (2.17, rows, "records_n")):
            told = labels.word("withheld_cell")
            if number is not None:
                told = labels.word(word, n=subject.number(number))
            looks: dict[str, Any] = {"fontweight": "bold"} if word == "persons_n" else {"color": SOFT}
            axes.text(x * longest, y, told, ha="right", va="center", clip_on=False, **looks)
    axes.set_xlim(0, longest)
    axes.set_ylim(len(keys) - 0.5, -0.5)
    axes.set_yticks(range(len(keys)), ["\n".join(_wrapped(labels.row("flow", key), 36)) for key in keys])
    axes.set_xticks([])
    quiet(axes)
    return figure


def _wrapped(name: str, width: int = 28) -> Sequence[str]:
    """Break a row's name into lines; a break that is there already stays."""
    return [line for part in name.split("\n") for line in textwrap.wrap(part, width)]
