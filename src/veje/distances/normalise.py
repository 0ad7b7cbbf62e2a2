"""Normalisation of distances between sequences of equal length (TraMineR's `norm`)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Distances = NDArray[np.float64]


def _share(d: Distances, _length: int, highest: float, _indel: float) -> Distances:
    """Return d / highest, which is 0 where every cost is 0."""
    return d / highest if highest > 0 else np.zeros_like(d)


def _yujian_bo(d: Distances, length: int, _highest: float, indel: float) -> Distances:
    """Return 2 d / (indel (2 L) + d), a metric (Yujian & Bo 2007, IEEE TPAMI 29(6))."""
    below = 2 * length * indel + d
    return np.divide(2 * d, below, out=np.zeros_like(d), where=below > 0)


# Each takes (d, length of a sequence, highest possible distance, highest indel cost).
# ASSUME: "gmean" (Elzinga 2008: 1 - A(x, y) / sqrt(A(x, x) A(y, y))) reads the similarity A as the
# highest possible distance less the distance; for equal lengths that is d over the highest one.
NORMS: dict[str, Callable[[Distances, int, float, float], Distances]] = {
    "maxlength": lambda d, length, _highest, _indel: d / length,
    "gmean": _share,
    "maxdist": _share,
    "YujianBo": _yujian_bo,
}
