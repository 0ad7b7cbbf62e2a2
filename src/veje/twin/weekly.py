"""Weeks of the persons with a grant: the 20 quarters jittered, a plausible past, pension afterwards."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from veje.twin.grammar import pick
from veje.twin.law import (
    ABROAD,
    CASH,
    DEAD,
    DREAM_FIRST,
    DREAM_LAST,
    FLEX,
    INTRO,
    LEDIG,
    PENSION,
    QUARTERS,
    SICK,
    STATES,
    UNEMP,
    WAGE,
    WEEKS_PER_QUARTER,
    WINDOW,
    Floats,
    Ints,
    States,
)
from veje.weeks import EPOCH, week_of

Days = NDArray[np.datetime64]

FIRST_WEEK = week_of(date.fromisocalendar(*DREAM_FIRST, 1))
N_WEEKS = week_of(date.fromisocalendar(*DREAM_LAST, 1)) - FIRST_WEEK + 1
JITTER = 3
"""Weeks by which the border of two spells moves at most."""
# ASSUME: chance a quarter, going back in time, that a state was another one before: by state, 0..11.
# Who is on introduction benefit came from abroad and stays there, going back.
ENDS = (0.06, 0.16, 0.16, 0.06, 0.16, 0.16, 0.30, 0.16, 0.16, 0.0, 0.0, 0.0)
# ASSUME: weeks before a benefit existed are read as what a person would have had instead.
SINCE = ((LEDIG, date(1998, 7, 1), SICK), (FLEX, date(1998, 7, 1), WAGE), (INTRO, date(1999, 1, 1), CASH))


def column_of_day(days: Days) -> Ints:
    """Give the position of each day's ISO week among the DREAM columns; may lie outside them."""
    since = (days.astype("datetime64[D]") - np.datetime64(EPOCH)).astype(np.int64)
    position: Ints = since // 7 - FIRST_WEEK
    return position


def expand(rng: np.random.Generator, courses: States) -> States:
    """Expand (n, 20) quarters to (n, 260) weeks: borders move by some weeks, short noise is laid in.

    The quarter's majority stays with few exceptions.
    """
    n = courses.shape[0]
    week = np.arange(WINDOW)[None, :]
    quarter = np.zeros((n, WINDOW), dtype=np.int64)
    for border in range(1, QUARTERS):
        moved = border * WEEKS_PER_QUARTER + rng.integers(-JITTER, JITTER + 1, (n, 1))
        quarter += (week >= moved).astype(np.int64)
    return add_noise(rng, np.take_along_axis(courses, quarter, axis=1))


def add_noise(rng: np.random.Generator, weeks: States, spells: int = 5, share: float = 0.3) -> States:
    """Lay short spells of one or two weeks over some weeks: a week without transfer, or sickness."""
    n, length = len(weeks), int(weeks.shape[1])
    column = np.arange(length)[None, :]
    for _ in range(spells):
        at = rng.integers(0, length, n)
        last = at + rng.integers(0, 2, n)
        here = weeks[np.arange(n), at]
        noise = np.where(here == WAGE, pick(rng, {SICK: 0.7, UNEMP: 0.3}, n), WAGE)
        noise = np.where(here == CASH, pick(rng, {WAGE: 0.8, SICK: 0.2}, n), noise)
        hit = rng.random(n) < share
        after = column >= at[:, None]
        inside = after & (column <= last[:, None]) & hit[:, None]
        weeks = np.where(inside, noise[:, None].astype(np.uint8), weeks)
    return weeks


def draw_past(rng: np.random.Generator, first: States, length: int) -> States:
    """Draw the weeks before the 20 quarters, backwards from each person's first state: (n, length).

    The last column is the week before quarter 1.
    """
    n = first.size
    blocks = -(-length // WEEKS_PER_QUARTER)
    past = np.empty((n, blocks), dtype=np.uint8)
    now = first.astype(np.int64)
    for block in range(blocks - 1, -1, -1):
        leave = rng.random(n) < np.array(ENDS)[now]
        entered = pick(rng, {UNEMP: 0.55, SICK: 0.25, CASH: 0.20}, n)
        home = (now != WAGE) & (rng.random(n) < 0.75)
        earlier = np.where(now == INTRO, ABROAD, np.where(home, WAGE, entered))
        now = np.where(leave, earlier, now)
        past[:, block] = now
    weeks: States = np.repeat(past, WEEKS_PER_QUARTER, axis=1)[:, -length:]
    return add_noise(rng, weeks, spells=4)


def draw_deaths(rng: np.random.Generator, index: Ints, yearly: Floats) -> Ints:
    """Draw the column of each person's death after the grant: (n,), beyond the last column if alive."""
    waited = rng.exponential(1, index.size) / np.maximum(yearly, 1e-6) * 52
    died: Ints = index + 2 + np.minimum(waited, 10_000).astype(np.int64)
    return died


def draw_weeks(rng: np.random.Generator, courses: States, days: Days, born: Days, yearly: Floats) -> States:
    """Draw the weeks of n persons with a grant: (n, N_WEEKS) states from the first DREAM column on.

    The index week holds the last state; the week after it and all later ones are pension, then death.
    Weeks before the 18th birthday are blank. yearly: (n,) death rates.
    """
    index = column_of_day(days)
    before = int(index.max()) - WINDOW
    past = draw_past(rng, courses[:, 0], before)
    course = np.concatenate([past, expand(rng, courses), courses[:, -1:]], axis=1)
    position = np.arange(N_WEEKS)[None, :] - index[:, None]
    source = np.clip(position + before + WINDOW, 0, course.shape[1] - 1)
    weeks = np.take_along_axis(course, source, axis=1)
    weeks = np.where(position > 0, PENSION, weeks)
    weeks = np.where(np.arange(N_WEEKS) >= draw_deaths(rng, index, yearly)[:, None], DEAD, weeks)
    for state, day, instead in SINCE:
        until = column_of_day(np.array([day], dtype="datetime64[D]"))[0]
        weeks[:, :until] = np.where(weeks[:, :until] == state, instead, weeks[:, :until])
    adult = column_of_day(born + np.timedelta64(int(18 * 365.25), "D"))
    drawn: States = np.where(np.arange(N_WEEKS) < adult[:, None], WAGE, weeks).astype(np.uint8)
    return drawn


def quarters_of(weeks: States, days: Days) -> States:
    """Give the planted majority state of each quarter before the grant: (n, 20); ties to the lower state."""
    at = column_of_day(days)[:, None] - WINDOW + np.arange(WINDOW)
    window = np.take_along_axis(weeks, at, axis=1).reshape(len(days), QUARTERS, WEEKS_PER_QUARTER)
    counts = np.stack([(window == state).sum(axis=2) for state in range(len(STATES))])
    majority: States = counts.argmax(axis=0).astype(np.uint8)
    return majority
