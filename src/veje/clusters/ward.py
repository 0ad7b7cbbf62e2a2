"""Ward's hierarchical clustering of weighted sequences, with a tie rule that rounding cannot move.

Source: Ward 1963, JASA 58(301); Lance & Williams 1967, Comput J 9(4), for the update; Murtagh &
Legendre 2014, J Classif 31, for the variants D and D2; Muellner 2011, arXiv:1109.2378, figure 3,
for the greedy algorithm with nearest-neighbour candidates.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, checked_distances, checked_weights, jit, n_rows, row_start

# Merges closer than this share of the lower one tie: what is equal on paper may differ by rounding.
TIE = 1e-9
# Far from overflow when the costs of merging all rows add up.
HIGHEST = 1e250
VARIANTS = ("D", "D2")

Tree = NDArray[np.float64]


def ward(d: ArrayLike, weights: ArrayLike | None = None, variant: str = "D2") -> Tree:
    """Return Ward's tree, the one that clustering all persons one by one gives above height 0.

    d: condensed (u * (u - 1) / 2,) distances of unique sequences, not modified. weights: (u,)
    persons per sequence. variant: "D2" works on squared distances (SciPy's ward), "D" on distances
    as they are (R's ward.D). Returns a SciPy linkage (u - 1, 4): two nodes, height in the unit of
    `d`, number of *sequences* below (SciPy asks for rows, not persons). Greedy: the two closest
    clusters merge; of tied pairs the one with the lowest first and then lowest second cluster
    merges, a cluster being as low as its lowest row, so that with rows in lexicographic order the
    tree does not depend on the order of persons. Raises ValueError for bad distances, weights or
    variant.
    """
    if variant not in VARIANTS:
        raise ValueError(f"unknown Ward variant {variant!r}; known: {', '.join(VARIANTS)}")
    d = checked_distances(d)
    n = n_rows(d.size)
    size = checked_weights(weights, n)
    work = d.astype(np.float64)
    if variant == "D2":
        with np.errstate(over="ignore"):
            np.square(work, out=work)
    if work.max() * size.max() > HIGHEST:
        raise ValueError("d is too large: its squares cannot be summed")
    _scale(work, size)
    tree: Tree = _merge(work, size.copy(), TIE)
    if variant == "D2":
        tree[:, 2] = np.sqrt(tree[:, 2])
    return tree


@jit
def _scale(work: Array, size: Array) -> None:
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
def _join(
    work: Array,
    size: Array,
    alive: Array,
    near: Array,
    stale: Array,
    i: int,
    j: int,
) -> None:
    """Merge cluster `j` into `i`: Ward's distances to all others by Lance and Williams' formula."""
    n = len(size)
    apart = work[row_start(i, n) + j]
    for k in range(n):
        if k in (i, j) or not alive[k]:
            continue
        to_i = row_start(min(i, k), n) + max(i, k)
        to_j = row_start(min(j, k), n) + max(j, k)
        total = size[i] + size[j] + size[k]
        parts = (size[i] + size[k]) * work[to_i] + (size[j] + size[k]) * work[to_j]
        new = (parts - size[k] * apart) / total
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
def _merge(work: Array, size: Array, tie: float) -> Array:
    """Merge the closest two clusters until one is left; heights are on the scale of `work`."""
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
        _join(work, size, alive, near, stale, i, j)
    return tree
