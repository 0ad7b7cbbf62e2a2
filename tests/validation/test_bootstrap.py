from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import squareform

from tests.validation.people import anyone, measured, three_ways
from veje.clusters import cut, ward
from veje.validation import bootstrap, choice_band, person_order_band, tie_band
from veje.validation.bootstrap import among


def partition(method="TRATE", k=3):
    def of(unique):
        d = measured(np.repeat(unique.states, unique.weights.astype(int), axis=0), method)[1]
        return cut(ward(d, unique.weights), k)

    return of


@pytest.fixture(scope="module")
def clear():
    seq, way = three_ways()
    unique, d = measured(seq)
    labels = cut(ward(d, unique.weights), 3)
    # Ward finds the three ways again.
    assert len({(a, b) for a, b in zip(labels[unique.index], way, strict=True)}) == 3
    return seq, unique, d, labels


def test_three_ways_of_life_are_found_in_every_sample(clear):
    _, unique, d, labels = clear
    found = bootstrap(d, labels, unique.weights, replications=20, seed=7)
    assert found.adjusted_rand.shape == (20,)
    assert found.jaccard.shape == (20, 3)
    assert found.adjusted_rand.min() > 0.95
    assert np.nanmin(found.jaccard) > 0.9
    assert found.recovered.tolist() == [1, 1, 1]
    assert (found.k, found.seed, found.replications) == (3, 7, 20)


def test_clusters_of_anyone_are_not_found_again():
    unique, d = measured(anyone())
    labels = cut(ward(d, unique.weights), 6)
    found = bootstrap(d, labels, unique.weights, replications=20, seed=7)
    assert found.adjusted_rand.mean() < 0.6
    assert np.nanmean(found.jaccard) < 0.75
    assert (found.recovered < 0.8).any()


def test_the_same_seed_gives_the_same_samples_on_any_number_of_threads():
    unique, d = measured(anyone())
    labels = cut(ward(d, unique.weights), 4)
    one = bootstrap(d, labels, unique.weights, replications=8, seed=3)
    two = bootstrap(d, labels, unique.weights, replications=8, seed=3, threads=4)
    more = bootstrap(d, labels, unique.weights, replications=12, seed=3)
    other = bootstrap(d, labels, unique.weights, replications=8, seed=4)
    np.testing.assert_array_equal(one.jaccard, two.jaccard)
    np.testing.assert_array_equal(one.jaccard, more.jaccard[:8])
    assert not np.array_equal(one.jaccard, other.jaccard)


def test_a_sample_may_miss_a_cluster():
    """One person alone in a cluster is left out of more than a third of samples."""
    d = squareform(np.abs(np.subtract.outer([0.0, 1, 2, 50], [0.0, 1, 2, 50])))
    found = bootstrap(d, [0, 0, 0, 1], [3, 3, 3, 1], replications=60, seed=1)
    missing = np.isnan(found.jaccard[:, 1])
    assert 10 < missing.sum() < 40
    assert found.jaccard[~missing, 1].min() == 1


def test_the_draw_is_of_persons():
    with pytest.raises(ValueError, match="whole numbers of persons"):
        bootstrap([1.0, 2, 3], [0, 0, 1], [1, 1.5, 2])
    with pytest.raises(ValueError, match="replications must be 1 or more"):
        bootstrap([1.0, 2, 3], [0, 0, 1], replications=0)


def test_distances_among_some():
    d = np.arange(10.0)
    square = squareform(d)
    rows = np.array([0, 2, 4])
    np.testing.assert_array_equal(among(d, rows, 5), squareform(square[np.ix_(rows, rows)]))


def test_the_order_of_persons_does_not_matter():
    """Constant costs and whole quarters: nearly every merge has ties."""
    seq = anyone()
    unique, d = measured(seq, "CONSTANT")
    base = cut(ward(d, unique.weights), 3)[unique.index]
    assert person_order_band(seq, base, partition("CONSTANT"), replications=5, seed=2).tolist() == [1] * 5


def test_ties_broken_at_random_move_a_partition_that_hangs_on_them():
    unique, d = measured(anyone(), "CONSTANT")
    labels = cut(ward(d, unique.weights), 3)
    band = tie_band(d, labels, unique.weights, replications=10, seed=2)
    assert band.min() < 0.9
    np.testing.assert_array_equal(
        band, tie_band(d, labels, unique.weights, replications=10, seed=2, threads=3)
    )


def test_without_ties_there_is_nothing_to_break():
    random = np.random.default_rng(5)
    d, weights = random.random(190), random.integers(1, 4, 20)
    assert tie_band(d, cut(ward(d, weights), 4), weights, replications=6).tolist() == [1] * 6


def test_other_costs_are_compared_with_the_base(clear):
    _, unique, _, labels = clear
    found = choice_band(
        unique, labels, {"TRATE": partition(), "CONSTANT": partition("CONSTANT"), "two": partition(k=2)}
    )
    assert found["TRATE"] == 1
    assert found["CONSTANT"] > 0.8
    assert 0.3 < found["two"] < 0.7
