"""Pooled clusters against those of a municipality alone: which belong together, and who moves.

Source: Hubert & Arabie 1985, J Classif 2, for the agreement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.clusters.agreement import adjusted_rand, crossed
from veje.clusters.partition import checked_labels
from veje.distribution import mean_time
from veje.matching import match_profiles


@dataclass(frozen=True, eq=False)
class Moves:
    """Two partitions of the same persons side by side.

    counts: (ka, kb) persons in each cluster of the first and of the second. match: (ka,) the cluster
    of the second that each of the first belongs to, -1 for none. distance: (ka,) quarters that would
    have to change state to turn one mean profile into the other, NaN for none. adjusted_rand: of the
    two partitions. moved: persons who are not in the cluster that theirs belongs to.
    """

    counts: NDArray[np.float64]
    match: NDArray[np.intp]
    distance: NDArray[np.float64]
    adjusted_rand: float
    moved: float


def moves(
    seq: NDArray[np.uint8], first: NDArray[np.integer], second: NDArray[np.integer], n_states: int
) -> Moves:
    """Compare two partitions of persons: matched by mean profile, crossed, and counted.

    seq: (n, L) uint8, one row a person. first, second: (n,) labels from 0. Raises ValueError for
    bad input.
    """
    a, b = checked_labels(first, len(seq)), checked_labels(second, len(seq))
    match, distance = match_profiles(_profiles(seq, a, n_states), _profiles(seq, b, n_states))
    counts = crossed(a, b)
    held = np.flatnonzero(match >= 0)
    moved = float(counts.sum() - counts[held, match[held]].sum())
    return Moves(counts, match, distance, adjusted_rand(a, b), moved)


def _profiles(seq: NDArray[np.uint8], labels: NDArray[np.int32], n_states: int) -> NDArray[np.float64]:
    """Return the mean quarters per state of each cluster: (k, K)."""
    return np.stack([mean_time(seq[labels == one], n_states) for one in range(int(labels.max()) + 1)])
