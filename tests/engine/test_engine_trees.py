"""Trees that hold for any input: exact for persons, greedy by definition, blind to the order of rows."""

import numpy as np
import pytest
from engine_oracles import textbook_tree
from engine_strategies import PLAIN, codes, weighted_sequences
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.cluster import hierarchy
from scipy.spatial.distance import pdist, squareform

from veje.clusters import cut, linkage, ward
from veje.clusters.linkage import RULES
from veje.clusters.ties import row_order
from veje.distances import costs, pairwise
from veje.uniques import unique_sequences

methods = st.sampled_from(list(RULES))
shuffled = st.randoms(use_true_random=False)


def expanded(d, weights):
    """The condensed distances of all persons, and the row of each."""
    person = np.repeat(np.arange(len(weights)), weights)
    return squareform(squareform(d)[np.ix_(person, person)]), person


def tied_sequences(seed, n=120, length=6):
    """Unique sequences at constant costs: many distances are equal."""
    random = np.random.default_rng(seed)
    states = unique_sequences(random.integers(0, 3, (n, length)).astype(np.uint8)).states
    return pairwise(states, "OM", costs(states, "CONSTANT", n_states=3)), random


@PLAIN
@given(weighted_sequences(), methods)
def test_a_tree_of_unique_sequences_is_that_of_persons(case, method):
    states, weights, price = case
    d = pairwise(states, "OM", price)
    # Different sequences at distance 0 may be joined before all equal persons are.
    assume(d.min() > 0)
    persons, person = expanded(d, weights)
    tree, whole = linkage(d, method, weights), linkage(persons, method)
    np.testing.assert_allclose(tree[:, 2], whole[-len(tree) :, 2], rtol=1e-9)
    for k in range(1, len(states) + 1):
        np.testing.assert_array_equal(cut(tree, k)[person], cut(whole, k))


@pytest.mark.parametrize("method", list(RULES))
@pytest.mark.parametrize("seed", range(3))
def test_a_tree_of_unique_sequences_is_scipys_of_persons(method, seed):
    random = np.random.default_rng(seed)
    d, weights = pdist(random.random((40, 3))), random.integers(1, 5, 40)
    persons, _ = expanded(d, weights)
    base = np.sqrt(persons) if method == "ward_d" else persons
    scipys = hierarchy.linkage(base, method.split("_")[0])[-39:, 2]
    scipys = scipys**2 if method == "ward_d" else scipys
    np.testing.assert_allclose(linkage(d, method, weights)[:, 2], scipys, rtol=1e-9)


@PLAIN
@given(weighted_sequences(), methods)
def test_a_tree_is_the_greedy_one_by_definition(case, method):
    states, weights, price = case
    d = pairwise(states, "OM", price, dtype=np.float64)
    tree = linkage(d, method, weights)
    order = row_order(d, weights.astype(float))
    heights, partitions = textbook_tree(squareform(d), weights, method, order)
    np.testing.assert_allclose(tree[:, 2], heights, rtol=1e-7, atol=1e-12)
    for k, expected in partitions.items():
        labels = cut(tree, k)
        assert {frozenset(np.flatnonzero(labels == c).tolist()) for c in range(k)} == expected


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("method", list(RULES))
def test_the_order_of_rows_does_not_matter(method, seed):
    d, random = tied_sequences(seed)
    weights = random.integers(1, 9, len(squareform(d)))
    order = random.permutation(len(weights))
    tree = linkage(d, method, weights)
    moved = linkage(squareform(squareform(d)[np.ix_(order, order)]), method, weights[order])
    np.testing.assert_allclose(moved[:, 2], tree[:, 2], rtol=1e-9)
    for k in (2, 3, 4, 6, 12, 40):
        assert same_partition(cut(tree, k)[order], cut(moved, k))


@pytest.mark.parametrize("method", list(RULES))
def test_ties_by_row_do_depend_on_the_order_of_rows(method):
    d, random = tied_sequences(7)
    order = random.permutation(len(squareform(d)))
    moved = squareform(squareform(d)[np.ix_(order, order)])
    parts = [cut(linkage(x, method, ties="row"), 30) for x in (d, moved)]
    assert not same_partition(parts[0][order], parts[1])


def same_partition(one, other):
    return len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(set(one.tolist()))


@PLAIN
@given(weighted_sequences(), methods, shuffled)
def test_the_order_of_rows_moves_only_rows_that_are_alike(case, method, random):
    # Rows that distances cannot tell apart may swap places: heights stay, whoever is who.
    states, weights, price = case
    d = pairwise(states, "OM", price)
    order = list(range(len(states)))
    random.shuffle(order)
    moved = squareform(squareform(d)[np.ix_(order, order)])
    tree, other = linkage(d, method, weights), linkage(moved, method, weights[order])
    np.testing.assert_allclose(tree[:, 2], other[:, 2], rtol=1e-9)


@pytest.mark.parametrize("seed", [5, 8, 17, 25])
@pytest.mark.parametrize("method", ["ward_d2", "average"])
def test_rounding_does_not_decide_ties(seed, method):
    # Weights in another unit change no merge on paper, but they round differently.
    d, random = tied_sequences(seed)
    weights = random.integers(1, 4, len(squareform(d)))
    whole, tenths = linkage(d, method, weights), linkage(d, method, weights * 0.1)
    np.testing.assert_array_equal(whole[:, :2], tenths[:, :2])


@pytest.mark.parametrize("seed", range(5))
def test_ward_is_scipys(seed):
    d = pdist(np.random.default_rng(seed).random((150, 4)))
    before = d.copy()
    tree = ward(d)
    assert hierarchy.is_valid_linkage(tree)
    assert hierarchy.is_monotonic(tree)
    np.testing.assert_allclose(tree, hierarchy.ward(d), rtol=1e-9)
    squared = hierarchy.ward(np.sqrt(d))[:, 2] ** 2
    np.testing.assert_allclose(ward(d, variant="D")[:, 2], squared, rtol=1e-9)
    np.testing.assert_array_equal(d, before)


@pytest.mark.parametrize("method", ["average", "complete", "single"])
def test_linkages_are_scipys(method):
    d = pdist(np.random.default_rng(3).random((150, 4))).astype(np.float32)
    tree = linkage(d, method)
    np.testing.assert_allclose(tree, hierarchy.linkage(d, method), rtol=1e-9)


def test_ward_of_many_ties_is_valid():
    seq = np.random.default_rng(4).integers(0, 3, (300, 8)).astype(np.uint8)
    seq = unique_sequences(seq).states
    tree = ward(pairwise(seq, "OM", costs(seq, "CONSTANT", n_states=3)))
    assert hierarchy.is_valid_linkage(tree)
    assert hierarchy.is_monotonic(tree)
    for k in (2, 5, 40):
        scipys = hierarchy.fcluster(tree, k, "maxclust")
        if len(set(scipys)) == k:
            assert same_partition(cut(tree, k), scipys)


@PLAIN
@given(codes(4, (2, 40)), shuffled)
def test_clusters_do_not_depend_on_the_order_of_persons(seq, random):
    order = list(range(len(seq)))
    random.shuffle(order)
    partitions = []
    for rows in (seq, seq[order]):
        unique = unique_sequences(rows)
        assume(len(unique.states) > 2)
        d = pairwise(unique.states, "OM", costs(rows, "CONSTANT", n_states=4))
        partitions.append(cut(ward(d, unique.weights), 3)[unique.index])
    np.testing.assert_array_equal(partitions[0][order], partitions[1])
