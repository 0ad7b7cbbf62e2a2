from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.validation.people import CASH, SICK, WORK, anyone, measured, three_ways
from veje.clusters import qualities, quality_table, ward
from veje.names import INDICES
from veje.validation import MODELS, null_band, simulate

SEQ = st.tuples(st.integers(1, 12), st.integers(1, 8)).flatmap(
    lambda shape: hnp.arrays(np.uint8, shape, elements=st.integers(0, 3))
)


def spells(row):
    return [(state, len(list(run))) for state, run in groupby(row.tolist())]


def order(row):
    return [state for state, _ in spells(row)]


def drawn(seq, model, seed=0):
    found = simulate(seq, model, np.random.default_rng(seed))
    assert found.shape == seq.shape
    assert found.dtype == np.uint8
    return found


@given(SEQ)
def test_random_durations_keep_everyones_order_of_states(seq):
    for before, after in zip(seq, drawn(seq, "duration"), strict=True):
        assert order(after) == order(before)


@given(SEQ)
def test_a_random_order_keeps_everyones_time_in_each_state(seq):
    for before, after in zip(seq, drawn(seq, "sequencing"), strict=True):
        assert Counter(after.tolist()) == Counter(before.tolist())
        assert len(spells(after)) <= len(spells(before))


@given(SEQ)
def test_drawn_spells_are_of_observed_states_and_durations(seq):
    known = {spell for row in seq for spell in spells(row)}
    for row in drawn(seq, "combined"):
        *whole, (last, cut) = spells(row)
        assert set(whole) <= known
        assert any(state == last and duration >= cut for state, duration in known)


@given(SEQ)
def test_independent_states_are_those_of_the_position(seq):
    for before, after in zip(seq.T, drawn(seq, "state_independence").T, strict=True):
        assert set(after.tolist()) <= set(before.tolist())


@given(SEQ)
def test_a_chain_makes_observed_transitions_only(seq):
    known = {pair for row in seq for pair in pairwise(row)}
    ends = set(seq[:, -1].tolist())
    after = drawn(seq, "markov")
    assert set(after[:, 0].tolist()) <= set(seq[:, 0].tolist())
    for row in after:
        for a, b in pairwise(row):
            assert (a, b) in known or (a == b and a in ends)


@pytest.mark.parametrize("model", MODELS)
def test_the_seed_decides(model):
    seq = anyone()
    np.testing.assert_array_equal(drawn(seq, model, 1), drawn(seq, model, 1))
    assert not np.array_equal(drawn(seq, model, 1), drawn(seq, model, 2))


def test_all_places_of_a_border_are_alike_probable():
    """Worked three quarters, sick one: the border falls after the first, second or third quarter."""
    seq = np.tile(np.array([WORK, WORK, WORK, SICK], np.uint8), (3000, 1))
    counts = Counter(len(spells_of) for spells_of in (row[row == WORK] for row in drawn(seq, "duration")))
    assert sorted(counts) == [1, 2, 3]
    assert all(abs(count - 1000) < 120 for count in counts.values())


def test_all_orders_of_spells_are_alike_probable():
    seq = np.tile(np.array([WORK, WORK, SICK, CASH], np.uint8), (6000, 1))
    counts = Counter(tuple(order(row)) for row in drawn(seq, "sequencing"))
    assert len(counts) == 6
    assert all(abs(count - 1000) < 120 for count in counts.values())


def test_a_chain_has_the_observed_rates():
    seq = np.tile(np.array([[WORK, WORK, SICK], [WORK, SICK, SICK], [WORK, WORK, WORK]], np.uint8), (1000, 1))
    after = drawn(seq, "markov")
    # Of five quarters at work with one after them, two end in sickness.
    leaves = (after[:, 0] == WORK) & (after[:, 1] == SICK)
    assert leaves.mean() == pytest.approx(2 / 5, abs=0.03)
    # Nobody leaves sickness.
    assert (after[after[:, 1] == SICK, 2] == SICK).all()


@pytest.mark.parametrize("model", MODELS)
def test_people_without_a_change_stay_as_they_are(model):
    seq = np.full((5, 6), CASH, np.uint8)
    np.testing.assert_array_equal(drawn(seq, model), seq)


def test_an_unknown_model_is_refused_with_a_near_name():
    with pytest.raises(ValueError, match=r"unknown null model 'durations'.*duration"):
        simulate(anyone(), "durations", np.random.default_rng(0))


# The band


def rate(unique):
    d = measured(np.repeat(unique.states, unique.weights.astype(int), axis=0))[1]
    return quality_table(d, ward(d, unique.weights), [2, 3], unique.weights)


def observed(seq):
    return rate(measured(seq)[0])


ASW, HC = INDICES.index("ASW"), INDICES.index("HC")


def test_three_ways_of_life_stand_out_of_random_spells():
    seq, _ = three_ways()
    band = null_band(observed(seq), seq, "combined", rate, replications=9, seed=5)
    assert band.ks == (2, 3)
    assert band.simulated.shape == (9, 2, 10)
    assert band.standardised[1, ASW] > 5
    assert band.standardised[1, HC] < -2
    assert band.p[1, ASW] == band.p[1, HC] == pytest.approx(1 / 10)
    assert band.observed[1, ASW] > band.quantile(1.0)[1, ASW]


def test_the_quality_of_anyone_lies_in_the_band_of_anyone():
    seq = anyone()
    band = null_band(observed(seq), seq, "state_independence", rate, replications=19, seed=5)
    assert abs(band.standardised[1, ASW]) < 3
    assert band.p[1, ASW] > 0.05
    low, high = band.quantile(0.0)[1, ASW], band.quantile(1.0)[1, ASW]
    assert low < band.mean[1, ASW] < high
    np.testing.assert_allclose(band.mean, band.simulated.mean(axis=0))
    np.testing.assert_allclose(band.deviation, band.simulated.std(axis=0, ddof=1))


def test_the_band_is_the_same_on_any_number_of_threads():
    seq = anyone(30)
    one = null_band(observed(seq), seq, "duration", rate, replications=4, seed=5)
    two = null_band(observed(seq), seq, "duration", rate, replications=4, seed=5, threads=3)
    np.testing.assert_array_equal(one.simulated, two.simulated)


def test_a_number_of_clusters_that_random_sequences_do_not_have_is_not_a_number():
    seq = np.array([[WORK, SICK], [WORK, SICK], [SICK, WORK], [CASH, CASH]], np.uint8)
    unique, d = measured(seq)
    table = {2: qualities(d, {2: np.array([0, 1, 1])}, unique.weights)[2]}
    band = null_band(table, seq, "duration", lambda unique: {}, replications=3)
    assert np.isnan(band.simulated).all()
    assert np.isnan(band.mean).all()
    assert np.isnan(band.standardised).all()


def test_one_replication_has_no_deviation():
    seq = anyone(20)
    band = null_band(observed(seq), seq, "duration", rate, replications=1)
    assert np.isnan(band.deviation).all()
    assert np.isnan(band.standardised).all()
    assert not np.isnan(band.mean[:, ASW]).any()
    with pytest.raises(ValueError, match="needs a replication"):
        null_band(observed(seq), seq, "duration", rate, replications=0)
