"""How far a partition moves with what should not matter, or is a matter of choice.

The order of persons must not matter: ties are broken by sequences, never by rows. The order of the
unique sequences decides ties (Ward's rule takes the lowest first), so its band shows how much of a
typology hangs on ties. Costs are a choice: their band shows how much hangs on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, checked_distances, checked_weights, jit, n_rows, row_start
from veje.uniques import Unique, unique_sequences
from veje.validation.agreement import adjusted_rand
from veje.validation.clusterer import Clusterer, by_ward
from veje.validation.seeds import spawned

Partition = Callable[[Unique], NDArray[np.int32]]
"""Costs, distances, tree and cut of unique sequences: labels (u,) from 0."""


def person_order_band(
    persons: NDArray[np.uint8], base: ArrayLike, partition: Partition, replications: int = 5, seed: int = 0
) -> NDArray[np.float64]:
    """Return the adjusted Rand index to `base` of everything computed anew from persons in random orders.

    persons: (n, L) uint8, one row a person. base: (n,) their labels. Returns (R,), all 1 when the
    order of rows does not matter.
    """
    labels = np.asarray(base)
    found = np.empty(replications)
    for at, random in enumerate(spawned(seed, replications)):
        order = random.permutation(len(persons))
        unique = unique_sequences(persons[order])
        found[at] = adjusted_rand(labels[order], partition(unique)[unique.index])
    return found


def tie_band(
    d: ArrayLike,
    base: ArrayLike,
    weights: ArrayLike | None = None,
    replications: int = 20,
    seed: int = 0,
    cluster: Clusterer = by_ward,
    threads: int = 1,
) -> NDArray[np.float64]:
    """Return the adjusted Rand index to `base` of partitions of which ties are broken at random.

    d: condensed distances of u unique sequences. base: (u,) labels. The sequences are put in random
    orders, so that another one of tied merges comes first. Returns (R,), all 1 without ties that
    matter.
    """
    d = checked_distances(d)
    u = n_rows(d.size)
    person = checked_weights(weights, u)
    labels = np.asarray(base)
    k = int(labels.max()) + 1

    def one(random: np.random.Generator) -> float:
        order = random.permutation(u)
        other = cluster(reordered(d, order), person[order], k)
        return adjusted_rand(labels[order], other, person[order])

    with ThreadPoolExecutor(threads) as pool:
        return np.array(list(pool.map(one, spawned(seed, replications))))


def choice_band(unique: Unique, base: ArrayLike, choices: Mapping[str, Partition]) -> dict[str, float]:
    """Return the adjusted Rand index to `base` of the partition by each other choice of distances.

    base: (u,) labels of the unique sequences, weighted by their persons. choices: a way to partition
    the same sequences, by name.
    """
    return {name: adjusted_rand(base, make(unique), unique.weights) for name, make in choices.items()}


def reordered(d: Array, order: NDArray[np.intp]) -> Array:
    """Return the condensed distances of rows put in another order."""
    out = np.empty_like(d)
    _reorder(d, order, out)
    return out


@jit
def _reorder(d: Array, order: Array, out: Array) -> None:
    n, at = len(order), 0
    for a in range(n - 1):
        for b in range(a + 1, n):
            i, j = min(order[a], order[b]), max(order[a], order[b])
            out[at] = d[row_start(i, n) + j]
            at += 1
