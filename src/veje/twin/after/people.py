"""The persons of the twin after 2013: when each was granted, by which path, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput
from veje.twin.after.paths import PATHS, ROLES
from veje.twin.cases import work_days
from veje.twin.law import AREAS, NEIGHBOURS
from veje.twin.numbering import SERIALS, number_text

Days = NDArray[np.datetime64]
Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

BEFORE = 2
"""Years of decisions before the range asked for: so that before and after can be compared."""

RESTING = 0.04
"""Persons whose resting pension is taken up again, for each grant; they get no grant of their own."""


@dataclass(frozen=True)
class People:
    """Granted persons first, then those with a resting pension, then the others: arrays over all of them.

    day: of the grant or of the resumption, in the range for others too, who have no decision then.
    path: index in `PATHS`, -1 without a grant. role: of `ROLES`, or empty.
    """

    numbers: pl.Series
    granted: int
    resting: int
    day: Days
    born: Days
    women: NDArray[np.bool_]
    kom: Texts
    path: Ints
    role: Texts

    @property
    def n(self) -> int:
        """The number of persons."""
        return len(self.day)


def draw_people(rng: np.random.Generator, years: tuple[int, int], grants: int, others: int) -> People:
    """Draw the persons. Raises `BadInput` when there are more than the personal numbers hold."""
    resting = round(RESTING * grants)
    n = grants + resting + others
    if n > SERIALS:
        raise BadInput(f"twin: {n:,} persons after 2013, but there are numbers for {SERIALS:,}")
    day = work_days(rng, date(years[0] - BEFORE, 1, 1), date(years[1], 12, 31), n)
    shares = np.array([path.share for path in PATHS])
    path = np.where(np.arange(n) < grants, rng.choice(len(PATHS), n, p=shares / shares.sum()), -1)
    low, high = np.array([*(path.ages for path in PATHS), (19, 66)]).T
    age = rng.uniform(low[path], high[path])
    born = day - np.round(age * 365.25).astype("timedelta64[D]")
    women = rng.permutation(n) % 2 == 0
    codes = [*AREAS.values()] * 4 + [*NEIGHBOURS]
    kom = np.where(path >= 0, rng.choice([*AREAS.values()], n), rng.choice(codes, n))
    return People(
        numbers=number_text(born, draw_serials(rng, women)),
        granted=grants,
        resting=resting,
        day=day,
        born=born,
        women=women,
        kom=kom,
        path=path,
        role=draw_roles(rng, path, age, day),
    )


def draw_serials(rng: np.random.Generator, women: NDArray[np.bool_]) -> Ints:
    """Draw serial numbers, each once: even ones for women, odd ones for men."""
    serials = np.empty(len(women), dtype=np.int64)
    for sex, first in ((women, 0), (~women, 1)):
        serials[sex] = 2 * rng.permutation(SERIALS // 2)[: int(sex.sum())] + first
    return serials


def draw_roles(rng: np.random.Generator, path: Ints, age: NDArray[np.float64], day: Days) -> Texts:
    """Draw what is planted beside each path: at most one role a person, and only where it can be.

    A senior is 60 or more and granted in 2014 to 2019; a resource scheme too early needs a window
    that holds 2012.
    """
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    name = np.array([*(one.name for one in PATHS), ""])[path]
    can = {
        "existing_basis": np.isin(name, ("wage_earner_ill", "long_cash", "clarification")),
        "terminal": name == "wage_earner_ill",
        "senior": (age >= 60) & (year >= 2014) & (year <= 2019),
        "abroad": np.isin(name, ("wage_earner_ill", "long_cash")),
        "early_scheme": (name == "scheme_from_cash") & (year >= 2014) & (year <= 2016),
    }
    role = np.full(len(path), "", dtype="<U20")
    granted = int((path >= 0).sum())
    for one, share in ROLES.items():
        free = np.flatnonzero(can[one] & (role == "") & (path >= 0))
        role[rng.permutation(free)[: round(share * granted)]] = one
    return role
