"""The crosswalk between the study's alphabet and the modern one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veje import io
from veje.crosswalks import read_crosswalk
from veje.errors import BadInput
from veje.lists import OUTSIDE, read_alphabet

LISTED = io.read_list("caswell9_modern", "crosswalks")
CASWELL = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
MODERN = read_alphabet(io.read_list("modern", "alphabets"), "modern")
THERE = read_crosswalk(LISTED, ("caswell9", CASWELL), ("modern", MODERN))
BACK = read_crosswalk(LISTED, ("modern", MODERN), ("caswell9", CASWELL))


@given(st.lists(st.sampled_from([at for at in range(len(CASWELL.states)) if THERE.exact[at]]), min_size=1))
def test_the_way_there_and_back_is_exact_on_shared_states(states: list[int]) -> None:
    row = np.array([states], dtype=np.uint8)
    assert np.array_equal(BACK.translate(THERE.translate(row)), row)


@given(st.lists(st.sampled_from([at for at in range(len(MODERN.states)) if BACK.exact[at]]), min_size=1))
def test_the_way_back_and_there_is_exact_on_shared_states(states: list[int]) -> None:
    row = np.array([states], dtype=np.uint8)
    assert np.array_equal(THERE.translate(BACK.translate(row)), row)


def test_shared_states_are_those_of_both_sides() -> None:
    shared = {CASWELL.states[at] for at in np.flatnonzero(THERE.exact)}
    assert shared >= {"wage_earner", "sickness_benefit", "cash_benefit", "ledighedsydelse", "missing"}
    assert int(THERE.exact.sum()) == int(BACK.exact.sum()) == 8


def test_new_states_are_missing_in_the_study() -> None:
    for state in ("resource_scheme", "job_clarification", "parental_benefit"):
        assert BACK.codes[MODERN.code(state)] == CASWELL.missing
        assert not BACK.exact[MODERN.code(state)]


def test_quarters_keep_their_sum() -> None:
    quarters = np.arange(len(MODERN.states), dtype=float)
    folded = BACK.fold(quarters, len(CASWELL.states))
    assert folded.sum() == quarters.sum()
    assert folded[CASWELL.code("no_benefit")] == sum(
        quarters[MODERN.code(one)] for one in ("flexjob", "new_flexjob")
    )


def test_the_code_list_agrees_with_it() -> None:
    """In the study's years a code's states are those that the crosswalk calls the same."""
    then = pl.col("valid_from").is_null() | pl.col("valid_from").str.starts_with("199")
    codes = io.read_list("dream", "codes").filter(then, pl.col("caswell_state") != OUTSIDE)
    assert codes.height > 60
    for code, own, modern in codes.select("code", "caswell_state", "modern").iter_rows():
        at = MODERN.code(modern)
        if BACK.exact[at] and own != "no_benefit":
            assert CASWELL.states[BACK.codes[at]] == own, code


def test_a_state_without_a_line_is_refused() -> None:
    rest = LISTED.filter(pl.col("from_state") != "resource_scheme")
    with pytest.raises(BadInput, match="no line for resource_scheme"):
        read_crosswalk(rest, ("modern", MODERN), ("caswell9", CASWELL))


def test_every_state_has_a_colour_and_labels_of_its_own() -> None:
    assert len(set(MODERN.colours)) == len(MODERN.states)
    for language in ("en", "da"):
        assert len({names[language] for names in MODERN.labels.values()}) == len(MODERN.states)
