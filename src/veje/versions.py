"""DREAM's versions: which one a file is, which ones are faulty, and whether a file's weeks fit its version.

DREAM is issued anew every month as one cumulative file. A version is written YYYYMM.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from veje.errors import BadInput, near
from veje.weeks import PIVOT, column_of, monday_of

LAG = 3
"""Months that a version's last week may lie before its month: the last weeks arrive late."""

STATUSES = ("faulty", "break")
_NAME = re.compile(r"dream[ _.-]?(\d{6}|\d{4})(?!\d)", re.IGNORECASE)


def version_of(file_name: str) -> str | None:
    """Give the version in a file name such as DREAM202606 or csvdream1511.csv; None when it has none.

    # ASSUME: four digits are YYMM, as Danmarks Statistik names its files, never a year.
    Raises `BadInput` when the digits are no month.
    """
    name = re.split(r"[\\/]", file_name)[-1]
    match = _NAME.search(name)
    if match is None:
        return None
    try:
        return full_version(match[1])
    except ValueError:
        raise BadInput(f"{name}: {match[1]} is no month of the form YYMM or YYYYMM") from None


def full_version(digits: str) -> str:
    """Write YYMM or YYYYMM as YYYYMM: years from 91 on are 19YY; raises `ValueError` for what is no month."""
    century = "" if len(digits) == 6 else "19" if int(digits[:2]) >= PIVOT else "20"
    version = century + digits
    if not re.fullmatch(r"\d{6}", version) or not 1 <= int(version[4:]) <= 12:
        raise ValueError("no month")
    if not 1900 + PIVOT <= int(version[:4]) < 2000 + PIVOT:
        raise ValueError("no year of DREAM")
    return version


def dream_version(files: Sequence[str], configured: str | None) -> str | None:
    """Give the version of a delivery: the configured one, else the one in the file names, else None.

    # ASSUME: a file without a version in its name has the version of the others.
    Raises `BadInput` for files of two versions, and for a configured one that a file name contradicts.
    """
    named: dict[str, str] = {}
    for file in files:
        version = version_of(file)
        if version:
            named.setdefault(version, re.split(r"[\\/]", file)[-1])
    if len(named) > 1:
        told = " and ".join(f"{name} is {version}" for version, name in sorted(named.items()))
        raise BadInput(f"dream: two versions are never spliced: {told}")
    for version, name in named.items():
        if configured and configured != version:
            raise BadInput(f"{name}: is version {version}, not {configured} as registers.dream.version says")
    return configured or next(iter(named), None)


def check_version(version: str | None, listed: pl.DataFrame) -> None:
    """Raise `BadInput` for a version that the list calls faulty.

    listed: the code list `dream_versions` (version, status, reason_en).
    """
    for column in ("version", "status", "reason_en"):
        if column not in listed.columns:
            raise BadInput(f"list dream_versions: no column '{column}': {near(column, listed.columns)}")
    strange = listed.filter(~pl.col("status").is_in(STATUSES).fill_null(False))
    if strange.height:
        raise BadInput(
            f"list dream_versions: {strange.height} lines have a status not in {', '.join(STATUSES)}"
        )
    faulty = dict(listed.filter(pl.col("status") == "faulty").select("version", "reason_en").rows())
    if version in faulty:
        raise BadInput(f"dream: version {version} is faulty and refused: {faulty[version]}")


def check_last_week(last_week: int, version: str | None) -> str | None:
    """Give a warning when the last week lies more than `LAG` months before the version's month.

    last_week: week number of the last column. One past the month is as documented.
    """
    if version is None:
        return None
    last = monday_of(last_week) + timedelta(days=3)
    behind = int(version[:4]) * 12 + int(version[4:]) - (last.year * 12 + last.month)
    if behind <= LAG:
        return None
    return (
        f"dream: version {version}, but its last week is {column_of(last_week)}, {behind} months before: "
        "is the file cut, or the version mistaken?"
    )
