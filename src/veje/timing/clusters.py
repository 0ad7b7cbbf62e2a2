"""Activity clustered on its own, without the rules, and how far the rules agree with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.clusters import cut, ward
from veje.clusters.agreement import adjusted_rand
from veje.distances import costs, pairwise
from veje.settings import TimingDepth
from veje.uniques import unique_sequences

Ints = NDArray[np.int64]


def levels_of(active: Ints, levels: Sequence[int]) -> NDArray[np.uint8]:
    """Turn weeks of activity (n, Q) into levels: 0 below the first limit, then one more at each limit."""
    return np.digitize(active, np.asarray(levels)).astype(np.uint8)


def activity_clusters(active: Ints, settings: TimingDepth) -> Ints:
    """Cluster activity by quarter with Ward's method on all persons with any: (n,) clusters from 1.

    0: no activity. Fewer clusters when there are not so many unlike courses. They are numbered by
    the mean quarter of their activity, the earliest first.
    """
    states = levels_of(active, settings.levels)
    some = states.any(axis=1)
    found = np.zeros(len(states), dtype=np.int64)
    if not some.any():
        return found
    unique = unique_sequences(states[some])
    k = min(settings.clusters, len(unique.states))
    labels = np.zeros(len(unique.states), dtype=np.int64)
    if k > 1:
        price = costs(unique.states, "CONSTANT", n_states=len(settings.levels) + 1)
        needs = {} if settings.method == "LCS" else {"costs": price}
        labels = cut(ward(pairwise(unique.states, settings.method, **needs), unique.weights), k).astype(
            np.int64
        )
    found[some] = _by_middle(labels, unique.states, unique.weights)[unique.index] + 1
    return found


def _by_middle(labels: Ints, states: NDArray[np.uint8], weights: NDArray[np.float64]) -> Ints:
    """Number clusters by the mean quarter in which their persons are active."""
    quarters = np.arange(states.shape[1])
    on = (states > 0) * weights[:, None]
    middle = [(on[labels == k] * quarters).sum() / on[labels == k].sum() for k in range(labels.max() + 1)]
    rank = np.argsort(np.argsort(middle, kind="stable"), kind="stable")
    return rank[labels].astype(np.int64)


def timing_agreement(scenario: pl.Series, cluster: Ints) -> pl.DataFrame:
    """Compare classes with clusters by the adjusted Rand index: of all persons, and of those with activity.

    Returns key, persons, value; a comparison of fewer than two persons, or without any activity,
    is left out.
    """
    names = scenario.to_numpy()
    rows = []
    for key, here in (
        ("adjusted_rand", np.ones(len(cluster), dtype=bool)),
        ("adjusted_rand_active", cluster > 0),
    ):
        if here.sum() > 1 and cluster.any():
            a, b = (np.unique(one[here], return_inverse=True)[1] for one in (names, cluster))
            rows.append({"key": key, "persons": int(here.sum()), "value": adjusted_rand(a, b)})
    return pl.DataFrame(rows, schema={"key": pl.String(), "persons": pl.Int64(), "value": pl.Float64()})
