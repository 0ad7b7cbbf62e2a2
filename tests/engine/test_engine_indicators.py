"""Indicators of sequences, one by one and together, against TraMineR 2.2-12 and by hand."""

import math
from itertools import combinations, groupby

import numpy as np
import pytest
from engine_strategies import PLAIN, codes
from hypothesis import given

from veje.distribution import mean_time, modal_states, position_entropy, state_distribution
from veje.indicators import indicators, state_durations, subsequences_log2
from veje.names import INDICATORS

GOLDEN = ("transitions", "entropy", "turbulence", "complexity", "spells", "subsequences_log2")


@pytest.mark.parametrize("name", GOLDEN)
def test_indicators_are_those_of_traminer(golden, name):
    found = indicators(golden.sequences, n_states=9)[name]
    np.testing.assert_allclose(found, golden.table("indicators")[name], rtol=1e-12, atol=1e-12)


def test_states_together_are_those_of_traminer(golden):
    seq = golden.sequences
    np.testing.assert_allclose(mean_time(seq, 9), golden.read("mean_time"), atol=1e-9)
    np.testing.assert_array_equal(state_durations(seq, 9), golden.read("state_durations"))
    np.testing.assert_allclose(state_distribution(seq, 9), golden.read("state_distribution"), atol=1e-9)
    np.testing.assert_allclose(position_entropy(seq, 9), golden.read("state_distribution_entropy"), atol=1e-9)
    modal = golden.read("modal_states", skiprows=1, dtype=str)
    np.testing.assert_array_equal(modal_states(seq, 9), [int(state.strip('"')) for state in modal])


def test_every_name_has_a_value():
    found = indicators(np.array([[0, 1, 1, 0]], np.uint8), 3)
    assert tuple(found) == INDICATORS
    assert all(values.shape == (1,) and np.isfinite(values).all() for values in found.values())


def test_a_person_who_left_work_and_came_back():
    """Four quarters of work, one sick, one at work again; an alphabet of three states."""
    one = {
        name: values[0] for name, values in indicators(np.array([[0, 0, 0, 0, 1, 0]], np.uint8), 3).items()
    }
    entropy = -(5 / 6 * math.log(5 / 6) + 1 / 6 * math.log(1 / 6)) / math.log(3)
    assert (one["transitions"], one["spells"], one["visited"], one["recurrence"]) == (2, 3, 2, 1.5)
    assert one["transition_share"] == pytest.approx(2 / 5)
    assert one["mean_spell"] == 2
    assert one["spell_deviation"] == pytest.approx(math.sqrt((4 + 1 + 1) / 3))
    assert one["entropy"] == pytest.approx(entropy)
    assert one["complexity"] == pytest.approx(math.sqrt(2 / 5 * entropy))
    # Work, sick, work: empty, W, S, WS, SW, WW, WSW.
    assert one["subsequences_log2"] == pytest.approx(math.log2(7))
    assert one["turbulence"] == pytest.approx(math.log2(7 * (2 * 1 + 1) / (2 + 1)))
    assert one["volatility"] == pytest.approx((2 / 5 + 1 / 2) / 2)


def test_a_person_who_never_moved():
    one = {name: values[0] for name, values in indicators(np.full((1, 8), 2, np.uint8), 4).items()}
    for name in ("transitions", "entropy", "complexity", "volatility", "spell_deviation", "turbulence_share"):
        assert one[name] == 0
    assert (one["turbulence"], one["subsequences_log2"], one["mean_spell"]) == (1, 1, 8)


def test_constant_change_is_as_turbulent_as_can_be():
    one = indicators(np.array([[0, 1, 2, 0, 1, 2]], np.uint8), 3)
    assert one["turbulence_share"][0] == pytest.approx(1)
    assert one["complexity"][0] == pytest.approx(1)
    assert one["volatility"][0] == pytest.approx(1)


def test_a_lone_quarter_in_an_alphabet_of_one():
    found = indicators(np.zeros((2, 1), np.uint8), 1)
    assert {name: values.tolist() for name, values in found.items()} == {
        name: [
            float(
                name in ("spells", "visited", "recurrence", "mean_spell", "subsequences_log2", "turbulence")
            )
        ]
        * 2
        for name in INDICATORS
    }


@PLAIN
@given(codes(4, (1, 6), (1, 9)))
def test_subsequences_are_counted_as_by_listing_them(seq):
    for row, found in zip(seq, subsequences_log2(seq, 4), strict=True):
        spells = [state for state, _ in groupby(row.tolist())]
        listed = {kept for size in range(len(spells) + 1) for kept in combinations(spells, size)}
        assert 2**found == pytest.approx(len(listed))


@PLAIN
@given(codes(4, (1, 8), (2, 9)))
def test_shares_lie_between_nothing_and_all(seq):
    found = indicators(seq, 4)
    for name in ("transition_share", "entropy", "complexity", "volatility"):
        assert (found[name] >= 0).all()
        assert (found[name] <= 1 + 1e-12).all()


@PLAIN
@given(codes(4, (1, 8), (1, 6)))
def test_weights_are_persons(seq):
    weights = np.arange(len(seq)) % 3 + 1
    everyone = np.repeat(seq, weights, axis=0)
    np.testing.assert_allclose(mean_time(seq, 4, weights), mean_time(everyone, 4))
    np.testing.assert_allclose(state_distribution(seq, 4, weights), state_distribution(everyone, 4))
    assert state_distribution(seq, 4, weights).sum(axis=0) == pytest.approx(np.ones(seq.shape[1]))


def test_a_state_outside_the_alphabet_is_refused():
    with pytest.raises(ValueError, match="state code 3, but there are 3 states"):
        indicators(np.array([[0, 3]], np.uint8), 3)
    with pytest.raises(ValueError, match="state code 3, but there are 3 states"):
        state_distribution(np.array([[0, 3]], np.uint8), 3)
