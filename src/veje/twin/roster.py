"""Everybody in the twin, in one order: persons with a grant, other citizens, parents, partners outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.case_persons import CASES, case_course, case_rows
from veje.twin.cases import draw_cases
from veje.twin.courses import draw_courses
from veje.twin.diagnoses import GROUPS, death_rates, draw_groups, draw_icd
from veje.twin.even import strata_of
from veje.twin.family import NOBODY, draw_parents, draw_partners
from veje.twin.law import AREAS, NEIGHBOURS, TYPES, Flags, Floats, Ints, States
from veje.twin.others import draw_other_weeks
from veje.twin.people import (
    births_at,
    draw_ages,
    draw_other_births,
    draw_women,
    number_people,
)
from veje.twin.population import draw_bonds
from veje.twin.seeds import stream
from veje.twin.weekly import draw_weeks

Days = NDArray[np.datetime64]

OTHERS_DAY = np.datetime64("2008-06-30")
"""Stands for the index date of other citizens, where a day is needed."""


@dataclass(frozen=True)
class Granted:
    """Persons with a grant: cases (draw_cases plus `icd`), courses (n, 20), births, sexes, weeks."""

    cases: pl.DataFrame
    courses: States
    born: Days
    women: Flags
    weeks: States


@dataclass(frozen=True)
class Core:
    """Persons of DREAM and BEF by row: first those with a grant, then other citizens.

    groups: type, len(TYPES) for other citizens; areas: position in AREAS or NOBODY; kom:
    municipality code; days: index date; weeks: (n, N_WEEKS) states.
    """

    born: Days
    women: Flags
    groups: Ints
    areas: Ints
    kom: NDArray[np.str_]
    days: Days
    weeks: States

    def ages(self) -> Floats:
        """Give ages in years at the index dates."""
        years: Floats = (self.days - self.born).astype(np.int64) / 365.25
        return years


@dataclass(frozen=True)
class Roster:
    """Everybody: the core and, in the rows after it, parents and partners from outside.

    numbers, born: of all rows; bond, partner, mother, father: of the core (rows or NOBODY).
    """

    core: Core
    granted: int
    numbers: pl.Series
    born: Days
    bond: Ints
    partner: Ints
    mother: Ints
    father: Ints

    @property
    def n(self) -> int:
        """The number of persons in the core."""
        return int(self.core.born.size)


def draw_granted(seed: int) -> Granted:
    """Draw the persons with a grant; the cohort's courses are fitted alone, the others' beside."""
    cases = draw_cases(stream(seed, "cases"))
    types, areas, days = (cases[name].to_numpy() for name in ("t", "a", "day"))
    n = int((cases["role"] == "cohort").sum())
    told = case_rows(types[:n], areas[:n])
    held = {row: case_course(name) for row, name in told.items()}
    courses = np.concatenate(
        [
            draw_courses(stream(seed, "courses"), types[:n], areas[:n], held),
            draw_courses(stream(seed, "other_courses"), types[n:], areas[n:]),
        ]
    )
    rng, strata = stream(seed, "births"), strata_of(cases)
    ages = draw_ages(rng, types, areas, courses, np.arange(types.size) < n)
    women = draw_women(rng, types, areas, strata)
    ill = stream(seed, "diagnoses")
    groups = draw_groups(ill, types, areas, strata)
    lay_cases(told, ages, women, groups)
    born = births_at(ages, days)
    weeks = draw_weeks(stream(seed, "weeks"), courses, days, born, death_rates(groups))
    named = cases.with_columns(icd=draw_icd(ill, groups), diagnosis=np.array(GROUPS)[groups])
    return Granted(named, courses, born, women, weeks)


def lay_cases(told: Mapping[int, str], ages: Floats, women: Flags, groups: Ints) -> None:
    """Give the case persons their age, sex and, where it is told, diagnosis group, in place."""
    for row, name in told.items():
        case = CASES[name]
        ages[row], women[row] = case.age, case.woman
        if case.diagnosis:
            groups[row] = GROUPS.index(case.diagnosis)


def draw_homes(rng: np.random.Generator, n: int) -> tuple[Ints, NDArray[np.str_]]:
    """Draw where other citizens live: position in AREAS (by population, table 6.6) or NOBODY, and code."""
    # ASSUME: one other citizen in ten lives in a neighbouring municipality.
    size = figures("table_6_6", "count", "base", "area")
    share = np.array([size["other_citizens", area] for area in AREAS])
    areas = rng.choice(len(AREAS), n, p=share / share.sum())
    kom = np.array(list(AREAS.values()))[areas]
    away = rng.random(n) < 0.10
    return np.where(away, NOBODY, areas), np.where(away, rng.choice(np.array(NEIGHBOURS), n), kom)


def draw_core(seed: int, granted: Granted, others: int) -> Core:
    """Draw the other citizens and put them after the persons with a grant."""
    rng = stream(seed, "others")
    born = draw_other_births(rng, others)
    women = rng.random(others) < 0.496
    areas, kom = draw_homes(rng, others)
    cases = granted.cases
    elsewhere = (cases["role"] == "elsewhere").to_numpy()
    return Core(
        born=np.concatenate([granted.born, born]),
        women=np.concatenate([granted.women, women]),
        groups=np.concatenate([cases["t"].to_numpy(), np.full(others, len(TYPES))]),
        areas=np.concatenate([np.where(elsewhere, NOBODY, cases["a"].to_numpy()), areas]),
        kom=np.concatenate([cases["kom"].to_numpy().astype(str), kom]),
        days=np.concatenate([cases["day"].to_numpy(), np.full(others, OTHERS_DAY)]),
        weeks=np.concatenate([granted.weeks, draw_other_weeks(rng, born, women)]),
    )


def draw_roster(seed: int, granted: Granted, others: int) -> Roster:
    """Draw the other citizens and everybody's relatives, and number all."""
    core = draw_core(seed, granted, others)
    mother, father, elders = draw_parents(stream(seed, "parents"), core.born)
    rng = stream(seed, "partners")
    bond = draw_bonds(rng, core.groups, core.areas, core.ages(), strata_of(granted.cases))
    first_row = core.born.size + elders.born.size
    partner, outside = draw_partners(rng, core.born, core.women, bond, core.kom, first_row)
    born = np.concatenate([core.born, elders.born, outside.born])
    women = np.concatenate([core.women, elders.women, outside.women])
    numbers = number_people(stream(seed, "numbers"), born, women)
    return Roster(core, granted.cases.height, numbers, born, bond, partner, mother, father)
