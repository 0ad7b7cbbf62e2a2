"""Yearly registers: the year in a file's name, and the same register-year delivered twice."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from veje.contracts import RegisterContract
from veje.errors import BadInput


def year_of_name(file: str) -> int:
    """Give the year in a file's name: IND2006.parquet and ind_2006_v3.csv are of 2006.

    Raises `BadInput` for a name that holds no year, or several.
    """
    years = {int(found) for found in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", file)}
    if len(years) != 1:
        told = "no year" if not years else f"{len(years)} years"
        raise BadInput(f"{file}: {told} in the file's name, and no column with the year")
    return years.pop()


def check_years(doubles: pl.DataFrame, files: Sequence[str], promise: RegisterContract) -> None:
    """Raise `BadInput` when two files hold one person's row of one year: a register-year delivered twice.

    doubles: the rows that share person and year with another, with the number of their `file`. Parts
    of one year with other persons in each are one delivery; within a file it is a fault of the rows.
    """
    if promise.year is None:
        return
    held = doubles.group_by("person", promise.year).agg(pl.col("file").unique().sort())
    twice = held.filter(pl.col("file").list.len() > 1)
    if twice.height:
        first, second, *_ = min(twice["file"].to_list())
        years = ", ".join(str(year) for year in sorted(twice[promise.year].unique()))
        raise BadInput(
            f"{files[first]} and {files[second]}: {promise.name} of {years} is delivered twice "
            f"({twice['person'].n_unique():,} persons are in both)"
        )
