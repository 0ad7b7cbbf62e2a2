"""The persons of a national population beside the study's own: who they are, by number of the row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.twin.hashed import Lot
from veje.twin.law import AREAS, Flags, Floats, Ints
from veje.twin.numbering import Numbering, number_text
from veje.weeks import EPOCH

Days = NDArray[np.datetime64]

# The municipalities since 2007, without the study's four.
NAMED = (
    "101 147 151 153 155 157 159 161 163 165 167 169 173 175 183 185 187 190 201 210 217 219 223 230 240 250 "
    "253 259 260 265 269 270 306 316 320 326 329 330 336 340 350 360 370 376 390 400 410 420 430 440 450 461 "
    "479 480 482 492 510 530 540 550 561 563 573 575 580 607 615 621 630 665 671 706 707 710 727 730 741 746 "
    "751 756 760 766 773 779 787 810 813 820 825 840 846 849 851 860"
)
HOMES = (*AREAS.values(), *NAMED.split())
GRANTS_FROM, GRANTS_TO = np.datetime64("1998-01-01"), np.datetime64("2009-12-31")
# ASSUME: every municipality has the same number of inhabitants; each year three persons in a thousand get
# a pension, from 18.5 to 64 years old; and one in seventy dies in the years that the file holds. In the
# study's municipalities only the planted persons get a pension, so that the cohort stays as planted.
GRANTED_A_YEAR, DIES = 0.003, 1 / 70
NEVER = 32_000
"""A column beyond any file's last week (columns fit into 16 bits)."""


@dataclass(frozen=True)
class Span:
    """The weeks of a file: number of the first week, and how many."""

    first: int
    weeks: int

    def column(self, days: Days) -> Ints:
        """Give the position of each day's ISO week among the columns; may lie outside them."""
        since = (days.astype("datetime64[D]") - np.datetime64(EPOCH)).astype(np.int64)
        position: Ints = since // 7 - self.first
        return position


@dataclass(frozen=True)
class Crowd:
    """n persons: ids, PNR, births, sexes, homes, day of a grant, and columns of what ends or begins.

    home: position in HOMES, the study's four municipalities first.
    grant_day: NaT without a grant. granted, adult, retired, died: the columns of the grant, the 18th
    and 65th birthday and death, NEVER without one; -1 for a grant before the file's first week.
    died_on: the Monday of the week of death, NaT if alive.
    """

    ids: Ints
    numbers: pl.Series
    born: Days
    women: Flags
    home: Ints
    grant_day: Days
    granted: Ints
    adult: Ints
    retired: Ints
    died: Ints
    died_on: Days

    @property
    def n(self) -> int:
        """The number of persons."""
        return int(self.ids.size)

    @property
    def has_grant(self) -> Flags:
        """Tell who has a grant: (n,)."""
        has: Flags = ~np.isnat(self.grant_day)
        return has

    def kom(self) -> pl.Series:
        """Give the codes of the municipalities."""
        return texts(HOMES, self.home)

    def keep(self, kept: Flags) -> Crowd:
        """Keep some of the persons."""
        parts = {name: getattr(self, name)[kept] for name in self.__dataclass_fields__ if name != "numbers"}
        return Crowd(numbers=self.numbers.filter(pl.Series(kept)), **parts)


def texts(values: Sequence[str], positions: Ints) -> pl.Series:
    """Give texts by their positions, without the slow way over NumPy's text arrays."""
    return pl.Series(values).gather(positions)


def years_later(born: Days, years: float | Floats) -> Days:
    """Give the day on which somebody is so many years old."""
    later: Days = born + np.round(np.asarray(years) * 365.25).astype("timedelta64[D]")
    return later


def draw_crowd(lot: Lot, numbering: Numbering, span: Span, ids: Ints) -> Crowd:
    """Draw the persons with these ids."""
    born, serial = numbering.pairs(ids)
    home = lot.whole("home", ids, 0, len(HOMES))
    day = draw_grant_days(lot, ids, born, home < len(AREAS))
    has = ~np.isnat(day)
    dies = (lot.unit("dies", ids) < DIES) & ~has
    death = lot.whole("death", ids, 0, span.weeks)
    monday = np.datetime64(EPOCH) + ((span.first + death) * 7).astype("timedelta64[D]")
    return Crowd(
        ids=ids,
        numbers=number_text(born, serial),
        born=born,
        women=serial % 2 == 0,
        home=home,
        grant_day=day,
        granted=np.where(has, np.clip(span.column(day), -1, NEVER), NEVER),
        adult=np.clip(span.column(years_later(born, 18)), 0, NEVER),
        retired=np.clip(span.column(years_later(born, 65)), 0, NEVER),
        died=np.where(dies, death, NEVER),
        died_on=np.where(dies, monday, np.datetime64("NaT", "D")),
    )


def draw_grant_days(lot: Lot, ids: Ints, born: Days, never: Flags) -> Days:
    """Draw the working day of each person's grant from 1998 to 2009, NaT for most: (n,)."""
    length = int((GRANTS_TO - GRANTS_FROM).astype(np.int64))
    drawn = GRANTS_FROM + lot.whole("grant", ids, 0, length + 1).astype("timedelta64[D]")
    day = np.busday_offset(drawn, 0, roll="backward")
    old_enough = (day >= years_later(born, 18.5)) & (day <= years_later(born, 64))
    chosen = lot.unit("granted", ids) < GRANTED_A_YEAR * length / 365.25
    no_day = np.datetime64("NaT", "D")
    days: Days = np.where(chosen & old_enough & ~never & (day >= GRANTS_FROM), day, no_day)
    return days
