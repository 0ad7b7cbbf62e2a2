"""k-medoids: never worse than the reference, no swap left that gains, blind to the order of rows."""

from itertools import combinations

import numpy as np
import pytest
from engine_strategies import PLAIN, weighted_sequences
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from veje.clusters import INDICES, cut, k_medoids, k_medoids_range, medoids, quality, ward
from veje.distances import costs, pairwise

# Two tight groups on a line, and one person far off.
LINE = pdist(np.array([[0.0], [1], [2], [10], [11], [12], [40]]))


def objective_of(square, weights, rows):
    return float(weights @ square[:, rows].min(axis=1))


def test_groups_on_a_line():
    found = k_medoids(LINE, 3)
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1, 2]
    assert found.medoids.tolist() == [1, 4, 6]
    assert found.objective == 4


def test_one_cluster_is_around_the_middle():
    assert k_medoids(LINE, 1).medoids.tolist() == [3]
    assert k_medoids(LINE, 1, [9, 1, 1, 1, 1, 1, 1]).medoids.tolist() == [0]


def test_every_row_may_be_a_medoid():
    found = k_medoids(LINE, 7)
    assert found.medoids.tolist() == found.labels.tolist() == list(range(7))
    assert found.objective == 0


def test_medoids_are_not_printed():
    assert "medoids" not in repr(k_medoids(LINE, 2)).replace("KMedoids", "")


def test_a_bad_start_is_left():
    found = k_medoids(LINE, 3, init=[0, 1, 2])
    assert (found.objective, found.start) == (4, "given")
    assert found.swaps >= 2


@pytest.fixture(scope="module")
def exact(golden):
    return pairwise(golden.sequences, "OM", costs(golden.sequences, "TRATE", n_states=9), dtype=np.float64)


def test_objective_is_the_references_or_lower(golden, exact):
    for k, expected in golden.read("pam_objective", skiprows=1):
        built = k_medoids(exact, int(k), init="build")
        assert built.objective == pytest.approx(expected, rel=1e-9)
        assert k_medoids(exact, int(k)).objective <= expected * (1 + 1e-9)


def test_weighted_quality_is_the_references(golden, exact):
    # With five clusters the reference stays at 3,407.8; these swaps lead on to 3,392.4.
    for row in golden.table("weighted_pam_quality"):
        found = k_medoids(exact, int(row["k"]), golden.weights, init="ward")
        if row["k"] == 5:
            assert found.objective < 3407.79
            continue
        rated = quality(exact, found.labels, golden.weights)
        assert rated == {name: pytest.approx(row[name], rel=1e-9) for name in INDICES}


@PLAIN
@given(weighted_sequences(), st.data())
def test_no_other_row_in_a_medoids_place_gains(case, data):
    states, weights, price = case
    d = pairwise(states, "OM", price, dtype=np.float64)
    square = squareform(d)
    unlike = len(np.unique(square == 0, axis=0))
    k = data.draw(st.integers(1, unlike))
    found = k_medoids(d, k, weights)
    assert found.objective == pytest.approx(objective_of(square, weights, found.medoids))
    for out in range(k):
        for row in range(len(weights)):
            rows = found.medoids.copy()
            rows[out] = row
            assert objective_of(square, weights, rows) >= found.objective * (1 - 1e-7)
    np.testing.assert_allclose(
        square[np.arange(len(weights)), found.medoids[found.labels]],
        square[:, found.medoids].min(axis=1),
    )
    assert found.labels[found.medoids].tolist() == list(range(k))


@pytest.mark.parametrize("seed", range(4))
def test_few_rows_come_close_to_the_best_there_is(seed):
    random = np.random.default_rng(seed)
    square, weights = squareform(pdist(random.random((14, 2)))), random.integers(1, 5, 14)
    least = min(objective_of(square, weights, list(rows)) for rows in combinations(range(14), 3))
    assert least * (1 - 1e-9) <= k_medoids(squareform(square), 3, weights).objective <= least * 1.02


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("init", ["ward", "build"])
def test_weights_are_copies(seed, init):
    random = np.random.default_rng(seed)
    square, weights = squareform(pdist(random.random((40, 3)))), random.integers(1, 5, 40)
    person = np.repeat(np.arange(40), weights)
    found = k_medoids(squareform(square), 4, weights, init)
    whole = k_medoids(squareform(square[np.ix_(person, person)]), 4, init=init)
    np.testing.assert_array_equal(found.labels[person], whole.labels)
    assert found.objective == pytest.approx(whole.objective)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_does_not_matter(seed):
    random = np.random.default_rng(seed)
    seq = np.unique(random.integers(0, 3, (90, 6)).astype(np.uint8), axis=0)
    square = squareform(pairwise(seq, "OM", costs(seq, "CONSTANT", n_states=3)))
    weights, order = random.integers(1, 9, len(seq)), random.permutation(len(seq))
    found = k_medoids(squareform(square), 5, weights)
    moved = k_medoids(squareform(square[np.ix_(order, order)]), 5, weights[order])
    np.testing.assert_array_equal(np.sort(order[moved.medoids]), np.sort(found.medoids))
    assert len(set(zip(found.labels[order].tolist(), moved.labels.tolist(), strict=True))) == 5


def test_a_range_is_its_numbers_one_by_one():
    d = pdist(np.random.default_rng(3).random((60, 3))).astype(np.float32)
    table = k_medoids_range(d, range(1, 6))
    assert list(table) == [1, 2, 3, 4, 5]
    for k, found in table.items():
        np.testing.assert_array_equal(found.labels, k_medoids(d, k).labels)
    wards = medoids(d, cut(ward(d), 4))
    assert table[4].objective <= objective_of(squareform(d), np.ones(60), wards)
