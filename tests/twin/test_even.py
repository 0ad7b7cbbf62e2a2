"""Drawing evenly: counts in every stratum, and margins that are met."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from veje.twin.even import choose, even_uniforms, rake


@given(st.lists(st.integers(0, 4), min_size=1, max_size=200), st.floats(0, 1), st.integers(0, 99))
def test_every_stratum_has_its_share_below_a_limit(strata: list[int], limit: float, seed: int):
    place = np.array(strata)
    below = even_uniforms(np.random.default_rng(seed), place) < limit
    for stratum in set(strata):
        here = place == stratum
        assert abs(below[here].sum() - limit * here.sum()) < 1 + 1e-9


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(0, 1)), min_size=1, max_size=200),
    st.integers(0, 99),
)
def test_every_stratum_and_every_cut_of_it_has_the_sum_of_its_chances(
    people: list[tuple[int, int, float]], seed: int
):
    coarse, fine = (np.array([row[k] for row in people]) for k in (0, 1))
    chance = np.array([row[2] for row in people])
    chosen = choose(np.random.default_rng(seed), chance, coarse, fine)
    for a in set(coarse):
        assert abs(chosen[coarse == a].sum() - chance[coarse == a].sum()) < 1 + 1e-6
        for b in set(fine):
            here = (coarse == a) & (fine == b)
            assert abs(chosen[here].sum() - chance[here].sum()) < 1 + 1e-6


def test_who_is_chosen_is_random():
    place = np.zeros(100, dtype=np.int64)
    draws = [choose(np.random.default_rng(seed), np.full(100, 0.3), place) for seed in range(300)]
    assert {int(one.sum()) for one in draws} == {30}
    often = np.mean(draws, axis=0)
    assert 0.15 < often.min() < often.max() < 0.45


def test_raking_meets_both_margins_and_keeps_the_odds_ratio():
    start = np.array([[30.0, 10.0], [20.0, 40.0]])
    fitted = rake(start, np.array([50.0, 50.0]), np.array([70.0, 30.0]))
    assert np.allclose(fitted.sum(axis=1), [50, 50])
    assert np.allclose(fitted.sum(axis=0), [70, 30])
    odds = [table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) for table in (start, fitted)]
    assert np.isclose(*odds)
