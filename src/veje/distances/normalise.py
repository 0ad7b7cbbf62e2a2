"""Normalisation of distances between sequences of equal length (TraMineR's `norm`)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Distances = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """What distances between sequences of one length are measured against, in the distances' unit.

    highest: the greatest distance there can be, or a bound on it. length: of a sequence, its states
    times the highest indel cost. bound: the greatest distance when all is deleted and inserted.
    """

    highest: float
    length: float
    bound: float


def _over(d: Distances, below: float) -> Distances:
    """Return d / below, which is 0 where every cost is 0."""
    return d / below if below > 0 else np.zeros_like(d)


def _geometric_mean(d: Distances, scale: Scale) -> Distances:
    """Return 1 - A / sqrt(p q): A the similarity (highest - d) / 2, p = q the length (Elzinga 2008).

    # ASSUME: as in TraMineR the distance of equal sequences stays 0, also where the costs make the
    # greatest distance less than two lengths, so that others are above 0 by a step.
    """
    apart = 1 - _over(scale.highest - d, 2 * scale.length)
    return np.where(d > 0, apart, 0.0)


def _yujian_bo(d: Distances, scale: Scale) -> Distances:
    """Return 2 d / (bound + d), a metric where d is one (Yujian & Bo 2007, IEEE TPAMI 29(6))."""
    below = scale.bound + d
    return np.divide(2 * d, below, out=np.zeros_like(d), where=below > 0)


NORMS: dict[str, Callable[[Distances, Scale], Distances]] = {
    "maxlength": lambda d, scale: _over(d, scale.length),
    "gmean": _geometric_mean,
    "maxdist": lambda d, scale: _over(d, scale.highest),
    "YujianBo": _yujian_bo,
}
