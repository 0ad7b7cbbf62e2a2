"""Partitions at the boundary: labels that are sound, and weighted sums of distances by cluster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, jit, row_start


@dataclass(frozen=True, eq=False)
class Sums:
    """Weighted sums of distances from each row to each cluster, for one or more partitions.

    to: (n, C), sum over members j of w_j d_ij, the clusters of all partitions side by side.
    squares: (C,), sum over pairs within a cluster of w_i w_j d_ij². columns: (n, P), the column of
    `to` that is the row's own cluster. persons: (C,), weight of each cluster. first: (P + 1,),
    where each partition's columns begin and end.
    """

    to: NDArray[np.float64]
    squares: NDArray[np.float64]
    columns: NDArray[np.int32]
    persons: NDArray[np.float64]
    first: NDArray[np.intp]


def checked_labels(labels: ArrayLike, n: int) -> NDArray[np.int32]:
    """Return `labels` as (n,) int32; ValueError unless n integers that use all of 0 … highest."""
    out = np.asarray(labels)
    if out.shape != (n,):
        raise ValueError(f"labels have shape {out.shape}, but d is of {n} rows")
    if not np.issubdtype(out.dtype, np.integer):
        raise ValueError(f"labels must be integers, but they are {out.dtype}")
    if not np.array_equal(np.unique(out), np.arange(int(out.max()) + 1)):
        raise ValueError("labels must use every number from 0 to the highest")
    return out.astype(np.int32)


def sums_of(d: Array, weights: NDArray[np.float64], partitions: list[NDArray[np.int32]]) -> Sums:
    """Return the distance sums of checked `partitions`, reading `d` once for all of them."""
    sizes = [int(labels.max()) + 1 for labels in partitions]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    columns = np.stack(
        [labels + np.int32(at) for labels, at in zip(partitions, first, strict=False)], axis=1
    ).astype(np.int32)
    to, squares = _sum(d, weights, columns, int(first[-1]))
    persons = np.concatenate([np.bincount(labels, weights) for labels in partitions])
    return Sums(to, squares, columns, persons, first)


@jit
def _sum(d: Array, weights: Array, columns: Array, n_columns: int) -> tuple[Array, Array]:
    """Return (n, C) sums of w_j d_ij and (C,) sums of w_i w_j d_ij² over pairs within a cluster."""
    n, parts = columns.shape
    to = np.zeros((n, n_columns))
    squares = np.zeros(n_columns)
    for i in range(n - 1):
        start = row_start(i, n)
        for j in range(i + 1, n):
            apart = float(d[start + j])
            for p in range(parts):
                a, b = columns[i, p], columns[j, p]
                to[i, b] += weights[j] * apart
                to[j, a] += weights[i] * apart
                if a == b:
                    squares[a] += weights[i] * weights[j] * apart * apart
    return to, squares
