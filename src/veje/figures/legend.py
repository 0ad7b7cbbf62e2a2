"""The legend at a picture's foot: entries flow in rows, in the order of the stacks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.patches import Rectangle

from veje.figures.style import FAMILY, SIZE, WIDTH, WITHHELD, Fill

Entry = tuple[str, Fill | None]
"""A name and its fill; no fill stands for what is withheld."""

LEFT, ROW, BOX, GAP = 0.12, 0.215, 0.13, 0.22
"""Inches: the legend's left edge, the height of a row, a swatch's side, the space between entries."""


@cache
def text_width(text: str, size: float = SIZE) -> float:
    """Give the width of a text in inches."""
    font = get_font(findfont(FontProperties(family=FAMILY)))
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    # 26.6 fixed point.
    return float(font.get_width_height()[0]) / 64 / 72


def legend_rows(entries: Sequence[Entry], width: float = WIDTH) -> list[list[tuple[float, Entry]]]:
    """Break entries into rows that fit the width: each entry with its left edge in inches."""
    rows: list[list[tuple[float, Entry]]] = [[]]
    at = LEFT
    for entry in entries:
        wide = BOX + 0.07 + text_width(entry[0])
        if rows[-1] and at + wide > width - 0.05:
            rows.append([])
            at = LEFT
        rows[-1].append((at, entry))
        at += wide + GAP
    return rows


def legend_height(entries: Sequence[Entry], width: float = WIDTH) -> float:
    """Give the legend's height in inches."""
    return 0.08 + ROW * len(legend_rows(entries, width))


def draw_legend(figure: Figure, entries: Sequence[Entry]) -> None:
    """Draw the legend at the foot of a figure."""
    rows = legend_rows(entries, figure.get_figwidth())
    scale = figure.dpi_scale_trans
    for number, row in enumerate(reversed(rows)):
        y = 0.05 + ROW * number
        for x, (name, fill) in row:
            looks = fill.looks if fill else {**WITHHELD, "linewidth": 0.6}
            figure.add_artist(Rectangle((x, y), BOX, BOX, transform=scale, **looks))
            figure.text(x + BOX + 0.07, y + BOX / 2, name, transform=scale, va="center_baseline")
