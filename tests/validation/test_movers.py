from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.validation.people import CASH, SICK, WORK, K, three_ways
from veje.validation import match_profiles, moves

PROFILES = st.integers(1, 4).flatmap(lambda k: hnp.arrays(np.float64, (k, 3), elements=st.integers(0, 9)))


@given(PROFILES, PROFILES)
def test_the_match_is_the_cheapest_of_all(a, b):
    match, distance = match_profiles(a, b)
    held = match >= 0
    assert held.sum() == min(len(a), len(b))
    assert len(set(match[held])) == held.sum()
    assert np.isnan(distance[~held]).all()
    apart = np.abs(a[:, None] - b[None]).sum(axis=2) / 2
    if len(a) > len(b):
        apart = apart.T
    cheapest = min(
        sum(apart[i, j] for i, j in enumerate(order))
        for order in permutations(range(apart.shape[1]), len(apart))
    )
    assert np.nansum(distance) == pytest.approx(cheapest)


def test_the_same_clusters_by_other_names_move_nobody():
    seq, way = three_ways()
    found = moves(seq, way, np.array([2, 0, 1])[way], K)
    assert found.match.tolist() == [2, 0, 1]
    assert found.distance.tolist() == [0, 0, 0]
    assert (found.adjusted_rand, found.moved) == (1, 0)


def test_a_municipality_that_puts_the_sick_with_the_workers():
    """Pooled: workers, workers who fell ill, cash benefit. Alone: two clusters, and six persons change."""
    seq = np.array([[WORK] * 4] * 6 + [[WORK, WORK, SICK, SICK]] * 4 + [[CASH] * 4] * 5, np.uint8)
    pooled = np.repeat([0, 1, 2], [6, 4, 5])
    own = np.repeat([0, 1], [10, 5])
    found = moves(seq, pooled, own, K)
    assert found.counts.tolist() == [[6, 0], [4, 0], [0, 5]]
    # Workers have 4 quarters at work, the joint cluster 3.2: nearer than the sick with 2.
    assert found.match.tolist() == [0, -1, 1]
    assert found.distance[:1] == pytest.approx([0.8])
    assert np.isnan(found.distance[1])
    assert found.moved == 4
    assert 0 < found.adjusted_rand < 1


def test_partitions_of_other_people_are_refused():
    with pytest.raises(ValueError, match="labels have shape"):
        moves(np.zeros((3, 2), np.uint8), np.array([0, 0, 1]), np.array([0, 1]), K)
