"""What the weekly codes say of a person before the grant: schemes, clarification, pension, cash benefit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput
from veje.weekfile import Weekly
from veje.weeks import monday_of, week_of

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# ASSUME: educational assistance is cash benefit to the stratum "straight from cash benefit": until
# 2014 those who get it had cash benefit.
FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "scheme": ("modern", ("resource_scheme",)),
    "clarification": ("modern", ("job_clarification",)),
    "cash": ("modern", ("cash_benefit", "educational_assistance")),
    "pension": ("modern_state", ("disability_pension",)),
}
"""The codes that a flag asks for, by a column of the code list and its values.

The lines' dates and versions do not count: a code used before its time is what a flag looks for.
"""


@dataclass(frozen=True)
class Run:
    """Weeks of a benefit on end: the first, the last, and how many have it."""

    first: int
    last: int
    weeks: int


def families_of(codes: pl.DataFrame, name: str) -> dict[str, set[str]]:
    """Give the codes of each family out of a weekly code list; `BadInput` for a list without its columns."""
    for column in ("code", "modern", "modern_state"):
        if column not in codes.columns:
            raise BadInput(f"code list {name}: no column '{column}', which flags are read by")
    return {
        family: set(codes.filter(pl.col(column).is_in(list(values)))["code"])
        for family, (column, values) in FAMILIES.items()
    }


def week_facts(
    weekly: Weekly, index_dates: pl.Series, codes: Mapping[str, set[str]], gap: int, since: date
) -> pl.DataFrame:
    """Give what each person's weeks before the grant's say: a row a person, in the order of `weekly`.

    gap: weeks between resource schemes that are one. since: the day from which there are resource
    schemes; weeks that end before it count in `scheme_weeks_before`.
    """
    index = np.array([week_of(day) for day in index_dates], dtype=np.int64)
    calendar = weekly.first + np.arange(weekly.numbers.shape[1])
    before = calendar[None, :] < index[:, None]
    held = {family: _held(weekly, own) & before for family, own in codes.items()}
    runs = [longest_run(np.flatnonzero(row) + weekly.first, gap) for row in held["scheme"]]
    first = [int(calendar[row.argmax()]) if row.any() else None for row in held["scheme"]]
    early = held["scheme"] & (calendar < week_of(since))[None, :]
    return pl.DataFrame(
        {
            "scheme_first": [None if week is None else monday_of(week) for week in first],
            "scheme_start": [None if run is None else monday_of(run.first) for run in runs],
            "scheme_end": [None if run is None else monday_of(run.last) for run in runs],
            "scheme_weeks_longest": [0 if run is None else run.last - run.first + 1 for run in runs],
            "scheme_weeks_before": early.sum(axis=1),
            "clarification_weeks": held["clarification"].sum(axis=1),
            "pension_weeks": held["pension"].sum(axis=1),
            "weeks_since_cash": _since(held["cash"], calendar, index),
        },
        schema_overrides=dict.fromkeys(("scheme_first", "scheme_start", "scheme_end"), pl.Date),
    )


def longest_run(weeks: Ints, gap: int) -> Run | None:
    """Give the longest run among ascending week numbers, of equals the first; None without weeks.

    gap: weeks without the benefit that a run may have inside, at each place.
    """
    if not weeks.size:
        return None
    parts = np.split(weeks, np.flatnonzero(np.diff(weeks) > gap + 1) + 1)
    runs = [Run(int(part[0]), int(part[-1]), len(part)) for part in parts]
    return max(runs, key=lambda run: (run.last - run.first, -run.first))


def _held(weekly: Weekly, codes: set[str]) -> Flags:
    numbers = [at for at, code in enumerate(weekly.codes) if code in codes]
    found: Flags = np.isin(weekly.numbers, numbers)
    return found


def _since(held: Flags, calendar: Ints, index: Ints) -> pl.Series:
    """Count the weeks from the last one that is held to the grant's; null where none is."""
    last = np.where(held, calendar[None, :], -1).max(axis=1, initial=-1)
    weeks = pl.Series(index - last, dtype=pl.Int64)
    return weeks.set(pl.Series(~held.any(axis=1)), None)
