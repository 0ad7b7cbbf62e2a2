"""DREAM's industry months: a blank week with an industry is employed, one without is self-supporting.

A *month number* counts months from January 1970, which is 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput, shown
from veje.lists import Alphabet

SELF_SUPPORTING = "self_supporting"
"""The state of a blank week without an industry."""

FIRST_MONTH = (2008 - 1970) * 12
"""Industries are known from January 2008 on; before, blank weeks cannot be separated."""

_COLUMN = re.compile(r"^branche_(\d{4})_(\d{2})$", re.IGNORECASE)
_THURSDAY = np.datetime64("1970-01-08")

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
States = NDArray[np.uint8]


@dataclass(frozen=True)
class Industry:
    """Who had an industry in which month: months (M,) ascending month numbers, present (n, M)."""

    months: Ints
    present: Bools


@dataclass(frozen=True)
class Split:
    """States (n, W) after the split, and the number of blank weeks of each kind."""

    states: States
    employed: int
    self_supporting: int
    not_separable: int


def month_columns(names: Iterable[str]) -> dict[str, int]:
    """Give the columns BRANCHE_YYYY_MM with their month numbers, oldest first, in any case.

    Raises `BadInput` for a month that is none, or that two columns have.
    """
    found: dict[str, int] = {}
    for name in names:
        match = _COLUMN.match(name)
        if match is None:
            continue
        year, month = int(match[1]), int(match[2])
        if not 1 <= month <= 12:
            raise BadInput(f"dream: column '{shown(name)}': {match[2]} is no month")
        found[name] = (year - 1970) * 12 + month - 1
    if len(set(found.values())) < len(found):
        raise BadInput(f"dream: {len(found) - len(set(found.values()))} BRANCHE months stand twice")
    return dict(sorted(found.items(), key=lambda item: item[1]))


def month_of_week(week: int | Ints) -> Ints:
    """Give the month number of a week's Thursday; takes one week number or an array of them."""
    days = _THURSDAY + 7 * np.asarray(week, dtype=np.int64).astype("timedelta64[D]")
    months: Ints = days.astype("datetime64[M]").astype(np.int64)
    return months


def read_industry(frame: pl.DataFrame) -> Industry:
    """Read the industry months of a frame of text cells, in the order of its rows.

    # ASSUME: an empty cell, ".", "NaN" or zeros is no industry; every other value is one, also
    # "unknown activity" (999999), since somebody paid a wage.
    """
    columns = month_columns(frame.columns)
    none = pl.col(list(columns)).fill_null("").str.strip_chars().str.to_lowercase()
    present = frame.select(~none.str.contains(r"^(\.|nan|0*(\.0*)?)$")) if columns else pl.DataFrame()
    shape = (frame.height, len(columns))
    return Industry(
        np.fromiter(columns.values(), dtype=np.int64),
        present.to_numpy().reshape(shape) if columns else np.zeros(shape, dtype=bool),
    )


def self_supporting(alphabet: Alphabet) -> int:
    """Give the code of the state that blank weeks without an industry get."""
    if SELF_SUPPORTING not in alphabet.states:
        raise BadInput(
            f"sequences.split_blank: the alphabet has no state '{SELF_SUPPORTING}' for blank weeks without "
            "an industry; add it, or leave blank weeks as the study reads them"
        )
    return alphabet.code(SELF_SUPPORTING)


def split_blank(states: States, blank: Bools, first: int | Ints, industry: Industry, to: int) -> Split:
    """Give blank weeks without an industry the state `to`; those with one keep the list's state of blank.

    states: (n, W) state codes. blank: (n, W) weeks whose code is blank. first: the week number of
    column 0, one for all or (n,). industry: of the same persons in the same order. Weeks before
    2008 and weeks whose month was not delivered cannot be separated: they stay and are counted.
    """
    if states.shape != blank.shape or len(industry.present) != len(states):
        raise ValueError(f"states {states.shape}, blank {blank.shape}, industry {industry.present.shape}")
    result = states.copy()
    begin = np.broadcast_to(np.asarray(first, dtype=np.int64), (len(states),))
    place = _places(industry.months)
    employed = separable = 0
    for column in range(states.shape[1]):
        own = np.flatnonzero(blank[:, column])
        at = _at(place, month_of_week(begin[own] + column))
        own, at = own[at >= 0], at[at >= 0]
        has = industry.present[own, at]
        result[own[~has], column] = to
        employed += int(has.sum())
        separable += len(own)
    return Split(result, employed, separable - employed, int(blank.sum()) - separable)


def _places(months: Ints) -> Ints:
    """Give each month's place among the delivered ones, from `FIRST_MONTH` on; -1 where there is none."""
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
