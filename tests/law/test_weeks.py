"""What flags read from weekly codes and registers: runs of weeks, dates, and the caps of regimes."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from veje import io
from veje.contracts import contract
from veje.flags import Material, build_facts
from veje.flags.families import families_of, longest_run, week_facts
from veje.regimes import read_regimes
from veje.weekfile import Weekly
from veje.weeks import monday_of, week_of

CODES = families_of(io.read_list("dream", "codes"), "dream")
REGIMES = read_regimes(io.read_list("regimes", "law"), "regimes")
GRANTED = date(2016, 6, 15)
INDEX = week_of(GRANTED)
FIRST = INDEX - 300


def read(*spells: tuple[str, int, int]) -> dict[str, object]:
    """Give one person's facts; spells: code, and weeks before the grant's from and to (not included)."""
    names = ("", *dict.fromkeys(code for code, _, _ in spells))
    numbers = np.zeros((1, 305), dtype=np.int64)
    for code, start, stop in spells:
        numbers[0, 300 - start : 300 - stop] = names.index(code)
    weekly = Weekly(names, numbers, FIRST)
    return week_facts(weekly, pl.Series([GRANTED]), CODES, 4, date(2013, 1, 1)).row(0, named=True)


def slow_runs(weeks: list[int], gap: int) -> list[tuple[int, int]]:
    """Textbook: walk week by week, and close a run when more than `gap` weeks are missing."""
    runs: list[tuple[int, int]] = []
    for week in weeks:
        if runs and week - runs[-1][1] - 1 <= gap:
            runs[-1] = (runs[-1][0], week)
        else:
            runs.append((week, week))
    return runs


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(0, 6))
def test_the_longest_run_is_that_of_the_textbook(weeks: set[int], gap: int) -> None:
    ordered = sorted(weeks)
    found = longest_run(np.array(ordered, dtype=np.int64), gap)
    runs = slow_runs(ordered, gap)
    longest = max(last - first for first, last in runs)
    assert found is not None
    assert (found.first, found.last) == next(run for run in runs if run[1] - run[0] == longest)
    assert found.weeks == sum(found.first <= week <= found.last for week in ordered)


def test_rikkes_scheme_with_a_short_break_is_one() -> None:
    """Rikke: a scheme of 60 weeks, four weeks of sickness, and 40 weeks more."""
    found = read(("813", 110, 50), ("890", 50, 46), ("810", 46, 6))
    assert found["scheme_start"] == found["scheme_first"] == monday_of(INDEX - 110)
    assert found["scheme_end"] == monday_of(INDEX - 7)
    assert found["scheme_weeks_longest"] == 104
    assert found["scheme_weeks_before"] == 0


def test_two_schemes_far_apart_are_two() -> None:
    found = read(("810", 110, 50), ("810", 40, 0))
    assert (found["scheme_start"], found["scheme_weeks_longest"]) == (monday_of(INDEX - 110), 60)


def test_weeks_of_the_grant_and_after_it_do_not_count() -> None:
    found = read(("810", 0, -4), ("783", 0, -4))
    assert found["scheme_first"] is None
    assert (found["scheme_weeks_longest"], found["pension_weeks"]) == (0, 0)


def test_veras_weeks_before_the_reform_count_whatever_the_lists_dates() -> None:
    before = INDEX - week_of(date(2013, 1, 1))
    found = read(("810", before + 3, before - 2))
    assert found["scheme_weeks_before"] == 3


def test_cash_benefit_and_educational_assistance_are_straight_from_cash() -> None:
    assert read(("730", 60, 4))["weeks_since_cash"] == 5
    assert read(("723", 60, 0))["weeks_since_cash"] == 1
    assert read(("890", 60, 0))["weeks_since_cash"] is None


def test_facts_put_every_register_beside_the_grant() -> None:
    """Sten: 46, on the existing basis, lives abroad since May, had two measures, died in the autumn."""
    empty = {
        name: contract(name).empty() for name in ("bef", "grants", "cases", "deaths", "migration", "spells")
    }
    weekly = Weekly(("", "810"), np.ones((1, 305), dtype=np.int64), FIRST)
    weeks = week_facts(weekly, pl.Series([GRANTED]), CODES, 4, date(2013, 1, 1))
    row = {"person": 7}
    given_rows = {
        "bef": [row | {"birth_date": date(1970, 3, 1)}],
        "grants": [
            row | {"decision_date": GRANTED, "decision": "grant", "basis": "17.2"},
            row | {"decision_date": GRANTED - timedelta(90), "decision": "refusal", "basis": "18"},
        ],
        "cases": [row | {"decision_date": GRANTED, "application_date": date(2016, 2, 1)}],
        "deaths": [row | {"death_date": date(2016, 10, 1)}],
        "migration": [
            row | {"date": date(2016, 5, 1), "direction": "out"},
            row | {"date": date(2016, 7, 1), "direction": "in"},
        ],
        "spells": [
            row | {"kind": "guidance", "start": date(2016, 3, day), "end": date(2016, 4, 1), "quarter": 20}
            for day in (1, 8)
        ],
    }
    tables = {
        name: pl.concat([empty[name], pl.DataFrame(rows, schema=empty[name].schema)])
        for name, rows in given_rows.items()
    }
    cohort = pl.DataFrame(
        {"person": [7], "index_date": [GRANTED], "area": ["herning"], "regime": ["R2"]},
        schema_overrides={"person": pl.Int64},
    )
    ages = io.read_list("pension_age", "law")
    found = build_facts(Material(cohort=cohort, **tables, weeks=weeks, pension_ages=ages, regimes=REGIMES))
    told = found.row(0, named=True)
    assert found.height == 1
    assert told["basis"] == "17.2"
    assert told["application_date"] == date(2016, 2, 1)
    assert told["pension_date"] == date(2039, 3, 1)
    assert (told["measures"], told["last_measure_start"]) == (2, date(2016, 3, 8))
    assert told["abroad"] is True
    assert told["death_date"] == date(2016, 10, 1)
    assert told["scheme_years"] is None, "a scheme that begins before 2013 has no cap"
