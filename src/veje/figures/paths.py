"""Pictures of the paths: which states persons are in, quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from veje.figures.legend import Entry, draw_legend, legend_height
from veje.figures.stack import band_width, head, name_bands, name_inside, quarter_axis, stack, state_entries
from veje.figures.style import SIZE, SOFT, WIDTH, WITHHELD, new_figure
from veje.figures.subject import Shares, Subject, has_activity, state_legend, state_shares, state_values

PANEL = 2.5
"""Inches from one row of small panels to the next."""


def draw_distribution(subject: Subject) -> Figure:
    """Draw all persons' states by quarter, each band named at its right end."""
    figure = new_figure(4.3)
    shares = state_shares(subject, subject.released.pooled)
    values = state_values(subject, subject.released.pooled)
    wide = min(0.655, band_width(subject, values, 0.925 * WIDTH) / WIDTH)
    axes = figure.add_axes((0.075, 0.115, wide, 0.82))
    stack(axes, shares, subject)
    name_bands(axes, shares, values, subject)
    axes.set_ylabel(subject.labels.word("share_axis"))
    axes.set_xlabel(quarter_label(subject))
    return figure


def draw_by_type(subject: Subject) -> Figure:
    """Draw the states by quarter of each pooled type, side by side."""
    pooled = subject.released.pooled
    panels = [
        (subject.type(key, pooled), state_shares(subject, pooled, key))
        for key in subject.released.types(pooled)
    ]
    return small_multiples(panels, subject)


def draw_by_area(subject: Subject) -> Figure:
    """Draw the states by quarter of each municipality, side by side."""
    panels = [(subject.area(key), state_shares(subject, key)) for key in subject.released.local()]
    return small_multiples(panels, subject)


def draw_type(subject: Subject, type_key: str) -> Figure:
    """Draw one pooled type: its states by quarter, and below them the share active in measures, if any."""
    pooled, active = subject.released.pooled, has_activity(subject.released)
    height, foot = (4.5, 1.5) if active else (3.5, 0.5)
    figure = new_figure(height, 6.4)
    shares, values = state_shares(subject, pooled, type_key), state_values(subject, pooled, type_key)
    wide = min(0.55, band_width(subject, values, 0.9 * 6.4) / 6.4)
    axes = figure.add_axes((0.1, foot / height, wide, 2.72 / height))
    stack(axes, shares, subject)
    name_bands(axes, shares, values, subject)
    axes.set_ylabel(subject.labels.word("share_axis"))
    if active:
        axes.tick_params(labelbottom=False)
        active_strip(figure.add_axes((0.1, 0.11, wide, 0.145)), subject, pooled, type_key)
    else:
        axes.set_xlabel(quarter_label(subject))
    return figure


def active_strip(axes: Axes, subject: Subject, area: str, type_key: str) -> None:
    """Draw the share of persons active in measures in each quarter as bars."""
    last = subject.released.last_quarter()
    cells = [
        subject.released.cell("timing_quarters", area, type_key, f"q{q:02d}", "share")
        for q in range(1, last + 1)
    ]
    at = np.arange(1, last + 1)
    shown = np.array([cell.value or 0.0 for cell in cells])
    top = max(10.0, float(np.ceil(shown.max() / 10) * 10))
    hidden = [q for q, cell in zip(at, cells, strict=True) if cell.status == "withheld"]
    axes.bar(at, shown, width=0.88, color=SOFT)
    axes.bar(hidden, top, width=0.88, **WITHHELD)
    axes.set_ylim(0, top)
    axes.set_yticks([0, top])
    axes.set_title(subject.labels.word("active"), fontsize=SIZE, fontweight="normal", pad=4)
    axes.set_xlabel(quarter_label(subject))
    quarter_axis(axes, last)


def draw_modal_states(subject: Subject) -> Figure:
    """Draw the commonest state of each quarter and its share, for all persons and each pooled type.

    Of equally common states the first of the alphabet. Where more is withheld than any state has, the
    modal state is not known.
    """
    pooled = subject.released.pooled
    keys = ["", *subject.released.types(pooled)]
    panels = [(subject.place(key), modal(state_shares(subject, pooled, key))) for key in keys]
    used = np.flatnonzero(np.any([shares.any(axis=1) for _, shares in panels], axis=0))
    entries = state_legend(subject, used.tolist())
    if any((shares.sum(axis=0) == 0).any() for _, shares in panels):
        entries.append((subject.labels.word("withheld_cell"), None))
    return multiples(panels, subject, entries, _bars)


def modal(shares: Shares) -> Shares:
    """Keep each quarter's largest share, 0 elsewhere, and none where more than it is withheld: (K, Q)."""
    top, most = shares.argmax(axis=0), shares.max(axis=0)
    kept = np.zeros_like(shares)
    kept[top, np.arange(shares.shape[1])] = np.where(most >= 100 - shares.sum(axis=0), most, 0)
    return kept


def _bars(axes: Axes, shares: Shares, subject: Subject) -> None:
    at = np.arange(1, shares.shape[1] + 1)
    for i in range(len(shares)):
        if shares[i].any():
            held = shares[i] > 0
            axes.bar(at[held], shares[i, held], width=0.88, **subject.fill(i).looks)
    unknown = shares.sum(axis=0) == 0
    axes.bar(at[unknown], 100, width=0.88, **WITHHELD)
    axes.set_ylim(0, 100)
    quarter_axis(axes, shares.shape[1])


def small_multiples(panels: Sequence[tuple[str, Shares]], subject: Subject) -> Figure:
    """Draw the states by quarter, one panel a title, with one legend."""
    return multiples(panels, subject, state_entries(subject, [shares for _, shares in panels]), _stacked)


def _stacked(axes: Axes, shares: Shares, subject: Subject) -> None:
    stack(axes, shares, subject)
    name_inside(axes, shares, subject)


def multiples(
    panels: Sequence[tuple[str, Shares]],
    subject: Subject,
    entries: Sequence[Entry],
    paint: Callable[[Axes, Shares, Subject], None],
) -> Figure:
    """Draw one panel a title, three in a row (two when there are two or four), with one legend."""
    columns = 2 if len(panels) in (2, 4) else min(3, len(panels))
    rows = -(-len(panels) // columns)
    foot = legend_height(entries) + 0.56
    height = rows * PANEL + foot
    figure = new_figure(height)
    for number, (title, shares) in enumerate(panels):
        row, column = divmod(number, columns)
        width = (WIDTH - 0.68 - 0.2 * (columns - 1)) / columns
        left = 0.6 + column * (width + 0.2)
        bottom = foot + (rows - 1 - row) * PANEL
        box = (left / WIDTH, bottom / height, width / WIDTH, (PANEL - 0.62) / height)
        axes = figure.add_axes(box)
        paint(axes, shares, subject)
        head(axes, title)
        axes.tick_params(labelbottom=number + columns >= len(panels), labelleft=column == 0)
        axes.set_ylabel(subject.labels.word("share_axis") if column == 0 else "")
    x = (0.6 + (WIDTH - 0.68) / 2) / WIDTH
    figure.text(x, (foot - 0.31) / height, quarter_label(subject), ha="center", va="top")
    draw_legend(figure, entries)
    return figure


def quarter_label(subject: Subject) -> str:
    """Name the axis of quarters."""
    return subject.labels.word("quarter_axis", n=subject.released.last_quarter())
