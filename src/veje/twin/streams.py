"""Register files that grow block by block, under a temporary name until they are whole."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from veje.twin.codes import ALL_CODES
from veje.twin.law import States
from veje.twin.write import CSV_ONLY


class RegisterStreams:
    """Open register files by stem; leaving the `with` block without an error gives them their names.

    One call of `append` is one row group of Parquet, so the bytes follow from the blocks alone.
    Several threads may append at once, each to files of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writers: dict[str, pq.ParquetWriter] = {}
        self.parts: dict[Path, Path] = {}

    def __enter__(self) -> RegisterStreams:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self.writers.values():
            writer.close()
        for path, part in self.parts.items():
            if kind is None:
                part.replace(path)
            else:
                part.unlink(missing_ok=True)

    def append(self, stem: str, frame: pl.DataFrame) -> None:
        """Append rows to a register's file: CSV for the registers that are delivered so, else Parquet."""
        if stem in CSV_ONLY:
            self._append_csv(stem, frame)
        else:
            self.append_table(stem, frame.to_arrow(compat_level=pl.CompatLevel.oldest()))

    def append_table(self, stem: str, table: pa.Table) -> None:
        """Append one row group. There are no statistics: they would carry the least and largest PNR."""
        if stem not in self.writers:
            coded = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
            self.writers[stem] = pq.ParquetWriter(
                self._part(f"{stem}.parquet"),
                table.schema,
                # Measured against zstd: a third less time for a sixth more bytes.
                compression="lz4",
                use_dictionary=coded or True,
                write_statistics=False,
                # Without it readers see plain text columns, as in any other delivery.
                store_schema=False,
            )
        self.writers[stem].write_table(table, row_group_size=max(table.num_rows, 1))

    def _append_csv(self, stem: str, frame: pl.DataFrame) -> None:
        path = self.folder / f"{stem}.csv"
        begins = path not in self.parts
        part = self._part(path.name)
        with part.open("wb" if begins else "ab") as file:
            frame.write_csv(file, include_header=begins)

    def _part(self, name: str) -> Path:
        return self.parts.setdefault(self.folder / name, self.folder / f".{name}.part")


def code_columns(names: list[str], numbers: pl.Series, codes: States) -> pa.Table:
    """Give rows of the DREAM register: PNR and one dictionary column a week, blank weeks null.

    codes: (weeks, n) positions in ALL_CODES, 0 for a blank week; not copied.
    """
    dictionary = pa.array(ALL_CODES)
    columns = [numbers.to_arrow(compat_level=pl.CompatLevel.oldest())]
    for week in codes:
        present = np.packbits(week != 0, bitorder="little")
        index = pa.Array.from_buffers(pa.int8(), week.size, [pa.py_buffer(present), pa.py_buffer(week)])
        columns.append(pa.DictionaryArray.from_arrays(index, dictionary))
    return pa.table(columns, names=["PNR", *names])
