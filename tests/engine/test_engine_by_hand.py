"""Values small enough to work out on paper."""

import math

import numpy as np
import pytest

from veje.clusters import (
    choose_k,
    cut,
    distances_to_center,
    medoids,
    quality,
    quality_table,
    silhouette,
    ward,
)
from veje.distances import Costs, costs, pairwise
from veje.uniques import unique_sequences

# A A B, A B B, B B B: A is left three times (once for A, twice for B), B always stays.
THREE = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 1]], np.uint8)
# Points 0, 1, 3 and 4 on a line.
LINE = np.array([1, 3, 4, 2, 3, 1], np.float32)
PAIRS = np.array([0, 0, 1, 1])


def test_constant_costs():
    found = costs(THREE, "CONSTANT", n_states=3)
    assert found.sub.tolist() == [[0, 2, 2], [2, 0, 2], [2, 2, 0]]
    assert found.indel == 1
    assert pairwise(THREE, "OM", found).tolist() == [2, 4, 2]


def test_transition_costs_with_a_state_never_seen():
    found = costs(THREE, "TRATE", n_states=3)
    np.testing.assert_allclose(found.sub, [[0, 4 / 3, 2], [4 / 3, 0, 2], [2, 2, 0]])
    assert found.indel == 1


def test_transition_costs_count_persons():
    # With the second sequence twice A is left five times, three of them for B.
    found = costs(THREE, "TRATE", n_states=2, weights=[1, 2, 1])
    np.testing.assert_allclose(found.sub[0, 1], 2 - 3 / 4)
    assert found.indel == pytest.approx(5 / 8)


def test_transition_costs_scale():
    assert costs(THREE, "TRATE", n_states=2, cval=4).sub[0, 1] == pytest.approx(10 / 3)


def test_indels_shift_a_sequence():
    # 0 1 2 3 to 1 2 3 0: one deletion and one insertion beat four substitutions.
    pair = np.array([[0, 1, 2, 3], [1, 2, 3, 0]], np.uint8)
    found = costs(pair, "CONSTANT", n_states=4)
    assert pairwise(pair, "OM", found).tolist() == [2]
    assert pairwise(pair, "OM", Costs(found.sub, 5.0)).tolist() == [8]
    assert pairwise(pair, "HAM").tolist() == [4]


@pytest.mark.parametrize(
    ("norm", "share"),
    [("maxlength", 2 / 3), ("gmean", 2 / 6), ("maxdist", 2 / 6), ("YujianBo", 4 / 8)],
)
def test_norms(norm, share):
    found = pairwise(THREE[:2], "OM", costs(THREE, "CONSTANT", n_states=2), norm=norm)
    np.testing.assert_allclose(found, [share], rtol=1e-7)


def test_unique_sequences_are_sorted_and_counted():
    found = unique_sequences(THREE[[2, 0, 2, 1, 2]])
    assert found.states.tolist() == THREE.tolist()
    assert found.index.tolist() == [2, 0, 2, 1, 2]
    assert found.weights.tolist() == [1, 1, 3]


def test_ward_on_a_line():
    d = np.array([1, 3, 2], np.float32)
    np.testing.assert_allclose(ward(d), [[0, 1, 1, 2], [2, 3, math.sqrt(4 / 3) * 2.5, 3]])
    np.testing.assert_allclose(ward(d, variant="D"), [[0, 1, 1, 2], [2, 3, 3, 3]])


def test_ward_of_weighted_points():
    # Two persons at 0 and one at 3: height² = 2 * (2 * 1 / (2 + 1)) * 3².
    assert ward([3.0], [2, 1])[0, 2] == pytest.approx(math.sqrt(12))
    assert ward([3.0], [2, 1], variant="D")[0, 2] == pytest.approx(4)


def test_ties_go_to_the_lowest_rows():
    # {0, 1} is then as far from 2 as 2 is from 3, and holds the lower row.
    tree = ward(np.ones(6, np.float32))
    assert tree[:, :2].tolist() == [[0, 1], [2, 4], [3, 5]]
    np.testing.assert_allclose(tree[:2, 2], 1)


def test_cut_numbers_by_first_appearance():
    tree = ward(np.array([9, 9, 1, 1, 9, 9], np.float32))
    assert cut(tree, 1).tolist() == [0, 0, 0, 0]
    assert cut(tree, 2).tolist() == [0, 1, 1, 0]
    assert cut(tree, 4).tolist() == [0, 1, 2, 3]


def test_quality_on_a_line():
    found = quality(LINE, PAIRS)
    assert found == {
        # 16 ordered pairs, half of them between: mean distance 28 / 16, mean square 80 / 16.
        "PBC": pytest.approx((24 / 16 - 28 / 32) / (0.5 * math.sqrt(5 - 1.75**2))),
        "HG": 1,
        "HGSD": 1,
        "ASW": pytest.approx((2.5 / 3.5 + 1.5 / 2.5) / 2),
        "ASWw": pytest.approx((3 / 3.5 + 2 / 2.5) / 2),
        "CH": pytest.approx(5),
        "R2": pytest.approx(2.5 / 3.5),
        "CHsq": pytest.approx(18),
        "R2sq": pytest.approx(0.9),
        "HC": 0,
    }


def test_silhouette_of_a_person_alone():
    assert silhouette(LINE, [0, 1, 1, 1])[0] == 0
    assert silhouette(LINE, [0, 1, 1, 1], [2, 1, 1, 1])[0] == 1


def test_undefined_indices_are_nan():
    found = quality(LINE, [0, 1, 2, 3])
    assert math.isnan(found["CH"])
    assert math.isnan(found["CHsq"])
    assert found["R2"] == 1
    assert all(math.isnan(quality([0.0, 0, 0], [0, 0, 1])[name]) for name in ("R2", "HG", "PBC"))


def test_choose_k():
    table = {2: {"ASW": 0.3, "HC": 0.2}, 3: {"ASW": 0.5, "HC": 0.1}, 4: {"ASW": 0.5, "HC": 0.1}}
    assert choose_k(table) == 3
    assert choose_k(table, by="HC") == 3
    assert choose_k({2: {"ASW": math.nan}, 3: {"ASW": 0.1}}) == 3
    assert choose_k(quality_table(LINE, ward(LINE), range(2, 4)), by="ASW") == 2


def test_medoids():
    assert medoids(LINE, PAIRS).tolist() == [0, 2]
    assert medoids(LINE, PAIRS, [1, 2, 1, 2]).tolist() == [1, 3]
    assert medoids(np.array([1, 3, 2], np.float32), [0, 0, 0]).tolist() == [1]


def test_distances_to_the_center_of_squares():
    # On squared distances the centre is the mean: 2 on the line, or 0.5 and 3.5 of the pairs.
    assert distances_to_center(LINE**2).tolist() == [4, 1, 1, 4]
    assert distances_to_center(LINE**2, PAIRS).tolist() == [0.25] * 4
    # With the first three times as heavy the first pair's mean is 0.25.
    weighted = distances_to_center(LINE**2, PAIRS, [3, 1, 1, 1])
    assert weighted.tolist() == [0.0625, 0.5625, 0.25, 0.25]
