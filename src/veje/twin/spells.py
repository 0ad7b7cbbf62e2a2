"""Spells of measures with dates: planted whole, before AMFORA's habits split and cut them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.twin.case_measures import give_kinds, give_numbers, lengths_of_cases, place_cases
from veje.twin.case_persons import case_rows
from veje.twin.law import AREAS, QUARTERS, WEEKS_PER_QUARTER, WINDOW, Flags, Ints, States
from veje.twin.measures import KINDS, draw_numbers
from veje.twin.placing import (
    ACTIVE_BY_FLEXJOB,
    THROUGHOUT,
    bounds,
    deal_kinds,
    draw_patterns,
    draw_starts,
    wish_flexjob,
)
from veje.weeks import EPOCH

Days = NDArray[np.datetime64]

FIRST_DAY = date(2002, 1, 1)
GAP = 14
"""Days that lie between two measures of one kind at least, so that joining never merges them."""

# ASSUME: mean weeks by kind; the study prints none. At most 26 weeks, flexjob at most 104.
WEEKS: Mapping[str, float] = {
    "guidance": 6,
    "special_projects": 12,
    "education": 14,
    "special_activation": 12,
    "intensive_job_search": 6,
    "work_placement": 9,
    "wage_subsidy": 18,
    "flexjob": 40,
    "danish_teaching": 18,
    "other": 8,
}
# The twin's example codes: FORANST has 38 values and its list is not public (data_schema/codes/measures.csv).
CODES: Mapping[str, tuple[str, ...]] = {
    "guidance": ("01", "02", "03", "04", "05"),
    "special_projects": ("06", "07", "08", "09"),
    "education": ("10", "11", "12", "13", "14", "15"),
    "special_activation": ("16", "17", "18"),
    "intensive_job_search": ("19", "20"),
    "work_placement": ("21", "22", "23", "24"),
    "wage_subsidy": ("25", "26", "27", "28", "29"),
    "flexjob": ("30", "31", "32"),
    "danish_teaching": ("33", "34"),
    "other": ("35", "36", "37", "38"),
}


def draw_codes(rng: np.random.Generator, kinds: Ints) -> NDArray[np.str_]:
    """Draw one of the kind's codes for each measure: (m,)."""
    codes = np.empty(kinds.size, dtype="<U2")
    for k, kind in enumerate(KINDS):
        here = kinds == k
        codes[here] = rng.choice(np.array(CODES[kind]), int(here.sum()))
    return codes


def draw_days(rng: np.random.Generator, kinds: Ints, longer: Flags) -> Ints:
    """Draw lengths in days: (m,), gamma by kind; `longer` for measures of a continuous course."""
    mean = np.array([WEEKS[kind] for kind in KINDS])[kinds] * np.where(longer, 1.5, 1.0)
    most = np.where(kinds == KINDS.index("flexjob"), 104, 26)
    days: Ints = np.round(np.clip(rng.gamma(2.5, mean / 2.5), 1, most) * 7).astype(np.int64)
    return np.maximum(days, 5)


def keep_apart(frame: pl.DataFrame) -> pl.DataFrame:
    """Shorten measures that would come near the next one of the same kind of the same person."""
    following = pl.col("start").shift(-1).over("person", "k", order_by="start")
    latest = (following - pl.duration(days=GAP + 1)).fill_null(date(2099, 1, 1))
    return frame.with_columns(end=pl.min_horizontal("end", latest))


def to_frame(rng: np.random.Generator, persons: Ints, kinds: Ints, start: Days, days: Ints) -> pl.DataFrame:
    """Put measures into a frame: person, k, kind, code, start, end (both days included)."""
    frame = pl.DataFrame(
        {
            "person": persons,
            "k": kinds,
            "kind": np.array(KINDS)[kinds],
            "code": draw_codes(rng, kinds),
            "start": start,
            "end": start + (days - 1).astype("timedelta64[D]"),
        }
    )
    return keep_apart(frame)


def draw_spells(
    rng: np.random.Generator, types: Ints, areas: Ints, courses: States, index: Days, exact: bool
) -> pl.DataFrame:
    """Draw the measures of n persons with a grant within the 260 weeks before the index week.

    types, areas, index: (n,); courses: (n, 20). exact: the persons are the cohort, which has the
    printed numbers and the case persons. Returns to_frame's columns and `runs_past`: the measure is
    under way at the grant, and its record holds an expected end.
    """
    cells = types * len(AREAS) + areas
    told = case_rows(types, areas) if exact else {}
    persons, kinds = draw_numbers(rng, types, areas, exact)
    persons = give_numbers(persons, cells, told)
    order = np.argsort(persons, kind="stable")
    persons, kinds = persons[order], kinds[order]
    numbers = np.bincount(persons, minlength=types.size)
    pattern = draw_patterns(rng, types, areas, numbers)
    limits, pattern = place_cases(bounds(rng, types, courses, numbers, pattern), pattern, told)
    starts = draw_starts(rng, persons, limits, pattern)
    state = courses[persons, np.minimum(starts // WEEKS_PER_QUARTER, QUARTERS - 1)].astype(np.int64)
    by_flexjob = np.isin(areas, [list(AREAS).index(area) for area in ACTIVE_BY_FLEXJOB])
    keeps = (by_flexjob & (pattern == THROUGHOUT))[persons]
    near = wish_flexjob(rng, persons, state, keeps)
    kinds = give_kinds(persons, cells[persons], deal_kinds(rng, cells[persons], kinds, starts, near), told)
    days = lengths_of_cases(persons, draw_days(rng, kinds, pattern[persons] == THROUGHOUT), told)
    return date_spells(rng, persons, kinds, starts, days, index)


def date_spells(
    rng: np.random.Generator, persons: Ints, kinds: Ints, starts: Ints, days: Ints, index: Days
) -> pl.DataFrame:
    """Give measures dates and cut them at the grant: to_frame's columns and `runs_past`.

    persons, kinds, starts, days: (m,); starts are weeks of the window; index: (n,) index dates.
    """
    monday = np.datetime64(EPOCH) + ((index - np.datetime64(EPOCH)).astype(np.int64) // 7 - WINDOW) * 7
    start = monday[persons] + starts * 7 + rng.integers(0, 5, starts.size)
    frame = to_frame(rng, persons, kinds, start, days)
    past = pl.Series(index[persons]) <= frame["end"]
    frame = frame.with_columns(grant=pl.Series(index[persons]), runs_past=past)
    cut = pl.when("runs_past").then(pl.col("grant") - pl.duration(days=1)).otherwise("end")
    placed = frame.with_columns(end=pl.max_horizontal("start", cut)).drop("grant")
    return placed.filter(pl.col("start") >= FIRST_DAY)
