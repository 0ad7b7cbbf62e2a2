from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.people import table
from veje import io
from veje.branche import Split
from veje.contracts import check
from veje.errors import BadInput, OverLimit
from veje.lists import CodeRow, read_alphabet, read_codes, read_switches, switch_at
from veje.weeks import week_of
from veje.weekstates import check_unknown, count_codes, state_of_weeks

CASWELL = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
MODERN = read_alphabet(io.read_list("modern", "alphabets"), "modern")
DREAM = io.read_list("dream", "codes")
FIRST = week_of(date(2011, 12, 12))
"""Three weeks from here: 2011-W50, W51 (both by the unsure line) and W52, which holds 2012-01-01 (sure)."""


def rows(switches, alphabet=CASWELL, column="caswell_state"):
    return read_codes(DREAM, column, alphabet, None, "dream", switches)


def week_table(switches, *codes):
    """Everyone has one code for three weeks around New Year 2012."""
    names = list(codes)
    weeks = np.repeat(np.arange(len(names), dtype=np.int64)[:, None], 3, axis=1)
    first = np.full(len(names), FIRST)
    listed = rows(switches)
    states = state_of_weeks(weeks, first, listed, names, CASWELL)
    inside, split = np.ones(weeks.shape, dtype=bool), Split(states, np.zeros_like(states))
    counted = count_codes(weeks, split, inside, names, CASWELL, first, listed)
    return check(counted, "week_codes").drop("industry", "outside")


def test_the_shipped_switches_and_their_defaults():
    assert read_switches(DREAM, {}, "dream") == {
        "introduction_benefit_before_2012": True,
        "code_775": False,
        "new_flexjob_2013": False,
        "job_clarification_87x": False,
    }


def test_every_line_of_low_confidence_has_a_switch_and_no_other():
    unsure = pl.col("confidence").is_in(["low", "unverified"])
    assert DREAM.filter(unsure != pl.col("switch").is_not_null()).is_empty()
    assert DREAM.filter(pl.col("switch").is_null() != pl.col("switch_default").is_null()).is_empty()


def test_the_config_turns_switches():
    on = read_switches(DREAM, {"code_775": True, "introduction_benefit_before_2012": False}, "dream")
    assert on == {
        "introduction_benefit_before_2012": False,
        "code_775": True,
        "new_flexjob_2013": False,
        "job_clarification_87x": False,
    }


def test_an_unknown_switch_is_told_with_near_names(told):
    with pytest.raises(BadInput) as error:
        rows({"code_757": True})
    assert told(error) == (
        "config: sequences.switches: code list dream has no 'code_757': did you mean 'code_775'?"
    )
    plain = DREAM.drop("switch", "switch_default")
    with pytest.raises(BadInput) as error:
        read_codes(plain, "caswell_state", CASWELL, None, "own", {"code_775": True})
    assert told(error) == "config: sequences.switches: code list own has no 'code_775': it has none"
    assert read_codes(plain, "caswell_state", CASWELL, None, "own", {})


def test_a_list_that_contradicts_itself_is_refused(told):
    lines = {"code": ["1", "2"], "s": ["wage_earner"] * 2, "switch": ["a", "a"]}
    with pytest.raises(BadInput) as error:
        read_switches(pl.DataFrame({**lines, "switch_default": ["on", None]}), {}, "own")
    assert told(error) == "code list own: line 3: switch 'a' has another default above"
    with pytest.raises(BadInput) as error:
        read_switches(pl.DataFrame({**lines, "switch_default": ["on", "maybe"]}), {}, "own")
    assert told(error) == "code list own: line 3: switch_default is neither on nor off"
    assert read_switches(pl.DataFrame(lines), {}, "own") == {"a": False}


def test_without_switches_every_line_is_on():
    assert all(row.state for row in read_codes(DREAM, "caswell_state", CASWELL, None, "dream"))


@pytest.mark.parametrize(("alphabet", "column"), [(CASWELL, "caswell_state"), (MODERN, "modern")])
def test_lines_that_are_off_have_no_state(alphabet, column):
    off = {row.code for row in rows({}, alphabet, column) if row.state is None}
    assert off == {"771", "775", "870", "873", "874", "875", "876", "877", "878"}


def test_the_report_can_say_which_weeks_were_read_with_low_confidence():
    assert week_table({}, "710", "890").rows() == [
        ("710", "introduction_benefit", "introduction_benefit_before_2012", 2),
        ("710", "introduction_benefit", None, 1),
        ("890", "sickness_benefit", None, 3),
    ]


def test_a_code_whose_lines_are_off_is_unknown_in_their_weeks(told):
    counted = week_table({"introduction_benefit_before_2012": False}, "710", "775", "666")
    assert counted.rows() == [
        ("710", "introduction_benefit", None, 1),
        ("710", None, "introduction_benefit_before_2012", 2),
        ("775", None, "code_775", 3),
        ("666", None, None, 3),
    ]
    with pytest.raises(OverLimit) as error:
        check_unknown(counted, 0.0)
    assert told(error).startswith(
        "dream: codes not valid in the code list: "
        "710 (2 weeks, sequences.switches.introduction_benefit_before_2012 is off), "
        "775 (3 weeks, sequences.switches.code_775 is off), 666 (3 weeks); 8 of 9 weeks"
    )


def test_a_switch_that_is_on_reads_its_codes():
    assert week_table({"code_775": True}, "775").rows() == [("775", "no_benefit", "code_775", 3)]


def test_a_line_that_is_off_does_not_hide_a_sure_one():
    sure, off = CodeRow("1", "wage_earner", None, None), CodeRow("1", None, None, None, "guess")
    weeks, first = np.zeros((1, 2), dtype=np.int64), np.array([0])
    for lines in ([sure, off], [off, sure]):
        assert (state_of_weeks(weeks, first, lines, ["1"], CASWELL) == CASWELL.code("wage_earner")).all()
        assert switch_at(lines, 0, known=True) is None
        assert switch_at(lines, 0, known=False) == "guess"


def test_no_weeks_give_an_empty_table():
    nothing = np.zeros((0, 3), dtype=np.int64)
    counted = count_codes(
        nothing,
        Split(nothing.astype(np.uint8), nothing.astype(np.uint8)),
        nothing.astype(bool),
        [],
        CASWELL,
        np.zeros(0, dtype=np.int64),
        [],
    )
    assert check(counted, "week_codes").equals(table("week_codes", []))
