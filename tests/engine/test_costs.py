"""Substitution and indel costs: by hand, by their definitions, and a user's own."""

import numpy as np
import polars as pl
import pytest
from engine_strategies import PLAIN, codes
from hypothesis import given
from hypothesis import strategies as st

from veje.distances import COSTS, Costs, costs, own_costs, transition_rates
from veje.distances.features import gower

# A A B, A B B, B B C.
SEQ = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 2]], np.uint8)
# Three jobs: hours a week, sector, rank, and whether there is a pension.
JOBS = pl.DataFrame(
    {
        "hours": [37.0, 20.0, 0.0],
        "sector": ["public", "private", None],
        "rank": [3, 1, 10],
        "pension": [True, False, False],
    }
)


@PLAIN
@given(codes(3), st.sampled_from(sorted(set(COSTS) - {"FEATURES"})), st.booleans())
def test_weights_are_copies(seq, method, time_varying):
    time_varying = time_varying and method != "FUTURE"
    weights = np.arange(len(seq)) % 3 + 1
    one = costs(seq, method, 3, weights, time_varying=time_varying)
    many = costs(np.repeat(seq, weights, axis=0), method, 3, time_varying=time_varying)
    np.testing.assert_allclose(one.sub, many.sub, rtol=1e-12)
    np.testing.assert_allclose(one.indel, many.indel, rtol=1e-12)


def test_indels_by_hand():
    # A 3 of 9, B 5 of 9, C 1 of 9.
    found = costs(SEQ, "INDELS", 3)
    np.testing.assert_allclose(found.indel, [3, 9 / 5, 9])
    np.testing.assert_allclose(found.sub[0], [0, 3 + 9 / 5, 12])
    logs = costs(SEQ, "INDELSLOG", 3)
    np.testing.assert_allclose(logs.indel, np.log([2 / (4 / 3), 2 / (14 / 9), 2 / (10 / 9)]))


def test_a_state_that_nobody_holds_has_a_finite_indel():
    assert costs(SEQ, "INDELS", 4).indel[3] == 9
    assert costs(SEQ, "INDELSLOG", 4).indel[3] == pytest.approx(np.log(2))
    assert costs(SEQ, "INDELS", 4, time_varying=True).sub.max() == 2 * 3


def test_future_by_hand():
    # From A: A 1/3, B 2/3. From B: B 2/3, C 1/3. From C: nothing.
    found = costs(SEQ, "FUTURE", 3)
    expected = np.sqrt((1 / 3) ** 2 / (1 / 3) + 0 + (1 / 3) ** 2 / (1 / 3))
    assert found.sub[0, 1] == pytest.approx(expected)
    assert found.indel == pytest.approx(found.sub.max() / 2)


def test_transitions_two_steps_ahead():
    # A to B twice, B to C once.
    np.testing.assert_allclose(transition_rates(SEQ, 3, lag=2), [[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    assert costs(SEQ, "TRATE", 3, lag=2).sub[0, 1] == 1


def test_transitions_around_each_position():
    # Position 1 to 2: A stays or goes to B, B stays. 2 to 3: A to B; B stays or goes to C.
    found = costs(SEQ, "TRATE", 3, time_varying=True).sub
    np.testing.assert_allclose(found[:, 0, 1], [4 - 2 * 0.5, 4 - 0.5 - 1, 4 - 2 * 1])
    np.testing.assert_allclose(found[:, 1, 2], [4, 4 - 0.5, 4 - 2 * 0.5])
    before = costs(SEQ, "TRATE", 3, time_varying=True, transition="previous").sub
    np.testing.assert_allclose(before[:, 0, 1], [2, 1.5, 1])
    after = costs(SEQ, "TRATE", 3, time_varying=True, transition="next").sub
    np.testing.assert_allclose(after[:, 0, 1], [1.5, 1, 2])


def test_costs_around_a_position_are_never_below_zero():
    found = costs(SEQ, "TRATE", 3, cval=1, time_varying=True)
    assert found.sub.min() == 0
    assert found.indel == 1


@pytest.mark.parametrize("method", ["CONSTANT", "TRATE", "FUTURE"])
def test_a_missing_state_with_its_own_cost(method):
    as_state = costs(SEQ, method, 3)
    fixed = costs(SEQ, method, 3, missing=2)
    assert fixed.sub[2].tolist() == [2, 2, 0]
    assert costs(SEQ, method, 3, missing=2, miss_cost=0.5).sub[:, 2].tolist() == [0.5, 0.5, 0]
    assert fixed.sub[0, 1] == as_state.sub[0, 1]
    assert fixed.indel == as_state.indel
    free = costs(SEQ, method, 3, missing=2, miss_cost=0.5, miss_cost_fixed=False)
    np.testing.assert_array_equal(free.sub, as_state.sub)


def test_indels_price_a_missing_state_by_its_share():
    found = costs(SEQ, "INDELS", 3, missing=2, miss_cost=0.5)
    np.testing.assert_array_equal(found.sub, costs(SEQ, "INDELS", 3).sub)
    assert costs(SEQ, "INDELS", 3, missing=2, miss_cost=0.5, miss_cost_fixed=True).sub[0, 2] == 0.5


def test_gower_by_hand():
    found = gower(JOBS)
    # Hours 17 of 37 apart, another sector, rank 2 of 9 apart, pension differs.
    assert found[0, 1] == pytest.approx((17 / 37 + 1 + 2 / 9 + 1) / 4)
    # The third has no sector.
    assert found[1, 2] == pytest.approx((20 / 37 + 1 + 0) / 3)
    assert found[0, 0] == 0


def test_gower_by_kind_and_weight():
    kinds = {"ordratio": ["rank"], "asymm": ["pension"]}
    found = gower(JOBS, [1, 1, 2, 3], kinds)
    assert found[0, 1] == pytest.approx((17 / 37 + 1 + 2 * 0.5 + 3) / 7)
    # Neither has a pension, which says nothing.
    assert found[1, 2] == pytest.approx((20 / 37 + 2 * 1) / 3)
    assert gower(JOBS[:, ["rank"]], kinds={"logratio": ["rank"]})[0, 1] == pytest.approx(
        np.log(3) / np.log(10)
    )


def test_costs_of_features():
    found = costs(SEQ, "FEATURES", 3, state_features=JOBS, feature_weights=[1, 0, 0, 0])
    np.testing.assert_allclose(found.sub[2], [1, 20 / 37, 0])
    assert found.indel == 0.5


def test_proximities():
    np.testing.assert_allclose(costs(SEQ, "TRATE", 3).proximities[0], [1, 1 / 3, 0])
    assert Costs(np.zeros((2, 2)), 1.0).proximities.tolist() == [[1, 1], [1, 1]]


def test_own_costs_average_rounding_and_fill_in_an_indel():
    found = own_costs([[0, 1.00000001], [1, 0]])
    assert found.sub[0, 1] == found.sub[1, 0]
    assert found.indel == pytest.approx(0.5)


def test_own_costs_warn_of_a_detour():
    bent = [[0, 1, 5], [1, 0, 1], [5, 1, 0]]
    with pytest.warns(UserWarning, match=r"1 .*triangle inequality \(first: work and pension\)"):
        own_costs(bent, 3, states=["work", "ill", "pension"])


def test_own_costs_warn_of_what_is_never_used():
    with pytest.warns(UserWarning, match=r"1 substitution costs \(first: state 0 and state 1\).*never used"):
        own_costs([[0, 5], [5, 0]], [1, 2])


REFUSED = {
    "square": (lambda: own_costs(np.zeros((2, 3))), "square"),
    "diagonal": (lambda: own_costs([[1, 1], [1, 0]]), "zero diagonal"),
    "symmetry": (lambda: own_costs([[0, 1], [2, 0]]), "symmetric"),
    "sign": (lambda: own_costs([[0, -1], [-1, 0]]), "not negative"),
    "NaN": (lambda: own_costs([[0, np.nan], [1, 0]]), "finite"),
    "indels": (lambda: own_costs([[0, 1], [1, 0]], [1, 1, 1]), "one number or 2"),
    "lag": (lambda: costs(SEQ, "TRATE", 3, lag=0), "lag must be 1"),
    "lag by position": (lambda: costs(SEQ, "TRATE", 3, lag=2, time_varying=True), "lag 1.*2"),
    "transition": (lambda: costs(SEQ, "TRATE", 3, transition="nxt"), "'nxt'.*next"),
    "future by position": (lambda: costs(SEQ, "FUTURE", 3, time_varying=True), "FUTURE has no time-varying"),
    "missing code": (lambda: costs(SEQ, "TRATE", 3, missing=3), "below 3.*3"),
    "missing cost": (lambda: costs(SEQ, "TRATE", 3, missing=2, miss_cost=-1), "not negative"),
    "no features": (lambda: costs(SEQ, "FEATURES", 3), "state_features.*3 states; there is none"),
    "too few features": (
        lambda: costs(SEQ, "FEATURES", 3, state_features=JOBS[:2]),
        "each of 3 states; it is 2 x 4",
    ),
    "feature weights": (lambda: gower(JOBS, [1, 1]), "feature_weights must be 4"),
    "feature name": (lambda: gower(JOBS, kinds={"asymm": ["pensions"]}), "'pensions'.*pension"),
    "feature type": (lambda: gower(JOBS, kinds={"asym": ["pension"]}), "'asym'.*asymm"),
    "feature numbers": (lambda: gower(JOBS, kinds={"ordratio": ["sector"]}), "'sector' must hold numbers"),
    "feature logarithm": (lambda: gower(JOBS, kinds={"logratio": ["hours"]}), "'hours' must be above 0"),
    "feature yes": (lambda: gower(JOBS, kinds={"symm": ["rank"]}), "'rank' must be 1 or 0"),
    "nothing known": (lambda: gower(pl.DataFrame({"a": [1.0, None]})), "feature in common"),
}


@pytest.mark.parametrize(("call", "line"), REFUSED.values(), ids=list(REFUSED))
def test_one_clear_line(call, line):
    with pytest.raises(ValueError, match=line) as refusal:
        call()
    assert "\n" not in str(refusal.value)
