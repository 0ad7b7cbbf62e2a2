"""CLARA: exact where all fit into a sample, close to exact else, the same whatever the order."""

import math

import numpy as np
import pytest
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score

from veje.clusters import clara, clara_range, k_medoids
from veje.clusters.agreement import adjusted_rand, jaccard
from veje.distances import costs, pairwise
from veje.uniques import unique_sequences

K = 4


def persons(n, seed=1, length=8):
    """Sequences around four plain ones: each person changes state for good in a few quarters."""
    random = np.random.default_rng(seed)
    group = random.integers(0, 4, n)
    seq = np.repeat(group[:, None], length, axis=1)
    other = random.random((n, length)) < 0.15
    return np.where(other, random.integers(0, K, (n, length)), seq).astype(np.uint8), group


SEQ, GROUP = persons(3000)
COSTS = costs(SEQ, "CONSTANT", K)


@pytest.fixture(scope="module")
def found():
    return clara_range(SEQ, range(1, 6), costs=COSTS, sample_size=200, seed=3)


def test_the_groups_that_were_planted_are_found(found):
    assert adjusted_rand_score(GROUP, found[4].labels) > 0.95
    assert found[4].stability.adjusted_rand.min() > 0.95
    assert found[4].stability.jaccard.min() > 0.95
    assert max(found, key=lambda k: found[k].quality["AMS"] if k > 1 else 0) == 4


def test_every_person_is_with_the_nearest_medoid(found):
    for k, one in found.items():
        apart = pairwise(SEQ, "OM", COSTS, to=SEQ[one.medoids])
        own = apart[np.arange(len(SEQ)), one.labels]
        np.testing.assert_array_equal(own, apart.min(axis=1))
        assert one.objective == pytest.approx(own.sum(dtype=float))
        assert one.quality["mean_distance"] == pytest.approx(one.objective / len(SEQ))
        assert one.labels[one.medoids].tolist() == list(range(k))
        assert one.objective == one.stability.objectives.min()
        assert one.stability.adjusted_rand.max() == 1


def test_quality_by_definition(found):
    one = found[3]
    apart = pairwise(SEQ, "OM", COSTS, to=SEQ[one.medoids]).astype(float)
    near = np.sort(apart, axis=1)
    widths = 1 - near[:, 0] / near[:, 1]
    between = squareform(pairwise(SEQ[one.medoids], "OM", COSTS).astype(float))
    spread = [near[one.labels == c, 0].mean() for c in range(3)]
    alike = [max((spread[a] + spread[b]) / between[a, b] for b in range(3) if b != a) for a in range(3)]
    expected = {
        "mean_distance": near[:, 0].mean(),
        "AMS": widths.mean(),
        "DB": np.mean(alike),
        "XB": (near[:, 0] ** 2).mean() / between[between > 0].min() ** 2,
    }
    assert one.quality == {name: pytest.approx(value) for name, value in expected.items()}
    assert math.isnan(found[1].quality["AMS"])


def test_a_sample_of_all_is_exact():
    unique = unique_sequences(SEQ[:150])
    d = pairwise(unique.states, "OM", COSTS)
    one = clara(SEQ[:150], 4, costs=COSTS)
    exact = k_medoids(d, 4, unique.weights)
    assert one.objective == pytest.approx(exact.objective)
    assert adjusted_rand(one.labels, exact.labels[unique.index]) == 1
    assert one.stability.adjusted_rand.tolist() == [1]
    assert np.isnan(one.stability.jaccard).all()


def test_samples_come_close_to_all():
    seq, _ = persons(4000, seed=5, length=12)
    price = costs(seq, "TRATE", K)
    unique = unique_sequences(seq)
    exact = k_medoids(pairwise(unique.states, "OM", price), 6, unique.weights)
    one = clara(seq, 6, costs=price, sample_size=400)
    assert exact.objective * (1 - 1e-6) <= one.objective <= exact.objective * 1.05


def test_neither_order_nor_copies_matter():
    order = np.random.default_rng(2).permutation(len(SEQ))
    one = clara(SEQ, 4, costs=COSTS, sample_size=200)
    moved = clara(SEQ[order], 4, costs=COSTS, sample_size=200)
    unique = unique_sequences(SEQ)
    counted = clara(unique.states, 4, costs=COSTS, sample_size=200, weights=unique.weights)
    assert one.objective == moved.objective == counted.objective
    assert adjusted_rand(one.labels[order], moved.labels) == 1
    assert adjusted_rand(one.labels, counted.labels[unique.index]) == 1


def test_the_seed_decides_the_samples():
    runs = [clara(SEQ, 5, costs=COSTS, sample_size=60, seed=seed) for seed in (0, 0, 1)]
    first, again, other = (run.stability.objectives.tolist() for run in runs)
    assert first == again != other


def test_blocks_change_nothing(monkeypatch):
    whole = clara(SEQ, 3, costs=COSTS, sample_size=200)
    monkeypatch.setattr("veje.clusters.sampling.BLOCK", 77)
    parts = clara(SEQ, 3, costs=COSTS, sample_size=200)
    np.testing.assert_array_equal(parts.labels, whole.labels)
    assert parts.objective == pytest.approx(whole.objective)


def test_medoids_are_not_printed(found):
    assert "medoids" not in repr(found[3])


def test_many_persons_with_four_sequences():
    seq = np.repeat(np.eye(4, dtype=np.uint8), [20_000, 20_000, 6_000, 342], axis=0)
    one = clara(seq, 3, costs=costs(seq, "CONSTANT", 2))
    assert one.objective == 342 * 2
    with pytest.raises(ValueError, match=r"k must be 1 to 4.*5"):
        clara(seq, 5, costs=costs(seq, "CONSTANT", 2))


def test_agreement_of_persons():
    random = np.random.default_rng(4)
    a, b, weights = random.integers(0, 4, 80), random.integers(0, 3, 80), random.integers(1, 5, 80)
    expected = adjusted_rand_score(np.repeat(a, weights), np.repeat(b, weights))
    assert adjusted_rand(a, b, weights) == pytest.approx(expected)
    assert jaccard([0, 0, 1, 1], [0, 0, 0, 1], [1, 1, 2, 1]).tolist() == [2 / 4, 2 / 5]


REFUSED = {
    "empty": ({"seq": SEQ[:0]}, "not empty"),
    "type": ({"seq": SEQ.astype(int)}, "uint8"),
    "k": ({"k": 0}, "k must be 1 to .*0"),
    "samples": ({"n_samples": 0}, "n_samples must be 1 or more"),
    "sample size": ({"sample_size": 3}, "sample_size must be 4 or more.*3"),
    "unlike sample": ({"sample_size": 4, "n_samples": 40}, "sample_size is too low: [123] unlike"),
    "seed": ({"seed": -1}, "seed must not be negative"),
    "weights": ({"weights": np.zeros(len(SEQ))}, "weights must be finite and above 0"),
    "costs": ({"costs": None}, "OM needs costs"),
    "method": ({"method": "OMM"}, "OMM"),
    "rates": (
        {"method": "OMstran", "otto": 0.5, "transindel": "prob"},
        "OMstran takes its scale from the rows at hand",
    ),
    "scale": ({"method": "CHI2", "costs": None, "step": 2}, "CHI2 takes its scale from the rows at hand"),
}


@pytest.mark.parametrize(("change", "words"), REFUSED.values(), ids=list(REFUSED))
def test_refused_with_one_line(change, words):
    options = {"seq": SEQ, "k": 4, "costs": COSTS, "sample_size": 100, **change}
    with pytest.raises(ValueError, match=words) as refusal:
        clara(**options)
    assert "\n" not in str(refusal.value)


def test_no_number_of_clusters_is_refused():
    with pytest.raises(ValueError, match="no number of clusters"):
        clara_range(SEQ, [], costs=COSTS)


@pytest.mark.parametrize(
    "options", [{"method": "OMspell", "expcost": 0.5}, {"method": "OMstran", "otto": 0.5}, {"method": "LCS"}]
)
def test_other_methods_and_their_parameters_reach_the_samples(options):
    options = {"costs": COSTS, **options}
    one = clara(SEQ, 3, sample_size=100, **options)
    apart = pairwise(SEQ, to=SEQ[one.medoids], **options)
    assert one.objective == pytest.approx(apart.min(axis=1).sum(dtype=float))
