"""Income, unemployment, deaths and migration: what the planted weeks would leave in other registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.law import (
    ABROAD,
    AREAS,
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
PART = 0.65
"""# ASSUME: a week of unemployment benefit is two thirds of a week without work: some is paid beside work.

How many weeks of cash benefit are of persons ready for a job, which the degree counts, is fitted.
"""
WORKING_AGE = (18, 65)
LATE_DEATHS, LATE_MOVES = 12, 12
"""Persons of other municipalities granted a pension after their death, and while they lived abroad."""


@dataclass(frozen=True)
class Told:
    """Whose means table 6.3 prints: (n,) group (position in AREAS, or len(AREAS) for the other
    population), the year that is looked at, and who is counted in the mean."""

    group: Ints
    year: Ints
    counted: NDArray[np.bool_]

    def means(self, weeks: States, values: Mapping[int, Floats]) -> Floats:
        """Give each group's mean of the values in the year looked at, of who lived here at its end."""
        total, number = (np.zeros(len(AREAS) + 1) for _ in range(2))
        for year, amounts in values.items():
            here = weeks_of_year(weeks, year)[1] & self.counted & (self.year == year)
            np.add.at(total, self.group[here], amounts[here])
            np.add.at(number, self.group[here], 1)
        means: Floats = total / np.maximum(number, 1)
        return means


def told_by_table(cases: pl.DataFrame, born: Days, days: Days) -> Told:
    """Say whose means table 6.3 prints: the cohort by municipality, and others of working age.

    cases: of the persons with a grant, who come first; born, days: births and index dates of all.
    Who was granted a pension before or after the window is one of the others.
    """
    role = np.concatenate([cases["role"].to_numpy(), np.full(days.size - cases.height, "other")])
    place = np.concatenate([cases["a"].to_numpy(), np.full(days.size - cases.height, len(AREAS))])
    inside = np.isin(role, ("cohort", "elsewhere"))
    seen = np.where(inside, days, days[-1])
    age = (seen - born).astype(np.int64) / 365.25
    aged = (age >= WORKING_AGE[0]) & (age < WORKING_AGE[1])
    return Told(
        group=np.where(inside, place, len(AREAS)),
        year=seen.astype("datetime64[Y]").astype(np.int64) + 1970 - 1,
        counted=(role == "cohort") | (~inside & aged),
    )


def deliver_income(
    rng: np.random.Generator, numbers: pl.Series, weeks: States, told: Told
) -> dict[str, pl.DataFrame]:
    """Give IND2006 to IND2008: PNR, AAR, PERINDKIALT_13 (whole kroner) of who lives here at New Year.

    One factor a group brings the mean of the year before the index date to table 6.3.
    """
    rates = np.full(256, BENEFIT, dtype=np.float64)
    rates[list(WEEKLY)] = list(WEEKLY.values())
    rates[[DEAD, ABROAD]] = 0.0
    own = np.exp(rng.normal(0.0, SPREAD, len(weeks)))
    amounts = {year: rates[weeks_of_year(weeks, year)[0]].sum(axis=1) * own for year in YEARS}
    factor = printed_means("gross_income") / told.means(weeks, amounts)
    return {
        f"IND{year}": _yearly(
            rng,
            numbers,
            year,
            "PERINDKIALT_13",
            np.round(amounts[year] * factor[told.group]).astype(np.int64),
            weeks_of_year(weeks, year)[1],
        )
        for year in YEARS
    }


def deliver_unemployment(
    rng: np.random.Generator, numbers: pl.Series, weeks: States, told: Told
) -> dict[str, pl.DataFrame]:
    """Give IDAP2006 to IDAP2008: PNR, AAR, ARLEDGR (per mille of the year).

    A week of unemployment benefit counts PART, one of cash benefit as much as brings each group's
    mean of the year before the index date to table 6.3.
    """
    held = {year: weeks_of_year(weeks, year)[0] for year in YEARS}
    insured = {year: 1000 * PART * (held[year] == UNEMP).mean(axis=1) for year in YEARS}
    poor = {year: 1000 * (held[year] == CASH).mean(axis=1) for year in YEARS}
    wanted = 10 * printed_means("unemployment_degree")
    base, more = told.means(weeks, insured), told.means(weeks, poor)
    ready = np.clip((wanted - base) / more, 0, 1)
    factor = wanted / (base + ready * more)
    return {
        f"IDAP{year}": _yearly(
            rng,
            numbers,
            year,
            "ARLEDGR",
            np.minimum(
                np.round(factor[told.group] * (insured[year] + ready[told.group] * poor[year])), 1000
            ).astype(np.int64),
            weeks_of_year(weeks, year)[1],
        )
        for year in YEARS
    }


def printed_means(key: str) -> Floats:
    """Give table 6.3's means of the four municipalities and of the other population."""
    printed = figures("table_6_3", "mean", "area", "key")
    return np.array([printed[area, key] for area in (*AREAS, "other_population")])


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
