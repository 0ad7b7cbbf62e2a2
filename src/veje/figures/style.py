"""How every picture looks: one palette, one type size, and PNG bytes that only depend on the figures."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

WIDTH = 8.6
"""Inches; at this resolution the width of the report's column."""
DPI = 120
INK = "#222222"
SOFT = "#6B6B6B"
RULE = "#D9D9D9"
FAMILY = "DejaVu Sans"
SIZE = 9.0
"""Points; nothing in a picture is smaller."""

SCENARIO_COLOURS = {
    "early": "#EBC86B",
    "continuous": "#2A9D8F",
    "late": "#264653",
    "mixed": "#A3A3A3",
    "none": "#E6E6E6",
}
"""Apart in hue and in lightness, so that a grey print keeps them apart."""


@dataclass(frozen=True)
class Fill:
    """How an area is filled: a colour, and a pattern on it that tells it from like colours."""

    colour: str
    pattern: str = ""

    @property
    def looks(self) -> dict[str, Any]:
        """The fill as matplotlib's properties of a patch without an outline."""
        pattern = {"hatch": self.pattern, "edgecolor": shade(self.colour)} if self.pattern else {}
        return {"facecolor": self.colour, "edgecolor": "none", "linewidth": 0.0} | pattern


WITHHELD: dict[str, Any] = {"facecolor": "#FFFFFF", "edgecolor": "#9A9A9A", "hatch": "////", "linewidth": 0.0}

RC: Any = {
    "font.family": FAMILY,
    "font.size": SIZE,
    "axes.titlesize": SIZE + 1,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": SIZE,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.labelsize": SIZE,
    "ytick.labelsize": SIZE,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "text.color": INK,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": SIZE,
    # A label is text: a dollar sign in it opens no formula.
    "text.parse_math": False,
}


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Make an empty figure with a canvas of its own; nothing global keeps it."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure) -> bytes:
    """Give a figure as PNG bytes without date, software or any other text."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


@contextmanager
def styled() -> Iterator[None]:
    """Draw with matplotlib's defaults and veje's looks, whatever the user's own settings are.

    Garbage is collected afterwards: while figures are drawn, looking for it takes an eighth of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(RC)
            yield
    finally:
        if collecting:
            gc.enable()


def luminance(colour: str) -> float:
    """Give a colour's relative luminance (WCAG 2.2), 0 for black to 1 for white."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """Give the text colour with more contrast on a background."""
    level = luminance(colour)
    return "#FFFFFF" if 1.05 / (level + 0.05) > (level + 0.05) / (luminance(INK) + 0.05) else INK


def shade(colour: str) -> str:
    """Give the colour of a pattern's lines: the background's, half way to white or black."""
    goal, part = (0.0, 0.45) if luminance(colour) > 0.3 else (1.0, 0.5)
    red, green, blue = (c + (goal - c) * part for c in to_rgb(colour))
    return to_hex((red, green, blue))


def write_on(axes: Axes, x: float, y: float, text: str, fill: Fill) -> None:
    """Write a text in the middle of a filled area; over a pattern it stands on a rim of the plain colour."""
    rim = [withStroke(linewidth=3, foreground=fill.colour)] if fill.pattern else None
    axes.text(x, y, text, ha="center", va="center", color=ink_on(fill.colour), path_effects=rim)


def ramp(n: int, lightest: float = 0.94) -> list[str]:
    """Give n colours from dark to light (viridis), so that a grey print keeps them apart.

    lightest: where the last one lies; lines on white need one darker than areas do.
    """
    table = matplotlib.colormaps["viridis"]
    return [to_hex(table(0.12 + (lightest - 0.12) * i / max(n - 1, 1))) for i in range(n)]


def quiet(axes: Axes) -> None:
    """Take away the axis lines where bars and labels say enough."""
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
