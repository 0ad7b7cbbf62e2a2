"""Weekly files as veje converts them: reading only the weeks, months and rows that are needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from veje.branche import Industry, check_months, month_column
from veje.errors import BadInput
from veje.sealed import open_sealed
from veje.weekcodes import WeekCoder
from veje.weeks import column_of, is_week_column, week_of_column

NONE = -1
"""Stands where a file has no such week."""


@dataclass(frozen=True)
class Weekly:
    """Weekly codes of some persons: numbers into `codes`, from one calendar week on.

    codes: the codes as text, blank among them. numbers: (n, W) int32, -1 where the register has no
    such week. first: the week number of column 0.
    """

    codes: tuple[str, ...]
    numbers: NDArray[np.int32]
    first: int


def read_weekly(files: Mapping[str, Path], rows: pl.DataFrame, first: int, last: int) -> Weekly:
    """Read the weeks first .. last - 1 of some rows out of weekly files, in the order of `rows`.

    files: weekly files by the name that `rows` has in `source`. rows: source, position (row in that
    file, from 0). Reads row group by row group, and only the columns asked for.
    """
    names: dict[str, int] = {}
    numbers = np.full((rows.height, last - first), NONE, dtype=np.int32)
    wanted = [column_of(week) for week in range(first, last)]
    for path, own in _by_file(files, rows):
        local = np.array([names.setdefault(code, len(names)) for code in codes_of(path)], dtype=np.int32)
        for places, at, cells in _cells(path, own, wanted):
            numbers[places, at] = local[cells]
    return Weekly(tuple(names), numbers, first)


def read_industry(files: Mapping[str, Path], rows: pl.DataFrame, months: NDArray[np.int64]) -> Industry:
    """Read who had an industry in which month out of weekly files, in the order of `rows`.

    files, rows: those of `read_weekly`. months: (M,) ascending month numbers. Raises `BadInput` for
    a file without one of them.
    """
    present = np.zeros((rows.height, len(months)), dtype=np.bool_)
    wanted = [month_column(int(month)) for month in months]
    for path, own in _by_file(files, rows):
        check_months(_open(path).schema_arrow.names, months, _source_of(path))
        for places, at, cells in _cells(path, own, wanted):
            present[places, at] = cells
    return Industry(months, present)


def weekly_of(frame: pl.DataFrame, first: int, last: int) -> Weekly:
    """Take the weeks first .. last - 1 of a wide frame of codes as text, in the order of its rows."""
    columns = [name for name in frame.columns if is_week_column(name)]
    coder = WeekCoder()
    table = coder.encode(frame.select(columns), Path("frame"))
    numbers = np.full((frame.height, last - first), NONE, dtype=np.int32)
    for name in columns:
        at = week_of_column(name) - first
        if 0 <= at < last - first:
            numbers[:, at] = table.column(name).to_numpy()
    return Weekly(tuple(coder.codes), numbers, first)


def codes_of(path: Path) -> list[str]:
    """Give the codes of a weekly file: a cell's number is a place in this list."""
    metadata = _open(path).metadata.metadata or {}
    if b"veje.codes" not in metadata:
        raise BadInput(f"{path.name}: not a weekly file of veje; delete it and run again")
    codes: list[str] = json.loads(metadata[b"veje.codes"])
    return codes


def _source_of(path: Path) -> str:
    """Name the delivered file that a weekly file was converted from."""
    metadata = _open(path).metadata.metadata or {}
    source: bytes = metadata.get(b"veje.source", path.name.encode())
    return source.decode()


def weeks_of(path: Path) -> list[str]:
    """Name the weekly columns of a weekly file."""
    return [name for name in _open(path).schema_arrow.names if is_week_column(name)]


def _by_file(files: Mapping[str, Path], rows: pl.DataFrame) -> Iterator[tuple[Path, pl.DataFrame]]:
    """Give each weekly file with its rows: place (row asked for) and position, which ascends."""
    placed = rows.with_row_index("place")
    for (source,), own in placed.group_by(["source"], maintain_order=True):
        path = files.get(str(source))
        if path is None:
            raise BadInput("dream: a weekly file that the table names was not given")
        yield path, own.sort("position")


def _cells(
    path: Path, own: pl.DataFrame, wanted: Sequence[str]
) -> Iterator[tuple[NDArray[np.int64], int, NDArray[Any]]]:
    """Give the cells of one file's rows, a column of a row group at a time: places, column, values.

    own: place, position (ascending). A column that the file does not have is left out.
    """
    file = _open(path)
    positions, places = own["position"].to_numpy(), own["place"].to_numpy()
    delivered = {name.lower(): name for name in file.schema_arrow.names}
    known = ((at, delivered.get(name.lower())) for at, name in enumerate(wanted))
    columns = [(at, name) for at, name in known if name]
    done = 0
    for group in range(file.num_row_groups):
        height = file.metadata.row_group(group).num_rows
        low, high = np.searchsorted(positions, (done, done + height))
        if low < high and columns:
            part = _read_group(file, group, [name for _, name in columns], path)
            inside, where = positions[low:high] - done, places[low:high]
            for at, name in columns:
                yield where, at, part.column(name).to_numpy()[inside]
        done += height
    if len(positions) and positions[-1] >= done:
        raise BadInput(
            f"{path.name}: has {done:,} rows, fewer than the table dream says; delete it and run again"
        )


def _open(path: Path) -> pq.ParquetFile:
    try:
        return open_sealed(path)
    except (OSError, pa.ArrowException):
        raise _damaged(path) from None


def _read_group(file: pq.ParquetFile, group: int, columns: list[str], path: Path) -> pa.Table:
    try:
        return file.read_row_group(group, columns=columns)
    except (OSError, pa.ArrowException):
        raise _damaged(path) from None


def _damaged(path: Path) -> BadInput:
    return BadInput(f"{path.name}: damaged or not a weekly file of veje; delete it and run again")
