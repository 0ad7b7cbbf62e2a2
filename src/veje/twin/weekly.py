"""Weeks of the persons with a grant: the 20 quarters jittered, a plausible past, pension afterwards."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from veje.twin.grammar import pick
from veje.twin.law import (
    CASH,
    DEAD,
    DREAM_FIRST,
    DREAM_LAST,
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
    week = np.arange(WINDOW)
    quarter = np.zeros((n, WINDOW), dtype=np.int64)
    for border in range(1, QUARTERS):
        moved = border * WEEKS_PER_QUARTER + rng.integers(-JITTER, JITTER + 1, n)
        quarter += week >= moved[:, None]
    return add_noise(rng, np.take_along_axis(courses, quarter, axis=1))


def add_noise(rng: np.random.Generator, weeks: States, spells: int = 5, share: float = 0.3) -> States:
    """Lay short spells of one or two weeks over some weeks: a week without transfer, or sickness."""
    n, length = weeks.shape
    column = np.arange(length)
    for _ in range(spells):
        at = rng.integers(0, length, n)
        last = at + rng.integers(0, 2, n)
        here = weeks[np.arange(n), at]
        noise = np.where(here == WAGE, pick(rng, {SICK: 0.7, UNEMP: 0.3}, n), WAGE)
        noise = np.where(here == CASH, pick(rng, {WAGE: 0.8, SICK: 0.2}, n), noise)
        hit = rng.random(n) < share
        inside = (column >= at[:, None]) & (column <= last[:, None]) & hit[:, None]
        weeks = np.where(inside, noise[:, None].astype(np.uint8), weeks)
    return weeks


def draw_past(rng: np.random.Generator, first: States, length: int) -> States:
    """Draw the weeks before the 20 quarters, backwards from each person's first state: (n, length).

    The last column is the week before quarter 1.
    """
    # ASSUME: a state ends with chance 0.1 a quarter going back (wages 0.06), most often in work.
    n = first.size
    blocks = -(-length // WEEKS_PER_QUARTER)
    past = np.empty((n, blocks), dtype=np.uint8)
    now = first.astype(np.int64)
    for block in range(blocks - 1, -1, -1):
        leave = rng.random(n) < np.where(now == WAGE, 0.06, np.where(now == CASH, 0.06, 0.16))
        entered = pick(rng, {UNEMP: 0.55, SICK: 0.25, CASH: 0.20}, n)
        home = rng.random(n) < 0.75
        now = np.where(leave, np.where((now != WAGE) & home, WAGE, entered), now)
        # ASSUME: ledighedsydelse came in July 1998; weeks before it are sickness benefit.
        past[:, block] = np.where((now == LEDIG) & (block < blocks // 3), SICK, now)
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
    n = courses.shape[0]
    index = column_of_day(days)
    before = int(index.max()) - WINDOW
    past = draw_past(rng, courses[:, 0], before)
    course = np.concatenate([past, expand(rng, courses), courses[:, -1:]], axis=1)
    position = np.arange(N_WEEKS)[None, :] - index[:, None]
    source = np.clip(position + before + WINDOW, 0, course.shape[1] - 1)
    weeks = np.take_along_axis(course, source, axis=1)
    weeks = np.where(position > 0, PENSION, weeks)
    weeks = np.where(np.arange(N_WEEKS) >= draw_deaths(rng, index, yearly)[:, None], DEAD, weeks)
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
