"""Income, unemployment, deaths and migration: what the planted weeks would leave in other registers."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.twin.law import (
    ABROAD,
    CASH,
    DEAD,
    FLEX,
    OLD_AGE,
    PENSION,
    STUDENT,
    UNEMP,
    WAGE,
    Floats,
    Ints,
    States,
)
from veje.twin.people import LAST_DAY
from veje.twin.population import YEARS
from veje.twin.weekly import FIRST_WEEK, column_of_day
from veje.weeks import monday_of

Days = NDArray[np.datetime64]

# ASSUME: kroner a week by state; all other benefits pay like unemployment benefit.
WEEKLY = {WAGE: 5_600, FLEX: 4_700, CASH: 2_400, PENSION: 3_300, OLD_AGE: 2_300, STUDENT: 1_700}
BENEFIT = 3_500
SPREAD = 0.35
"""Standard deviation of the logarithm of a person's income among persons of the same weeks."""
# ASSUME: three weeks of cash benefit in ten are of persons ready for a job, which the degree counts.
READY = 0.3
LATE_DEATHS, LATE_MOVES = 12, 12
"""Persons of other municipalities granted a pension after their death, and while they lived abroad."""


def deliver_income(rng: np.random.Generator, numbers: pl.Series, weeks: States) -> dict[str, pl.DataFrame]:
    """Give IND2006 to IND2008: PNR, AAR, PERINDKIALT_13 (whole kroner) of who lives here at New Year."""
    rates = np.full(256, BENEFIT, dtype=np.float64)
    rates[list(WEEKLY)] = list(WEEKLY.values())
    rates[[DEAD, ABROAD]] = 0.0
    own = np.exp(rng.normal(0.0, SPREAD, len(weeks)))
    delivered = {}
    for year in YEARS:
        held, here = weeks_of_year(weeks, year)
        amounts: Floats = np.round(rates[held].sum(axis=1) * own)
        delivered[f"IND{year}"] = _yearly(
            rng, numbers, year, "PERINDKIALT_13", amounts.astype(np.int64), here
        )
    return delivered


def deliver_unemployment(
    rng: np.random.Generator, numbers: pl.Series, weeks: States
) -> dict[str, pl.DataFrame]:
    """Give IDAP2006 to IDAP2008: PNR, AAR, ARLEDGR (per mille of the year)."""
    delivered = {}
    for year in YEARS:
        held, here = weeks_of_year(weeks, year)
        out_of_work = (held == UNEMP).sum(axis=1) + READY * (held == CASH).sum(axis=1)
        degree = np.round(1000 * out_of_work / held.shape[1]).astype(np.int64)
        delivered[f"IDAP{year}"] = _yearly(rng, numbers, year, "ARLEDGR", degree, here)
    return delivered


def deliver_deaths(
    rng: np.random.Generator, numbers: pl.Series, weeks: States, late: Ints, days: Days
) -> pl.DataFrame:
    """Give PNR, DODDATO: a day of the first week as dead, and of `late` persons one before their grant.

    late: rows of persons who died while their case was under way; days: their days of decision.
    """
    dead = weeks == DEAD
    rows = np.setdiff1d(np.flatnonzero(dead.any(axis=1)), late)
    died = monday_days(dead[rows].argmax(axis=1)) + rng.integers(0, 7, rows.size).astype("timedelta64[D]")
    died = np.minimum(died, LAST_DAY)
    before = days - rng.integers(1, 31, late.size).astype("timedelta64[D]")
    person = np.concatenate([rows, late])
    order = rng.permutation(person.size)
    dates = pl.Series("DODDATO", np.concatenate([died, before])[order]).cast(pl.Date)
    return pl.DataFrame([numbers.gather(person[order]).alias("PNR"), dates])


def deliver_migration(
    rng: np.random.Generator, numbers: pl.Series, weeks: States, late: Ints, days: Days
) -> pl.DataFrame:
    """Give PNR, INDUD_KODE (U out, I in), HAEND_DATO: the ends of weeks abroad.

    late: rows of persons who were abroad on their days of decision (`days`) and came back.
    """
    abroad = np.pad((weeks == ABROAD).astype(np.int8), ((0, 0), (1, 1)))
    step = np.diff(abroad, axis=1)
    out_row, out_at = np.nonzero(step == 1)
    in_row, in_at = np.nonzero(step[:, :-1] == -1)
    alive = weeks[in_row, in_at] != DEAD
    in_row, in_at = in_row[alive], in_at[alive]
    went = days - rng.integers(20, 91, late.size).astype("timedelta64[D]")
    came = days + rng.integers(20, 91, late.size).astype("timedelta64[D]")
    person = np.concatenate([out_row, in_row, late, late])
    sizes = (out_row.size, in_row.size, late.size, late.size)
    code = np.repeat(np.array(["U", "I", "U", "I"]), sizes)
    moved = np.concatenate([monday_days(out_at), monday_days(in_at), went, came])
    order = rng.permutation(person.size)
    return pl.DataFrame(
        [
            numbers.gather(person[order]).alias("PNR"),
            pl.Series("INDUD_KODE", code[order]),
            pl.Series("HAEND_DATO", moved[order]).cast(pl.Date),
        ]
    )


def draw_late(rng: np.random.Generator, cases: pl.DataFrame) -> tuple[Ints, Ints]:
    """Draw persons granted after their death and persons granted abroad, none of them of the cohort."""
    elsewhere = rng.permutation(np.flatnonzero((cases["role"] == "elsewhere").to_numpy()))
    return elsewhere[:LATE_DEATHS], elsewhere[LATE_DEATHS : LATE_DEATHS + LATE_MOVES]


def weeks_of_year(weeks: States, year: int) -> tuple[States, NDArray[np.bool_]]:
    """Give the states of a year's weeks, from 1 January's on: (n, 53); and who is here in the last: (n,)."""
    days = np.array([np.datetime64(date(year, 1, 1)), np.datetime64(date(year, 12, 31))])
    first, last = column_of_day(days)
    held = weeks[:, first : last + 1]
    here = ~np.isin(held[:, -1], (DEAD, ABROAD))
    return held, here


def monday_days(columns: Ints) -> Days:
    """Give the Mondays of weeks by their position among the DREAM columns."""
    first = np.datetime64(monday_of(FIRST_WEEK))
    mondays: Days = first + (7 * columns).astype("timedelta64[D]")
    return mondays


def _yearly(
    rng: np.random.Generator,
    numbers: pl.Series,
    year: int,
    column: str,
    values: Ints,
    here: NDArray[np.bool_],
) -> pl.DataFrame:
    """Give one year's rows of who is here, in random order."""
    rows = rng.permutation(np.flatnonzero(here))
    return pl.DataFrame(
        [
            numbers.gather(rows).alias("PNR"),
            pl.Series("AAR", np.full(rows.size, year)),
            pl.Series(column, values[rows]),
        ]
    )
