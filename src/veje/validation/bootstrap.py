"""Stability of a partition: would other persons of the same kind have given the same clusters?

Source: Hennig 2007, Comput Stat Data Anal 52(1), sections 2 and 3 (bootstrap, Jaccard by cluster);
Hubert & Arabie 1985, J Classif 2 (adjusted Rand index).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.agreement import adjusted_rand, jaccard
from veje.clusters.partition import checked_labels
from veje.condensed import Array, checked_distances, checked_weights, jit, n_rows, row_start
from veje.validation.clusterer import Clusterer, by_ward
from veje.validation.seeds import spawned


@dataclass(frozen=True, eq=False)
class Stability:
    """How a partition fared in `R` bootstrap samples.

    adjusted_rand: (R,). jaccard: (R, k), NaN where a sample has nobody of the cluster. k: the
    clusters of the partition. seed: what all samples were spawned from. replications: R.
    """

    adjusted_rand: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    k: int
    seed: int
    replications: int

    @property
    def recovered(self) -> NDArray[np.float64]:
        """The share of samples in which each cluster has a Jaccard index above 0.75: (k,)."""
        known = ~np.isnan(self.jaccard)
        met = (np.nan_to_num(self.jaccard) > STABLE).sum(axis=0)
        share: NDArray[np.float64] = np.divide(
            met, known.sum(axis=0), out=np.zeros(self.k), where=known.any(axis=0)
        )
        return share


STABLE = 0.75
"""Hennig 2007, section 5: a mean Jaccard index above it is a valid, stable cluster."""


def bootstrap(
    d: ArrayLike,
    labels: ArrayLike,
    weights: ArrayLike | None = None,
    replications: int = 50,
    seed: int = 0,
    cluster: Clusterer = by_ward,
    threads: int = 1,
) -> Stability:
    """Draw persons with replacement, cluster them again, and compare with the partition.

    d: condensed (u * (u - 1) / 2,) distances of unique sequences. labels: (u,) from 0, k clusters;
    samples are cut into k too, or into as many as they have unlike sequences. weights: (u,) whole
    numbers of persons. The draw is multinomial over sequences, which is the draw of persons, so no
    distance is computed anew. Persons count as often as they are drawn. cluster: how. threads:
    samples at once; the result does not depend on it. Raises ValueError for bad input.
    """
    if replications < 1:
        raise ValueError(f"replications must be 1 or more, but it is {replications}")
    found = draws(d, labels, weights, spawned(seed, replications), cluster, threads)
    return Stability(found[:, 0], found[:, 1:], found.shape[1] - 1, seed, replications)


def draws(
    d: ArrayLike,
    labels: ArrayLike,
    weights: ArrayLike | None,
    randoms: Sequence[np.random.Generator],
    cluster: Clusterer = by_ward,
    threads: int = 1,
) -> NDArray[np.float64]:
    """Return, for one sample of each generator, the adjusted Rand index and Jaccard by cluster: (R, 1 + k).

    The other arguments are those of `bootstrap`, of which this is the work.
    """
    d = checked_distances(d)
    u = n_rows(d.size)
    person = checked_weights(weights, u)
    groups = checked_labels(labels, u)
    if not np.array_equal(person, np.rint(person)):
        raise ValueError("weights must be whole numbers of persons to be drawn from")
    one = partial(_sample, d, groups, person, cluster)
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(one, randoms))
    rows = [np.concatenate([[rand], share]) for rand, share in found]
    return np.array(rows).reshape(len(rows), int(groups.max()) + 2)


def _sample(
    d: Array,
    groups: NDArray[np.int32],
    person: NDArray[np.float64],
    cluster: Clusterer,
    random: np.random.Generator,
) -> tuple[float, NDArray[np.float64]]:
    """Cluster one sample, and compare: the adjusted Rand index, and Jaccard by cluster."""
    total = int(person.sum())
    drawn = random.multinomial(total, person / person.sum()).astype(np.float64)
    rows = np.flatnonzero(drawn)
    again = np.zeros(len(groups), np.int32)
    k = min(int(groups.max()) + 1, len(rows))
    if len(rows) > 1:
        again[rows] = cluster(among(d, rows, len(groups)), drawn[rows], k)
    return adjusted_rand(groups, again, drawn), jaccard(groups, again, drawn)


def among(d: Array, rows: NDArray[np.intp], n: int) -> Array:
    """Return the condensed distances among some ascending rows of the `n` rows of `d`."""
    taken = np.empty(len(rows) * (len(rows) - 1) // 2, d.dtype)
    _take(d, rows, n, taken)
    return taken


@jit
def _take(d: Array, rows: Array, n: int, out: Array) -> None:
    at = 0
    for a in range(len(rows) - 1):
        start = row_start(rows[a], n)
        for b in range(a + 1, len(rows)):
            out[at] = d[start + rows[b]]
            at += 1
