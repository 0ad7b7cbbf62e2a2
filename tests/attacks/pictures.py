"""Reading a picture back: the state of every pixel, lines of an index plot, and heights of stacked bands."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from numpy.typing import NDArray

from veje.figures.style import SOFT
from veje.lists import Alphabet

NONE = -1
"""The state of a pixel that has no state's colour."""
QUARTERS = 20
CHANNELS = np.array([1 << 16, 1 << 8, 1])
NARROWEST = 60
"""Pixels: a plot of twenty quarters is wider."""
UNSURE = 3.0
"""Pixels: a band's height can be read no better between two white lines of 0.7 points."""

States = NDArray[np.int16]
Sequence20 = tuple[int, ...]


@dataclass(frozen=True)
class Panel:
    """A rectangle of pixels that is filled with states' colours: states (height, width)."""

    states: States


def read_states(png: bytes, colours: Sequence[str]) -> States:
    """Give the state of every pixel by its colour: (height, width), `NONE` for other colours."""
    image = _packed(png)
    states = np.full(image.shape, NONE, dtype=np.int16)
    for code, colour in enumerate(colours):
        states[image == _code(colour)] = code
    return states


def _packed(png: bytes) -> NDArray[np.int64]:
    """Give the colour of every pixel as one number."""
    colours: NDArray[np.int64] = np.round(imread(io.BytesIO(png))[:, :, :3] * 255).astype(np.int64) @ CHANNELS
    return colours


def _code(colour: str) -> int:
    return int(np.round(np.array(to_rgb(colour)) * 255).astype(np.int64) @ CHANNELS)


def panels(states: States) -> list[Panel]:
    """Cut a picture into plots: first by empty columns, then by empty rows, and so on until none is left."""
    found: list[Panel] = []
    waiting = [states]
    while waiting:
        part = waiting.pop()
        parts = [one for axis in (1, 0) for one in _cut(part, axis)]
        if len(parts) == 2:
            found += [Panel(_trimmed(part))] if _trimmed(part).shape[1] >= NARROWEST else []
        else:
            waiting += _cut(part, 1) if len(_cut(part, 1)) > 1 else _cut(part, 0)
    return found


def lines(panel: Panel, quarters: int) -> set[Sequence20]:
    """Read each row of pixels as a person's sequence: one state in the middle of each quarter's width."""
    width = panel.states.shape[1] / quarters
    left = np.round((np.arange(quarters) + 0.3) * width).astype(int)
    right = np.round((np.arange(quarters) + 0.7) * width).astype(int)
    begin, end = panel.states[:, left], panel.states[:, right]
    whole = ((begin == end) & (begin != NONE)).all(axis=1)
    return {tuple(int(state) for state in row) for row in begin[whole]}


def is_stack(panel: Panel) -> bool:
    """Tell whether all columns hold the states in one order, as bands stacked do and persons do not."""
    steps = [np.diff(column[column != NONE]) for column in panel.states.T]
    return all((step <= 0).all() for step in steps) or all((step >= 0).all() for step in steps)


def persons_drawn(png: bytes, colours: Sequence[str], quarters: int) -> set[Sequence20]:
    """Read the sequences that a picture draws as lines of their own; bands stacked are none."""
    plots = [one for one in panels(read_states(png, colours)) if not is_stack(one)]
    return set().union(*(lines(one, quarters) for one in plots))


def heights(panel: Panel, quarters: int, codes: int) -> NDArray[np.float64]:
    """Measure each state's band in each quarter: (codes, quarters) pixels.

    A pattern over a band hides some of its colour: a row of pixels is what most of its width shows.
    """
    edges = np.round((np.arange(quarters)[:, None] + [0.25, 0.75]) * panel.states.shape[1] / quarters)
    found = np.zeros((codes, quarters))
    for quarter, (left, right) in enumerate(edges.astype(int)):
        counts = (panel.states[:, left:right, None] == np.arange(codes)).sum(axis=1)
        seen = _filled(np.where(counts.any(axis=1), counts.argmax(axis=1), NONE).astype(panel.states.dtype))
        found[:, quarter] = (seen[:, None] == np.arange(codes)).sum(axis=0)
    return found


def withheld_counts(png: bytes, shown: pl.DataFrame, alphabet: Alphabet, persons: float) -> pl.DataFrame:
    """Read from a picture of states by quarter what the table beside it withholds, or rounds: key, count.

    shown: the table's shares (key, value). persons: the number told of all. A band that is drawn of a
    withheld share, or at another height than the table's share, is one.
    """
    plot = plot_of(png, alphabet.colours)
    tall = heights(plot, QUARTERS, len(alphabet.states))
    shares = dict(shown.select("key", "value").rows())
    full = plot.states.shape[0]
    # Rounded shares that add up to more than the whole are drawn to its scale.
    sums = shown.group_by(pl.col("key").str.head(3)).agg(pl.col("value").sum().clip(100.0)).rows()
    scale, rows = dict(sums), []
    for code, quarter in zip(*np.nonzero(tall), strict=True):
        key, share = f"q{quarter + 1:02d}_{alphabet.states[code]}", tall[code, quarter] / full
        table = shares[key]
        if table is None or abs(share - table / scale[key[:3]]) * full > UNSURE:
            rows.append((key, round(share * persons)))
    return pl.DataFrame(rows, schema={"key": pl.String, "count": pl.Int64}, orient="row")


def plot_of(png: bytes, colours: Sequence[str]) -> Panel:
    """Take the plot between its axes: the longest upright and the longest level line of their grey."""
    grey = _packed(png) == _code(SOFT)
    left, (top, bottom) = max(enumerate(map(_longest, grey.T)), key=lambda found: found[1][1] - found[1][0])
    _, right = _longest(grey[bottom])
    return Panel(read_states(png, colours)[top:bottom, left + 1 : right + 1])


def _longest(line: NDArray[np.bool_]) -> tuple[int, int]:
    """Give the first and last place of the longest run in a line."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
    if not len(ends):
        return 0, 0
    at = (ends[1::2] - ends[::2]).argmax()
    return int(ends[2 * at]), int(ends[2 * at + 1]) - 1


def _filled(column: States) -> States:
    """Share the one or two pixels of a white line between two bands out to both."""
    seen = column.copy()
    for width in (1, 2):
        for at in range(1, len(column) - width):
            line = column[at : at + width]
            if (line == NONE).all() and NONE not in (column[at - 1], column[at + width]):
                seen[at], seen[at + width - 1] = column[at - 1], column[at + width]
    return seen


def _cut(states: States, axis: int) -> list[States]:
    """Cut where rows (axis 0) or columns (axis 1) have no state at three pixels in a row."""
    groups = _groups(states, axis)
    return [states[low:high] if axis == 0 else states[:, low:high] for low, high in groups]


def _groups(states: States, axis: int) -> list[tuple[int, int]]:
    used = np.flatnonzero((states != NONE).any(axis=1 - axis))
    if not len(used):
        return []
    groups = np.split(used, np.flatnonzero(np.diff(used) > 3) + 1)
    return [(int(one[0]), int(one[-1]) + 1) for one in groups]


def _trimmed(states: States) -> States:
    rows, columns = (np.flatnonzero((states != NONE).any(axis=axis)) for axis in (1, 0))
    return states[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else states[:0, :0]
