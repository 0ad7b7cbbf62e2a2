"""DREAM's industry months: who had a wage, and who lived on no transfer without one."""

from __future__ import annotations

import numpy as np
import polars as pl

from veje.branche import FIRST_MONTH, month_column, month_of_week
from veje.twin.law import FLEX, WAGE, Flags, Ints, States
from veje.twin.weekly import FIRST_WEEK, N_WEEKS

# ASSUME: shares of industries (DB07; 999999 is unknown) and of persons without wages are the twin's own.
INDUSTRIES = ("561010", "412000", "471120", "841100", "869010", "999999")
LIVES_ON_OWN_MEANS = 0.08
"""Chance that somebody without transfer has no wage in the first month."""
STOPS, STARTS = 0.10, 0.01
"""Chance a month that somebody with own means finds work again, and that a wage earner stops."""
BESIDE = 0.05
"""Chance that a month of transfers has a wage too."""


def add_industry(rng: np.random.Generator, dream: pl.DataFrame, weeks: States) -> pl.DataFrame:
    """Add columns BRANCHE_YYYY_MM from 2008 on to the DREAM register; null where there was no wage.

    weeks: (n, N_WEEKS) states in the order of the register's rows.
    """
    present = draw_industry(rng, weeks)
    own = np.array(INDUSTRIES)[rng.integers(0, len(INDUSTRIES), len(weeks))]
    texts = pl.Series("code", own).to_frame()
    return dream.with_columns(
        texts.select(pl.when(pl.Series(has)).then("code").alias(month_column(int(month)))).to_series()
        for month, has in zip(months_of_twin(), present.T, strict=True)
    )


def months_of_twin() -> Ints:
    """Give the months from 2008 on that DREAM's weeks belong to."""
    months = np.unique(month_of_week(np.arange(FIRST_WEEK, FIRST_WEEK + N_WEEKS)))
    return months[months >= FIRST_MONTH]


def draw_industry(rng: np.random.Generator, weeks: States) -> Flags:
    """Draw who has an industry in which month: (n, M).

    Own means last for months: a chain from month to month that shows in months without transfer.
    """
    of_week = month_of_week(np.arange(FIRST_WEEK, FIRST_WEEK + N_WEEKS))
    means = rng.random(len(weeks)) < LIVES_ON_OWN_MEANS
    present = []
    for month in months_of_twin():
        works = np.isin(weeks[:, of_week == month], (WAGE, FLEX)).any(axis=1)
        beside = rng.random(len(weeks)) < BESIDE
        present.append(np.where(works, ~means, beside))
        turned = rng.random(len(weeks)) < np.where(means, STOPS, STARTS)
        means = means ^ turned
    return np.stack(present, axis=1)
