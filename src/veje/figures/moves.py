"""Pictures of moves: transition rates between quarters, and the flow of states from year to year."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from veje.figures.grids import tiles
from veje.figures.legend import draw_legend, legend_height, text_width
from veje.figures.stack import head
from veje.figures.style import SOFT, WIDTH, WITHHELD, new_figure, quiet
from veje.figures.subject import Shares, Subject, state_legend, state_shares

TILE = 0.3
"""Inches: the height of a row of transitions."""
NODE = 0.07
"""Half of a stop's width, in distances between two stops."""


def draw_transitions(subject: Subject) -> Figure:
    """Draw the rates of transition between quarters of all persons, from the row's state to the column's."""
    codes, rates = transition_rates(subject, "")
    names = [subject.state(i) for i in codes]
    side = max(map(text_width, names)) + 0.35
    top, foot = 0.64 * side + 0.1, 0.36
    height = TILE * len(codes) + top + foot
    figure = new_figure(height)
    wide = min(WIDTH - side - 1.25, 0.62 * len(codes))
    axes = figure.add_axes((side / WIDTH, foot / height, wide / WIDTH, TILE * len(codes) / height))
    tiles(axes, rates, subject, 100.0)
    axes.set_yticks(range(len(codes)), names)
    axes.set_xticks(range(1, len(codes) + 1), names, rotation=40, ha="left", rotation_mode="anchor")
    axes.tick_params(labeltop=True, labelbottom=False, length=0)
    quiet(axes)
    told = subject.labels.word("transitions_n")
    axes.text(len(codes) + 0.65, -0.75, told, va="bottom", color=SOFT)
    for y, i in enumerate(codes):
        axes.text(len(codes) + 0.65, y, _onward(subject, i), va="center", color=SOFT)
    figure.text(side / WIDTH, 0.1 / height, subject.labels.word("transitions_axis"))
    return figure


def _onward(subject: Subject, state: int) -> str:
    released = subject.released
    key = f"{subject.alphabet.states[state]}.onward"
    value = released.cell("transitions", released.pooled, "", key, "count").value
    return subject.labels.word("withheld_cell") if value is None else subject.number(value)


def transition_rates(subject: Subject, type_key: str) -> tuple[list[int], Shares]:
    """Give the states that any published transition touches, and their rates: (m, m), NaN when withheld.

    All states where nothing is published.
    """
    released, states = subject.released, subject.alphabet.states
    rates = np.array(
        [
            [
                released.cell("transitions", released.pooled, type_key, f"{one}.{other}", "share").value
                for other in states
            ]
            for one in states
        ],
        dtype=np.float64,
    )
    known = ~np.isnan(rates)
    held = [i for i in range(len(states)) if known[i].any() or known[:, i].any() or not known.any()]
    return held, rates[np.ix_(held, held)]


def draw_transitions_by_type(subject: Subject) -> Figure:
    """Draw the rates of transition of each pooled type; colours on the edges stand for the states."""
    types = subject.released.types(subject.released.pooled)
    found = [(subject.place(key), *transition_rates(subject, key)) for key in types]
    found = [panel for panel in found if panel[1]]
    columns = 2 if len(found) in (2, 4) else min(3, len(found))
    rows = -(-len(found) // columns)
    entries = state_legend(subject, sorted({i for _, codes, _ in found for i in codes}))
    foot = legend_height(entries) + 0.3
    wide = (WIDTH - 0.3 - 0.3 * columns) / columns
    height = rows * (wide + 0.85) + foot
    figure = new_figure(height)
    for number, (title, codes, rates) in enumerate(found):
        row, column = divmod(number, columns)
        left, bottom = 0.35 + column * (wide + 0.3), foot + (rows - 1 - row) * (wide + 0.85) + 0.12
        axes = figure.add_axes((left / WIDTH, bottom / height, wide / WIDTH, wide / height))
        tiles(axes, rates, subject, 100.0)
        _edges(axes, codes, subject)
        head(axes, title, lift=12)
    told = subject.labels.word("transitions_axis")
    figure.text(0.12 / WIDTH, (foot - 0.14) / height, told)
    draw_legend(figure, entries)
    return figure


def _edges(axes: Axes, codes: Sequence[int], subject: Subject) -> None:
    """Put the states' fills on a matrix' left edge and above it."""
    size = 0.045 * len(codes)
    for place, i in enumerate(codes):
        looks = subject.fill(i).looks
        axes.add_patch(Rectangle((0.46 - size, place - 0.44), size, 0.88, clip_on=False, **looks))
        axes.add_patch(Rectangle((place + 0.52, -0.54 - size), 0.96, size, clip_on=False, **looks))
    axes.set_xticks([])
    axes.set_yticks([])
    quiet(axes)


def draw_state_flow(subject: Subject) -> Figure:
    """Draw how persons flow between states from the end of one year to that of the next.

    Stops have the height of the published distribution; where less leaves or reaches one than its
    height, the rest of the flow is withheld.
    """
    released = subject.released
    stops = sorted({int(q) for key in released.keys("state_flow") for q in re.findall(r"q(\d+)_", key)})
    shares = state_shares(subject, released.pooled)[:, [stop - 1 for stop in stops]]
    entries = state_legend(subject, [i for i in range(len(shares)) if shares[i].any()])
    entries.append((subject.labels.word("withheld"), None))
    foot = legend_height(entries) + 0.35
    height = 4.2 + foot
    figure = new_figure(height)
    axes = figure.add_axes((0.075, foot / height, 0.885, 1 - (foot + 0.12) / height))
    for at in range(len(stops) - 1):
        for state, polygons in _ribbons(subject, stops, shares, at).items():
            colour = subject.alphabet.colours[state]
            axes.add_collection(PolyCollection(polygons, facecolor=colour, alpha=0.5, linewidth=0))
    _stops(axes, shares, subject)
    axes.set_xlim(-NODE - 0.02, len(stops) - 1 + NODE + 0.02)
    axes.set_ylim(0, 100)
    word = subject.labels.row
    axes.set_xticks(range(len(stops)), [word("timing_quarters", f"q{stop:02d}") for stop in stops])
    axes.tick_params(axis="x", length=0)
    axes.spines["bottom"].set_visible(False)
    axes.set_ylabel(subject.labels.word("share_axis"))
    draw_legend(figure, entries)
    return figure


def _stops(axes: Axes, shares: Shares, subject: Subject) -> None:
    upper = shares.cumsum(axis=0)
    for i in range(len(shares)):
        for stop in np.flatnonzero(shares[i]):
            low, tall = upper[i, stop] - shares[i, stop], shares[i, stop]
            axes.add_patch(Rectangle((stop - NODE, low), 2 * NODE, tall, **subject.fill(i).looks))
    at = np.arange(shares.shape[1])
    axes.bar(at, 100 - upper[-1], bottom=upper[-1], width=2 * NODE, **WITHHELD)
    for line in upper:
        axes.hlines(line, at - NODE, at + NODE, color="white", linewidth=0.8)


def _ribbons(subject: Subject, stops: Sequence[int], shares: Shares, at: int) -> dict[int, list[Shares]]:
    """Give the outlines of the flows between two stops, by the state they leave."""
    flows = _flows(subject, stops[at], stops[at + 1])
    bottom = shares.cumsum(axis=0) - shares
    # Counts are rounded on their own, so that a stop's flows may add up to a little more than it.
    out = flows * _fit(flows.sum(axis=1), shares[:, at])[:, None]
    into = flows * _fit(flows.sum(axis=0), shares[:, at + 1])[None, :]
    left = bottom[:, [at]] + out.cumsum(axis=1) - out
    right = bottom[:, [at + 1]].T + into.cumsum(axis=0) - into
    t = np.linspace(0, 1, 24)
    bend, x = t * t * (3 - 2 * t), at + NODE + t * (1 - 2 * NODE)
    found: dict[int, list[Shares]] = {}
    for i, j in zip(*np.nonzero(flows), strict=True):
        low = left[i, j] + (right[i, j] - left[i, j]) * bend
        high = left[i, j] + out[i, j] + (right[i, j] + into[i, j] - left[i, j] - out[i, j]) * bend
        outline = np.column_stack([np.append(x, x[::-1]), np.append(low, high[::-1])])
        found.setdefault(int(i), []).append(outline)
    return found


def _flows(subject: Subject, first: int, second: int) -> Shares:
    """Give the published flows between two stops in percent of all persons: (K, K), 0 when withheld."""
    released, states = subject.released, subject.alphabet.states
    whole = released.persons(released.pooled).value or np.inf
    keys = [[f"q{first:02d}_{one}.q{second:02d}_{other}" for other in states] for one in states]
    found = [[released.value("state_flow", released.pooled, "", key, "count") for key in row] for row in keys]
    return 100 * np.array(found) / whole


def _fit(sums: Shares, room: Shares) -> Shares:
    """Give the factors that shrink sums to the room they have."""
    fitted: Shares = np.divide(room, sums, out=np.ones_like(room), where=sums > room)
    return fitted
