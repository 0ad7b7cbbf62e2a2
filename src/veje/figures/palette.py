"""Which colours are told apart in grey and by colour-blind readers, and patterns for those that are not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from veje.errors import BadInput

Triple = NDArray[np.float64]

PATTERNS = ("", "\\\\\\\\", "....", "xxxx", "----", "++++", "oooo", "||||")
"""Hatches in the order in which they are taken: plain first."""

APART, GREY_APART = 9.0, 9.0
"""Least difference of two colours of one pattern: CIEDE2000 for every reader, and lightness L* in grey."""

VISIONS: dict[str, Triple] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What is seen of linear RGB. Source: Machado, Oliveira & Fernandes 2009, IEEE TVCG 15(6), severity 1.0."""

_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


@cache
def patterns(colours: tuple[str, ...]) -> tuple[str, ...]:
    """Give each colour the first pattern whose earlier colours are all told apart from it.

    Raises `BadInput` when more colours are alike than there are patterns.
    """
    given: list[str] = []
    for i, colour in enumerate(colours):
        free = [
            pattern
            for pattern in PATTERNS
            if all(told_apart(colour, colours[j]) for j in range(i) if given[j] == pattern)
        ]
        if not free:
            raise BadInput(f"alphabet: the colour of state {i + 1} is like {len(PATTERNS)} before it")
        given.append(free[0])
    return tuple(given)


def told_apart(one: str, other: str) -> bool:
    """Tell whether two colours differ enough in grey and in every reader's eyes."""
    grey = abs(lab(one)[0] - lab(other)[0])
    seen = min(difference(lab(one, vision), lab(other, vision)) for vision in VISIONS)
    return bool(grey >= GREY_APART and seen >= APART)


@cache
def lab(colour: str, vision: str = "normal") -> Triple:
    """Give a colour's CIELAB coordinates (D65) as a reader of this vision sees it: (3,)."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    t = _XYZ @ np.clip(VISIONS[vision] @ linear, 0, 1) / _WHITE
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: Sequence[float] | Triple, other: Sequence[float] | Triple) -> float:
    """Give the CIEDE2000 difference of two CIELAB colours.

    Source: Sharma, Wu & Dalal 2005, Color Res Appl 30(1), equations 2 to 22.
    """
    (l1, a1, b1), (l2, a2, b2) = one, other
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 1.5 - 0.5 * np.sqrt(c7 / (c7 + 25.0**7))
    (c1, h1), (c2, h2) = _polar(g * a1, b1), _polar(g * a2, b2)
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * _cos(mean_h - 30)
        + 0.24 * _cos(2 * mean_h)
        + 0.32 * _cos(3 * mean_h + 6)
        - 0.20 * _cos(4 * mean_h - 63)
    )
    light = (l2 - l1) / (1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2))
    chroma = (c2 - c1) / (1 + 0.045 * mean_c)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * mean_c * t)
    m7 = mean_c**7
    bend = np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2)))
    rotated = -2 * np.sqrt(m7 / (m7 + 25.0**7)) * np.sin(bend) * chroma * hue
    return float(np.sqrt(light**2 + chroma**2 + hue**2 + rotated))


def _polar(a: float, b: float) -> tuple[float, float]:
    """Give chroma and hue in degrees, 0 for grey."""
    chroma = float(np.hypot(a, b))
    return chroma, float(np.degrees(np.arctan2(b, a)) % 360) if chroma else 0.0


def _cos(degrees: float) -> float:
    return float(np.cos(np.radians(degrees)))
