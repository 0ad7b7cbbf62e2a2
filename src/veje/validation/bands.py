"""How far a partition moves with what should not matter, or is a matter of choice.

The order of persons must not matter: ties are broken by a rule that does not know it. The rule is a
choice all the same: ties broken at random show how much of a typology hangs on it. Costs are a
choice: their band shows how much hangs on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.agreement import adjusted_rand
from veje.condensed import checked_distances, checked_weights, n_rows
from veje.uniques import Unique, unique_sequences
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

    d: condensed distances of u unique sequences. base: (u,) labels. Every distance is made longer by
    a random share of up to `JITTER`, so that another one of tied merges comes first, and nothing
    else changes. Returns (R,), all 1 without ties that matter.
    """
    d = checked_distances(d)
    person = checked_weights(weights, n_rows(d.size))
    labels = np.asarray(base)
    k = int(labels.max()) + 1

    def one(random: np.random.Generator) -> float:
        jittered = d * (1 + JITTER * random.random(d.size))
        return adjusted_rand(labels, cluster(jittered, person, k), person)

    with ThreadPoolExecutor(threads) as pool:
        return np.array(list(pool.map(one, spawned(seed, replications))))


JITTER = 1e-6
"""More than rounding moves distances that are equal on paper, less than unequal ones lie apart."""


def choice_band(unique: Unique, base: ArrayLike, choices: Mapping[str, Partition]) -> dict[str, float]:
    """Return the adjusted Rand index to `base` of the partition by each other choice of distances.

    base: (u,) labels of the unique sequences, weighted by their persons. choices: a way to partition
    the same sequences, by name.
    """
    return {name: adjusted_rand(base, make(unique), unique.weights) for name, make in choices.items()}
