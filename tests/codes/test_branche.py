from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veje import io
from veje.branche import (
    FIRST_MONTH,
    Industry,
    month_columns,
    month_of_week,
    read_industry,
    self_supporting,
    split_blank,
)
from veje.errors import BadInput
from veje.lists import read_alphabet
from veje.weeks import monday_of, week_of, week_of_column

W, S, F, X = 0, 1, 7, 255  # wage earner (blank), sick, self-supporting, missing


def serial(year, month):
    return (year - 1970) * 12 + month - 1


def test_months_of_columns_in_order_and_any_case():
    names = ["PNR", "BRANCHE_2009_01", "branche_2008_12", "Y_0801", "BRANCHE_2008_1", "NYKOM2008"]
    assert list(month_columns(names).items()) == [
        ("branche_2008_12", serial(2008, 12)),
        ("BRANCHE_2009_01", serial(2009, 1)),
    ]


def test_impossible_and_double_months_are_refused(told):
    with pytest.raises(BadInput) as error:
        month_columns(["BRANCHE_2008_13"])
    assert told(error) == "dream: column 'BRANCHE_2008_13': 13 is no month"
    with pytest.raises(BadInput) as error:
        month_columns(["BRANCHE_2008_01", "branche_2008_01"])
    assert told(error) == "dream: 1 BRANCHE months stand twice"


@given(st.dates(date(1991, 1, 1), date(2035, 12, 31)))
def test_a_week_belongs_to_the_month_of_its_thursday(day):
    week = week_of(day)
    thursday = monday_of(week) + timedelta(days=3)
    assert month_of_week(week) == serial(thursday.year, thursday.month)


def test_months_of_many_weeks_at_once():
    weeks = np.array([[week_of_column("Y_0801"), week_of_column("Y_0805"), week_of_column("Y_0953")]])
    # 2008-W01 has Thursday 3 January, W05 31 January, 2009-W53 31 December.
    assert month_of_week(weeks).tolist() == [[serial(2008, 1), serial(2008, 1), serial(2009, 12)]]


def test_what_counts_as_an_industry():
    cells = ["561010", "999999", "561010.0", "", " ", ".", "NaN", "0", "000000", "0.0", None]
    frame = pl.DataFrame({"BRANCHE_2008_02": cells, "pnr": [""] * 11, "branche_2008_01": ["1"] * 11})
    industry = read_industry(frame)
    assert industry.months.tolist() == [serial(2008, 1), serial(2008, 2)]
    assert industry.present[:, 0].all()
    assert industry.present[:, 1].tolist() == [True] * 3 + [False] * 8


def test_a_delivery_without_industries_separates_nothing():
    industry = read_industry(pl.DataFrame({"pnr": ["1", "2"]}))
    assert industry.present.shape == (2, 0)
    done = split_blank(np.zeros((2, 3), np.uint8), np.ones((2, 3), bool), 2000, industry, F)
    assert (done.states == W).all()
    assert (done.employed, done.self_supporting, done.not_separable) == (0, 0, 6)


def test_blank_weeks_are_split_by_their_month():
    # W04 to W07 of 2008: two weeks in January with an industry, then February without one.
    first = week_of_column("Y_0804")
    states = np.array([[W, W, W, S], [W, X, S, W]], dtype=np.uint8)
    industry = Industry(
        np.array([serial(2008, 1), serial(2008, 2)]), np.array([[True, False], [False, True]])
    )
    done = split_blank(states, states == W, first, industry, F)
    assert done.states.tolist() == [[W, W, F, S], [F, X, S, W]]
    assert (done.employed, done.self_supporting, done.not_separable) == (3, 2, 0)
    assert states.tolist() == [[W, W, W, S], [W, X, S, W]], "the input stays"


def test_weeks_before_2008_and_months_not_delivered_stay_and_are_counted():
    first = week_of_column("Y_0752")  # 27 December 2007, then January, and later February
    states = np.zeros((1, 8), dtype=np.uint8)
    months = np.array([serial(2007, 12), serial(2008, 1)])  # a column of 2007 says nothing
    done = split_blank(states, states == W, first, Industry(months, np.zeros((1, 2), bool)), F)
    assert months[1] == FIRST_MONTH
    assert done.states.tolist() == [[W] + [F] * 5 + [W] * 2]
    assert (done.employed, done.self_supporting, done.not_separable) == (0, 5, 3)


def test_each_person_may_begin_in_a_week_of_their_own():
    first = np.array([week_of_column("Y_0801"), week_of_column("Y_0806")])
    states = np.zeros((2, 2), dtype=np.uint8)
    industry = Industry(np.array([serial(2008, 1), serial(2008, 2)]), np.array([[True, False]] * 2))
    assert split_blank(states, states == W, first, industry, F).states.tolist() == [[W, W], [F, F]]


@given(st.data())
def test_the_split_follows_the_definition_word_for_word(data):
    n, width = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 12))
    first = week_of_column("Y_0750") + data.draw(st.integers(0, 60))
    blank = np.array(
        data.draw(st.lists(st.lists(st.booleans(), min_size=width, max_size=width), min_size=n, max_size=n))
    )
    months = np.array(
        sorted(data.draw(st.sets(st.integers(FIRST_MONTH - 2, FIRST_MONTH + 18), max_size=15))),
        dtype=np.int64,
    )
    present = (
        np.array(
            data.draw(
                st.lists(
                    st.lists(st.booleans(), min_size=len(months), max_size=len(months)),
                    min_size=n,
                    max_size=n,
                )
            )
        )
        .reshape(n, len(months))
        .astype(bool)
    )
    states = np.where(blank, W, S).astype(np.uint8)
    expected = states.copy()
    for person in range(n):
        for column in range(width):
            month = int(month_of_week(first + column))
            known = month >= FIRST_MONTH and month in months
            if blank[person, column] and known and not present[person, months.tolist().index(month)]:
                expected[person, column] = F
    done = split_blank(states, blank, first, Industry(months, present), F)
    assert (done.states == expected).all()
    assert done.employed + done.self_supporting + done.not_separable == blank.sum()
    assert done.self_supporting == (expected == F).sum()


def test_arrays_that_do_not_fit_are_refused():
    states = np.zeros((2, 3), np.uint8)
    with pytest.raises(ValueError, match=r"industry \(1, 0\)"):
        split_blank(states, states == W, 0, Industry(np.zeros(0, np.int64), np.zeros((1, 0), bool)), F)


def test_an_alphabet_without_the_state_is_told_which_key_asks_for_it(told):
    study = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    with pytest.raises(BadInput) as error:
        self_supporting(study)
    assert told(error).startswith("sequences.split_blank: the alphabet has no state 'self_supporting'")
    own = pl.DataFrame(
        {"state": ["work", "self_supporting"], "label_en": ["a", "b"], "colour": ["#000000"] * 2}
    )
    assert self_supporting(read_alphabet(own, "own")) == 1
