"""From records of measures to spells: the rules, how often each is used, and a plain count of weeks."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import table
from veje.contracts import check
from veje.errors import BadInput, OverLimit
from veje.names import SPELL_RULES
from veje.settings import Timing, Window
from veje.spells import Source, check_change
from veje.timing import build_timing
from veje.weeks import monday_of, week_of, window_edges

D = date
KINDS = {"01": "guidance", "02": "guidance", "30": "education"}
LATER = {"1550": "guidance", "1560": "guidance", "1520": "education", "1030": "wage_subsidy"}
CHANGE = D(2007, 1, 1)
DECIDED = D(2008, 3, 6)
"""A Thursday in 2008-W10; the window of 20 quarters begins on Monday 2003-03-10."""


def records(name, *rows, person=1):
    return table(name, [{"person": person, "measure": m, "start": a, "end": b} for m, a, b in rows])


def build(amfo=(), offl=None, people=(1,), **options):
    """Spells of records of both registers; offl None: the later register is not delivered."""
    cohort = table("cohort", [{"person": p, "index_date": DECIDED, "area": "herning"} for p in people])
    later = None if offl is None else Source(records("later_measures", *offl), LATER)
    found = build_timing(records("measures", *amfo), cohort, KINDS, Timing(**options), Window(), later)
    check(found.spell_rules, "spell_rules")
    check(found.spell_flow, "spell_flow")
    return found


def spells(found):
    return found.spells.select("kind", "start", "end").rows()


def rules(found):
    """Rules that were used, with their rows."""
    return {rule: rows for rule, rows, _ in found.spell_rules.rows() if rows}


# One measure


@pytest.mark.parametrize(
    ("second", "rule"),
    [
        ((D(2006, 2, 1), D(2006, 2, 28)), "adjacent"),
        ((D(2006, 2, 2), D(2006, 2, 28)), "near"),
        ((D(2006, 2, 8), D(2006, 2, 28)), "near"),  # seven days lie between
        ((D(2006, 1, 31), D(2006, 2, 28)), "overlapping"),
        ((D(2006, 1, 1), D(2006, 2, 28)), "overlapping"),
        ((D(2006, 1, 1), D(2006, 1, 31)), "contained"),  # delivered twice
        ((D(2006, 1, 10), D(2006, 1, 12)), "contained"),
        ((D(2006, 1, 31), D(2006, 1, 31)), "contained"),
    ],
)
def test_a_record_joins_the_one_before_it_by_one_rule(second, rule):
    found = build([("01", D(2006, 1, 1), D(2006, 1, 31)), ("01", *second)])
    assert rules(found) == {rule: 1}
    assert spells(found) == [("guidance", D(2006, 1, 1), max(second[1], D(2006, 1, 31)))]


def test_a_record_beyond_the_gap_is_a_measure_of_its_own():
    found = build([("01", D(2006, 1, 1), D(2006, 1, 31)), ("01", D(2006, 2, 9), D(2006, 2, 28))])
    assert rules(found) == {}
    assert len(spells(found)) == 2


def test_records_cut_at_new_year_are_counted_apart_from_other_adjacent_ones():
    found = build(
        [
            ("01", D(2004, 11, 1), D(2004, 12, 31)),
            ("01", D(2005, 1, 1), D(2005, 12, 31)),
            ("01", D(2006, 1, 1), D(2006, 2, 1)),
            ("01", D(2006, 2, 2), D(2006, 3, 1)),
        ]
    )
    assert rules(found) == {"year_end": 2, "adjacent": 1}
    assert spells(found) == [("guidance", D(2004, 11, 1), D(2006, 3, 1))]


def test_every_rule_has_a_row_and_persons_are_counted():
    one = records("measures", ("01", D(2006, 1, 1), D(2006, 1, 31)), ("01", D(2006, 2, 1), D(2006, 2, 28)))
    both = pl.concat([one, one.with_columns(person=pl.lit(2, dtype=pl.Int64))])
    cohort = table("cohort", [{"person": p, "index_date": DECIDED, "area": "herning"} for p in (1, 2)])
    found = build_timing(both, cohort, KINDS, Timing(), Window())
    assert found.spell_rules["rule"].to_list() == list(SPELL_RULES)
    assert found.spell_rules.filter(rule="adjacent").row(0) == ("adjacent", 2, 2)


# Different measures, and the index date


def test_different_measures_that_share_a_day_both_count_and_their_weeks_once():
    # Of one kind or not: a person may be in two courses of guidance at once.
    found = build(
        [
            ("01", D(2008, 1, 7), D(2008, 1, 20)),
            ("02", D(2008, 1, 14), D(2008, 1, 27)),
            ("30", D(2008, 1, 27), D(2008, 2, 3)),
            ("30", D(2007, 1, 1), D(2007, 1, 7)),  # alone
        ]
    )
    assert rules(found) == {"other_measure": 3}
    assert found.timing["spells"].to_list() == [4]
    assert found.timing["active_weeks"].to_list()[0][-1] == 4


def test_a_short_measure_inside_a_long_one_shares_its_days_with_it():
    found = build(
        [
            ("01", D(2006, 1, 2), D(2006, 12, 31)),
            ("02", D(2006, 2, 6), D(2006, 2, 12)),
            ("30", D(2006, 12, 25), D(2007, 1, 7)),
        ]
    )
    assert rules(found) == {"other_measure": 3}


def test_measures_of_different_people_do_not_overlap():
    both = pl.concat(
        [
            records("measures", ("01", D(2006, 1, 2), D(2006, 2, 5))),
            records("measures", ("30", D(2006, 1, 9), D(2006, 2, 5)), person=2),
        ]
    )
    cohort = table("cohort", [{"person": p, "index_date": DECIDED, "area": "herning"} for p in (1, 2)])
    found = build_timing(both, cohort, KINDS, Timing(), Window())
    assert rules(found) == {}


@pytest.mark.parametrize(("end", "cut"), [(D(2008, 3, 2), 0), (D(2008, 3, 3), 1), (D(2009, 12, 31), 1)])
def test_an_expected_end_after_the_window_is_cut_and_counted(end, cut):
    found = build([("01", D(2008, 2, 25), end)])
    assert rules(found) == ({"cut_at_index": 1} if cut else {})
    assert spells(found) == [("guidance", D(2008, 2, 25), D(2008, 3, 2))]


def test_a_measure_after_the_window_is_not_counted_as_cut():
    assert rules(build([("01", D(2008, 3, 3), D(2008, 4, 1))])) == {}


# Two registers


def test_a_measure_that_both_registers_hold_is_counted_once():
    whole = D(2006, 10, 2), D(2007, 3, 25)
    found = build([("01", *whole)], [("1550", *whole)])
    assert spells(found) == [("guidance", *whole)]
    assert rules(found) == {"left_to_offl": 1, "left_to_amfo": 1, "across_change": 1}
    assert found.timing["spells"].to_list() == [1]


def test_a_measure_cut_at_the_change_is_joined_again():
    found = build(
        [("30", D(2006, 8, 7), D(2006, 12, 31))],
        [("1520", D(2007, 1, 1), D(2007, 6, 24))],
    )
    assert spells(found) == [("education", D(2006, 8, 7), D(2007, 6, 24))]
    assert rules(found) == {"across_change": 1}


@pytest.mark.parametrize(
    ("last", "first", "joined"),
    [
        (D(2006, 12, 31), D(2007, 1, 8), True),  # seven days lie between
        (D(2006, 12, 31), D(2007, 1, 9), False),
        (D(2006, 12, 24), D(2007, 1, 1), True),
        (D(2006, 12, 23), D(2007, 1, 1), False),
        (D(2006, 12, 28), D(2007, 1, 4), True),
        (D(2006, 12, 27), D(2007, 1, 5), False),
    ],
)
def test_the_gap_at_the_change_is_that_of_other_records(last, first, joined):
    found = build([("01", D(2006, 11, 6), last)], [("1550", first, D(2007, 2, 4))])
    assert len(spells(found)) == (1 if joined else 2)


def test_another_kind_or_another_person_is_not_joined_across_the_change():
    found = build([("01", D(2006, 11, 6), D(2006, 12, 31))], [("1520", D(2007, 1, 1), D(2007, 2, 4))])
    assert [kind for kind, *_ in spells(found)] == ["guidance", "education"]
    cohort = table("cohort", [{"person": p, "index_date": DECIDED, "area": "herning"} for p in (1, 2)])
    later = records("later_measures", ("1550", D(2007, 1, 1), D(2007, 2, 4)), person=2)
    early = records("measures", ("01", D(2006, 11, 6), D(2006, 12, 31)))
    apart = build_timing(early, cohort, KINDS, Timing(), Window(), Source(later, LATER))
    assert apart.timing["spells"].to_list() == [1, 1]


def test_of_two_measures_of_one_kind_each_is_joined_once():
    # Two courses of guidance before the change, one after: one goes on, the other has ended.
    found = build(
        [("01", D(2006, 9, 4), D(2006, 12, 31)), ("02", D(2006, 10, 2), D(2006, 12, 29))],
        [("1550", D(2007, 1, 1), D(2007, 2, 4))],
    )
    assert spells(found) == [
        ("guidance", D(2006, 9, 4), D(2007, 2, 4)),
        ("guidance", D(2006, 10, 2), D(2006, 12, 29)),
    ]
    two = build(
        [("01", D(2006, 9, 4), D(2006, 12, 31))],
        [("1550", D(2007, 1, 1), D(2007, 2, 4)), ("1560", D(2007, 1, 3), D(2007, 3, 4))],
    )
    assert spells(two) == [
        ("guidance", D(2006, 9, 4), D(2007, 2, 4)),
        ("guidance", D(2007, 1, 3), D(2007, 3, 4)),
    ]


def test_each_register_is_believed_for_its_own_time():
    found = build(
        [("01", D(2007, 5, 7), D(2007, 6, 3)), ("30", D(2006, 5, 1), D(2006, 6, 4))],
        [("1030", D(2006, 9, 4), D(2006, 10, 1)), ("1030", D(2007, 9, 3), D(2007, 9, 30))],
    )
    assert spells(found) == [
        ("education", D(2006, 5, 1), D(2006, 6, 4)),
        ("wage_subsidy", D(2007, 9, 3), D(2007, 9, 30)),
    ]
    assert rules(found) == {"left_to_offl": 1, "left_to_amfo": 1}
    flow = {key: rows for _, key, rows, _ in found.spell_flow.rows()}
    assert flow == {
        "delivered": 4,
        "of_cohort": 4,
        "ends_after_start": 4,
        "one_register": 2,
        "joined": 2,
        "in_window": 2,
        "begun_in_window": 2,
        "kind_unknown": 0,
        "offl_kind_unknown": 0,
    }


def test_the_day_of_the_change_is_a_setting():
    record = D(2007, 5, 7), D(2007, 6, 3)
    found = build([("01", *record)], [("1550", *record)], offl_from=D(2008, 1, 1))
    assert spells(found) == [("guidance", *record)]
    assert rules(found) == {"left_to_amfo": 1}


@pytest.mark.parametrize(
    ("first", "told_of"),
    [
        (None, "it has no spell"),
        (D(2008, 1, 3), "its first spell begins 2008-01-03"),
        (D(2008, 1, 2), None),  # 366 days
        (D(2003, 1, 1), None),
    ],
)
def test_time_that_no_register_tells_is_refused(first, told_of, told):
    later = records("later_measures", *([("1030", first, D(2009, 1, 1))] if first else []))
    early = records("measures", ("01", D(2006, 1, 1), D(2006, 12, 31)), ("01", D(2007, 5, 1), D(2007, 6, 1)))
    check_change(early.head(1), later, CHANGE)  # nothing is lost
    if told_of is None:
        check_change(early, later, CHANGE)
        return
    with pytest.raises(BadInput) as error:
        check_change(early, later, CHANGE)
    assert told(error) == (
        f"offl: {told_of}, but timing.offl_from is 2007-01-01 and amfo has 1 records after it: "
        "set timing.offl_from to the day on which offl takes over"
    )


def test_the_later_register_alone_is_not_cut():
    found = build([], [("1030", D(2006, 9, 4), D(2006, 10, 1))])
    assert spells(found) == [("wage_subsidy", D(2006, 9, 4), D(2006, 10, 1))]


def test_the_earlier_register_alone_is_not_cut():
    found = build([("01", D(2007, 5, 7), D(2007, 6, 3))])
    assert len(spells(found)) == 1
    assert "one_register" not in found.spell_flow["key"]


def test_unknown_codes_are_counted_and_limited_by_register(told):
    amfo = [("01", D(2006, 5, 1), D(2006, 6, 4)), ("77", D(2006, 7, 3), D(2006, 7, 9))]
    offl = [("1030", D(2007, 9, 3), D(2007, 9, 30)), ("9999", D(2007, 9, 3), D(2007, 9, 30))]
    with pytest.raises(OverLimit) as error:
        build(amfo[:1], offl)
    assert told(error) == (
        "offl: measure codes without a kind: 9999 (1 spells); 1 of 2 spells is above timing.unknown_limit (0)"
    )
    found = build(amfo, offl, unknown_limit=0.5)
    assert found.spell_flow.rows()[-2:] == [(7, "kind_unknown", 1, 1), (8, "offl_kind_unknown", 1, 1)]
    assert sorted(kind for kind, *_ in spells(found)) == ["guidance", "other", "other", "wage_subsidy"]


def test_a_code_of_one_register_is_not_known_in_the_other(told):
    with pytest.raises(OverLimit) as error:
        build([("1030", D(2006, 5, 1), D(2006, 6, 4))], [])
    assert told(error).startswith("amfo: measure codes without a kind: 1030 (1 spells)")


# Oracle: a set of days a measure, read plainly


DAYS = st.dates(D(2005, 12, 1), D(2008, 4, 30))
RECORD = st.tuples(st.integers(1, 2), st.sampled_from([*KINDS, *LATER]), DAYS, st.integers(0, 120))


def plain_weeks(rows, gap, both):
    """Give the weeks of activity in the window of each person and kind, day by day."""
    edges = window_edges([DECIDED], "grant_week", 20, 13)[0]
    days: dict[tuple[int, str], set[date]] = {}
    for person, measure, start, length in rows:
        for n in range(length + 1):
            day = start + timedelta(days=n)
            if not both or (measure in LATER) == (day >= CHANGE):
                days.setdefault((person, measure), set()).add(day)
    weeks: dict[tuple[int, str], set[int]] = {}
    for (person, measure), own in days.items():
        filled, ordered = set(own), sorted(own)
        for one, other in pairwise(ordered):
            if (other - one).days <= gap + 1:
                filled |= {one + timedelta(days=n) for n in range((other - one).days)}
        kind = (KINDS | LATER)[measure]
        inside = {week_of(day) for day in filled if edges[0] <= week_of(day) < edges[-1]}
        weeks.setdefault((person, kind), set()).update(inside)
    return {key: found for key, found in weeks.items() if found}


def weeks_of_spells(found):
    edges = window_edges([DECIDED], "grant_week", 20, 13)[0]
    weeks: dict[tuple[int, str], set[int]] = {}
    for person, kind, start, end, _ in found.spells.rows():
        held = range(max(week_of(start), edges[0]), week_of(end) + 1)
        weeks.setdefault((person, kind), set()).update(held)
    return weeks


@given(st.lists(RECORD, max_size=12), st.sampled_from([0, 1, 7]))
def test_spells_have_the_weeks_of_a_plain_count(rows, gap):
    # A gap across the change is filled between two spells of a kind, one to one, which the plain count
    # does not know: without gaps the weeks are equal, with them ours may have more at the change.
    early = [(p, m, a, a + timedelta(days=n)) for p, m, a, n in rows if m in KINDS]
    late = [(p, m, a, a + timedelta(days=n)) for p, m, a, n in rows if m in LATER]
    cohort = table("cohort", [{"person": p, "index_date": DECIDED, "area": "herning"} for p in (1, 2)])
    columns = ("person", "measure", "start", "end")
    measures = table("measures", [dict(zip(columns, row, strict=True)) for row in early])
    later = table("later_measures", [dict(zip(columns, row, strict=True)) for row in late])
    found = build_timing(measures, cohort, KINDS, Timing(gap_days=gap), Window(), Source(later, LATER))
    plain = plain_weeks(rows, gap, bool(early))
    ours = weeks_of_spells(found)
    near = {week_of(CHANGE + timedelta(days=n)) for n in range(-gap - 1, gap + 1)} if gap else set()
    for key in plain.keys() | ours.keys():
        extra = ours.get(key, set()) ^ plain.get(key, set())
        assert extra <= near, key
        assert not plain.get(key, set()) - ours.get(key, set()), key
    # A week of activity counts once, whatever lies in it.
    for person, active in found.timing.select("person", "active_weeks").rows():
        every = set().union(*(held for (who, _), held in ours.items() if who == person))
        assert sum(active) == len(every)
    joins = found.spell_rules.filter(pl.col("rule").is_in(SPELL_RULES[:5]))["rows"].sum()
    steps = {key: count for _, key, count, _ in found.spell_flow.rows()}
    across = found.spell_rules.filter(rule="across_change")["rows"][0]
    assert steps["one_register"] - joins - across == steps["joined"]


def test_the_window_is_what_the_tests_say():
    edges = window_edges([DECIDED], "grant_week", 20, 13)[0]
    assert monday_of(int(edges[0])) == D(2003, 3, 10)
    assert monday_of(int(edges[-1])) == D(2008, 3, 3)
