"""The only place, beside the command line, that sees paths: whole files in, whole files out.

Every file is written as `writing` does: finished under its name, or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from veje.contracts import check, contract, data_schema
from veje.errors import BadInput
from veje.groups import Groups
from veje.sealed import BLANK, SEAL, open_sealed, seal
from veje.writing import FILE_MODE as FILE_MODE
from veje.writing import all_or_none as all_or_none
from veje.writing import clear_folder as clear_folder
from veje.writing import close_to_others as close_to_others
from veje.writing import make_folder as make_folder
from veje.writing import rename as rename
from veje.writing import room_for as room_for
from veje.writing import write_whole as write_whole

_FORMULA, _NUMBER = r"^[=+\-@\t\r\n]", r"^[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?$"


def write_text(text: str, path: Path) -> None:
    """Write text as UTF-8."""
    write_whole(path, lambda file: file.write(text.encode("utf-8")))


def write_json(data: Any, path: Path) -> None:
    """Write plain data as JSON with sorted keys, so that equal data gives equal bytes."""
    write_text(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n", path)


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_json_or(path: Path, otherwise: Any) -> Any:
    """Read a JSON file of notes that can be made anew; another value where it is absent or damaged."""
    try:
        return read_json(path)
    except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError):
        return otherwise


def write_table(frame: pl.DataFrame, path: Path, name: str) -> None:
    """Check a frame against its contract and write it as Parquet.

    Page checksums and the footer's seal catch flipped bits on reading; column statistics are left
    out because a footer's minimum and maximum would repeat single persons' values.
    """
    table = check(frame, name).to_arrow(compat_level=pl.CompatLevel.oldest())
    table = table.replace_schema_metadata({SEAL: BLANK})

    def write(file: BinaryIO) -> None:
        pq.write_table(table, file, compression="zstd", write_statistics=False, write_page_checksum=True)
        seal(file)

    write_whole(path, write)


def write_parts(parts: Iterable[pl.DataFrame], path: Path, name: str) -> None:
    """Write a long table part by part, each checked against the contract.

    That a key does not come twice is checked within a part; across parts it is the caller's to know.
    """

    def write(file: BinaryIO) -> None:
        with Groups(file) as groups:
            for part in chain([contract(name).empty()], parts):
                groups.add(check(part, name).to_arrow(compat_level=pl.CompatLevel.oldest()))
            groups.close({})

    write_whole(path, write)


def read_table(path: Path, name: str) -> pl.DataFrame:
    """Read a Parquet table that veje wrote and check its columns against the contract."""
    try:
        with open_sealed(path) as file:
            table = file.read()
    except (OSError, pa.ArrowException):
        raise BadInput(f"{path}: damaged or not a Parquet file; delete it and run again") from None
    frame = pl.DataFrame(pl.from_arrow(table))
    promise = contract(name)
    if dict(frame.schema) != dict(promise.types):
        raise BadInput(f"{path}: columns are not those of table {name}; delete it and run again")
    return frame


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a released table as CSV (UTF-8, comma, decimal point), with no cell that is a formula.

    A spreadsheet runs text that begins with one of = + - @, a tab or a line end: such text gets an
    apostrophe before it. Numbers, also those written as text, stay as they are.
    """
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = frame.with_columns(_without_formulas(pl.col(name)).alias(name) for name in texts)
    write_whole(path, lambda file: safe.write_csv(file))


def _without_formulas(text: pl.Expr) -> pl.Expr:
    formula = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return pl.when(formula).then(pl.lit("'") + text).otherwise(text)


def write_array(array: NDArray[Any], path: Path) -> None:
    """Write an array in NumPy's own format."""
    write_whole(path, lambda file: np.save(file, array, allow_pickle=False))


def read_array(path: Path) -> NDArray[Any]:
    """Read an array in NumPy's own format; never unpickles."""
    try:
        array: NDArray[Any] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        raise BadInput(f"{path}: damaged or not a NumPy file; delete it and run again") from None
    return array


def read_list(name: str, kind: str) -> pl.DataFrame:
    """Read a code list as text: one that veje ships by name, or a user's own by path.

    kind: the folder under `data_schema/`. Empty cells are null, except that a code may be empty.
    """
    path = Path(name) if name.endswith(".csv") else data_schema() / kind / f"{name}.csv"
    if not path.is_file():
        raise BadInput(f"{path.name}: no such {kind.rstrip('s')} list ({name})")
    return read_cells(path)


def read_cells(path: Path) -> pl.DataFrame:
    """Read a CSV file as text. Raises `BadInput` when it is no table."""
    try:
        return pl.read_csv(path, infer_schema=False, glob=False)
    except pl.exceptions.PolarsError as error:
        raise BadInput(f"{path.name}: not readable ({type(error).__name__})") from None


class TextTable:
    """A converted delivery, every column as text with the rows' numbers, read row group by row group."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._readable(), self._open() as file:
            self.columns: list[str] = list(file.schema_arrow.names)
            self.height: int = file.metadata.num_rows

    def parts(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Read some columns of all rows. Raises `BadInput` for a damaged file."""
        with self._readable(), self._open() as file:
            for group in range(file.num_row_groups):
                yield pl.DataFrame(pl.from_arrow(file.read_row_group(group, columns=list(columns))))

    def _open(self) -> Any:
        return open_sealed(self._path)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, pa.ArrowException):
            raise BadInput(f"{self._path.name}: damaged; delete it and run again") from None


def digest(path: Path) -> str:
    """Give the SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(content: bytes) -> str:
    """Give the SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's content so that it appears under its new name finished or not at all."""
    content = source.read_bytes()
    write_whole(target, lambda file: file.write(content))
