"""The regimes of the law: which one a grant falls in, and which windows straddle a reform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from veje.errors import BadInput, near
from veje.weeks import monday_of

OUTSIDE = "outside"
"""The regime of a grant that no regime's dates hold."""

COLUMNS = ("regime", "from", "to", "scheme_years", "reform", "source", "certainty")


@dataclass(frozen=True)
class Regime:
    """A set of rules and the days of decision on which it holds, both included.

    start: None for the first one. scheme_years: the longest resource scheme granted, None where
    there is none. reform: its start changed what a week can be, so that windows across it are marked.
    """

    name: str
    start: date | None
    end: date
    scheme_years: int | None
    reform: bool = False


def read_regimes(table: pl.DataFrame, name: str) -> list[Regime]:
    """Read the list of regimes, oldest first.

    table: a row a regime, as text. Raises `BadInput` in one line for a missing column, for a regime
    without dates (only the first may begin without one), for what is no date, and for regimes that
    overlap.
    """
    for column in COLUMNS:
        if column not in table.columns:
            raise BadInput(f"list {name}: no column '{column}': {near(column, table.columns)}")
    regimes = [_regime(row, line, name) for line, row in enumerate(table.to_dicts(), start=2)]
    if len({one.name for one in regimes}) < len(regimes):
        raise BadInput(f"list {name}: a regime stands twice")
    for before, after in pairwise(regimes):
        if after.start is None or after.start <= before.end:
            raise BadInput(f"list {name}: regime {after.name} begins before {before.name} ends")
    return regimes


def regimes_between(regimes: Sequence[Regime], first: date, last: date) -> list[str]:
    """Name the regimes that hold on some day from first to last, oldest first."""
    return [one.name for one in regimes if (one.start is None or one.start <= last) and one.end >= first]


def uncovered(regimes: Sequence[Regime], first: date, last: date) -> bool:
    """Tell whether some day from first to last lies in no regime."""
    day = first
    for one in regimes:
        if (one.start is None or one.start <= day) and one.end >= day:
            day = one.end + timedelta(days=1)
    return day <= last


def regime_at(day: str, regimes: Sequence[Regime]) -> pl.Expr:
    """Give the regime that holds on a column's day; `outside` where none does."""
    found = pl.lit(OUTSIDE)
    for one in regimes:
        held = pl.col(day) <= one.end
        held = held if one.start is None else held & (pl.col(day) >= one.start)
        found = pl.when(held).then(pl.lit(one.name)).otherwise(found)
    return found


def straddling(index_dates: pl.Series, first_weeks: Sequence[int], regimes: Sequence[Regime]) -> pl.Series:
    """Tell whose window begins before a reform and whose grant comes after it.

    first_weeks: number of the first week of each person's window.
    """
    begins = pl.Series("begins", [monday_of(week) for week in first_weeks], dtype=pl.Date)
    found = pl.Series("straddles", [False] * len(begins), dtype=pl.Boolean)
    for start in (one.start for one in regimes if one.reform and one.start):
        found |= (begins < start) & (index_dates >= start)
    return found


def groups_of(
    groups: Mapping[str, Sequence[str]], regimes: Sequence[Regime], key: str
) -> dict[str, list[str]]:
    """Give the groups of regimes that are compared: the config's, or each regime for itself.

    key: the config's key that groups stand under. Raises `BadInput` for a regime that is not in the
    list. A group for itself is named by its regime in small letters.
    """
    known = [one.name for one in regimes]
    for regime in (one for group in groups.values() for one in group):
        if regime not in known:
            raise BadInput(f"config: {key}: no regime '{regime}': {near(regime, known)}")
    return {name: list(own) for name, own in groups.items()} or {one.lower(): [one] for one in known}


def _regime(row: Mapping[str, str | None], line: int, name: str) -> Regime:
    title = row["regime"] or ""
    try:
        start = date.fromisoformat(row["from"]) if row["from"] else None
        end = date.fromisoformat(row["to"]) if row["to"] else None
        years = int(row["scheme_years"]) if row["scheme_years"] else None
    except ValueError:
        raise BadInput(f"list {name}: line {line}: regime {title} has what is no date or no number") from None
    if not title or end is None or (start is None and line > 2):
        raise BadInput(f"list {name}: line {line}: regime {title or '(no name)'} has no dates")
    if start is not None and end < start:
        raise BadInput(f"list {name}: line {line}: regime {title} ends before it begins")
    return Regime(title, start, end, years, row["reform"] == "yes")
