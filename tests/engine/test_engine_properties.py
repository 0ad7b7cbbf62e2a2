"""The fast engine against slow oracles and peers, on whatever Hypothesis comes up with."""

import math

import numba
import numpy as np
import pytest
from engine_oracles import textbook_om, textbook_quality
from engine_strategies import PLAIN, codes, sequences_and_costs, weighted_sequences
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics import silhouette_samples

from veje.clusters import cut, medoids, qualities, quality, quality_table, silhouette, ward
from veje.condensed import jit, n_rows, row_of, row_start
from veje.distances import costs, pairwise
from veje.uniques import unique_sequences


@PLAIN
@given(sequences_and_costs())
def test_optimal_matching_is_the_textbook_one(case):
    seq, price = case
    found = pairwise(seq, "OM", price, dtype=np.float64)
    indel = np.broadcast_to(price.indel, len(price.sub))
    pairs = zip(*np.triu_indices(len(seq), 1), strict=True)
    expected = [textbook_om(seq[i], seq[j], price.sub, indel) for i, j in pairs]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@PLAIN
@given(sequences_and_costs(), st.randoms(use_true_random=False))
def test_distances_do_not_depend_on_the_order_of_rows(case, random):
    seq, price = case
    order = list(range(len(seq)))
    random.shuffle(order)
    straight = squareform(pairwise(seq, "OM", price))
    shuffled = squareform(pairwise(seq[order], "OM", price))
    np.testing.assert_allclose(shuffled, straight[np.ix_(order, order)], rtol=1e-6)


@PLAIN
@given(sequences_and_costs())
def test_hamming_is_the_sum_over_positions(case):
    seq, price = case
    expected = pdist(seq, lambda a, b: price.sub[a.astype(int), b.astype(int)].sum())
    found = pairwise(seq, "HAM", price, dtype=np.float64)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@PLAIN
@given(codes(3), st.integers(2, 4))
def test_weights_are_copies_to_transition_costs(seq, copies):
    weights = np.arange(len(seq)) % copies + 1
    weighted = costs(seq, "TRATE", n_states=3, weights=weights)
    expanded = costs(np.repeat(seq, weights, axis=0), "TRATE", n_states=3)
    np.testing.assert_array_equal(weighted.sub, expanded.sub)


@PLAIN
@given(codes(4))
def test_unique_sequences_give_the_sequences_back(seq):
    found = unique_sequences(seq)
    np.testing.assert_array_equal(found.states[found.index], seq)
    assert found.weights.sum() == len(seq)
    rows = [tuple(row) for row in found.states.tolist()]
    assert rows == sorted(set(rows))


@pytest.mark.parametrize("threads", [2, 3, None])
def test_threads_change_nothing(threads):
    seq = np.random.default_rng(1).integers(0, 6, (203, 20)).astype(np.uint8)
    price = costs(seq, "TRATE", n_states=6)
    for norm in (None, "YujianBo"):
        one = pairwise(seq, "OM", price, norm=norm, threads=1)
        assert pairwise(seq, "OM", price, norm=norm, threads=threads).tobytes() == one.tobytes()


@pytest.mark.parametrize("n", [2, 3, 4, 17, 1000, 70_000])
def test_condensed_positions(n):
    entries = n * (n - 1) // 2
    assert n_rows(entries) == n
    for i in {0, 1, n // 2, n - 2} & set(range(n - 1)):
        first, last = row_start(i, n) + i + 1, row_start(i, n) + n - 1
        assert (row_of(first, n), row_of(last, n)) == (i, i)
    assert row_start(0, n) + 1 == 0
    assert row_start(n - 2, n) + n - 1 == entries - 1


@PLAIN
@given(weighted_sequences(most=9), st.data())
def test_quality_by_definition_on_persons(case, data):
    states, weights, price = case
    d = pairwise(states, "OM", price)
    assume(len(states) > 2)
    k = data.draw(st.integers(2, len(states) - 1))
    labels = cut(ward(d, weights), k)
    person = np.repeat(np.arange(len(states)), weights)
    square = squareform(d).astype(np.float64)[np.ix_(person, person)]
    # Without any spread within clusters the ratios have no value, in the oracle neither.
    assume(square[labels[person][:, None] == labels[person]].any())
    expected = textbook_quality(square, labels[person])
    found = quality(d, labels, weights)
    assert found == {name: pytest.approx(v, rel=1e-9, abs=1e-9) for name, v in expected.items()}


def test_silhouette_is_scikit_learns():
    points = np.random.default_rng(8).random((90, 3))
    d = pdist(points)
    labels = cut(ward(d), 6)
    expected = silhouette_samples(squareform(d), labels, metric="precomputed")
    np.testing.assert_allclose(silhouette(d, labels), expected, rtol=1e-12)
    assert quality(d, labels)["ASW"] == pytest.approx(expected.mean(), rel=1e-12)


def test_a_table_is_its_rows_one_by_one():
    d = pdist(np.random.default_rng(9).random((60, 3))).astype(np.float32)
    weights = np.random.default_rng(10).integers(1, 5, 60)
    tree = ward(d, weights)
    table = quality_table(d, tree, range(2, 8), weights)
    assert list(table) == [2, 3, 4, 5, 6, 7]
    for k, row in table.items():
        # What partitions share is summed once, so that the last digit may round otherwise.
        alone = quality(d, cut(tree, k), weights)
        assert row == {name: pytest.approx(value, rel=1e-12) for name, value in alone.items()}
        assert all(type(value) is float and math.isfinite(value) for value in row.values())
    assert qualities(d, {"two": cut(tree, 2)}, weights)["two"] == table[2]


@PLAIN
@given(weighted_sequences(), st.integers(1, 3))
def test_medoids_have_the_least_sum(case, k):
    states, weights, price = case
    d = pairwise(states, "OM", price)
    labels = cut(ward(d, weights), min(k, len(states)))
    square = squareform(d).astype(np.float64)
    for c, medoid in enumerate(medoids(d, labels, weights)):
        rows = np.flatnonzero(labels == c)
        sums = square[np.ix_(rows, rows)] @ weights[rows]
        assert medoid == rows[np.flatnonzero(np.isclose(sums, sums.min(), rtol=1e-9, atol=0))[0]]


def test_read_only_input_is_welcome():
    seq = np.random.default_rng(2).integers(0, 3, (30, 6)).astype(np.uint8)
    seq.setflags(write=False)
    d = pairwise(seq, "OM", costs(seq, "TRATE", n_states=3))
    free = ward(d)
    d.setflags(write=False)
    np.testing.assert_array_equal(ward(d), free)
    assert quality(d, cut(free, 3))["R2"] > 0


def test_kernels_compile_where_nothing_can_be_kept(monkeypatch):
    whole = numba.njit

    def nowhere(cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return whole(**options)

    monkeypatch.setattr(numba, "njit", nowhere)
    assert jit(lambda x: x + 1)(1) == 2
