"""Silhouette: how much closer a sequence is to its own cluster than to the next one.

Source: Rousseeuw 1987, J Comput Appl Math 20; Studer 2013, WeightedCluster manual, LIVES Working
Papers 24, for the two weighted forms.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.partition import Sums, checked_labels, sums_of
from veje.condensed import checked_distances, checked_weights, n_rows

Widths = NDArray[np.float64]


def silhouette(
    d: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None, form: str = "ASW"
) -> Widths:
    """Return the silhouette width of each row, from -1 (misplaced) to 1 (well placed).

    d: condensed (n * (n - 1) / 2,). labels: (n,) from 0. weights: (n,) persons per row. form: "ASW"
    leaves the person itself out of its own cluster's mean, and is 0 for the only person of a
    cluster; "ASWw" counts the person itself, as fits weights that are no head counts. Raises
    ValueError for bad input or a single cluster.
    """
    if form not in ("ASW", "ASWw"):
        raise ValueError(f"unknown silhouette form {form!r}; known: ASW, ASWw")
    d = checked_distances(d)
    n = n_rows(d.size)
    groups = checked_labels(labels, n)
    if groups.max() == 0:
        raise ValueError("labels hold one cluster; a silhouette needs at least two")
    return widths(sums_of(d, checked_weights(weights, n), [groups]), 0)[form]


def widths(sums: Sums, partition: int) -> dict[str, Widths]:
    """Return both forms of the silhouette width (n,) in one partition of `sums`."""
    begin, end = sums.first[partition], sums.first[partition + 1]
    rows = np.arange(len(sums.to))
    own = sums.columns[:, partition]
    mean = sums.to[:, begin:end] / sums.persons[begin:end]
    mean[rows, own - begin] = np.inf
    other = mean.min(axis=1)
    within, persons = sums.to[rows, own], sums.persons[own]
    alone = persons <= 1
    without_self = np.divide(within, persons - 1, out=np.zeros_like(within), where=~alone)
    return {
        "ASW": np.where(alone, 0.0, _width(without_self, other)),
        "ASWw": _width(within / persons, other),
    }


def _width(own: Widths, other: Widths) -> Widths:
    """Return (other - own) / max(own, other), which is 0 where both are 0."""
    longer = np.maximum(own, other)
    width: Widths = np.divide(other - own, longer, out=np.zeros_like(own), where=longer > 0)
    return width
