"""Atoms: the largest groups of rows that no partition parts, so that all partitions share one pass."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]

# What a table of sums may have: beyond it passes over the pairs are cheaper than wide tables.
MOST_ATOMS, MOST_KINDS = 512, 64


@dataclass(frozen=True, eq=False)
class Atoms:
    """The common refinement of `parts` partitions, and the kinds of pairs of its atoms.

    first: the number of the first partition in the caller's list. labels: (n,) the atom of each
    row. clusters: (A, P) the cluster of each atom in each partition. kind: (A, A) a number for each
    set of partitions that keep two atoms together. together: (kinds, P) that set.
    """

    first: int
    labels: Labels
    clusters: Labels
    kind: NDArray[np.uint8]
    together: NDArray[np.bool_]

    @property
    def parts(self) -> int:
        """Return the number of partitions."""
        return len(self.together[0])

    def members(self, part: int) -> NDArray[np.float64]:
        """Return (A, k) ones where an atom is in a cluster of partition `part`."""
        own = self.clusters[:, part]
        members: NDArray[np.float64] = (own[:, None] == np.arange(own.max() + 1)).astype(np.float64)
        return members


def atoms_of(partitions: list[Labels], first: int = 0) -> Iterator[Atoms]:
    """Give the atoms of checked `partitions`, of as many together as tables of sums have room for."""
    clusters, labels = np.unique(np.stack(partitions, axis=1), axis=0, return_inverse=True)
    alone = len(partitions) == 1
    if len(clusters) <= MOST_ATOMS or alone:
        same = clusters[:, None, :] == clusters[None, :, :]
        together, kind = np.unique(same.reshape(-1, len(partitions)), axis=0, return_inverse=True)
        if len(together) <= MOST_KINDS or alone:
            kinds = kind.reshape(len(clusters), -1).astype(np.uint8)
            yield Atoms(first, labels.reshape(-1).astype(np.int32), clusters, kinds, together)
            return
    half = len(partitions) // 2
    yield from atoms_of(partitions[:half], first)
    yield from atoms_of(partitions[half:], first + half)
