"""Ranks without sorting: whatever the room for pairs and for sums, the indices are the same."""

import numpy as np
import pytest
from engine_oracles import textbook_quality
from scipy.spatial.distance import pdist, squareform

from veje.clusters import cut, qualities, quality, ward
from veje.clusters.atoms import atoms_of
from veje.distances import costs, pairwise

RANDOM = np.random.default_rng(6)
WEIGHTS = RANDOM.integers(1, 6, 70)
POINTS = pdist(RANDOM.random((70, 3))).astype(np.float32)
SEQ = np.unique(RANDOM.integers(0, 3, (70, 5)).astype(np.uint8), axis=0)
TIED = pairwise(SEQ, "OM", costs(SEQ, "CONSTANT", 3))


def crossing(n, parts=6):
    """Partitions that part one another's clusters, each with all of its numbers in use."""
    random = np.random.default_rng(1)
    return {k: random.permutation(np.arange(n) % k) for k in range(2, 2 + parts)}


def rated(d, weights, partitions):
    table = qualities(d, partitions, weights)
    return {k: {name: pytest.approx(v, rel=1e-12) for name, v in row.items()} for k, row in table.items()}


CASES = {"points": (POINTS, WEIGHTS), "ties": (TIED, WEIGHTS[: len(SEQ)])}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("chunk", [1, 40, 500])
def test_room_for_pairs_changes_nothing(monkeypatch, case, chunk):
    # With room for one pair every page but those of single pairs is summed straight from d.
    d, weights = CASES[case]
    partitions = {k: cut(ward(d, weights), k) for k in (2, 3, 7)}
    expected = rated(d, weights, partitions)
    monkeypatch.setattr("veje.clusters.pages.CHUNK", chunk)
    assert qualities(d, partitions, weights) == expected


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("name", "most"), [("MOST_ATOMS", 9), ("MOST_KINDS", 3), ("MOST_KINDS", 1)])
def test_room_for_sums_changes_nothing(monkeypatch, case, name, most):
    d, weights = CASES[case]
    partitions = crossing(len(weights))
    expected = rated(d, weights, partitions)
    monkeypatch.setattr(f"veje.clusters.atoms.{name}", most)
    assert len(list(atoms_of([labels.astype(np.int32) for labels in partitions.values()]))) > 1
    assert qualities(d, partitions, weights) == expected


def test_partitions_that_cross_are_rated_as_alone():
    partitions = crossing(70)
    expected = {k: rated(POINTS, WEIGHTS, {k: labels})[k] for k, labels in partitions.items()}
    assert qualities(POINTS, partitions, WEIGHTS) == expected


@pytest.mark.parametrize("case", CASES)
def test_both_precisions_rank_alike(case):
    d, weights = CASES[case]
    partitions = crossing(len(weights), 3)
    assert qualities(d.astype(np.float64), partitions, weights) == rated(d, weights, partitions)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_at_no_distance_tie_with_a_person_and_itself(dtype):
    # Zero and minus zero are one distance, and so are those that differ far below any cost.
    d = np.array([0.0, 2, 3, -0.0, 1, 2, 3, 1, 2, 1e-30], dtype)
    labels = np.array([0, 0, 1, 1, 0])
    found = quality(d, labels)
    assert found == {
        name: pytest.approx(v)
        for name, v in textbook_quality(squareform(d, checks=False).astype(float), labels).items()
    }
