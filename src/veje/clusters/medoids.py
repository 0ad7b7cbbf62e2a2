"""The middle of a cluster: the sequence closest to all of its persons, and the centre of gravity."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.partition import checked_labels, sums_of
from veje.condensed import Array, checked_distances, checked_weights, n_rows

# Sums closer than this share are a tie: what is equal on paper may differ by rounding.
TIE = 1e-9


def medoids(d: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None) -> NDArray[np.intp]:
    """Return the row with the least sum of distances in each cluster, of tied rows the lowest.

    d: condensed (n * (n - 1) / 2,). labels: (n,) integers from 0. weights: (n,) persons per row.
    Returns (k,) row numbers. A medoid is a real person's sequence: it is never released. Raises
    ValueError for bad input.
    Source: Kaufman & Rousseeuw 1990, Finding Groups in Data, chapter 2.
    """
    d = checked_distances(d)
    n = n_rows(d.size)
    return central_rows(d, checked_labels(labels, n), checked_weights(weights, n), np.arange(n))


def central_rows(
    d: Array, groups: NDArray[np.int32], weights: NDArray[np.float64], order: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the medoid of each of the checked `groups`, of tied rows the first in `order`."""
    sums = sums_of(d, weights, [groups])
    to_own = sums.to[np.arange(len(groups)), groups]
    least = np.full(groups.max() + 1, np.inf)
    np.minimum.at(least, groups, to_own)
    central = order[to_own[order] <= least[groups[order]] * (1 + TIE)]
    _, first = np.unique(groups[central], return_index=True)
    return central[first]


def distances_to_center(
    d: ArrayLike, labels: ArrayLike | None = None, weights: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return how far each row (n,) is from the centre of gravity of its cluster, in the unit of `d`.

    d: condensed (n * (n - 1) / 2,). labels: (n,) from 0, all one cluster when None. weights: (n,)
    persons per row. No sequence lies at the centre, which only its distances define; one may be
    below 0 where `d` breaks the triangle inequality. Raises ValueError for bad input.
    Source: Studer, Ritschard, Gabadinho & Müller 2011, Sociol Methods Res 40(3), after
    Batagelj 1988.
    """
    d = checked_distances(d)
    n = n_rows(d.size)
    groups = np.zeros(n, np.int32) if labels is None else checked_labels(labels, n)
    person = checked_weights(weights, n)
    sums = sums_of(d, person, [groups])
    mean = sums.to[np.arange(n), groups] / sums.persons[groups]
    spread = np.bincount(groups, person * mean) / sums.persons / 2
    return mean - spread[groups]
