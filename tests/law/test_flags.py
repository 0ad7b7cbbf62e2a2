"""The truth table of every flag: who has it, who has not, and of whom it is not known."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law.people import facts
from veje import io
from veje.errors import BadInput
from veje.flags import build_flags, read_flags
from veje.flags.build import raise_flags
from veje.flags.predicates import GROUP, PREDICATES
from veje.flags.registry import choose_flags, notes_on
from veje.reform_choices import WIDENING, Flags, Parameter
from veje.regimes import read_regimes

D = date
REGIMES = read_regimes(io.read_list("regimes", "law"), "regimes")
SPECS = read_flags(io.read_list("flags", "law"))
EVERY = ("dream", "grants", "bef", "offl", "cases", "deaths", "migration")

SCHEME = {
    "scheme_first": D(2014, 1, 6),
    "scheme_start": D(2014, 1, 6),
    "scheme_end": D(2016, 5, 30),
    "scheme_years": 5,
}
GRY = SCHEME | {"scheme_start": D(2022, 1, 3), "scheme_end": D(2025, 1, 6), "scheme_years": 3}
EXISTING = {"basis": "s17_2_existing_basis"}

CASES: dict[str, list[tuple[str, dict[str, Any], bool | None]]] = {
    "age_outside": [
        ("Ida is 18 on the day", {"birth_date": D(1998, 6, 15)}, False),
        ("Ulla is 18 tomorrow", {"birth_date": D(1998, 6, 16)}, True),
        (
            "Ulla, but of effect when she is 18",
            {"birth_date": D(1998, 6, 16), "effect_date": D(2016, 7, 1)},
            False,
        ),
        ("Ove is at the pension age today", {"pension_date": D(2016, 6, 15)}, True),
        ("Ole has a day left", {"pension_date": D(2016, 6, 16)}, False),
        ("Nobody knows when Nis was born", {"birth_date": None, "pension_date": None}, None),
    ],
    "age_18_39": [
        ("Bo is 39", {"birth_date": D(1976, 6, 16)}, True),
        ("Britt is 40 today", {"birth_date": D(1976, 6, 15)}, False),
        ("Ida is 18 today", {"birth_date": D(1998, 6, 15)}, True),
        ("Ulla is 17", {"birth_date": D(1998, 6, 16)}, False),
        ("Bo before the rule", {"birth_date": D(1976, 6, 16), "regime": "R1"}, None),
    ],
    "age_40_up": [
        ("Britt is 40 today", {"birth_date": D(1976, 6, 15)}, True),
        ("Bo is 39", {"birth_date": D(1976, 6, 16)}, False),
    ],
    "turning_18": [
        ("Ida is 18 and a half", {"birth_date": D(1997, 12, 1)}, True),
        ("Eva is 19 today", {"birth_date": D(1997, 6, 15)}, False),
        ("Eva is 19 tomorrow", {"birth_date": D(1997, 6, 16)}, True),
    ],
    "prior_scheme": [
        ("Rikke has had a scheme", SCHEME, True),
        ("Karen has not", {}, False),
        ("Rikke's begins on the day itself", {"scheme_first": D(2016, 6, 15)}, False),
    ],
    "route_a": [
        ("Karen has had nothing", {}, True),
        ("Mads had a measure", {"measures": 1}, False),
        ("Jane had job clarification", {"clarification_weeks": 1}, False),
        ("Rikke had a scheme", SCHEME, False),
    ],
    "route_b": [
        ("Mads had a measure", {"measures": 1}, True),
        ("Jane had job clarification", {"clarification_weeks": 1}, True),
        ("Rikke had a scheme too", SCHEME | {"measures": 3}, False),
        ("Karen has had nothing", {}, False),
    ],
    "route_c": [
        ("Rikke had a scheme", SCHEME | {"measures": 3}, True),
        ("Mads had a measure", {"measures": 1}, False),
    ],
    "multiple_scheme_or_error": [
        ("Rikke had two years", SCHEME, False),
        ("Finn's last week ends with the fifth year", SCHEME | {"scheme_end": D(2018, 12, 30)}, False),
        ("Finn has one week more", SCHEME | {"scheme_end": D(2019, 1, 6)}, True),
        ("Gry began in 2022: three years", GRY, True),
        ("Karen had none", {}, False),
    ],
    "scheme_crosses_40": [
        ("Lis turns 40 inside it", SCHEME | {"birth_date": D(1975, 6, 1)}, True),
        ("Bo turns 40 after it", SCHEME | {"birth_date": D(1976, 6, 16)}, False),
        ("Per was 40 on its first day", SCHEME | {"birth_date": D(1974, 1, 6)}, False),
        ("Karen had none", {}, False),
        ("Nobody knows when Nis was born", SCHEME | {"birth_date": None}, None),
    ],
    "scheme_before_2013": [
        ("Vera has a week in 2012", {"scheme_weeks_before": 1}, True),
        ("Karen has none", {}, False),
        ("Vera was granted in 2012", {"scheme_weeks_before": 1, "regime": "R1"}, True),
    ],
    "existing_basis": [
        ("Sten asked for a decision", EXISTING, True),
        ("Karen did not", {}, False),
        ("The basis is not told", {"basis": None}, None),
    ],
    "clarified_after_application": [
        (
            "Sten got a measure after he applied",
            EXISTING | {"application_date": D(2016, 3, 1), "last_measure_start": D(2016, 3, 2)},
            True,
        ),
        (
            "Sten's last measure began before",
            EXISTING | {"application_date": D(2016, 3, 1), "last_measure_start": D(2016, 3, 1)},
            False,
        ),
        ("Sten had no measure", EXISTING | {"application_date": D(2016, 3, 1)}, False),
        ("Sten's application has no day", EXISTING | {"last_measure_start": D(2016, 3, 2)}, None),
        ("Karen got one, on the usual basis", {"last_measure_start": D(2016, 3, 2)}, False),
    ],
    "terminal_proxy": [
        ("Tove died after 183 days", {"death_date": D(2016, 12, 15)}, True),
        ("Tage died after 184", {"death_date": D(2016, 12, 16)}, False),
        ("Tea died on the day", {"death_date": D(2016, 6, 15)}, True),
        ("Tim died before it", {"death_date": D(2016, 6, 14)}, False),
        ("Karen lives", {}, False),
    ],
    "case_over_limit": [
        ("Three months on the day", {"case_start": D(2016, 3, 15)}, False),
        ("A day more", {"case_start": D(2016, 3, 14)}, True),
        ("The start is not told", {}, None),
    ],
    "team_to_case_over_limit": [
        ("20 days", EXISTING | {"team_meeting": D(2016, 4, 1), "case_start": D(2016, 4, 21)}, False),
        ("21 days", EXISTING | {"team_meeting": D(2016, 4, 1), "case_start": D(2016, 4, 22)}, True),
        ("21 days on the usual basis", {"team_meeting": D(2016, 4, 1), "case_start": D(2016, 4, 22)}, False),
        ("No meeting told", EXISTING | {"case_start": D(2016, 4, 22)}, None),
    ],
    "senior_scheme": [
        ("Aage has the senior scheme", {"scheme": "senior"}, True),
        ("Karen has the ordinary one", {"scheme": "ordinary"}, False),
        ("The scheme is not told", {}, None),
    ],
    "resident_abroad": [("Uffe lives abroad", {"abroad": True}, True), ("Karen does not", {}, False)],
    "pension_before": [
        ("Hans had a pension that rested", {"pension_weeks": 1}, True),
        ("Karen had none", {}, False),
    ],
    "from_cash_benefit": [
        ("Kaj had it four weeks before", {"weeks_since_cash": 4}, True),
        ("Kim had it five weeks before", {"weeks_since_cash": 5}, False),
        ("Karen never had it", {}, False),
    ],
}


@pytest.mark.parametrize(
    ("flag", "story", "change", "expected"),
    [(flag, *case) for flag, cases in CASES.items() for case in cases],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_truth_table(flag: str, story: str, change: dict[str, Any], expected: bool | None) -> None:
    found = raise_flags(facts(change), SPECS, REGIMES, Flags())
    assert found[flag].to_list() == [expected], story


def test_every_flag_has_a_case_and_a_non_case() -> None:
    assert set(CASES) == set(PREDICATES)
    for flag, cases in CASES.items():
        assert {True, False} <= {expected for _, _, expected in cases}, flag


@pytest.mark.parametrize(
    ("story", "change", "expected"),
    [
        ("Aage has the senior scheme", {"scheme": "senior"}, True),
        ("Uffe lives abroad", {"abroad": True}, True),
        ("Ida turns 18", {"birth_date": D(1997, 12, 1)}, True),
        ("Sten asked for a decision", EXISTING, True),
        ("Tove died soon after", {"death_date": D(2016, 7, 1)}, True),
        ("Karen has none of these", {}, False),
        ("The basis is not told, and nothing else holds", {"basis": None}, False),
    ],
)
def test_no_activation_is_expected_with_any_of_its_flags(
    story: str, change: dict[str, Any], expected: bool
) -> None:
    assert raise_flags(facts(change), SPECS, REGIMES, Flags())[GROUP].to_list() == [expected], story


def test_parameters_move_the_flags_that_name_them_and_no_others() -> None:
    rules = Flags(alternatives={"terminal_days": [10], "age_anchor": ["effect"], "look_back_weeks": [5]})
    rows = facts(
        {"death_date": D(2016, 7, 1)},
        {"birth_date": D(1976, 6, 20), "effect_date": D(2016, 7, 1)},
        {"weeks_since_cash": 5},
    )
    found = build_flags(rows, SPECS, REGIMES, rules).flag_variants
    counts = ("persons", "kept", "gained", "lost", "known")
    moved = {(row["parameter"], row["flag"]): tuple(row[one] for one in counts) for row in found.to_dicts()}
    assert moved == {
        ("terminal_days", "terminal_proxy"): (0, 0, 0, 1, 3),
        ("terminal_days", GROUP): (0, 0, 0, 1, 3),
        ("age_anchor", "age_18_39"): (0, 0, 0, 1, 3),
        ("age_anchor", "age_40_up"): (3, 2, 1, 0, 3),
        ("look_back_weeks", "from_cash_benefit"): (1, 0, 1, 0, 3),
    }


@given(st.data())
def test_a_wider_value_holds_all_whom_the_own_one_does(data: st.DataObject) -> None:
    """Nested by the predicates themselves, for whatever dates and values."""
    days = st.dates(D(2013, 1, 1), D(2018, 1, 1))
    rows = facts(
        *(
            {
                "birth_date": data.draw(st.dates(D(1994, 1, 1), D(1999, 1, 1))),
                "death_date": data.draw(days),
                "case_start": data.draw(days),
                "team_meeting": data.draw(days),
                "weeks_since_cash": data.draw(st.integers(1, 60)),
                **EXISTING,
            }
            for _ in range(8)
        )
    )
    own = Flags()
    for parameter in WIDENING:
        value = data.draw(st.integers(1, 60).filter(lambda one, p=parameter: one != getattr(own, p)))
        moved = build_flags(rows, SPECS, REGIMES, Flags(alternatives={parameter: [value]})).flag_variants
        assert moved.height
        nested = own.nesting(parameter, value)
        assert set(moved["nested"]) == {nested}
        assert moved["lost" if nested == "wider" else "gained"].sum() == 0, parameter
        assert (moved["kept"] + moved["gained"] == moved["persons"]).all()


def test_the_parameters_are_nested_or_are_the_day_of_the_age() -> None:
    assert set(get_args(Parameter)) == {*WIDENING, "age_anchor"}
    assert Flags().nesting("age_anchor", "effect") is None


def test_an_alternative_that_is_none_is_refused() -> None:
    for values in ([4], [5, 5]):
        with pytest.raises(ValueError, match=r"alternatives\.look_back_weeks: \d stands twice or is the own"):
            Flags(alternatives={"look_back_weeks": values})


def test_every_predicate_reads_the_parameters_that_the_list_names() -> None:
    other = Flags(
        age_anchor="effect",
        look_back_weeks=5,
        terminal_days=10,
        turning_18_months=20,
        case_months=9,
        team_days=2,
    )
    for parameter in get_args(Parameter):
        one = Flags().model_copy(update={parameter: getattr(other, parameter)})
        unlike = {name for name, make in PREDICATES.items() if str(make(one)) != str(make(Flags()))}
        listed = {spec.name for spec in SPECS if parameter in spec.parameters} - {GROUP}
        assert unlike == listed, parameter


def test_a_flag_that_is_asked_for_needs_its_register() -> None:
    rules = Flags(wanted=["terminal_proxy"])
    with pytest.raises(BadInput) as error:
        choose_flags(SPECS, rules, ("dream", "grants", "bef"))
    assert str(error.value) == ("config: flags.wanted: flag 'terminal_proxy' needs registers.deaths")


def test_flags_without_their_register_are_left_out_and_named() -> None:
    given = ("dream", "grants", "bef", "amfo", "cases", "migration")
    chosen = choose_flags(SPECS, Flags(), given)
    assert {one.name for one in SPECS} - {one.name for one in chosen} == {"terminal_proxy"}
    assert notes_on(SPECS, chosen, Flags(), given) == [
        "flag terminal_proxy is left out: registers.deaths is not delivered"
    ]
    assert "route_a" in {one.name for one in chosen}, "amfo will do for measures"


def test_an_unknown_flag_is_named_with_the_nearest_one() -> None:
    with pytest.raises(BadInput, match="no flag 'route_x': did you mean 'route_"):
        choose_flags(SPECS, Flags(wanted=["route_x"]), EVERY)


def test_an_alternative_that_cannot_be_is_refused_in_one_line() -> None:
    rules = Flags(alternatives={"terminal_days": [0]})
    with pytest.raises(BadInput) as error:
        build_flags(facts({}), SPECS, REGIMES, rules)
    assert "flags.alternatives.terminal_days: 0" in str(error.value)
    assert "\n" not in str(error.value)
