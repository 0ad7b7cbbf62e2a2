"""Converting a delivered file once to Parquet, in bounded memory, known by its content's SHA-256.

`plain`: every column as text in one file. `dream`: the weekly columns go to a second file as code
numbers, one UInt16 a week, and the months BRANCHE_YYYY_MM as whether there is an industry; that file
holds no identifier. Both files have the same rows in the same order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pyarrow as pa

from veje import io
from veje.branche import has_industry, is_month_column
from veje.errors import BadInput
from veje.formats import ROW, Encoding, Problem, batches_of, open_source
from veje.groups import Groups
from veje.sealed import open_sealed
from veje.weekcodes import WeekCoder
from veje.weeks import is_week_column

LAYOUT = "4"
"""A file that an older veje converted in another way is converted anew."""

Progress = Callable[[int, int | None], None]
"""Called with the rows done and, where the source says it, the rows there are."""


@dataclass(frozen=True)
class Imported:
    """One converted source: `reused` when nothing had to be done."""

    file: str
    sha256: str
    format: str
    rows: int
    problems: tuple[Problem, ...]
    reused: bool


def import_key(path: Path) -> str:
    """Give the SHA-256 of a source's content, which is the name of its conversion."""
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    return io.digest(path)


def import_file(
    path: Path,
    target: Path,
    *,
    weeks: Path | None = None,
    encoding: Encoding = "utf-8",
    separator: str = ",",
    progress: Progress | None = None,
) -> Imported:
    """Convert a source to Parquet, unless the targets hold this content already.

    weeks: the second target of a `dream` source. Raises `BadInput` as reading does, and when the
    source changes meanwhile; the targets then stay as they were.
    """
    declared = f"encoding={encoding} separator={separator} kind={'dream' if weeks else 'plain'}"
    before, key = _state(path), import_key(path)
    done = read_imported(target)
    if done and _fits(target, declared, key) and (weeks is None or _fits(weeks, declared, key)):
        return done
    work = _Work(path, key, declared, progress)

    def convert(file: BinaryIO, week_file: BinaryIO | None) -> None:
        work.convert(work.batches(encoding, separator), file, week_file)
        if _state(path) != before:
            raise BadInput(f"{path}: changed while it was read")

    _write(target, weeks, convert)
    return work.imported()


def read_imported(target: Path) -> Imported | None:
    """Give what a finished conversion says of itself; None when there is none, or a damaged one."""
    metadata = _metadata(target)
    if metadata is None or metadata.get("veje.layout") != LAYOUT:
        return None
    problems = tuple(Problem(rule, row) for rule, row in json.loads(metadata["veje.problems"]))
    return Imported(
        metadata["veje.source"],
        metadata["veje.sha256"],
        metadata["veje.format"],
        int(metadata["veje.rows"]),
        problems,
        reused=True,
    )


def is_weekly(name: str) -> bool:
    """Tell whether a column of a `dream` source goes to the weekly file: a week or an industry month."""
    return is_week_column(name) or is_month_column(name)


def _metadata(target: Path) -> dict[str, str] | None:
    try:
        with open_sealed(target) as file:
            found = file.metadata
    except (OSError, pa.ArrowException):
        return None
    pairs = {key.decode(): value.decode() for key, value in (found.metadata or {}).items()}
    return pairs if pairs.get("veje.rows") == str(found.num_rows) else None


def _fits(target: Path, declared: str, key: str) -> bool:
    found = _metadata(target) or {}
    wanted = {"veje.sha256": key, "veje.declared": declared, "veje.layout": LAYOUT}
    return wanted.items() <= found.items()


def _write(target: Path, weeks: Path | None, convert: Callable[[BinaryIO, BinaryIO | None], None]) -> None:
    if weeks is None:
        io.write_whole(target, lambda file: convert(file, None))
    else:
        # One may stand without the other after a crash: only both together are reused.
        io.write_whole(weeks, lambda second: io.write_whole(target, lambda file: convert(file, second)))


def _state(path: Path) -> tuple[int, int]:
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


class _Work:
    """One conversion, and what is known of it at its end."""

    def __init__(self, path: Path, key: str, declared: str, progress: Progress | None) -> None:
        self._path = path
        self._key = key
        self._declared = declared
        self._progress = progress
        self._format = ""
        self._rows = 0
        self._problems: list[Problem] = []

    def batches(self, encoding: Encoding, separator: str) -> Iterator[pl.DataFrame]:
        source = open_source(self._path, encoding=encoding, separator=separator)
        self._format = source.format
        for batch in batches_of(source, problems=self._problems):
            yield batch
            self._rows += batch.height
            if self._progress:
                self._progress(self._rows, source.rows)

    def convert(self, batches: Iterator[pl.DataFrame], file: BinaryIO, week_file: BinaryIO | None) -> None:
        """Write every batch, and at the end what the footers say."""
        coder = WeekCoder()
        with Groups(file) as texts, Groups(week_file) if week_file else nullcontext() as numbers:
            for batch in batches:
                apart = [name for name in batch.columns if numbers and is_weekly(name)]
                texts.add(batch.drop(apart).to_arrow(compat_level=pl.CompatLevel.oldest()))
                if numbers:
                    numbers.add(self._coded(batch.select(*apart, ROW), coder))
            texts.close(self._footer())
            if numbers:
                numbers.close(self._footer() | {"veje.codes": json.dumps(coder.codes, ensure_ascii=False)})

    def _coded(self, batch: pl.DataFrame, coder: WeekCoder) -> pa.Table:
        """Write weeks as code numbers and months as whether there is an industry; row numbers last."""
        weeks = [name for name in batch.columns if is_week_column(name)]
        if not weeks:
            raise BadInput(f"{self._path}: no week column of the form Y_YYWW")
        table = coder.encode(batch.select(weeks), self._path)
        months = has_industry(batch.select(name for name in batch.columns if is_month_column(name)))
        for column in [*months.get_columns(), batch.get_column(ROW)]:
            table = table.append_column(column.name, column.to_arrow())
        return table

    def imported(self) -> Imported:
        return Imported(
            self._path.name, self._key, self._format, self._rows, tuple(self._problems), reused=False
        )

    def _footer(self) -> dict[str, str]:
        return {
            "veje.source": self._path.name,
            "veje.sha256": self._key,
            "veje.rows": str(self._rows),
            "veje.format": self._format,
            "veje.declared": self._declared,
            "veje.layout": LAYOUT,
            "veje.problems": json.dumps([[problem.rule, problem.row] for problem in self._problems]),
        }
