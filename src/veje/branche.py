"""DREAM's industry months: a blank week with an industry is employed, one without is self-supporting.

A *month number* counts months from January 1970, which is 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput, near
from veje.lists import MISSING, Alphabet

FIRST_MONTH = (2008 - 1970) * 12
"""Industries are known from January 2008 on; before, blank weeks cannot be separated."""

_COLUMN = re.compile(r"^branche_(\d{4})_(\d{2})$", re.IGNORECASE)
_THURSDAY = np.datetime64("1970-01-08")

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
States = NDArray[np.uint8]


class Kind(IntEnum):
    """What a blank week's month says of an industry; `NONE` for a week that is not split."""

    NONE = 0
    PRESENT = 1
    ABSENT = 2
    UNKNOWN = 3

    @property
    def told(self) -> str | None:
        """The word for it in table `week_codes`."""
        return self.name.lower() if self else None


@dataclass(frozen=True)
class Industry:
    """Who had an industry in which month: months (M,) ascending month numbers, present (n, M)."""

    months: Ints
    present: Bools


@dataclass(frozen=True)
class Split:
    """States (n, W) after the split, and what each week's month said: kinds (n, W), values of `Kind`."""

    states: States
    kinds: States


def is_month_column(name: str) -> bool:
    """Tell whether a column name has the form `BRANCHE_YYYY_MM`, in any case."""
    return _COLUMN.match(name) is not None


def month_column(month: int) -> str:
    """Give the DREAM column `BRANCHE_YYYY_MM` of a month number."""
    return f"BRANCHE_{1970 + month // 12}_{month % 12 + 1:02d}"


def month_of_week(week: int | Ints) -> Ints:
    """Give the month number of a week's Thursday; takes one week number or an array of them.

    # ASSUME: a week belongs to the month of its Thursday, as an ISO week belongs to its Thursday's
    year: most of its days lie in that month.
    """
    days = _THURSDAY + 7 * np.asarray(week, dtype=np.int64).astype("timedelta64[D]")
    months: Ints = days.astype("datetime64[M]").astype(np.int64)
    return months


def needed_months(first: int, last: int) -> Ints:
    """Give the months from 2008 on that the weeks first .. last - 1 belong to, ascending."""
    months = np.unique(month_of_week(np.arange(first, last, dtype=np.int64)))
    return months[months >= FIRST_MONTH]


def check_months(names: Iterable[str], months: Ints, file: str) -> None:
    """Raise `BadInput` for a file without any month column, or without one of the months needed."""
    given = {name.upper() for name in names if is_month_column(name)}
    if not given:
        raise BadInput(f"{file}: no column BRANCHE_YYYY_MM, which sequences.blank: by_industry needs")
    wanted = [month_column(int(month)) for month in months]
    absent = [name for name in wanted if name not in given]
    if absent:
        raise BadInput(
            f"{file}: month column {absent[0]} is missing ({len(absent)} such places); "
            f"sequences.blank: by_industry needs {wanted[0]} to {wanted[-1]}"
        )


def has_industry(months: pl.DataFrame) -> pl.DataFrame:
    """Tell of each cell of text whether it is an industry.

    # ASSUME: an empty cell, ".", "NaN" or zeros is no industry; every other value is one, also
    "unknown activity" (999999), since somebody paid a wage.
    """
    if not months.width:
        return months
    # One long column, and each different cell looked at once: a file has some hundred industries.
    cells = pl.concat(months.get_columns()).fill_null("")
    tidy = (
        cells.unique().to_frame("cell").with_columns(tidy=pl.col("cell").str.strip_chars().str.to_lowercase())
    )
    none = tidy.filter(pl.col("tidy").str.contains(r"^(\.|nan|0*(\.0*)?)$")).get_column("cell")
    present, height = ~cells.is_in(none.to_list()), months.height
    parts = {name: present.slice(at * height, height) for at, name in enumerate(months.columns)}
    return pl.DataFrame(parts)


def check_self_supporting(alphabet: Alphabet, state: str, name: str) -> None:
    """Raise `BadInput` when the alphabet lacks the state that blank weeks without an industry get.

    state: the config's. name: the alphabet's.
    """
    if state not in alphabet.states or state == MISSING:
        known = [one for one in alphabet.states if one != MISSING]
        raise BadInput(
            f"config: sequences.self_supporting: alphabet {name} has no state '{state}' for blank weeks "
            f"without an industry: {near(state, known)}"
        )


def split_blank(states: States, blank: Bools, first: int | Ints, industry: Industry, to: int) -> Split:
    """Give blank weeks without an industry the state `to`; those with one keep the list's state of blank.

    states: (n, W) state codes. blank: (n, W) weeks whose code is blank. first: the week number of
    column 0, one for all or (n,). industry: of the same persons in the same order. Weeks before
    2008 and weeks whose month was not read cannot be separated: they stay, of kind `UNKNOWN`.
    """
    if states.shape != blank.shape or len(industry.present) != len(states):
        raise ValueError(f"states {states.shape}, blank {blank.shape}, industry {industry.present.shape}")
    kinds = np.where(blank, np.uint8(Kind.UNKNOWN), np.uint8(Kind.NONE))
    begin = np.broadcast_to(np.asarray(first, dtype=np.int64), (len(states),))
    place = _places(industry.months)
    for column in range(states.shape[1]):
        own = np.flatnonzero(blank[:, column])
        at = _at(place, month_of_week(begin[own] + column))
        own, at = own[at >= 0], at[at >= 0]
        kinds[own, column] = np.where(industry.present[own, at], Kind.PRESENT, Kind.ABSENT)
    return Split(np.where(kinds == Kind.ABSENT, np.uint8(to), states), kinds)


def _places(months: Ints) -> Ints:
    """Give each month's place among those read, from `FIRST_MONTH` on; -1 where there is none."""
    last = int(months.max(initial=FIRST_MONTH - 1))
    place = np.full(last + 1 - FIRST_MONTH, -1, dtype=np.int64)
    known = months >= FIRST_MONTH
    place[months[known] - FIRST_MONTH] = np.flatnonzero(known)
    return place


def _at(place: Ints, months: Ints) -> Ints:
    inside = (months >= FIRST_MONTH) & (months < FIRST_MONTH + len(place))
    at = np.full(months.shape, -1, dtype=np.int64)
    at[inside] = place[months[inside] - FIRST_MONTH]
    return at
