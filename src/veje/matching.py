"""Which clusters of two solutions belong together, by their mean profiles.

Source: Kuhn 1955, Nav Res Logist Q 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def match_profiles(
    a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Pair the rows of two sets of profiles so that the sum of their distances is least.

    a: (ka, K), b: (kb, K) mean quarters per state. Returns (ka,) rows of `b`, -1 for a row left
    over, and (ka,) distances: half the sum of absolute differences, NaN for a row left over.
    """
    # Here, because most who load this module never match, and it takes long to load.
    from scipy.optimize import linear_sum_assignment

    apart = np.abs(a[:, None, :] - b[None, :, :]).sum(axis=2) / 2
    first, second = linear_sum_assignment(apart)
    match, distance = np.full(len(a), -1, np.intp), np.full(len(a), np.nan)
    match[first], distance[first] = second, apart[first, second]
    return match, distance
