"""Fuzzy k-medoids: how much a sequence belongs to each cluster, instead of to one only.

Source: Krishnapuram, Joshi, Nasraoui & Yi 2001, IEEE Trans Fuzzy Syst 9(4), 595-607 (fuzzy c-medoids);
Studer 2018, in Sequence Analysis and Related Approaches, 223-239 (for state sequences).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.fasterpam import square_of
from veje.clusters.kmedoids import LEAST, k_medoids
from veje.clusters.ties import row_order
from veje.condensed import Array, checked_distances, checked_weights, n_rows

Persons = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class FuzzyMedoids:
    """Memberships in clusters around medoids.

    membership: (n, k), between 0 and 1, each row's sum is 1. labels: (n,) the cluster that each row
    belongs to most, numbered by first appearance, as are the columns of `membership`. medoids: (k,)
    rows of real persons, never released or printed. objective: persons' distances to the medoids
    times memberships raised to `fuzziness`, summed. rounds: how often the medoids moved.
    """

    membership: Persons
    labels: NDArray[np.int32]
    medoids: Rows = field(repr=False)
    objective: float
    rounds: int

    @property
    def crispness(self) -> float:
        """The mean of squared memberships, scaled: 1 when every row has one cluster, 0 when all alike."""
        k = self.membership.shape[1]
        shared = (self.membership**2).sum(axis=1).mean()
        return float((shared - 1 / k) / (1 - 1 / k))


def fuzzy_medoids(
    d: ArrayLike, k: int, weights: ArrayLike | None = None, fuzziness: float = 1.5, most: int = 200
) -> FuzzyMedoids:
    """Return memberships in `k` clusters, by turns best for the medoids and medoids best for them.

    d: condensed (n * (n - 1) / 2,). weights: (n,) persons per row. fuzziness: above 1; near 1 the
    memberships are those of `k_medoids`, whose medoids are the start, high up they are all 1 / k.
    most: rounds after which it must have come to rest. Raises ValueError for bad distances, weights
    or fuzziness, a k not in 2 … rows unlike each other, or when `most` rounds do not suffice.
    """
    if not fuzziness > 1:
        raise ValueError(f"fuzziness must be above 1, but it is {fuzziness}")
    if k < 2:
        raise ValueError(f"k must be 2 or more, but it is {k}")
    begin = k_medoids(d, k, weights)
    d = checked_distances(d)
    person = checked_weights(weights, n_rows(d.size))
    order = row_order(d, person)
    own = _rested(square_of(d, order), person[order], np.argsort(order)[begin.medoids], fuzziness, most)
    back = np.argsort(order)
    return _numbered(own.membership[back], order[own.medoids], own.objective, own.rounds)


def _rested(apart: Array, person: Persons, medoids: Rows, fuzziness: float, most: int) -> FuzzyMedoids:
    """Move the medoids until no move lowers the objective."""
    best: FuzzyMedoids | None = None
    for turn in range(most):
        near = apart[:, medoids]
        share = memberships(near, fuzziness)
        pull = person[:, None] * share**fuzziness
        objective = float((pull * near).sum())
        if best is not None and objective >= best.objective * (1 - LEAST):
            return best
        best = FuzzyMedoids(share, share.argmax(axis=1).astype(np.int32), medoids, objective, turn)
        medoids = _centres(apart, pull, medoids)
    raise ValueError(f"memberships did not come to rest in {most} rounds; a lower fuzziness may help")


def memberships(near: ArrayLike, fuzziness: float) -> Persons:
    """Return what share of each row belongs to each medoid.

    near: (n, k) distances to the medoids. A row that lies on medoids belongs to them alone.
    """
    near = np.asarray(near, np.float64)
    on = near == 0
    # Divided by the nearest first: a high power of a small number would be none.
    nearest = near.min(axis=1, keepdims=True)
    ratio = np.divide(nearest, near, out=np.ones_like(near), where=~on)
    raised = np.where(on.any(axis=1, keepdims=True), on, ratio ** (1 / (fuzziness - 1)))
    shares: Persons = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _centres(apart: Array, pull: Persons, former: Rows) -> Rows:
    """Return each cluster's row nearest to all by their pull; of tied rows the former one, else the first."""
    found = former.copy()
    for slot in range(len(former)):
        # Not `@`, whose sum may depend on the number of threads.
        sums = np.einsum("ij,j->i", apart, pull[:, slot])
        sums[found[:slot]] = np.inf
        if sums[former[slot]] > sums.min() * (1 + LEAST):
            found[slot] = np.argmax(sums <= sums.min() * (1 + LEAST))
    return found


def _numbered(share: Persons, medoids: Rows, objective: float, rounds: int) -> FuzzyMedoids:
    """Number the clusters by the first row that belongs to each most."""
    most = share.argmax(axis=1)
    clusters = list(dict.fromkeys([*most.tolist(), *range(len(medoids))]))
    labels = np.argsort(clusters)[most].astype(np.int32)
    return FuzzyMedoids(share[:, clusters], labels, medoids[clusters], objective, rounds)
