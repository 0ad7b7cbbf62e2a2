"""Every person's weeks as states, and DREAM's codes for them."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.twin.after.paths import BEGINS, NAMES, PATHS, STATES
from veje.twin.after.people import BEFORE, Days, Ints, People
from veje.weeks import EPOCH, column_of, week_of

States = NDArray[np.uint8]

REACH = 5
"""Years of weeks before the first decision."""
SPAN = 6
"""Weeks for which a person keeps one code of a state."""
EARLY_WEEKS = 8
"""Weeks of a resource scheme in 2012, which is an error in the data."""


def first_week(years: tuple[int, int]) -> int:
    """Give the number of DREAM's first week."""
    return week_of(date(years[0] - BEFORE - REACH - 1, 1, 1)) + 1


def last_week(years: tuple[int, int]) -> int:
    """Give the number of DREAM's last week."""
    return week_of(date(years[1], 12, 31))


def week_at(day: Days, first: int) -> Ints:
    """Give the column of the week that holds each day."""
    found: Ints = (day - np.datetime64(EPOCH)).astype(np.int64) // 7 - first
    return found


def code_of(state: str) -> int:
    """Give a state's position."""
    return NAMES.index(state)


def draw_weeks(rng: np.random.Generator, people: People, years: tuple[int, int]) -> States:
    """Draw everybody's states: (n, W), positions in `NAMES`."""
    first, width = first_week(years), last_week(years) - first_week(years) + 1
    weeks = draw_work(rng, people.n, width)
    at = week_at(people.day, first)
    for person in range(people.granted):
        place_path(rng, weeks[person], int(at[person]), int(people.path[person]))
    for person in range(people.granted, people.granted + people.resting):
        place_resting(rng, weeks[person], int(at[person]))
    for person in range(people.granted + people.resting, people.n):
        place_other(rng, weeks[person])
    children = np.arange(width)[None, :] < week_at(people.born, first)[:, None] + 18 * 52
    weeks[children] = code_of("wage")
    keep_to_law(weeks, first)
    place_roles(rng, weeks, people, at, first)
    return weeks


def draw_work(rng: np.random.Generator, n: int, width: int) -> States:
    """Draw work with spells of unemployment."""
    weeks = np.full((n, width), code_of("wage"), dtype=np.uint8)
    for person in range(n):
        for _ in range(rng.poisson(1.2)):
            start, length = int(rng.integers(0, width)), int(rng.integers(6, 52))
            weeks[person, start : start + length] = code_of("unemployment")
    return weeks


def place_path(rng: np.random.Generator, row: States, at: int, path: int) -> None:
    """Write a path's phases back from the week of the grant, and the pension after it."""
    end = at
    for state, low, high in PATHS[path].phases:
        begin = max(end - int(rng.integers(low, high + 1)), 0)
        row[begin:end] = code_of(state)
        end = begin
    row[at:] = code_of("pension")


def place_resting(rng: np.random.Generator, row: States, at: int) -> None:
    """Write a pension, work while it rests, and the pension taken up again."""
    rests = max(at - int(rng.integers(40, 200)), 0)
    row[:rests] = code_of("pension")
    row[rests:at] = code_of("wage")
    row[at:] = code_of("pension")


def place_other(rng: np.random.Generator, row: States) -> None:
    """Write a few spells of benefits of somebody without a pension."""
    for state in ("sickness", "cash", "parental", "student", "integration", "flexjob", "scheme"):
        if rng.random() < 0.25:
            start, length = int(rng.integers(0, len(row))), int(rng.integers(10, 120))
            row[start : start + length] = code_of(state)


def keep_to_law(weeks: States, first: int) -> None:
    """Give who would have a state before it came what there was in its place."""
    for state, (day, instead) in BEGINS.items():
        early = weeks[:, : max(week_of(day) - first + 1, 0)]
        early[early == code_of(state)] = code_of(instead)


def place_roles(rng: np.random.Generator, weeks: States, people: People, at: Ints, first: int) -> None:
    """Write the weeks abroad, and those of a resource scheme in 2012."""
    for person in np.flatnonzero(people.role == "abroad"):
        weeks[person, max(at[person] - int(rng.integers(30, 200)), 0) :] = code_of("abroad")
    for person in np.flatnonzero(people.role == "early_scheme"):
        start = week_of(date(2012, 6, 1)) - first + int(rng.integers(0, 12))
        weeks[person, max(start, 0) : max(start + EARLY_WEEKS, 0)] = code_of("scheme")


def dream_frame(rng: np.random.Generator, numbers: pl.Series, weeks: States, first: int) -> pl.DataFrame:
    """Give the DREAM register: PNR and one text column a week, blank weeks null."""
    codes = [None, *sorted({code for own in STATES.values() for code in own if code})]
    table = np.zeros((len(NAMES), 256), dtype=np.uint8)
    for state, own in enumerate(STATES.values()):
        share = np.array(list(own.values()), dtype=float).cumsum()
        chosen = np.searchsorted(share / share[-1] * 256, np.arange(256), side="right")
        position = np.array([codes.index(code or None) for code in own])
        table[state] = position[np.minimum(chosen, position.size - 1)]
    width = weeks.shape[1]
    byte = rng.integers(0, 256, (len(weeks), -(-width // SPAN)), dtype=np.uint8)
    coded = np.ascontiguousarray(table[weeks, np.repeat(byte, SPAN, axis=1)[:, :width]].T)
    texts = pl.Series(codes, dtype=pl.String)
    columns = [texts.gather(coded[at]).alias(column_of(first + at)) for at in range(width)]
    return pl.DataFrame([numbers, *columns])
