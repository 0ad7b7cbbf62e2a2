"""ISO weeks as integers, DREAM's week columns, and the quarters of a window.

A *week number* counts ISO weeks from the week of Monday 1970-01-05, which is 0. Plain integers
sort and subtract rightly where `Y_YYWW` names do not (a lexical sort puts Y_0001 before Y_9952).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from veje.errors import BadInput

EPOCH = date(1970, 1, 5)
PIVOT = 91
"""Two-digit years from 91 on are 19YY, all others 20YY (DREAM begins in 1991)."""

Anchor = Literal["grant_week", "calendar_quarter"]
Weeks = NDArray[np.int64]

_COLUMN = re.compile(r"^y_(\d{2})(\d{2})$", re.IGNORECASE)


def week_of(day: date) -> int:
    """Give the week number of the ISO week that holds a day."""
    return (day - EPOCH).days // 7


def monday_of(week: int) -> date:
    """Give the Monday of a week number."""
    return EPOCH + timedelta(weeks=int(week))


def iso_of(week: int) -> tuple[int, int]:
    """Give ISO year and week of a week number."""
    iso = monday_of(week).isocalendar()
    return iso.year, iso.week


def column_of(week: int) -> str:
    """Give the DREAM column `Y_YYWW` of a week number."""
    year, number = iso_of(week)
    return f"Y_{year % 100:02d}{number:02d}"


def is_week_column(name: str) -> bool:
    """Tell whether a column name has the form `Y_YYWW`, in any case."""
    return _COLUMN.match(name) is not None


def week_of_column(name: str) -> int:
    """Give the week number of a DREAM column; a week that no ISO year has is bad input."""
    match = _COLUMN.match(name)
    if match is None:
        raise BadInput(f"column '{name}' is not a week column of the form Y_YYWW")
    year, number = int(match[1]), int(match[2])
    year += 1900 if year >= PIVOT else 2000
    try:
        return week_of(date.fromisocalendar(year, number, 1))
    except ValueError:
        raise BadInput(f"column '{name}': ISO year {year} has no week {number}") from None


def check_no_gap(weeks: Sequence[int], file: str) -> None:
    """Fail when week columns are double or leave a gap; names the first column that is wrong."""
    ordered = sorted(weeks)
    gaps = [(a, b) for a, b in pairwise(ordered) if b != a + 1]
    if not gaps:
        return
    before, first = gaps[0]
    what = "double" if before == first else "missing"
    named = column_of(first) if before == first else column_of(before + 1)
    raise BadInput(f"{file}: week column {named} is {what} ({len(gaps)} such places)")


def window_edges(
    days: Iterable[date], anchor: Anchor, quarters: int = 20, weeks_per_quarter: int = 13
) -> Weeks:
    """Give the week numbers at which each person's quarters begin and end.

    days: n index dates. Returns (n, quarters + 1): quarter q (from 0, oldest first) holds the
    weeks edges[q] .. edges[q + 1] - 1.
    `grant_week`: blocks of `weeks_per_quarter` ISO weeks ending before the week of the index day.
    `calendar_quarter`: the calendar quarters before the index day's, a week belonging to the
    quarter of its Thursday.
    """
    if anchor == "grant_week":
        index = np.array([week_of(d) for d in days], dtype=np.int64)
        return index[:, None] + weeks_per_quarter * np.arange(-quarters, 1, dtype=np.int64)
    rows = [[_first_week(d, back) for back in range(quarters, -1, -1)] for d in days]
    return np.array(rows, dtype=np.int64).reshape(-1, quarters + 1)


def _first_week(day: date, quarters_back: int) -> int:
    """Give the first week whose Thursday lies in the calendar quarter so many before a day's."""
    serial = day.year * 4 + (day.month - 1) // 3 - quarters_back
    first = date(serial // 4, serial % 4 * 3 + 1, 1)
    return week_of(first + timedelta(days=3))


def expand_runs(row: Weeks, begin: Weeks, length: Weeks) -> tuple[Weeks, Weeks, Weeks]:
    """Give the cells that runs of weeks cover in a person-by-week array.

    row, begin, length: (m,) the array row, first column and number of columns of each run.
    Returns rows, columns and run numbers, one entry a covered cell, in the order of the runs.
    """
    run = np.repeat(np.arange(len(length)), length)
    step = np.arange(len(run)) - np.repeat(np.cumsum(length) - length, length)
    return row[run], begin[run] + step, run


def quarter_at(week: int, edges: Weeks) -> Weeks:
    """Give the quarter (from 0) that a week or column falls in for each person; -1 before the first."""
    found: Weeks = (edges <= week).sum(axis=1) - 1
    return found
