"""Agglomeration: merge the two closest clusters until one is left.

Source: Lance & Williams 1967, Comput J 9(4), for the updates; Muellner 2011, arXiv:1109.2378,
figure 3, for the greedy algorithm with nearest-neighbour candidates.
"""

import numpy as np

from veje.condensed import Array, jit, row_start

# Merges closer than this share of the lower one tie: what is equal on paper may differ by rounding.
TIE = 1e-9

# The distance of a merged cluster to a third, by Lance and Williams.
WARD, AVERAGE, COMPLETE, SINGLE = range(4)


@jit
def scale_to_piles(work: Array, size: Array) -> None:
    """Multiply distances by 2 wi wj / (wi + wj), the cost of merging piles of equal sequences."""
    n = len(size)
    for i in range(n - 1):
        start = row_start(i, n)
        for j in range(i + 1, n):
            work[start + j] *= 2 * size[i] * size[j] / (size[i] + size[j])


@jit
def _nearest(work: Array, alive: Array, i: int) -> float:
    """Return the distance of cluster `i` to the closest later one; infinite when there is none."""
    n = len(alive)
    start = row_start(i, n)
    best = np.inf
    for j in range(i + 1, n):
        if alive[j] and work[start + j] < best:
            best = work[start + j]
    return best


@jit
def _closest(work: Array, alive: Array, near: Array, stale: Array, tie: float) -> tuple[int, int]:
    """Return the closest pair (i, j) of live clusters, the lowest of those that tie.

    `near` holds each cluster's distance to its closest later one, or a lower bound of it where
    `stale`.
    """
    n = len(alive)
    i = int(np.argmin(near))
    while stale[i]:
        near[i] = _nearest(work, alive, i)
        stale[i] = False
        i = int(np.argmin(near))
    limit = near[i] * (1 + tie)
    for low in range(i):
        if near[low] <= limit and stale[low]:
            near[low] = _nearest(work, alive, low)
            stale[low] = False
        if near[low] <= limit:
            i = low
            break
    start = row_start(i, n)
    for j in range(i + 1, n):
        if alive[j] and work[start + j] <= limit:
            return i, j
    return i, n


@jit
def _merged(
    to_i: float, to_j: float, apart: float, size_i: float, size_j: float, size_k: float, rule: int
) -> float:
    """Return how far a third cluster `k` is from `i` and `j` merged, which were `apart`."""
    if rule == WARD:
        parts = (size_i + size_k) * to_i + (size_j + size_k) * to_j
        return (parts - size_k * apart) / (size_i + size_j + size_k)
    if rule == AVERAGE:
        return (size_i * to_i + size_j * to_j) / (size_i + size_j)
    return max(to_i, to_j) if rule == COMPLETE else min(to_i, to_j)


@jit
def _join(
    work: Array,
    size: Array,
    alive: Array,
    near: Array,
    stale: Array,
    i: int,
    j: int,
    rule: int,
) -> None:
    """Merge cluster `j` into `i`, and give it its distances to all others."""
    n = len(size)
    apart = work[row_start(i, n) + j]
    for k in range(n):
        if k in (i, j) or not alive[k]:
            continue
        to_i = row_start(min(i, k), n) + max(i, k)
        to_j = row_start(min(j, k), n) + max(j, k)
        new = _merged(work[to_i], work[to_j], apart, size[i], size[j], size[k], rule)
        # On paper a merged cluster is as far away as its nearer part or farther: so here, for the
        # lower bounds in `near` to hold.
        new = max(new, min(work[to_i], work[to_j]))
        if k < j and (near[k] == work[to_j] or (k < i and near[k] == work[to_i])):
            stale[k] = True
        work[to_i] = new
    size[i] += size[j]
    alive[j] = False
    near[j], stale[j] = np.inf, False
    near[i], stale[i] = _nearest(work, alive, i), False


@jit
def merge(work: Array, size: Array, rule: int, tie: float) -> Array:
    """Return the tree (n - 1, 4) of merges by `rule`; heights are on the scale of `work`.

    work: condensed distances, size: (n,) persons, both used up. Of tied pairs the one with the lowest
    first and then lowest second cluster merges, a cluster being as low as its lowest row.
    """
    n = len(size)
    alive = np.ones(n, np.bool_)
    stale = np.zeros(n, np.bool_)
    near = np.empty(n)
    for i in range(n):
        near[i] = _nearest(work, alive, i)
    node, rows = np.arange(n), np.ones(n)
    tree = np.empty((n - 1, 4))
    height = 0.0
    for step in range(n - 1):
        i, j = _closest(work, alive, near, stale, tie)
        # Within a tie a height may be lower by rounding than the one before; a tree's never is.
        height = max(height, work[row_start(i, n) + j])
        rows[i] += rows[j]
        tree[step, 0], tree[step, 1] = min(node[i], node[j]), max(node[i], node[j])
        tree[step, 2], tree[step, 3] = height, rows[i]
        node[i] = n + step
        _join(work, size, alive, near, stale, i, j, rule)
    return tree
