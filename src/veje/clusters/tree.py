"""Cutting a tree into clusters."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def cut(tree: ArrayLike, k: int) -> NDArray[np.int32]:
    """Return the cluster of each row when the tree is cut into `k` clusters.

    tree: SciPy linkage (n - 1, 4). Returns (n,) labels 0 … k - 1, numbered by first appearance in
    row order. Raises ValueError when the tree has another shape or k is not in 1 … n.
    """
    z = np.asarray(tree, dtype=np.float64)
    if z.ndim != 2 or z.shape[1] != 4 or len(z) == 0:
        raise ValueError(f"the tree must be a linkage (n - 1, 4), but it is {z.shape}")
    n = len(z) + 1
    if not 1 <= k <= n:
        raise ValueError(f"k must be 1 to {n}, the number of rows in the tree, but it is {k}")
    owner = np.arange(2 * n - 1)
    # From the last merge that holds down to the first: a node's parts belong to the node's owner.
    for step in range(n - k - 1, -1, -1):
        owner[z[step, :2].astype(np.intp)] = owner[n + step]
    return numbered(owner[:n])


def numbered(groups: NDArray[Any]) -> NDArray[np.int32]:
    """Return `groups` renamed to 0, 1, … by first appearance."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    return rank[inverse]
