from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.people import table
from veje.contracts import check
from veje.errors import OverLimit
from veje.names import SCENARIOS
from veje.settings import Timing, Window
from veje.spells import cut_to_window, join_spells, name_joins
from veje.timing import active_weeks, build_timing, classify, longest_inner_gap
from veje.weeks import monday_of, week_of

D = date
KINDS = {"01": "guidance", "30": "education"}
SMALL = Window(quarters=4, weeks_per_quarter=2)
DECIDED = D(2008, 3, 6)
"""A Thursday in 2008-W10. Four blocks of two weeks: Monday 2008-01-07 to Sunday 2008-03-02."""


def spells_of(*rows, person=1):
    """Delivered spells: (measure, first day, last day)."""
    return table("measures", [{"person": person, "measure": m, "start": a, "end": b} for m, a, b in rows])


def cohort_of(*people):
    rows = [{"person": person, "index_date": DECIDED, "area": "herning"} for person in people]
    return table("cohort", rows)


def build(spells, people=(1,), window=SMALL, **options):
    return build_timing(spells, cohort_of(*people), KINDS, Timing(**options), window)


def activity(result):
    return result.timing["active_weeks"].to_list()


# Joining records


def joined(*rows, gap=7):
    return join_spells(name_joins(placed(spells_of(*rows)), gap)).select("measure", "start", "end").rows()


def placed(frame):
    """Records as the stage has them before they are joined."""
    limits = {"register": "amfo", "kind": "guidance", "row": 0, "first": 0, "stop": 1}
    return frame.with_columns(pl.lit(value).alias(name) for name, value in limits.items())


def test_adjacent_records_of_one_measure_are_one_spell():
    assert joined(("01", D(2006, 1, 1), D(2006, 1, 31)), ("01", D(2006, 2, 1), D(2006, 2, 28)), gap=0) == [
        ("01", D(2006, 1, 1), D(2006, 2, 28))
    ]


def test_a_spell_cut_at_the_year_end_is_one():
    assert joined(
        ("01", D(2006, 11, 1), D(2006, 12, 31)),
        ("01", D(2007, 1, 1), D(2007, 12, 31)),
        ("01", D(2008, 1, 1), D(2008, 2, 1)),
        gap=0,
    ) == [("01", D(2006, 11, 1), D(2008, 2, 1))]


@pytest.mark.parametrize(
    ("gap", "next_start", "spells"),
    [
        (0, D(2006, 2, 1), 1),
        (0, D(2006, 2, 2), 2),
        (7, D(2006, 2, 8), 1),  # seven days lie between
        (7, D(2006, 2, 9), 2),
    ],
)
def test_the_gap_is_the_days_between_two_records(gap, next_start, spells):
    rows = ("01", D(2006, 1, 1), D(2006, 1, 31)), ("01", next_start, D(2006, 3, 31))
    assert len(joined(*rows, gap=gap)) == spells


def test_overlapping_and_nested_records_are_one_spell():
    assert joined(
        ("01", D(2006, 1, 1), D(2006, 6, 30)),
        ("01", D(2006, 2, 1), D(2006, 2, 28)),  # inside the first
        ("01", D(2006, 6, 1), D(2006, 7, 31)),
    ) == [("01", D(2006, 1, 1), D(2006, 7, 31))]


def test_the_gap_is_counted_from_the_latest_end_so_far():
    # The second record ends early; the third touches the first.
    assert (
        len(
            joined(
                ("01", D(2006, 1, 1), D(2006, 6, 30)),
                ("01", D(2006, 1, 2), D(2006, 1, 3)),
                ("01", D(2006, 7, 1), D(2006, 7, 31)),
                gap=0,
            )
        )
        == 1
    )


def test_other_measures_and_other_people_are_not_joined():
    frame = pl.concat(
        [
            spells_of(("01", D(2006, 1, 1), D(2006, 1, 31)), ("30", D(2006, 2, 1), D(2006, 2, 28))),
            spells_of(("01", D(2006, 2, 1), D(2006, 2, 28)), person=2),
        ]
    )
    assert join_spells(name_joins(placed(frame), 7)).height == 3


def test_joining_does_not_depend_on_the_order_of_records():
    rows = [
        ("01", D(2006, 1, 1), D(2006, 1, 31)),
        ("01", D(2006, 2, 1), D(2006, 2, 28)),
        ("01", D(2006, 5, 1), D(2006, 5, 28)),
    ]
    assert joined(*rows) == joined(*rows[::-1])
    assert len(joined(*rows)) == 2


# Weeks of activity


def test_activity_is_counted_in_weeks_of_each_quarter():
    # W02 and W03 are the first block, W08 and W09 the last. Two days of W03 make one week.
    result = build(spells_of(("01", D(2008, 1, 15), D(2008, 1, 16)), ("01", D(2008, 2, 18), D(2008, 3, 2))))
    assert activity(result) == [[1, 0, 0, 2]]
    assert result.timing["spells"].to_list() == [2]
    assert result.spells["quarter"].to_list() == [1, 4]


def test_overlapping_measures_count_a_week_once():
    spells = spells_of(("01", D(2008, 1, 7), D(2008, 1, 20)), ("30", D(2008, 1, 14), D(2008, 1, 27)))
    result = build(spells)
    assert activity(result) == [[2, 1, 0, 0]]
    assert result.spells.select("kind", "quarter").rows() == [("guidance", 1), ("education", 1)]


def test_expected_ends_are_cut_at_the_index_week():
    result = build(spells_of(("01", D(2008, 2, 25), D(2009, 12, 31))))
    assert activity(result) == [[0, 0, 0, 1]]
    assert result.spells["end"].to_list() == [D(2008, 3, 2)]


@pytest.mark.parametrize(
    ("first", "last", "counted"),
    [
        (D(2008, 3, 3), D(2008, 3, 9), False),  # begins in the index week
        (D(2008, 3, 2), D(2008, 3, 9), True),  # on the Sunday before it
        (D(2007, 12, 1), D(2008, 1, 6), False),  # ends on the Sunday before the window
        (D(2007, 12, 1), D(2008, 1, 7), True),
    ],
)
def test_the_edges_of_the_window(first, last, counted):
    result = build(spells_of(("01", first, last)))
    assert result.spells.height == int(counted)
    assert sum(activity(result)[0]) == int(counted)


def test_a_measure_begun_before_the_window_is_active_but_not_counted():
    result = build(spells_of(("01", D(2007, 10, 1), D(2008, 1, 27))))
    assert result.spells.rows() == [(1, "guidance", D(2007, 10, 1), D(2008, 1, 27), 0)]
    assert activity(result) == [[2, 1, 0, 0]]
    assert result.timing["spells"].to_list() == [0]


def test_people_without_measures_have_none():
    result = build(spells_of(("01", D(2008, 1, 7), D(2008, 1, 20)), person=2), people=(1, 2))
    assert result.timing.select("person", "scenario", "spells").rows()[0] == (1, "none", 0)
    assert activity(result) == [[0, 0, 0, 0], [2, 0, 0, 0]]


def test_nobody_has_a_measure():
    result = build(table("measures", []), people=(1, 2))
    assert result.timing["scenario"].to_list() == ["none", "none"]
    assert result.spells.height == 0
    for name in ("timing", "spells", "spell_flow", "spell_rules"):
        frame = getattr(result, name)
        assert check(frame, name).height == frame.height


def test_the_flow_counts_what_became_of_the_records():
    spells = pl.concat(
        [
            spells_of(
                ("01", D(2008, 1, 7), D(2008, 1, 10)),
                ("01", D(2008, 1, 11), D(2008, 1, 20)),  # joined to the first
                ("30", D(2008, 2, 2), D(2008, 2, 1)),  # ends before it begins
                ("30", D(2005, 1, 1), D(2005, 2, 1)),  # before the window
                ("30", D(2007, 12, 1), D(2008, 1, 8)),  # begun before it
            ),
            spells_of(("01", D(2008, 1, 7), D(2008, 1, 20)), person=2),
            spells_of(("01", D(2008, 1, 7), D(2008, 1, 20)), person=99),  # of no grant
        ]
    )
    result = build(spells, people=(1, 2, 3))
    assert result.spell_flow.rows() == [
        (0, "delivered", 7, 3),
        (1, "of_cohort", 6, 2),
        (2, "ends_after_start", 5, 2),
        (3, "joined", 4, 2),
        (4, "in_window", 3, 2),
        (5, "begun_in_window", 2, 2),
        (6, "kind_unknown", 0, 0),
    ]
    assert result.timing["spells"].to_list() == [1, 1, 0]


def test_the_flow_counts_records_of_unknown_kind():
    spells = pl.concat(
        [
            spells_of(("77", D(2008, 1, 7), D(2008, 1, 10)), ("78", D(2005, 1, 1), D(2005, 1, 2))),
            spells_of(("77", D(2008, 1, 7), D(2008, 1, 20)), ("01", D(2008, 1, 7), D(2008, 1, 20)), person=2),
            spells_of(("77", D(2008, 1, 7), D(2008, 1, 20)), person=99),  # of no grant
        ]
    )
    result = build(spells, people=(1, 2, 3), unknown_limit=1.0)
    assert result.spell_flow.rows()[-1] == (6, "kind_unknown", 3, 2)


def test_calendar_quarters_may_differ_between_people():
    edges = np.array([[0, 2, 5], [0, 3, 4]])
    frame = spells_of(("01", monday_of(1), monday_of(3)), ("01", monday_of(0), monday_of(9)), person=1)
    frame = frame.with_columns(
        pl.Series("row", [0, 1]), pl.Series("first", [0, 0]), pl.Series("stop", [5, 4])
    )
    cut = cut_to_window(frame, edges)
    assert cut["end"].to_list() == [monday_of(3), monday_of(4) - timedelta(days=1)]
    assert active_weeks(cut, edges).tolist() == [[1, 2], [3, 1]]


def test_unknown_measures_stop_the_run_and_are_counted_by_code(told):
    rows = [
        ("77", D(2008, 1, 7), D(2008, 1, 8)),
        ("77", D(2005, 1, 7), D(2005, 1, 8)),
        ("9X", D(2008, 2, 4), D(2008, 2, 5)),
    ]
    spells = spells_of(*rows, ("01", D(2008, 1, 7), D(2008, 1, 8)))
    with pytest.raises(OverLimit) as error:
        build(spells)
    assert error.value.exit_code == 11
    assert told(error) == (
        "amfo: measure codes without a kind: 77 (2 spells), 9X (1 spells); 3 of 4 "
        "spells is above timing.unknown_limit (0)"
    )
    result = build(spells, unknown_limit=0.75)
    assert sorted(result.spells["kind"]) == ["guidance", "other", "other"]
    with pytest.raises(OverLimit):
        build(spells, unknown_limit=0.74)


def test_unknown_measures_of_others_do_not_count():
    spells = pl.concat(
        [
            spells_of(("01", D(2008, 1, 7), D(2008, 1, 8))),
            spells_of(("77", D(2008, 1, 7), D(2008, 1, 8)), person=2),
        ]
    )
    assert build(spells).spells["kind"].to_list() == ["guidance"]


def test_an_identifier_for_a_measure_is_not_repeated(told):
    with pytest.raises(OverLimit) as error:
        build(spells_of(("0703581113", D(2008, 1, 7), D(2008, 1, 8))))
    assert "(not shown) (1 spells)" in told(error)


# Classes of timing, with the thresholds of the shipped config: concentration 0.75, a passive run of
# 5 quarters, continuous from quarter 5 to 17 with inner passive spells of at most 4.


def path(**quarters):
    """Weeks of activity by quarter, such as q1=13, q20=2."""
    row = [0] * 20
    for name, weeks in quarters.items():
        row[int(name[1:]) - 1] = weeks
    return row


def scenario(row, **options):
    return str(classify(np.array([row]), Timing(**options))[0])


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (path(), "none"),
        # early: the first half, then a passive run to the grant
        (path(q1=13), "early"),
        (path(q15=13), "late"),  # the last half only
        (path(q10=13), "early"),
        (path(q10=3, q15=1), "early"),  # 3 of 4 weeks, 5 passive quarters
        (path(q10=3, q16=1), "mixed"),  # 4 passive quarters only
        (path(q10=29, q11=10), "mixed"),  # 29 of 39 = 0.744
        (path(q10=30, q11=10), "early"),  # 30 of 40 = 0.75
        # late: the last half after a passive run
        (path(q20=1), "late"),
        (path(q6=1, q11=3), "late"),  # first active in quarter 6: 5 passive quarters
        (path(q5=1, q11=3), "mixed"),  # 4 only
        (path(q6=10, q11=29), "mixed"),
        (path(q6=10, q11=30), "late"),
        # continuous: begins by quarter 5, lasts to 17, at most 4 passive quarters inside
        (path(q5=1, q10=1, q14=1, q17=1), "continuous"),
        (path(q5=1, q10=1, q15=1, q17=1), "continuous"),  # quarters 11 to 14 passive: 4
        (path(q4=1, q10=1, q15=1, q17=1), "mixed"),  # quarters 5 to 9 passive: 5
        (path(q6=1, q10=1, q15=1, q17=1), "mixed"),  # begins in quarter 6
        (path(q5=1, q10=1, q15=1, q16=1), "mixed"),  # ends with quarter 16
        ([1] * 20, "continuous"),
        ([13] * 10 + [1] * 10, "continuous"),  # though most of it is early
        # mixed
        (path(q1=13, q20=13), "mixed"),
        (path(q8=5, q13=5), "mixed"),
    ],
)
def test_classes_at_their_thresholds_and_one_step_off(row, name):
    assert scenario(row) == name


@pytest.mark.parametrize(
    ("options", "row", "name"),
    [
        ({"active_weeks": 2}, path(q1=1), "none"),
        ({"active_weeks": 2}, path(q1=2), "early"),
        ({"passive_run": 6}, path(q10=3, q15=1), "mixed"),
        ({"concentration": 0.8}, path(q10=3, q15=1), "mixed"),
        ({"continuous_from": 6}, path(q6=1, q10=1, q15=1, q17=1), "continuous"),
        ({"continuous_to": 16}, path(q5=1, q10=1, q15=1, q16=1), "continuous"),
        # Lasting to quarter 10 is enough: continuous goes before early.
        ({"continuous_to": 10}, [13] * 10 + [0] * 10, "continuous"),
        ({"continuous_to": 11}, [13] * 10 + [0] * 10, "early"),
        ({"continuous_gap": 5}, path(q4=1, q10=1, q15=1, q17=1), "continuous"),
        ({"continuous_gap": 3}, path(q5=1, q10=1, q15=1, q17=1), "mixed"),
    ],
)
def test_every_threshold_moves_its_class(options, row, name):
    assert scenario(row, **options) == name


def test_many_people_at_once_and_without_settings():
    rows = np.array([path(), path(q1=13), path(q20=13), [13] * 20, path(q1=1, q20=1)])
    assert classify(rows).tolist() == ["none", "early", "late", "continuous", "mixed"]
    assert classify(np.zeros((0, 20), dtype=np.int64)).tolist() == []


def test_one_row_alone_is_refused():
    with pytest.raises(ValueError, match=r"must be \(n, quarters\), not of shape \(20,\)"):
        classify(np.zeros(20, dtype=np.int64))


@given(
    hnp.arrays(
        np.int64, st.tuples(st.integers(1, 5), st.sampled_from([4, 5, 20])), elements=st.integers(0, 13)
    )
)
def test_everyone_has_exactly_one_class_that_fits(weeks):
    for row, name in zip(weeks.tolist(), classify(weeks).tolist(), strict=True):
        assert name in SCENARIOS
        active = [i for i, n in enumerate(row) if n >= 1]
        assert (name == "none") == (not active)
        share = sum(row[: len(row) // 2]) / max(sum(row), 1)
        if name == "early":
            assert share >= 0.75
            assert len(row) - 1 - active[-1] >= 5
        if name == "late":
            assert share <= 0.5
            assert active[0] >= 5


def test_the_longest_inner_gap_is_between_two_active_quarters():
    on = np.array([path(q3=1, q6=1, q12=1), path(q5=1), path(), [1] * 20]) > 0
    assert longest_inner_gap(on).tolist() == [5, 0, 0, 0]


def test_a_twenty_quarter_window_counts_all_its_weeks():
    last = monday_of(week_of(DECIDED)) - timedelta(days=1)
    result = build(spells_of(("01", last - timedelta(weeks=260) + timedelta(days=1), last)), window=Window())
    assert activity(result) == [[13] * 20]
    assert result.timing["scenario"].to_list() == ["continuous"]
    assert result.spells["quarter"].to_list() == [1]
