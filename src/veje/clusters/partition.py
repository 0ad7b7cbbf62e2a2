"""Partitions at the boundary: labels that are sound, and weighted sums of distances by cluster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.atoms import atoms_of
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
    # More numbers than rows cannot all be used, and counting them might not fit the memory.
    if n == 0 or out.min() < 0 or out.max() >= n or not np.bincount(out).all():
        raise ValueError("labels must use every number from 0 to the highest")
    return out.astype(np.int32)


def sums_of(d: Array, weights: NDArray[np.float64], partitions: list[NDArray[np.int32]]) -> Sums:
    """Return the distance sums of checked `partitions`, reading `d` once for as many as fit together."""
    sizes = [int(labels.max()) + 1 for labels in partitions]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    to, squares = np.empty((len(weights), first[-1])), np.empty(first[-1])
    for atoms in atoms_of(partitions):
        near, pairs = _sum(d, weights, atoms.labels, len(atoms.clusters))
        for part in range(atoms.parts):
            at, members = atoms.first + part, atoms.members(part)
            to[:, first[at] : first[at + 1]] = near.T @ members
            squares[first[at] : first[at + 1]] = np.einsum("ac,ab,bc->c", members, pairs, members)
    own = [labels + np.int32(at) for labels, at in zip(partitions, first, strict=False)]
    persons = np.concatenate([np.bincount(labels, weights) for labels in partitions])
    return Sums(to, squares, np.stack(own, axis=1).astype(np.int32), persons, first)


@jit
def _sum(d: Array, weights: Array, atom: Array, atoms: int) -> tuple[Array, Array]:
    """Return (A, n) sums of w_j d_ij over the rows j of an atom, and (A, A) of w_i w_j d_ij²."""
    n = len(atom)
    to = np.zeros((atoms, n))
    squares = np.zeros((atoms, atoms))
    for i in range(n - 1):
        start = row_start(i, n)
        here = to[atom[i]]
        own, own_squares = np.zeros(atoms), np.zeros(atoms)
        for j in range(i + 1, n):
            apart = float(d[start + j])
            here[j] += weights[i] * apart
            own[atom[j]] += weights[j] * apart
            own_squares[atom[j]] += weights[j] * apart * apart
        to[:, i] += own
        squares[atom[i]] += weights[i] * own_squares
    return to, squares
