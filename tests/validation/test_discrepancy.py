from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from tests.validation.oracles import persons_of, textbook_discrepancy, textbook_split
from tests.validation.people import measured, three_ways
from veje.clusters.tree import numbered
from veje.validation import Covariate, Growth, discrepancy, factors, grow
from veje.validation.splits import MANY, best_split


@st.composite
def grouped_persons(draw, groups=3):
    """Distances between a few sequences, and persons with whole weights in groups."""
    u = draw(st.integers(2, 6))
    d = np.array(
        draw(st.lists(st.integers(0, 9), min_size=u * (u - 1) // 2, max_size=u * (u - 1) // 2)), float
    )
    n = draw(st.integers(groups + 2, 14))
    pick = lambda low, high: np.array(draw(st.lists(st.integers(low, high), min_size=n, max_size=n)))  # noqa: E731
    codes = numbered(np.concatenate([np.arange(2), pick(0, groups - 1)[2:]]))
    return d, codes, pick(0, u - 1), pick(1, 3)


@given(grouped_persons())
def test_statistics_are_those_of_all_persons_one_by_one(case):
    d, codes, index, weights = case
    square, _ = persons_of(d, index, weights)
    if not square.any():
        return
    found = discrepancy(d, codes, index, weights, replications=2)
    expected = textbook_discrepancy(square, np.repeat(codes, weights))
    for name, value in expected.items():
        assert found.statistics[name] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), name
    assert found.total == pytest.approx(square.mean() / 2)
    assert found.persons.sum() == weights.sum()


def test_groups_of_unlike_lives_explain_all_and_random_ones_nothing():
    seq, way = three_ways(noise=0)
    unique, d = measured(seq)
    found = discrepancy(d, way, unique.index, replications=99, seed=1)
    assert found.statistics["pseudo_R2"] == pytest.approx(1)
    assert np.isnan(found.statistics["pseudo_F"])
    seq, way = three_ways()
    unique, d = measured(seq)
    found = discrepancy(d, way, unique.index, replications=99, seed=1)
    assert found.p["pseudo_F"] == pytest.approx(1 / 100)
    assert found.p["pseudo_R2"] == pytest.approx(1 / 100)
    mixed = discrepancy(d, np.random.default_rng(3).permutation(way), unique.index, replications=99, seed=1)
    assert mixed.statistics["pseudo_R2"] < 0.15
    assert mixed.p["pseudo_F"] > 0.05


def test_p_is_the_share_of_all_assignments_in_the_long_run():
    """Three and two persons on a line: of ten ways to choose the two, two are as good or better."""
    d = pdist(np.array([[0.0], [1], [2], [10], [3]]))
    codes = np.array([0, 0, 0, 1, 1])
    all_f = [
        textbook_discrepancy(squareform(d), np.isin(np.arange(5), pair))["pseudo_F"]
        for pair in [(a, b) for a in range(5) for b in range(a + 1, 5)]
    ]
    own = textbook_discrepancy(squareform(d), codes == 1)["pseudo_F"]
    expected = np.mean(np.array(all_f) >= own - 1e-9)
    found = discrepancy(d, codes, replications=4000, seed=2)
    assert found.p["pseudo_F"] == pytest.approx(expected, abs=0.03)
    assert found.statistics["pseudo_F"] == pytest.approx(own)


def test_the_result_does_not_depend_on_threads_and_the_seed_decides():
    seq, way = three_ways(noise=6)
    unique, d = measured(seq)
    runs = [
        discrepancy(d, way % 2, unique.index, replications=150, seed=s, threads=t)
        for s, t in ((1, 1), (1, 3), (2, 1))
    ]
    assert runs[0].p == runs[1].p
    assert runs[0].statistics == runs[1].statistics == runs[2].statistics
    assert (runs[0].seed, runs[0].replications) == (1, 150)


@pytest.mark.parametrize(
    ("groups", "index", "line"),
    [
        ([0, 0, 0], None, "groups hold one group"),
        ([0, 1], None, "groups have shape"),
        ([0, 2, 0], None, "every number from 0"),
        ([0, 1, -1], None, "whole numbers from 0"),
        ([0.0, 1.0, 0.0], None, "whole numbers from 0"),
        ([0, 1, 2], None, "3 groups, but only 3 persons"),
        ([0, 1, 0], [0, 1, 3], "rows of d, which are 0 to 2"),
    ],
)
def test_groups_that_do_not_fit_are_refused(groups, index, line):
    with pytest.raises(ValueError, match=line):
        discrepancy([1.0, 2, 3], groups, index)


# The tree


@given(grouped_persons(groups=4), st.integers(1, 3))
def test_the_best_division_is_the_best_of_all(case, least):
    d, codes, index, weights = case
    covariate = Covariate("trait", codes.astype(np.intp), tuple("abcd"))
    found = best_split(d, index, weights.astype(float), covariate, least)
    square, _ = persons_of(d, index, weights)
    best = textbook_split(square, np.repeat(codes, weights), least) if square.any() else -np.inf
    if found is None:
        assert best == -np.inf
    else:
        assert found.pseudo_r2 == pytest.approx(best, abs=1e-9)
        assert sorted(found.left + found.right) == sorted(np.array(list("abcd"))[np.unique(codes)])


def line_of(values):
    return pdist(np.asarray(values, float)[:, None])


def test_a_scale_is_only_cut():
    """Young and old live alike: no cut of the scale can say so, a division of names can."""
    d = line_of([0, 0, 9, 9, 0, 0])
    ages = np.array([0, 0, 1, 1, 2, 2])
    one = np.ones(6)
    free = best_split(d, np.arange(6), one, Covariate("age", ages, ("young", "middle", "old")), 1)
    cut = best_split(
        d, np.arange(6), one, Covariate("age", ages, ("young", "middle", "old"), ordered=True), 1
    )
    assert free.pseudo_r2 == pytest.approx(1)
    assert free.left == ("young", "old")
    assert cut.pseudo_r2 < 0.5
    assert cut.left in (("young",), ("young", "middle"))


def test_many_categories_are_tried_along_their_distances():
    count = MANY + 2
    values = np.repeat([0, 5] * (count // 2), 2)
    codes = np.repeat(np.arange(count), 2)
    names = tuple(f"area_{one:02d}" for one in range(count))
    found = best_split(
        line_of(values), np.arange(2 * count), np.ones(2 * count), Covariate("area", codes, names), 1
    )
    assert found.pseudo_r2 == pytest.approx(1)
    assert set(found.left) == set(names[::2])


def planted(n=240, seed=4):
    """Women live at one end of a line, men at two places by their age; the area is chance."""
    random = np.random.default_rng(seed)
    sex, age, area = (random.integers(0, m, n) for m in (2, 3, 4))
    place = np.where(sex == 0, 0, np.where(age == 2, 20, 12)) + random.random(n)
    return line_of(place), [
        Covariate("area", area, ("a", "b", "c", "d")),
        Covariate("sex", sex, ("woman", "man")),
        Covariate("age", age, ("young", "middle", "old"), ordered=True),
    ]


def test_a_planted_tree_is_found():
    d, covariates = planted()
    tree = grow(d, covariates, growth=Growth(least=20, depth=3, level=0.01, replications=199), seed=1)
    nodes = {node.number: node for node in tree.nodes}
    assert nodes[1].split.covariate == "sex"
    assert nodes[1].p == pytest.approx(1 / 200)
    men = 2 if nodes[1].split.left == ("man",) else 3
    assert nodes[men].split.covariate == "age"
    assert nodes[men].split.left == ("young", "middle")
    assert nodes[5 - men].leaf
    assert all(node.leaf for node in tree.nodes if node.number not in (1, men))
    assert tree.pseudo_r2 > 0.9
    leaves, counts = np.unique(tree.leaves, return_counts=True)
    assert {n.number: n.persons for n in tree.nodes if n.leaf} == dict(zip(leaves, counts, strict=True))
    assert counts.min() >= 20


def test_a_tree_stops_at_its_depth_and_its_smallest_leaf():
    d, covariates = planted()
    stump = grow(d, covariates, growth=Growth(least=20, depth=1, replications=99))
    assert [node.number for node in stump.nodes] == [1, 2, 3]
    assert stump.nodes[1].split is None
    whole = grow(d, covariates, growth=Growth(least=200, depth=3, replications=99))
    assert [(node.number, node.leaf, node.split) for node in whole.nodes] == [(1, True, None)]
    assert whole.pseudo_r2 == pytest.approx(0)


def test_chance_does_not_divide():
    d, covariates = planted()
    tree = grow(d, covariates[:1], growth=Growth(least=20, depth=3, level=0.01, replications=199), seed=1)
    assert [node.number for node in tree.nodes] == [1]
    assert tree.nodes[0].p > 0.01
    assert tree.nodes[0].split.covariate == "area"


def test_covariates_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="covariate sex: codes do not fit 3 persons"):
        grow([1.0, 2, 3], [Covariate("sex", np.array([0, 1]), ("woman", "man"))])


# Several factors


def test_one_factor_is_a_discrepancy_analysis():
    seq, way = three_ways(noise=4)
    unique, d = measured(seq)
    alone = discrepancy(d, way, unique.index, replications=2)
    found = factors(d, [Covariate("way", way, ("a", "b", "c"))], unique.index, replications=2)
    for factor in found:
        assert factor.pseudo_f == pytest.approx(alone.statistics["pseudo_F"], rel=1e-5)
        assert factor.pseudo_r2 == pytest.approx(alone.statistics["pseudo_R2"], rel=1e-5)
        assert factor.freedom == 2


def test_factors_of_squared_distances_are_those_of_least_squares():
    """With squared Euclidean distances the sums of squares are those of a linear model."""
    random = np.random.default_rng(8)
    n = 60
    a, b = random.integers(0, 3, n), random.integers(0, 2, n)
    points = random.normal(size=(n, 2)) + np.column_stack([a, b * 2])
    weights = random.integers(1, 4, n)
    everyone = np.repeat(np.arange(n), weights)
    d = pdist(points) ** 2
    found = factors(
        d, [Covariate("a", a, ("x", "y", "z")), Covariate("b", b, ("n", "m"))], None, weights, replications=3
    )
    dummies = {"a": np.eye(3)[a][:, 1:], "b": np.eye(2)[b][:, 1:]}

    def left(*names):
        model = np.column_stack([np.ones(n), *(dummies[name] for name in names)])[everyone]
        return np.linalg.lstsq(model, points[everyone], rcond=None)[1].sum()

    free = len(everyone) - 1 - 3
    for factor, other, freedom in ((found[0], "b", 2), (found[1], "a", 1)):
        gain = left(other) - left("a", "b")
        assert factor.pseudo_f == pytest.approx(gain / freedom / (left("a", "b") / free))
        assert factor.pseudo_r2 == pytest.approx(gain / left())
    assert found[2].pseudo_r2 == pytest.approx(1 - left("a", "b") / left())


def test_a_factor_that_repeats_another_has_nothing_of_its_own():
    d, covariates = planted(80)
    sex = covariates[1]
    found = factors(d, [sex, Covariate("again", sex.codes, sex.categories)], replications=5)
    assert [factor.freedom for factor in found] == [0, 0, 1]
    assert np.isnan(found[0].pseudo_f)
    assert found[2].pseudo_r2 > 0.5


def test_factors_find_what_is_planted_and_not_chance():
    d, covariates = planted()
    found = {factor.name: factor for factor in factors(d, covariates, replications=199, seed=3, threads=2)}
    assert found["sex"].p == found["all"].p == pytest.approx(1 / 200)
    assert found["area"].p > 0.05
    assert found["sex"].pseudo_r2 > 10 * found["area"].pseudo_r2


def test_factors_that_leave_nobody_free_are_refused():
    with pytest.raises(ValueError, match="no person free"):
        factors([1.0, 2, 3], [Covariate("one", np.arange(3), ("a", "b", "c"))], replications=1)
