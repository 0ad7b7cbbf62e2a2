from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from veje.errors import BadInput
from veje.weeks import (
    check_no_gap,
    column_of,
    expand_runs,
    is_week_column,
    iso_of,
    monday_of,
    quarter_at,
    week_of,
    week_of_column,
    window_edges,
)

LONG_YEARS = {1992, 1998, 2004, 2009, 2015, 2020, 2026}


def test_every_week_from_1991_to_2030_goes_to_its_column_and_back():
    mondays = [date(1990, 12, 31) + timedelta(weeks=i) for i in range(40 * 52 + len(LONG_YEARS))]
    columns = [column_of(week_of(monday)) for monday in mondays]
    assert columns[0] == "Y_9101"
    assert columns[-1] == "Y_3052"
    assert len(set(columns)) == len(columns)
    for monday, column in zip(mondays, columns, strict=True):
        assert column == monday.strftime("Y_%G%V").replace("Y_19", "Y_").replace("Y_20", "Y_", 1)
        assert monday_of(week_of_column(column)) == monday


@pytest.mark.parametrize(
    ("column", "monday"),
    [
        ("Y_9132", date(1991, 8, 5)),  # DREAM's first week
        ("Y_9952", date(1999, 12, 27)),
        ("Y_0001", date(2000, 1, 3)),
        ("Y_0901", date(2008, 12, 29)),  # an ISO year that begins in the year before
        ("Y_0953", date(2009, 12, 28)),
        ("y_2627", date(2026, 6, 29)),
    ],
)
def test_anchors_of_the_calendar(column, monday):
    assert monday_of(week_of_column(column)) == monday


@pytest.mark.parametrize("year", range(1991, 2031))
def test_week_53_exists_in_the_long_years_only(year):
    column = f"Y_{year % 100:02d}53"
    if year in LONG_YEARS:
        assert iso_of(week_of_column(column)) == (year, 53)
        assert week_of_column(column) + 1 == week_of_column(f"Y_{(year + 1) % 100:02d}01")
    else:
        with pytest.raises(BadInput, match=rf"column '{column}': ISO year {year} has no week 53"):
            week_of_column(column)


@pytest.mark.parametrize("column", ["Y_0800", "Y_0854", "Y_9999"])
def test_weeks_that_no_year_has_are_refused(column):
    with pytest.raises(BadInput, match=f"column '{column}': ISO year"):
        week_of_column(column)


def test_names_that_are_no_weeks():
    for name in ("Y_081", "Y_08011", "YY_0801", "BRANCHE_2008_01", "PNR", "Y-0801", ""):
        assert not is_week_column(name)
        with pytest.raises(BadInput, match="not a week column of the form Y_YYWW"):
            week_of_column(name)
    assert is_week_column("y_0801")


def test_the_turn_of_the_century_sorts_by_week_and_not_by_letter():
    columns = ["Y_9951", "Y_9952", "Y_0001", "Y_0002"]
    assert sorted(columns) != columns  # the trap
    assert sorted(columns, key=week_of_column) == columns
    weeks = [week_of_column(column) for column in columns]
    assert np.diff(weeks).tolist() == [1, 1, 1]


def test_days_of_one_iso_week_share_a_number():
    assert week_of(date(1970, 1, 5)) == 0
    assert week_of(date(1970, 1, 11)) == 0
    assert week_of(date(1970, 1, 4)) == -1
    assert {week_of(date(2008, 12, 29) + timedelta(days=i)) for i in range(7)} == {week_of(date(2009, 1, 1))}
    assert week_of(date(2008, 12, 28)) == week_of(date(2009, 1, 1)) - 1


def test_grant_week_blocks_end_before_the_week_of_the_decision():
    # 2009-01-01 lies in 2009-W01 (from Monday 2008-12-29); 260 weeks before it is 2004-W02,
    # because 2004 has 53 weeks.
    edges = window_edges([date(2009, 1, 1)], "grant_week")
    assert edges.shape == (1, 21)
    assert np.diff(edges).tolist() == [[13] * 20]
    assert column_of(edges[0, -1] - 1) == "Y_0852"
    assert column_of(edges[0, 0]) == "Y_0402"
    assert monday_of(edges[0, 0]) == date(2004, 1, 5)


def test_a_sunday_decision_belongs_to_the_week_that_it_ends():
    edges = window_edges([date(2005, 1, 2), date(2005, 1, 3)], "grant_week", quarters=2, weeks_per_quarter=4)
    assert [column_of(week) for week in edges[:, -1] - 1] == ["Y_0452", "Y_0453"]
    assert np.diff(edges).tolist() == [[4, 4], [4, 4]]


def test_calendar_quarters_take_a_week_by_its_thursday():
    # 2009-01-01 is a Thursday: its week is the first of 2009's first quarter. 2004-01-01 too.
    edges = window_edges([date(2009, 1, 1)], "calendar_quarter")
    assert monday_of(edges[0, -1]) == date(2008, 12, 29)
    assert monday_of(edges[0, 0]) == date(2003, 12, 29)
    assert np.diff(edges)[0, :4].tolist() == [13, 13, 14, 13]  # 2004, a year of 53 weeks
    assert edges[0, -1] - edges[0, 0] == 261


@pytest.mark.parametrize(
    ("day", "last_edge"),
    [
        (date(2007, 7, 1), date(2007, 7, 2)),  # a Sunday whose week has its Thursday in June
        (date(2008, 7, 1), date(2008, 6, 30)),  # a Tuesday whose week has its Thursday in July
        (date(2008, 9, 30), date(2008, 6, 30)),
        (date(2008, 10, 1), date(2008, 9, 29)),
        (date(2008, 12, 31), date(2008, 9, 29)),  # its week is 2009's, its quarter 2008's
    ],
)
def test_calendar_quarters_begin_with_the_decisions_own_quarter(day, last_edge):
    edges = window_edges([day], "calendar_quarter", quarters=1)
    assert monday_of(edges[0, 1]) == last_edge


def test_windows_of_nobody():
    assert window_edges([], "grant_week").shape == (0, 21)
    assert window_edges([], "calendar_quarter").shape == (0, 21)


def test_gaps_and_doubles_are_named_with_their_number(told):
    weeks = [week_of_column(c) for c in ("Y_9951", "Y_9952", "Y_0002", "Y_0003", "Y_0006")]
    with pytest.raises(BadInput) as error:
        check_no_gap(weeks, "DREAM200912.csv")
    assert told(error) == "DREAM200912.csv: week column Y_0001 is missing (2 such places)"
    double = [week_of_column(c) for c in ("Y_0001", "Y_0002", "Y_0002", "Y_0003")]
    with pytest.raises(BadInput) as error:
        check_no_gap(double, "DREAM200912.csv")
    assert told(error) == "DREAM200912.csv: week column Y_0002 is double (1 such places)"


def test_no_gap_across_a_year_of_53_weeks_in_any_order():
    weeks = [week_of_column(c) for c in ("Y_1001", "Y_0953", "Y_0952")]
    assert check_no_gap(weeks, "DREAM") is None


def test_runs_cover_their_cells_in_order():
    rows, columns, runs = expand_runs(np.array([4, 2]), np.array([1, 0]), np.array([3, 2]))
    assert rows.tolist() == [4, 4, 4, 2, 2]
    assert columns.tolist() == [1, 2, 3, 0, 1]
    assert runs.tolist() == [0, 0, 0, 1, 1]


def test_an_empty_run_covers_nothing():
    rows, columns, runs = expand_runs(np.array([0, 1]), np.array([5, 5]), np.array([0, 1]))
    assert (rows.tolist(), columns.tolist(), runs.tolist()) == ([1], [5], [1])


def test_the_quarter_of_a_week_before_inside_and_after_the_window():
    edges = np.array([[10, 13, 16], [11, 14, 17]])
    assert quarter_at(10, edges).tolist() == [0, -1]
    assert quarter_at(13, edges).tolist() == [1, 0]
    assert quarter_at(16, edges).tolist() == [2, 1]
