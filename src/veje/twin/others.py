"""Weeks of the persons without a grant: mostly blank, with spells of benefit, some abroad or dead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from veje.twin.grammar import Weights, pick
from veje.twin.law import (
    ABROAD,
    CASH,
    DEAD,
    EARLY,
    FLEX,
    LEDIG,
    OLD_AGE,
    PARENTAL,
    REHAB,
    SICK,
    STUDENT,
    UNEMP,
    WAGE,
    Flags,
    Floats,
    Ints,
    States,
)
from veje.twin.weekly import N_WEEKS, column_of_day

Days = NDArray[np.datetime64]

BLOCK = 4
"""Weeks of one step of the chain."""


class Life(NamedTuple):
    """How a group lives: chance a step to leave work, where to, and chance to leave a benefit."""

    share: float
    falls: float
    entered: Weights
    rises: float


# ASSUME: four ways of life; the study describes other citizens by background only.
LIVES: Mapping[str, Life] = {
    "steady": Life(0.72, 0.003, {SICK: 0.6, UNEMP: 0.4}, 0.45),
    "seasonal": Life(0.16, 0.025, {UNEMP: 0.75, SICK: 0.25}, 0.22),
    "marginal": Life(0.09, 0.030, {CASH: 0.6, UNEMP: 0.2, SICK: 0.12, REHAB: 0.08}, 0.06),
    "flexible": Life(0.03, 0.030, {FLEX: 0.55, LEDIG: 0.15, SICK: 0.3}, 0.04),
}


def live(rng: np.random.Generator, n: int) -> States:
    """Draw (n, N_WEEKS) weeks of a chain in steps of four weeks, each person's steps shifted."""
    lives = list(LIVES.values())
    group = rng.choice(len(lives), n, p=[life.share for life in lives])
    falls = np.array([life.falls for life in lives])[group]
    rises = np.array([life.rises for life in lives])[group]
    steps = N_WEEKS // BLOCK + 2
    chain = np.empty((n, steps), dtype=np.uint8)
    now = np.full(n, WAGE)
    for step in range(steps):
        moves = rng.random(n) < np.where(now == WAGE, falls, rises)
        back = moves & (now != WAGE) & (rng.random(n) < 0.8)
        for g, life in enumerate(lives):
            fall = np.flatnonzero(moves & ~back & (group == g))
            now[fall] = pick(rng, life.entered, fall.size)
        now[back] = WAGE
        chain[:, step] = now
    shift = rng.integers(0, BLOCK, n)[:, None]
    weeks: States = np.take_along_axis(chain, (np.arange(N_WEEKS) + shift) // BLOCK, axis=1)
    return weeks


def lay_over(weeks: States, first: Ints, length: Ints | int, state: int, when: Flags) -> None:
    """Overwrite, in place, weeks first .. first + length - 1 of the persons where `when` holds."""
    rows = np.flatnonzero(when)
    column = np.arange(N_WEEKS)
    start = first[rows, None]
    end = start + np.broadcast_to(np.asarray(length), first.shape)[rows, None]
    part = weeks[rows]
    part[(column >= start) & (column < end)] = state
    weeks[rows] = part


def column_of_age(born: Days, age: Floats | float) -> Ints:
    """Give the column of the week in which each person reaches an age in years."""
    days = np.round(np.broadcast_to(np.asarray(age, dtype=float), born.shape) * 365.25)
    return column_of_day(born + days.astype("timedelta64[D]"))


def draw_other_weeks(rng: np.random.Generator, born: Days, women: Flags) -> States:
    """Draw the weeks of n persons without a grant: (n, N_WEEKS) states from the first DREAM column on."""
    n = born.size
    weeks = live(rng, n)
    # ASSUME: shares of students, mothers, early retired, emigrants and dead are plausible only.
    lay_over(weeks, column_of_age(born, rng.uniform(18.5, 22, n)), 150, STUDENT, rng.random(n) < 0.45)
    for _ in range(2):
        birth = column_of_age(born, rng.normal(30, 4.5, n))
        lay_over(weeks, birth, rng.integers(40, 52, n), PARENTAL, women & (rng.random(n) < 0.7))
    lay_over(weeks, column_of_age(born, rng.uniform(60, 62.5, n)), 400, EARLY, rng.random(n) < 0.5)
    lay_over(weeks, column_of_age(born, 65.0), N_WEEKS, OLD_AGE, np.ones(n, dtype=bool))
    stay = rng.integers(26, 300, n)
    lay_over(weeks, rng.integers(0, N_WEEKS, n), stay, ABROAD, rng.random(n) < 0.04)
    dies = rng.random(n) < 0.012
    lay_over(weeks, rng.integers(N_WEEKS // 2, N_WEEKS, n), N_WEEKS, DEAD, dies)
    child = column_of_age(born, 18.0)
    lay_over(weeks, np.zeros(n, dtype=np.int64), np.maximum(child, 0), WAGE, child > 0)
    return weeks
