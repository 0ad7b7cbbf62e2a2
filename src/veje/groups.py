"""Writing Parquet row group by row group, in bounded memory."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from veje.sealed import BLANK, SEAL, seal

ROWS = 100_000
BYTES = 96 << 20


class Groups:
    """A Parquet file that is written row group by row group: as many rows as memory allows."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._writer: Any = None
        self._waiting: list[pa.Table] = []
        self._rows = self._bytes = 0

    def add(self, table: pa.Table) -> None:
        """Take rows, and write those that wait when they are many."""
        self._waiting.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        if self._rows >= ROWS or self._bytes >= BYTES:
            self._write()

    def close(self, footer: dict[str, str]) -> None:
        """Write what waits, and the sealed footer with keys of its own."""
        self._write()
        self._writer.add_key_value_metadata(footer | {SEAL: BLANK})
        self._writer.close()
        seal(self._file)

    def __enter__(self) -> Groups:
        return self

    def __exit__(self, *_: object) -> None:
        """End the writing also of a file that is not finished, while the file is still open."""
        if self._writer is not None:
            self._writer.close()

    def _write(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        self._waiting, self._rows, self._bytes = [], 0, 0
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._file,
                table.schema,
                compression="zstd",
                write_statistics=False,
                write_page_checksum=True,
                # Without it readers find the footer's keys in the schema too.
                store_schema=False,
            )
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))
