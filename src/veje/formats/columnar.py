"""Parquet deliveries as text, in parts of their row groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from veje.errors import BadInput
from veje.formats.source import ROW, Declared, Report, Source
from veje.formats.text import as_text, check_text, in_one

_TEXTS = (pl.String, pl.Categorical, pl.Enum)
_BUFFER = 1 << 16  # bytes a column: a wide file's row group must not be held whole


def open_parquet(path: Path, declared: Declared) -> Source:  # noqa: ARG001  (Parquet says all itself)
    """Open a Parquet delivery: read its footer."""
    with _file(path) as file:
        names, rows = tuple(file.schema_arrow.names), file.metadata.num_rows

    def read(wanted: Sequence[str], rows: int, report: Report) -> Iterator[pl.DataFrame]:  # noqa: ARG001
        first = 1
        with _file(path) as file:
            for batch in _batches(file, path, wanted, rows):
                yield _frame(batch, path, first)
                first += batch.num_rows

    return Source(path, "parquet", names, rows, "utf-8", read)


def _file(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True)
    except (pa.ArrowException, OSError):
        raise BadInput(f"{path}: no Parquet footer: cut short, or not a Parquet file") from None


def _batches(file: pq.ParquetFile, path: Path, wanted: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
    batches = file.iter_batches(batch_size=rows, columns=list(wanted), use_threads=False)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowException, OSError):
            # The library's message may hold a cell.
            raise BadInput(f"{path}: damaged: a page of the Parquet file is not readable") from None
        if batch is None:
            return
        yield batch


def _frame(batch: pa.RecordBatch, path: Path, first: int) -> pl.DataFrame:
    frame = pl.DataFrame(pl.from_arrow(batch))
    done: dict[str, pl.Series] = {}
    for kind in set(frame.dtypes):
        columns = [column for column in frame.iter_columns() if column.dtype == kind]
        texts = in_one(columns, lambda joined: as_text(joined, path))
        if kind in _TEXTS:
            check_text(texts, path, "utf-8")
        done |= {column.name: column for column in texts}
    numbers = pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True).alias(ROW)
    return pl.DataFrame([*(done[name] for name in frame.columns), numbers])
