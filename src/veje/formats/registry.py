"""Which reader a file name asks for, and reading it: every cell as text, names in lower case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import cast

import polars as pl

from veje.errors import BadInput, near, shown, some
from veje.formats.columnar import open_parquet
from veje.formats.delimited import open_delimited
from veje.formats.source import (
    CELLS,
    MOST_ROWS,
    ROW,
    Declared,
    Encoding,
    Problem,
    Report,
    Source,
    check_names,
)


def _compiled(name: str) -> Callable[[Path, Declared], Source]:
    """Give an opener of `sas_stata`, whose compiler takes a quarter second to load, when it is needed."""
    return lambda path, declared: cast(
        Source, getattr(import_module("veje.formats.sas_stata"), name)(path, declared)
    )


_OPENERS: dict[str, Callable[[Path, Declared], Source]] = {
    ".sas7bdat": _compiled("open_sas"),
    ".dta": _compiled("open_stata"),
    ".parquet": open_parquet,
    ".csv": open_delimited,
    ".csv.gz": open_delimited,
    ".txt": open_delimited,
    ".txt.gz": open_delimited,
}
KNOWN = tuple(_OPENERS)


def open_source(path: Path, *, encoding: Encoding = "utf-8", separator: str = ",") -> Source:
    """Open a delivered file by its name's ending, and read its head.

    encoding, separator: as declared; SAS, Stata and Parquet files say theirs themselves.
    Raises `BadInput` for a missing, empty, cut or unknown file and for double column names.
    """
    name = path.name.lower()
    ending = next((e for e in sorted(KNOWN, key=len, reverse=True) if name.endswith(e)), None)
    if ending is None:
        raise BadInput(f"{path}: unknown kind of file; known: {', '.join(KNOWN)}")
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    if path.stat().st_size == 0:
        raise BadInput(f"{path}: the file is empty")
    source = _OPENERS[ending](path, Declared(encoding, separator))
    check_names(source)
    if source.rows == 0:
        raise BadInput(f"{path}: has a header but no rows")
    return source


def read_batches(
    path: Path,
    *,
    encoding: Encoding = "utf-8",
    separator: str = ",",
    columns: Sequence[str] | None = None,
    rows: int | None = None,
    problems: list[Problem] | None = None,
) -> Iterator[pl.DataFrame]:
    """Read a delivered file in batches: every cell as text, names folded, and `_row` (Int64).

    columns: folded names to read, all when None. rows: the most in a batch; when None as many as
    memory allows for the file's width. problems: takes the rows with too few or too many cells,
    which are left out; when None they are `BadInput`. `_row` is the number in the source: of a CSV
    the header is row 1, of other formats the first record. Empty cells are null.
    """
    source = open_source(path, encoding=encoding, separator=separator)
    return batches_of(source, columns=columns, rows=rows, problems=problems)


def batches_of(
    source: Source,
    *,
    columns: Sequence[str] | None = None,
    rows: int | None = None,
    problems: list[Problem] | None = None,
) -> Iterator[pl.DataFrame]:
    """Read an opened file in batches, as `read_batches` does."""
    names = dict(zip(source.folded, source.names, strict=True))
    wanted = _wanted(source, names, columns)
    folds = {delivered: folded for folded, delivered in names.items()}
    found: list[Problem] = [] if problems is None else problems
    report: Report = found.append
    done = 0
    for frame in read_ahead(source.read(wanted, rows or rows_for(len(wanted)), report)):
        done += frame.height
        frame.columns = [*(folds[name] for name in wanted), ROW]
        yield frame
    if problems is None and found:
        raise BadInput(
            f"{source.path}: {len(found):,} rows have more or fewer cells than the header, "
            f"the first is row {min(p.row for p in found):,}"
        )
    if not done:
        raise BadInput(f"{source.path}: has a header but no rows")


def read_ahead(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Give frames in order while another thread reads the next one."""
    with ThreadPoolExecutor(1) as reader:
        waiting = reader.submit(next, frames, None)
        while (frame := waiting.result()) is not None:
            waiting = reader.submit(next, frames, None)
            yield frame


def rows_for(width: int) -> int:
    """Give the rows of a batch for a number of columns."""
    return max(1, min(MOST_ROWS, CELLS // max(1, width)))


def _wanted(source: Source, names: dict[str, str], columns: Sequence[str] | None) -> list[str]:
    """Give delivered names in the file's order; a name that is not there is bad input."""
    if columns is None:
        return list(source.names)
    absent = [name for name in columns if name not in names and name != ROW]
    if absent:
        told = some([f"'{shown(name)}'" for name in absent])
        raise BadInput(f"{source.path}: no column {told}: {near(absent[0], names)}")
    return [delivered for folded, delivered in names.items() if folded in set(columns)]
