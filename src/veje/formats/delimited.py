"""CSV and text deliveries, plain or gzip, as text in blocks."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pc
from numpy.typing import NDArray

from veje.errors import BadInput
from veje.formats.decoding import CheckedText, open_bytes
from veje.formats.source import ROW, Declared, Problem, Report, Source

SEPARATORS = (",", ";", "\t", "|")
_BLOCK = 8 << 20


def open_delimited(path: Path, declared: Declared) -> Source:
    """Open a CSV delivery: read its header. Raises `BadInput` when the separator is another one."""
    names = _header(path, declared)
    _check_last_line(path)
    if len(names) == 1:
        for other in SEPARATORS:
            if other != declared.separator and other in names[0]:
                wrong = f"is the separator {other!r}, not {declared.separator!r}?"
                raise BadInput(f"{path}: one column only: {wrong}")

    def read(wanted: Sequence[str], rows: int, report: Report) -> Iterator[pl.DataFrame]:
        for frame in _Reader(path, declared, names, report).batches(wanted):
            yield from frame.iter_slices(rows)

    return Source(path, _format(path), tuple(names), None, declared.encoding, read)


def _format(path: Path) -> str:
    return "csv.gz" if path.suffix.lower() == ".gz" else "csv"


def _check_last_line(path: Path) -> None:
    """Fail early on a plain file without a last line's end; a packed one tells only when read."""
    if path.suffix.lower() == ".gz":
        return
    with path.open("rb") as file:
        file.seek(-1, io.SEEK_END)
        if file.read(1) != b"\n":
            raise BadInput(f"{path}: the last line has no end: is the file truncated?")


def _header(path: Path, declared: Declared) -> list[str]:
    with open_bytes(path) as raw:
        stream = io.BufferedReader(CheckedText(raw, path, declared.encoding))
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        try:
            names = next(csv.reader(text, delimiter=declared.separator), [])
        except csv.Error:
            raise BadInput(f"{path}: the header is not readable: is it a text file?") from None
    if not any(name.strip() for name in names):
        raise BadInput(f"{path}: the first line names no columns")
    return names


class _Reader:
    """One reading of a file; it keeps count of rows, for rows left out keep their numbers."""

    def __init__(self, path: Path, declared: Declared, names: list[str], report: Report) -> None:
        self._path = path
        self._declared = declared
        self._names = names
        self._report = report
        self._left_out: deque[int] = deque()
        self._last_short = 0
        self._row = 1

    def batches(self, wanted: Sequence[str]) -> Iterator[pl.DataFrame]:
        with open_bytes(self._path) as raw:
            try:
                checked = CheckedText(raw, self._path, self._declared.encoding)
                # Buffered, because a short read would be taken for a whole block.
                for batch in self._open(io.BufferedReader(checked), wanted):
                    if batch.num_rows:
                        yield self._frame(batch)
            except pa.ArrowInvalid as error:
                # The library's message may hold a cell; only its kind is told.
                open_quote = "straddling" in str(error)
                what = "a row of more than 8 MB: is a quotation left open?" if open_quote else "not readable"
                raise BadInput(f"{self._path}: after row {self._row:,}: {what}") from None
        if self._last_short > self._row:
            where = f"the last row, {self._last_short:,}, is short"
            raise BadInput(f"{self._path}: {where}: is the file truncated?")

    def _open(self, stream: io.BufferedReader, wanted: Sequence[str]) -> Any:
        reader = pc.open_csv(
            stream,
            # Without threads rows have numbers.
            read_options=pc.ReadOptions(use_threads=False, block_size=_BLOCK),
            parse_options=pc.ParseOptions(
                delimiter=self._declared.separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._leave_out,
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.string()),
                include_columns=list(wanted),
                check_utf8=False,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        if any(kind != pa.string() for kind in reader.schema.types):
            raise BadInput(f"{self._path}: the header is not readable")
        return reader

    def _leave_out(self, row: Any) -> Literal["skip"]:
        self._left_out.append(row.number)
        short = row.actual_columns < row.expected_columns
        self._report(Problem("short_row" if short else "long_row", row.number))
        if short:
            self._last_short = row.number
        return "skip"

    def _frame(self, batch: pa.RecordBatch) -> pl.DataFrame:
        frame = pl.DataFrame(pl.from_arrow(batch))
        numbers = self._number(batch.num_rows)
        self._row = int(numbers[-1])
        return frame.with_columns(pl.Series(ROW, numbers, dtype=pl.Int64))

    def _number(self, count: int) -> NDArray[np.int64]:
        """Number the rows of a batch: the next ones, but those that were left out."""
        first = self._row + 1
        out: list[int] = []
        while self._left_out and self._left_out[0] < first + count + len(out):
            out.append(self._left_out.popleft())
        numbers = np.arange(first, first + count + len(out), dtype=np.int64)
        return np.delete(numbers, np.array(out, dtype=np.int64) - first)
