"""Measures that lie outside anybody's 20 quarters: before them, and those of other citizens."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.twin.law import CASH, FLEX, LEDIG, REHAB, SICK, UNEMP, WINDOW, Flags, Ints, States
from veje.twin.measures import KINDS, kind_counts
from veje.twin.spells import FIRST_DAY, draw_days, to_frame
from veje.twin.weekly import column_of_day

Days = NDArray[np.datetime64]

SLOTS = 90
"""Starts lie on slots of 32 days from 2002 on, one measure a person and slot."""
SHARE = 0.15
SHARE_EARLIER = 0.08
CLEAR = 120
"""Days between an earlier measure and the 260 weeks, so that no choice of window takes it in."""


def draw_other_spells(rng: np.random.Generator, weeks: States) -> pl.DataFrame:
    """Draw measures of other citizens who had a benefit since 2002: to_frame's columns and `runs_past`.

    weeks: (n, N_WEEKS). Persons are positions in it.
    """
    # ASSUME: other citizens' measures are of the same kinds as those of the persons with a grant.
    since = column_of_day(np.array([FIRST_DAY], dtype="datetime64[D]"))[0]
    helped: Flags = np.isin(weeks[:, since:], (UNEMP, CASH, REHAB, LEDIG, FLEX, SICK))
    wanted = min(round(SHARE * weeks.shape[0]), int(helped.any(axis=1).sum()))
    chance = helped.sum(axis=1) / int(helped.sum())
    chosen = rng.choice(weeks.shape[0], wanted, replace=False, p=chance)
    persons: Ints = np.repeat(chosen, 1 + rng.poisson(1.2, wanted))
    pairs = np.unique(persons * SLOTS + rng.integers(0, SLOTS, persons.size))
    persons, slot = pairs // SLOTS, pairs % SLOTS
    shares = kind_counts().sum(axis=(0, 1)) / kind_counts().sum()
    kinds = rng.choice(len(KINDS), persons.size, p=shares)
    start = np.datetime64(FIRST_DAY) + (slot * 32 + rng.integers(0, 7, slot.size)).astype("timedelta64[D]")
    days = draw_days(rng, kinds, np.zeros(kinds.size, dtype=bool))
    return to_frame(rng, persons, kinds, start, days).with_columns(runs_past=pl.lit(False))


def draw_earlier_spells(rng: np.random.Generator, days: Days) -> pl.DataFrame:
    """Draw one measure of some persons with a grant, from 2002 on and over before their 20 quarters.

    days: (n,) index dates. Gives to_frame's columns and `runs_past`; persons are positions in days.
    """
    room = (days - np.timedelta64(7 * (WINDOW + 1) + CLEAR, "D") - np.datetime64(FIRST_DAY)).astype(np.int64)
    persons = np.flatnonzero((room > 30) & (rng.random(days.size) < SHARE_EARLIER))
    kinds = rng.choice(len(KINDS), persons.size, p=kind_counts().sum(axis=(0, 1)) / kind_counts().sum())
    length = np.minimum(draw_days(rng, kinds, np.zeros(kinds.size, dtype=bool)), room[persons] - 5)
    latest = room[persons] - length
    start = np.datetime64(FIRST_DAY) + np.floor(rng.random(persons.size) * latest).astype("timedelta64[D]")
    return to_frame(rng, persons, kinds, start, length).with_columns(runs_past=pl.lit(False))
