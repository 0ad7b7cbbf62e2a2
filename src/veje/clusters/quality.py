"""Quality of partitions: ten indices, by the definitions of WeightedCluster 2.0.

Source: Studer 2013, WeightedCluster Library Manual, LIVES Working Papers 24, table 5 and its
references; for R2 and CH from distances Studer, Ritschard, Gabadinho & Müller 2011, Sociol Methods
Res 40(3), equations 2 to 6. Each gives for unique sequences with weights what it gives for persons
one by one.
"""

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.partition import Sums, checked_labels, sums_of
from veje.clusters.ranking import ranked
from veje.clusters.silhouette import widths
from veje.clusters.tree import cut
from veje.condensed import checked_distances, checked_weights, n_rows
from veje.names import INDICES

Persons = NDArray[np.float64]


def quality(d: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None) -> dict[str, float]:
    """Return the ten indices of one partition, keyed by WeightedCluster's names in `INDICES`.

    d: condensed (n * (n - 1) / 2,). labels: (n,) integers from 0. weights: (n,) persons per row. An
    index is NaN where it is undefined (a division by zero). Raises ValueError for bad input or a
    single cluster.
    """
    return qualities(d, {0: labels}, weights)[0]


def quality_table(
    d: ArrayLike, tree: ArrayLike, ks: Iterable[int], weights: ArrayLike | None = None
) -> dict[int, dict[str, float]]:
    """Return the ten indices of the tree cut into each number of clusters in `ks`.

    tree: SciPy linkage of the rows of `d`. ks: numbers of 2 or more. Raises ValueError as `quality`
    and `cut` do.
    """
    return qualities(d, {k: cut(tree, k) for k in ks}, weights)


def qualities(
    d: ArrayLike, partitions: Mapping[int, ArrayLike], weights: ArrayLike | None = None
) -> dict[int, dict[str, float]]:
    """Return the ten indices of each partition under its key, sorting `d` only once.

    partitions: labels (n,) by key. Raises ValueError as `quality` does.
    """
    d = checked_distances(d)
    n = n_rows(d.size)
    person = checked_weights(weights, n)
    groups = [checked_labels(labels, n) for labels in partitions.values()]
    if not groups:
        raise ValueError("there is no partition to rate")
    if min(labels.max() for labels in groups) == 0:
        raise ValueError("labels hold one cluster; quality needs at least two")
    sums = sums_of(d, person, groups)
    within = np.add.reduceat(sums.persons**2, sums.first[:-1]) / 2
    by_rank, first, second = ranked(d, person, groups, within)
    rated = {}
    for p, key in enumerate(partitions):
        found = by_rank[p] | _silhouettes(sums, p, person) | _spread(sums, p, person, first, second)
        rated[key] = {name: float(found[name]) for name in INDICES}
    return rated


def _silhouettes(sums: Sums, p: int, person: Persons) -> dict[str, float]:
    """Return both average silhouette widths, weighted by persons."""
    both = widths(sums, p)
    return {form: float(np.average(width, weights=person)) for form, width in both.items()}


def _spread(sums: Sums, p: int, person: Persons, first: float, second: float) -> dict[str, float]:
    """Return the share of discrepancy that the clusters explain, and its ratio to what is left.

    first, second: sums of w w d and of w w d² over all pairs.
    """
    columns = slice(sums.first[p], sums.first[p + 1])
    k, total = int(sums.first[p + 1] - sums.first[p]), float(person.sum())
    own = sums.columns[:, p]
    to_own = sums.to[np.arange(len(own)), own]
    # Every pair within is met from both of its ends.
    pairs = np.bincount(own, person * to_own, minlength=len(sums.persons)) / 2
    out = {}
    for name, whole, parts in (("", first, pairs), ("sq", second, sums.squares)):
        left = float((parts[columns] / sums.persons[columns]).sum())
        explained = whole / total - left
        out["R2" + name] = explained / (whole / total) if whole > 0 else math.nan
        defined = left > 0 and total > k
        out["CH" + name] = explained / (k - 1) / (left / (total - k)) if defined else math.nan
    return out
