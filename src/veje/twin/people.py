"""Births, sexes and personal numbers.

Every number has day + 60: the Danish civil registry issues days 1 to 31 only, so no number of the
twin can belong to a living person.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.twin.law import AREAS, QUARTERS, TYPES, WAGE, Flags, Floats, Ints, States

Days = NDArray[np.datetime64]

YEAR = 365.25
LAST_DAY = np.datetime64("2009-12-31")

# ASSUME: age groups by type at the grant; section 7.2 prints single shares only (2/3 of the short-term
# type under 46, just over 80 % of commuters 36 and over, just under 70 % of wage earners over 46, ...).
AGE_FROM = np.array([18, 26, 36, 46, 56, 65])
AGE_SHARES: dict[str, tuple[float, ...]] = {
    "short_term_cash_benefit": (0.15, 0.24, 0.28, 0.23, 0.10),
    "long_term_cash_benefit": (0.09, 0.24, 0.32, 0.25, 0.10),
    "commuter": (0.04, 0.14, 0.29, 0.33, 0.20),
    "wage_earner_became_ill": (0.02, 0.09, 0.21, 0.37, 0.31),
    "flexjob_referred": (0.01, 0.09, 0.25, 0.41, 0.24),
}
# ASSUME: one shift in years a municipality brings its mean age near table 6.1.
AGE_SHIFT = {"herning": -3.8, "holstebro": 0.2, "silkeborg": 0.0, "viborg": -2.6}
# ASSUME: share of women by type and municipality from section 7.2; a single figure stands for all four.
WOMEN: dict[str, tuple[float, float, float, float]] = {
    "short_term_cash_benefit": (0.50, 0.50, 0.50, 0.50),
    "long_term_cash_benefit": (0.52, 0.46, 0.50, 0.50),
    "commuter": (0.65, 0.50, 0.65, 0.65),
    "wage_earner_became_ill": (0.56, 0.40, 0.40, 0.56),
    "flexjob_referred": (0.68, 0.62, 0.62, 0.83),
}


def draw_women(rng: np.random.Generator, types: Ints, areas: Ints) -> Flags:
    """Draw who is a woman, by type and area; (n,) each."""
    share = np.array([WOMEN[key] for key in TYPES])[types, areas]
    woman: Flags = rng.random(types.size) < share
    return woman


def draw_ages(rng: np.random.Generator, types: Ints, areas: Ints, courses: States) -> Floats:
    """Draw ages in years at the grant: (n,); nobody has had a benefit before the 18th birthday."""
    cumulated = np.array([AGE_SHARES[key] for key in TYPES]).cumsum(axis=1)[types]
    group = np.minimum((rng.random(types.size)[:, None] > cumulated).sum(axis=1), 4)
    low, high = AGE_FROM[group], AGE_FROM[group + 1]
    ages = low + rng.random(types.size) * (high - low)
    ages += np.array([AGE_SHIFT[area] for area in AREAS])[areas]
    blank = (courses != WAGE).argmax(axis=1)
    floor = 18.2 + (QUARTERS - blank) / 4
    clipped: Floats = np.clip(ages, np.maximum(floor, 18.5), 64.7)
    return clipped


def births_at(ages: Floats, days: Days) -> Days:
    """Give birth days from ages in years on given days."""
    born: Days = days - np.round(ages * YEAR).astype("timedelta64[D]")
    return born


def draw_other_births(rng: np.random.Generator, n: int) -> Days:
    """Draw birth days of persons without a grant: 18 to 69 years old at the end of 2009."""
    ages = np.where(rng.random(n) < 0.93, rng.uniform(18.5, 65, n), rng.uniform(65, 69, n))
    return births_at(ages, np.full(n, LAST_DAY))


def number_people(rng: np.random.Generator, born: Days, women: Flags) -> pl.Series:
    """Give each person a unique ten-digit number DDMMYYSSSS with day + 60, even for women.

    born: (n,) birth days of 1900 to 1999, which serial numbers below 4000 stand for.
    """
    months = born.astype("datetime64[M]")
    day = (born - months).astype(np.int64) + 61
    month = months.astype(np.int64) % 12 + 1
    year = (born.astype("datetime64[Y]").astype(np.int64) + 1970) % 100
    date_part = (day * 10_000 + month * 100 + year) * 10_000
    serial = rng.integers(0, 2000, born.size) * 2 + ~women
    while True:
        _, first = np.unique(date_part + serial, return_index=True)
        again = np.setdiff1d(np.arange(born.size), first)
        if again.size == 0:
            return pl.Series("PNR", date_part + serial).cast(pl.String)
        serial[again] = rng.integers(0, 2000, again.size) * 2 + ~women[again]
