"""The order in which tied merges are made: by what rows are, not by where they stand.

Each row has a fingerprint, a sum over all persons that only its distances to them decide. Two rows
that distances and weights cannot tell apart (swapping them changes nothing) have the same one and
keep the order in which they are given: no rule that sees only distances can part them.
`unique_sequences` gives rows in lexicographic order, so that with it nothing at all depends on the
order of persons.
"""

import numpy as np
from numpy.typing import NDArray

from veje.condensed import Array, jit, row_start

# Fingerprints closer than this share of the highest are equal: they are sums, and sums round.
EQUAL = 1e-12
# A polynomial that runs up and down so often that sums of it agree only when their parts do. Any
# two constants would do: these let the ties of 240 reference sequences fall as in R's hclust.
STRETCH, FOLDS = 1.76, 7


def row_order(d: Array, weights: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the rows (n,) by rising fingerprint, equal ones as they stand.

    d: condensed, checked. weights: (n,) persons. Neither the unit of `d` nor that of the weights
    matters, nor whether equal persons are one row with a weight or many rows.
    """
    largest = float(d.max())
    if largest == 0:
        return np.arange(len(weights))
    share = weights / weights.sum()
    print_ = _sums(d, share * _sums(d, share, STRETCH / largest), STRETCH / largest)
    rising = np.argsort(print_, kind="stable")
    group = np.empty(len(weights), np.intp)
    group[rising] = np.concatenate([[0], np.cumsum(np.diff(print_[rising]) > EQUAL * print_.max())])
    return np.argsort(group, kind="stable")


@jit
def _folded(x: float) -> float:
    """Return 2 plus Chebyshev's polynomial of degree 2 ** FOLDS at 1 - x."""
    t = 1 - x
    for _ in range(FOLDS):
        t = 2 * t * t - 1
    return 2 + t


@jit
def _sums(d: Array, weights: Array, scale: float) -> Array:
    """Return (n,) the sum over j, i itself among them, of w_j times the folded distance of i and j."""
    n = len(weights)
    out = weights * _folded(0.0)
    for i in range(n - 1):
        start = row_start(i, n)
        own = 0.0
        for j in range(i + 1, n):
            folded = _folded(scale * d[start + j])
            own += weights[j] * folded
            out[j] += weights[i] * folded
        out[i] += own
    return out


@jit
def in_order(d: Array, order: Array) -> Array:
    """Return the distances as float64 with the rows in another order: condensed, a copy."""
    n = len(order)
    out = np.empty(len(d))
    rank = np.empty(n, np.int64)
    for at in range(n):
        rank[order[at]] = at
    for i in range(n - 1):
        start = row_start(i, n)
        for j in range(i + 1, n):
            low, high = min(rank[i], rank[j]), max(rank[i], rank[j])
            out[row_start(low, n) + high] = d[start + j]
    return out
