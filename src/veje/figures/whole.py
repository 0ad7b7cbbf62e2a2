"""Pictures of whole paths that are nobody's own: shared sequences, and groups by their modal states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from veje.figures.legend import draw_legend, legend_height
from veje.figures.paths import quarter_label
from veje.figures.stack import head, quarter_axis
from veje.figures.style import WIDTH, WITHHELD, new_figure, quiet
from veje.figures.subject import Subject, state_legend

Box = tuple[float, float, float, float]
"""Left, bottom, width and height in an axes' own units."""

MOST = 12
"""The most shared sequences that are drawn of a type."""

ROW = 0.24
"""Inches: the height of one shared sequence."""


def draw_shared_sequences(subject: Subject) -> Figure:
    """Draw the sequences that enough persons share, by pooled type, the most shared first."""
    found = shared_by_type(subject)
    shown = {key: rows[:MOST] for key, rows in found.items()}
    used = {int(i) for rows in shown.values() for states, _ in rows for i in states}
    entries = state_legend(subject, sorted(used))
    foot = legend_height(entries) + 0.56
    height = foot + sum(ROW * len(rows) + 0.62 for rows in shown.values())
    figure = new_figure(height)
    top = height
    for key, rows in shown.items():
        tall = ROW * len(rows)
        top -= tall + 0.62
        axes = figure.add_axes((0.03, (top + 0.02) / height, 0.8, tall / height))
        lines = np.array([states for states, _ in rows])
        draw_runs(axes, lines, subject, 2.5)
        for y, (_, persons) in enumerate(rows):
            told = subject.labels.word("persons_n", n=subject.number(persons))
            axes.text(lines.shape[1] + 0.8, y + 0.5, told, va="center")
        head(axes, f"{subject.labels.type(key)}\n{_told(subject, found[key], key)}")
        axes.tick_params(labelbottom=top < foot + 0.3)
    figure.text(0.43, (foot - 0.31) / height, quarter_label(subject), ha="center", va="top")
    draw_legend(figure, entries)
    return figure


def _told(subject: Subject, rows: Sequence[tuple[list[int], float]], type_key: str) -> str:
    """Say how many of a type's persons are on shared paths, and how many of these are not drawn."""
    whole = subject.released.persons(subject.released.pooled, type_key).value or 0.0
    on_them = subject.number(sum(persons for _, persons in rows))
    word = "shared_n" if len(rows) <= MOST else "shared_most_n"
    values = {"n": on_them, "all": subject.number(whole), "paths": len(rows), "most": MOST}
    return subject.labels.word(word, **values)


def shared_by_type(subject: Subject) -> dict[str, list[tuple[list[int], float]]]:
    """Give each pooled type's shared sequences as state codes with their persons, most persons first."""
    released = subject.released
    found: dict[str, list[tuple[list[int], float]]] = {}
    for type_key in released.types(released.pooled):
        rows = []
        for key in released.keys("shared_sequences"):
            value = released.cell("shared_sequences", released.pooled, type_key, key, "count").value
            if value is not None:
                rows.append((states_of(key, subject), value))
        if rows:
            found[type_key] = sorted(rows, key=lambda row: (-row[1], row[0]))
    return found


def states_of(key: str, subject: Subject) -> list[int]:
    """Read a sequence's key, `wage_earner*12/sickness_benefit*8`, as state codes by quarter."""
    spells = (spell.rsplit("*", 1) for spell in key.split("/"))
    return [subject.alphabet.code(state) for state, length in spells for _ in range(int(length))]


def draw_frequency_groups(subject: Subject) -> Figure:
    """Draw groups of persons in the order of their states, each by its modal state in every quarter."""
    pooled = subject.released.pooled
    groups = {key: group_states(subject, key) for key in ("", *subject.released.types(pooled))}
    groups = {key: states for key, states in groups.items() if len(states)}
    columns = 2 if len(groups) in (2, 4) else min(3, len(groups))
    rows = -(-len(groups) // columns)
    entries = state_legend(subject, sorted({int(i) for s in groups.values() for i in np.unique(s) if i >= 0}))
    if any((states < 0).any() for states in groups.values()):
        entries.append((subject.labels.word("no_mode"), None))
    foot = legend_height(entries) + 0.56
    height = rows * 2.5 + foot
    figure = new_figure(height)
    wide = (WIDTH - 0.2 - 0.25 * columns) / columns
    for number, (key, states) in enumerate(groups.items()):
        row, column = divmod(number, columns)
        box = (0.2 + column * (wide + 0.25), foot + (rows - 1 - row) * 2.5, wide, 1.85)
        axes = figure.add_axes((box[0] / WIDTH, box[1] / height, box[2] / WIDTH, box[3] / height))
        draw_runs(axes, states, subject, 0.6)
        told = subject.labels.word("groups_n", n=len(states))
        head(axes, f"{subject.place(key)} · {told}")
        axes.tick_params(labelbottom=number + columns >= len(groups))
    figure.text(0.5, (foot - 0.31) / height, quarter_label(subject), ha="center", va="top")
    draw_legend(figure, entries)
    return figure


def group_states(subject: Subject, type_key: str) -> np.ndarray:
    """Give the modal states of a place's groups: (G, Q) codes, -1 where too few persons share one."""
    released = subject.released
    told = [
        (int(found[1]), int(found[2]), subject.alphabet.code(found[3]))
        for key in released.keys("frequency_groups")
        if released.value("frequency_groups", released.pooled, type_key, key, "presence")
        and (found := re.fullmatch(r"g(\d+)_q(\d+)\.(.+)", key))
    ]
    if not told:
        return np.empty((0, 0), dtype=np.int64)
    states = np.full((max(g for g, _, _ in told), max(q for _, q, _ in told)), -1)
    for group, quarter, state in told:
        states[group - 1, quarter - 1] = state
    return states


def draw_runs(axes: Axes, states: np.ndarray, subject: Subject, gap: float) -> None:
    """Draw (n, Q) state codes as rows of boxes from the top, a run of one state as one box.

    gap: points of white between two rows.
    """
    boxes: dict[int, list[Box]] = {}
    for y, line in enumerate(states):
        edges = [0, *(np.flatnonzero(np.diff(line)) + 1), len(line)]
        for start, end in pairwise(edges):
            box = (start + 0.5, y, end - start, 1.0)
            boxes.setdefault(int(line[start]), []).append(box)
    axes.hlines(range(1, len(states)), 0.5, states.shape[1] + 0.5, color="white", linewidth=gap)
    for state, of_state in boxes.items():
        looks = WITHHELD if state < 0 else subject.fill(state).looks
        axes.add_collection(PolyCollection([_corners(box) for box in of_state], **looks))
    axes.set_ylim(len(states), 0)
    quarter_axis(axes, states.shape[1])
    axes.set_yticks([])
    quiet(axes)


def _corners(box: Box) -> Sequence[tuple[float, float]]:
    x, y, wide, tall = box
    return [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]
