"""Births, sexes and personal numbers.

Every number has day + 60: the Danish civil registry issues days 1 to 31 only, so no number of the
twin can belong to a living person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.even import choose, even_uniforms, rake, sizes
from veje.twin.law import AREAS, QUARTERS, TYPES, WAGE, Flags, Floats, Ints, States

Days = NDArray[np.datetime64]

YEAR = 365.25
LAST_DAY = np.datetime64("2009-12-31")
YOUNGEST, OLDEST = 18.5, 64.7
"""Ages at the grant."""

# ASSUME: age groups by type at the grant; section 7.2 prints single shares only (2/3 of the short-term
# type under 46, just over 80 % of commuters 36 and over, just under 70 % of wage earners over 46, ...).
AGE_FROM = np.array([18, 26, 36, 46, 56, 60, 65])
OVER_60 = 0.25
"""# ASSUME: the part of the oldest group that is 60 or over; by table 6.5 one person in twelve of all is."""
AGE_SHARES: dict[str, tuple[float, ...]] = {
    "short_term_cash_benefit": (0.15, 0.24, 0.28, 0.23, 0.10),
    "long_term_cash_benefit": (0.09, 0.24, 0.32, 0.25, 0.10),
    "commuter": (0.04, 0.14, 0.29, 0.33, 0.20),
    "wage_earner_became_ill": (0.02, 0.09, 0.21, 0.37, 0.31),
    "flexjob_referred": (0.02, 0.12, 0.31, 0.35, 0.20),
}
AGE_SHARES_HERE = {("flexjob_referred", 1): (0.01, 0.04, 0.14, 0.51, 0.30)}
"""Just over 80 % of this type in Holstebro are over 46."""
SPLIT = {
    "short_term_cash_benefit": 46,
    "long_term_cash_benefit": 46,
    "commuter": 36,
    "wage_earner_became_ill": 46,
    "flexjob_referred": 46,
}
"""The age at which section 7.2 prints shares of each type."""
# ASSUME: share of women by type and municipality from section 7.2; a single figure stands for all four.
WOMEN: dict[str, tuple[float, float, float, float]] = {
    "short_term_cash_benefit": (0.50, 0.50, 0.50, 0.50),
    "long_term_cash_benefit": (0.52, 0.46, 0.50, 0.50),
    "commuter": (0.65, 0.50, 0.65, 0.65),
    "wage_earner_became_ill": (0.56, 0.40, 0.40, 0.56),
    "flexjob_referred": (0.68, 0.62, 0.62, 0.83),
}


def draw_women(rng: np.random.Generator, types: Ints, areas: Ints, strata: Ints) -> Flags:
    """Draw who is a woman, by type and area, fitted to table 6.1 in each municipality; (n,) each.

    A municipality's shares by type (section 7.2) are moved together on the scale of odds. strata:
    `strata_of` the persons.
    """
    printed = figures("table_6_1", "share", "area", "key")
    share = np.array([WOMEN[key] for key in TYPES])
    size = sizes(types, areas)
    for a, area in enumerate(AREAS):
        pairs: Floats = np.stack([share[:, a], 1 - share[:, a]], axis=1) * size[:, a, None]
        part = printed[area, "women"] / 100
        rows: Floats = size[:, a].astype(np.float64)
        fitted = rake(pairs, rows, rows.sum() * np.array([part, 1 - part]))
        share[:, a] = fitted[:, 0] / np.maximum(size[:, a], 1)
    return choose(rng, share[types, areas], strata // len(TYPES), strata)


def draw_ages(rng: np.random.Generator, types: Ints, areas: Ints, courses: States, cohort: Flags) -> Floats:
    """Draw ages in years at the grant: (n,); nobody has had a benefit before the 18th birthday.

    Shares below and above an age are section 7.2's by type; one tilt a municipality within them
    brings its mean age in completed years to table 6.1. cohort: the persons that the tilt is fitted
    on; the others get the same one.
    """
    group_u, within = rng.random(types.size), rng.random(types.size)
    strata = (~cohort * len(AREAS) + areas) * len(TYPES) + types
    side = even_uniforms(rng, strata)
    blank = (courses != WAGE).argmax(axis=1)
    floor = np.maximum(18.2 + (QUARTERS - blank) / 4, YOUNGEST)
    printed = figures("table_6_1", "mean", "area", "key")
    ages = np.empty(types.size)
    for a, area in enumerate(AREAS):
        here = areas == a
        chances = AgeLaw(types[here], a, side[here], group_u[here], within[here], floor[here])
        # Half a year: table 6.1's ages are completed years.
        tilt = chances.fit(cohort[here], printed[area, "mean_age"] + 0.5)
        ages[here] = chances.ages(tilt)
    return ages


@dataclass(frozen=True)
class AgeLaw:
    """Ages of one municipality's persons for a tilt: (n,) types, three uniforms, and lowest ages.

    side: which side of the type's age SPLIT; group: which age group there; within: where in it.
    """

    types: Ints
    area: int
    side: Floats
    group: Floats
    within: Floats
    floor: Floats

    def ages(self, tilt: float) -> Floats:
        """Give ages under a density of the age groups times exp(tilt x age), on each side of SPLIT."""
        shares = np.array([age_shares(key, self.area) for key in TYPES])
        tilted = shares * np.exp(tilt * (AGE_FROM[:-1] + AGE_FROM[1:]) / 2)
        upper = AGE_FROM[:-1] >= np.array([SPLIT[key] for key in TYPES])[:, None]
        below = (shares * ~upper).sum(axis=1)[self.types]
        above = self.side >= below
        part = np.where(above[:, None], upper[self.types], ~upper[self.types]) * tilted[self.types]
        cumulated = part.cumsum(axis=1) / part.sum(axis=1, keepdims=True)
        found = np.minimum((self.group[:, None] > cumulated).sum(axis=1), len(AGE_FROM) - 2)
        low, high = AGE_FROM[found], AGE_FROM[found + 1]
        grown = np.expm1(tilt * (high - low)) * self.within
        drawn = low + (np.log1p(grown) / tilt if tilt else (high - low) * self.within)
        clipped: Floats = np.clip(drawn, self.floor, OLDEST)
        return clipped

    def fit(self, cohort: Flags, wanted: float) -> float:
        """Find the tilt that gives the cohort the wanted mean age; by bisection."""
        low, high = -0.5, 0.5
        for _ in range(50):
            tilt = (low + high) / 2
            too_low = self.ages(tilt)[cohort].mean() < wanted
            low, high = (tilt, high) if too_low else (low, tilt)
        return (low + high) / 2


def age_shares(type_key: str, area: int) -> tuple[float, ...]:
    """Give a type's shares of the age groups in a municipality."""
    *younger, oldest = AGE_SHARES_HERE.get((type_key, area), AGE_SHARES[type_key])
    return *younger, (1 - OVER_60) * oldest, OVER_60 * oldest


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
