from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from veje import io
from veje.branche import (
    FIRST_MONTH,
    Industry,
    Kind,
    check_months,
    check_self_supporting,
    has_industry,
    is_month_column,
    month_column,
    month_of_week,
    needed_months,
    split_blank,
)
from veje.errors import BadInput
from veje.lists import read_alphabet
from veje.weeks import monday_of, week_of, week_of_column

W, S, F, X = 0, 1, 7, 255  # wage earner (blank), sick, self-supporting, missing


def serial(year, month):
    return (year - 1970) * 12 + month - 1


def kinds(split):
    """Each week's kind by its first letter, one word a person."""
    return ["".join("-PAU"[kind] for kind in row) for row in split.kinds.tolist()]


def test_month_columns_in_any_case():
    names = [
        "BRANCHE_2009_01",
        "branche_2008_12",
        "Y_0801",
        "BRANCHE_2008_1",
        "NYKOM2008",
        "XBRANCHE_2009_01",
    ]
    assert [is_month_column(name) for name in names] == [True, True, False, False, False, False]
    assert month_column(serial(2008, 1)) == "BRANCHE_2008_01"
    assert month_column(serial(2012, 12)) == "BRANCHE_2012_12"


@given(st.dates(date(1991, 1, 1), date(2035, 12, 31)))
def test_a_week_belongs_to_the_month_of_its_thursday(day):
    week = week_of(day)
    thursday = monday_of(week) + timedelta(days=3)
    assert month_of_week(week) == serial(thursday.year, thursday.month)


def test_months_of_many_weeks_at_once():
    weeks = np.array([[week_of_column("Y_0801"), week_of_column("Y_0805"), week_of_column("Y_0953")]])
    # 2008-W01 has Thursday 3 January, W05 31 January, 2009-W53 31 December.
    assert month_of_week(weeks).tolist() == [[serial(2008, 1), serial(2008, 1), serial(2009, 12)]]


def test_only_months_from_2008_on_are_needed():
    first, last = week_of_column("Y_0745"), week_of_column("Y_0810")
    assert needed_months(first, last).tolist() == [serial(2008, 1), serial(2008, 2)]
    assert needed_months(first, last + 1).tolist() == [serial(2008, 1), serial(2008, 2), serial(2008, 3)]
    assert needed_months(first, week_of_column("Y_0801")).tolist() == []


def test_what_counts_as_an_industry():
    cells = ["561010", "999999", "561010.0", "", " ", ".", "NaN", "0", "000000", "0.0", None]
    frame = pl.DataFrame({"branche_2008_02": cells, "branche_2008_01": ["1"] * 11})
    present = has_industry(frame)
    assert present["branche_2008_01"].all()
    assert present["branche_2008_02"].to_list() == [True] * 3 + [False] * 8


def test_a_delivery_without_industries_is_told(told):
    with pytest.raises(BadInput) as error:
        check_months(["y_0801", "_row"], np.array([FIRST_MONTH]), "DREAM.csv")
    assert told(error) == "DREAM.csv: no column BRANCHE_YYYY_MM, which sequences.blank: by_industry needs"


def test_a_missing_month_is_refused_as_a_missing_week_is(told):
    months = np.arange(serial(2008, 1), serial(2008, 6))
    given_names = [month_column(month).lower() for month in months.tolist()]
    check_months(given_names, months, "DREAM.csv")
    check_months([*given_names[1:3], "branche_2020_01"], months[1:3], "DREAM.csv")
    with pytest.raises(BadInput) as error:
        check_months([given_names[0], *given_names[2:4]], months, "DREAM.csv")
    assert told(error) == (
        "DREAM.csv: month column BRANCHE_2008_02 is missing (2 such places); "
        "sequences.blank: by_industry needs BRANCHE_2008_01 to BRANCHE_2008_05"
    )


def test_blank_weeks_are_split_by_their_month():
    # W04 to W07 of 2008: two weeks in January with an industry, then February without one.
    first = week_of_column("Y_0804")
    states = np.array([[W, W, W, S], [W, X, S, W]], dtype=np.uint8)
    industry = Industry(
        np.array([serial(2008, 1), serial(2008, 2)]), np.array([[True, False], [False, True]])
    )
    done = split_blank(states, states == W, first, industry, F)
    assert done.states.tolist() == [[W, W, F, S], [F, X, S, W]]
    assert done.states.dtype == np.uint8
    assert kinds(done) == ["PPA-", "A--P"]
    assert states.tolist() == [[W, W, W, S], [W, X, S, W]], "the input stays"


def test_weeks_before_2008_and_months_not_read_stay_and_are_known():
    first = week_of_column("Y_0752")  # 27 December 2007, then January, and later February
    states = np.zeros((1, 8), dtype=np.uint8)
    months = np.array([serial(2007, 12), serial(2008, 1)])  # a column of 2007 says nothing
    done = split_blank(states, states == W, first, Industry(months, np.zeros((1, 2), bool)), F)
    assert months[1] == FIRST_MONTH
    assert done.states.tolist() == [[W] + [F] * 5 + [W] * 2]
    assert kinds(done) == ["UAAAAAUU"]


def test_without_months_nothing_is_split():
    nothing = Industry(np.zeros(0, np.int64), np.zeros((2, 0), bool))
    done = split_blank(np.zeros((2, 3), np.uint8), np.ones((2, 3), bool), 2000, nothing, F)
    assert (done.states == W).all()
    assert kinds(done) == ["UUU", "UUU"]


def test_each_person_may_begin_in_a_week_of_their_own():
    first = np.array([week_of_column("Y_0801"), week_of_column("Y_0806")])
    states = np.zeros((2, 2), dtype=np.uint8)
    industry = Industry(np.array([serial(2008, 1), serial(2008, 2)]), np.array([[True, False]] * 2))
    assert split_blank(states, states == W, first, industry, F).states.tolist() == [[W, W], [F, F]]


@given(st.data())
def test_the_split_follows_the_definition_word_for_word(data):
    n, width = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 12))
    first = week_of_column("Y_0750") + data.draw(st.integers(0, 60))
    blank = data.draw(hnp.arrays(bool, (n, width)))
    months = sorted(data.draw(st.sets(st.integers(FIRST_MONTH - 2, FIRST_MONTH + 18), max_size=15)))
    present = data.draw(hnp.arrays(bool, (n, len(months))))
    states = np.where(blank, W, S).astype(np.uint8)
    expected, said = states.copy(), np.full((n, width), Kind.NONE)
    for person in range(n):
        for column in range(width):
            month = int(month_of_week(first + column))
            if not blank[person, column]:
                continue
            if month < FIRST_MONTH or month not in months:
                said[person, column] = Kind.UNKNOWN
            elif present[person, months.index(month)]:
                said[person, column] = Kind.PRESENT
            else:
                said[person, column], expected[person, column] = Kind.ABSENT, F
    done = split_blank(states, blank, first, Industry(np.array(months, dtype=np.int64), present), F)
    assert (done.states == expected).all()
    assert (done.kinds == said).all()


def test_arrays_that_do_not_fit_are_refused():
    states = np.zeros((2, 3), np.uint8)
    with pytest.raises(ValueError, match=r"industry \(1, 0\)"):
        split_blank(states, states == W, 0, Industry(np.zeros(0, np.int64), np.zeros((1, 0), bool)), F)


def test_an_alphabet_without_the_state_is_told_which_key_asks_for_it(told):
    study = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    with pytest.raises(BadInput) as error:
        check_self_supporting(study, "self_supporting", "caswell9")
    assert told(error).startswith(
        "config: sequences.self_supporting: alphabet caswell9 has no state 'self_supporting' for blank weeks "
        "without an industry: "
    )
    with pytest.raises(BadInput, match="has no state 'missing'"):
        check_self_supporting(study, "missing", "caswell9")
    check_self_supporting(study, "no_benefit", "caswell9")
    check_self_supporting(
        read_alphabet(io.read_list("modern", "alphabets"), "modern"), "self_supporting", "modern"
    )
