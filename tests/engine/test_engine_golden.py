"""Against TraMineR 2.2-12 and WeightedCluster 2.0: 240 sequences, 20 quarters, 9 states."""

import numpy as np
import pytest

from veje.clusters import (
    INDICES,
    cut,
    distances_to_center,
    linkage,
    medoids,
    qualities,
    quality_table,
    silhouette,
    ward,
)
from veje.distances import Costs, costs, pairwise, transition_rates
from veje.uniques import unique_sequences
from veje.validation import discrepancy

PARTITIONS = range(2, 11)


@pytest.fixture(scope="module")
def trate(golden):
    return costs(golden.sequences, "TRATE", n_states=9)


@pytest.fixture(scope="module")
def exact(golden, trate):
    return pairwise(golden.sequences, "OM", trate, dtype=np.float64)


def labels_of(golden, variant):
    table = golden.read(f"ward_{variant}_labels_k2_to_10", skiprows=1, dtype=int)
    return {k: table[:, k - 2] - 1 for k in PARTITIONS}


@pytest.mark.parametrize("method", ["CONSTANT", "TRATE"])
def test_costs(golden, method):
    found = costs(golden.sequences, method, n_states=9)
    np.testing.assert_allclose(found.sub, golden.read(f"cost_{method}"), atol=1e-9)
    assert found.indel == pytest.approx(float(golden.read(f"indel_{method}")))


def test_weighted_costs(golden):
    found = costs(golden.sequences, "TRATE", n_states=9, weights=golden.weights)
    np.testing.assert_allclose(found.sub, golden.read("cost_TRATE_weighted"), atol=1e-9)
    assert found.indel == pytest.approx(float(golden.read("indel_TRATE_weighted")))


def test_transition_rates(golden):
    found = transition_rates(golden.sequences, 9)
    np.testing.assert_allclose(found, golden.read("transition_rates"), atol=1e-9)


@pytest.mark.parametrize("method", ["CONSTANT", "TRATE", "TRATE_indel1.5", "INDELSLOG"])
def test_optimal_matching(golden, trate, method):
    made = {
        "CONSTANT": lambda: costs(golden.sequences, "CONSTANT", n_states=9),
        "TRATE": lambda: trate,
        "TRATE_indel1.5": lambda: Costs(trate.sub, 1.5),
        "INDELSLOG": lambda: Costs(golden.read("cost_INDELSLOG"), golden.read("indel_INDELSLOG")),
    }
    found = pairwise(golden.sequences, "OM", made[method]())
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, golden.read(f"dist_OM_{method}"), rtol=1e-6)


@pytest.mark.parametrize("norm", ["maxlength", "gmean", "maxdist", "YujianBo"])
def test_normalised_distances(golden, trate, norm):
    found = pairwise(golden.sequences, "OM", trate, norm=norm)
    np.testing.assert_allclose(found, golden.read(f"dist_OM_TRATE_norm_{norm}"), rtol=1e-6)


def test_hamming(golden):
    np.testing.assert_array_equal(pairwise(golden.sequences, "HAM"), golden.read("dist_HAM"))


@pytest.mark.parametrize("variant", ["D", "D2"])
def test_ward(golden, exact, variant):
    tree = ward(exact, variant=variant)
    np.testing.assert_allclose(tree[:, 2], golden.read(f"ward_{variant}_heights"), atol=1e-9)
    for k, labels in labels_of(golden, variant).items():
        np.testing.assert_array_equal(cut(tree, k), labels)


def test_average_linkage(golden, exact):
    # The reference breaks ties by row.
    expected = golden.read("average_heights")
    np.testing.assert_allclose(linkage(exact, "average", ties="row")[:, 2], expected, atol=1e-9)
    np.testing.assert_allclose(linkage(exact, "average")[:, 2], expected, atol=1e-9)


@pytest.mark.parametrize("suffix", ["", "_weighted"])
def test_quality(golden, exact, suffix):
    weights = golden.weights if suffix else None
    found = qualities(exact, labels_of(golden, "D2"), weights)
    expected = golden.table(f"cluster_quality_ward_D2{suffix}")
    for row, k in zip(expected, PARTITIONS, strict=True):
        for name in INDICES:
            assert found[k][name] == pytest.approx(row[name], rel=1e-9), f"{name} of {k} clusters"


@pytest.mark.parametrize("suffix", ["", "_weighted"])
def test_quality_of_float32_distances(golden, trate, suffix):
    # Float32 ties what differed by rounding only in the reference: HG and HGSD move a little.
    weights = golden.weights if suffix else None
    d = pairwise(golden.sequences, "OM", trate)
    found = quality_table(d, ward(d), PARTITIONS, weights)
    expected = golden.table(f"cluster_quality_ward_D2{suffix}")
    for row, k in zip(expected, PARTITIONS, strict=True):
        for name in INDICES:
            allowed = 3e-6 if name in ("HG", "HGSD") else 1e-7
            assert found[k][name] == pytest.approx(row[name], rel=allowed), f"{name}, k = {k}"


def test_silhouette(golden, exact):
    plain, weighted = golden.read("silhouette_k5", skiprows=1).T
    labels = labels_of(golden, "D2")[5]
    np.testing.assert_allclose(silhouette(exact, labels), plain, atol=1e-12)
    found = silhouette(exact, labels, golden.weights, form="ASWw")
    np.testing.assert_allclose(found, weighted, atol=1e-12)


def test_medoids(golden, exact):
    found = medoids(exact, labels_of(golden, "D2")[5])
    assert (found + 1).tolist() == [225, 65, 229, 109, 112]


def test_unique_sequences(golden):
    # Any order of the unique sequences will do: each person has the sequence, each the weight.
    unique = unique_sequences(golden.sequences, golden.weights)
    cases = golden.read("aggregated_cases", skiprows=1)
    index = golden.read("disaggregated_index", skiprows=1, dtype=int) - 1
    rows = cases[:, 0].astype(int) - 1
    np.testing.assert_array_equal(unique.weights[unique.index[rows]], cases[:, 1])
    np.testing.assert_array_equal(unique.index[rows][index], unique.index)
    assert len(unique.states) == len(cases)


def test_distances_to_the_center(golden, exact):
    expected = golden.read("distance_to_center", skiprows=1)
    np.testing.assert_allclose(distances_to_center(exact), expected, rtol=1e-9)


def test_discrepancy(golden, exact):
    first = np.unique(golden.sequences[:, 0], return_inverse=True)[1]
    found = discrepancy(exact, first, replications=19, seed=1)
    expected = golden.table("discrepancy_by_first_state")
    for name, value in found.statistics.items():
        assert value == pytest.approx(float(expected[name]), rel=1e-12), name
    assert found.total == pytest.approx(float(expected["total_discrepancy"]), rel=1e-12)
