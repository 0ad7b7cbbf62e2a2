"""The study's printed figures, as they lie in `data_schema/published`, and how they are compared."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO

import polars as pl

from veje.contracts import data_schema
from veje.errors import BadInput

NONE_PRINTED, NO_TYPE = "none_printed", "type_not_present"
"""Why a cell has no figure: a comma or point stands for zero, or the type does not occur there."""

MANIFEST = "files"
"""The list of the publication's files: columns, rows, SHA-256, and whether they are compared."""

NUMBERS = {"absolute": pl.Float64, "relative": pl.Float64, "corrected": pl.Float64}
"""Columns of the rules of comparison that are numbers; all others are text."""


@cache
def read_published(name: str) -> pl.DataFrame:
    """Read one file of the publication as it was carried over: all columns as text.

    Raises `BadInput` when the file is missing, or is not the one that the manifest promises.
    """
    path = data_schema() / "published" / f"{name}.csv"
    if not path.is_file():
        raise BadInput(f"data_schema/published/{name}.csv is missing")
    promises = {row["file"]: row for row in _manifest().iter_rows(named=True)}
    if name not in promises:
        raise BadInput(f"data_schema/published/{name}.csv is not in data_schema/published/{MANIFEST}.csv")
    return check_file(name, path.read_bytes(), promises[name])


def check_file(name: str, content: bytes, promise: dict[str, str]) -> pl.DataFrame:
    """Give a file's table when it is the one promised.

    promise: `columns` in order, separated by spaces, `rows`, and `sha256`. Raises `BadInput` that
    names the file and what differs: columns, then rows, then any other content.
    """
    file = f"data_schema/published/{name}.csv"
    try:
        frame = pl.read_csv(BytesIO(content), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise BadInput(f"{file}: not readable ({type(error).__name__})") from None
    missing = [column for column in promise["columns"].split() if column not in frame.columns]
    if missing:
        raise BadInput(f"{file}: column '{missing[0]}' is missing")
    if frame.height != int(promise["rows"]):
        raise BadInput(f"{file}: {frame.height} rows, not the {promise['rows']} that were printed")
    if hashlib.sha256(content).hexdigest() != promise["sha256"]:
        raise BadInput(f"{file}: its content is not that of the transcription (SHA-256 differs)")
    return frame


def compared_tables() -> list[str]:
    """List the files whose figures a run is held against, in order."""
    return _manifest().filter(compared="yes")["file"].to_list()


@cache
def read_rules(name: str) -> pl.DataFrame:
    """Read one list of how figures are compared, from `data_schema/replication`.

    tolerances, errata, or claims. Empty cells of text are "". Raises `BadInput` when it is missing.
    """
    path = data_schema() / "replication" / f"{name}.csv"
    if not path.is_file():
        raise BadInput(f"data_schema/replication/{name}.csv is missing")
    frame = pl.read_csv(path, infer_schema=False)
    numbers = {column: kind for column, kind in NUMBERS.items() if column in frame.columns}
    return frame.with_columns(pl.exclude(*NUMBERS).fill_null("")).cast(numbers)  # type: ignore[arg-type]


@cache
def _manifest() -> pl.DataFrame:
    path = data_schema() / "published" / f"{MANIFEST}.csv"
    if not path.is_file():
        raise BadInput(f"data_schema/published/{MANIFEST}.csv is missing")
    return pl.read_csv(path, infer_schema=False)


@cache
def read_figures(name: str) -> pl.DataFrame:
    """Read one table of printed figures: keys as text, `value` as a number.

    A cell printed as a comma or point is zero: the other cells of its column add up without it.
    Cells of a type that does not occur in the municipality are left out. Raises `BadInput` as
    `read_published` does.
    """
    frame = read_published(name)
    if "value" in frame.columns:
        frame = frame.with_columns(pl.col("value").cast(pl.Float64))
    if "missing_code" in frame.columns:
        why = pl.col("missing_code").fill_null("")
        zero = pl.when(why == NONE_PRINTED).then(0.0).otherwise("value")
        frame = frame.filter(why != NO_TYPE).with_columns(zero.alias("value"))
    return frame


def figures(name: str, measure: str, *keys: str) -> dict[tuple[str, ...], float]:
    """Give the printed values of one measure by the named key columns; unprinted cells are absent."""
    rows = read_figures(name).filter(pl.col("measure") == measure, pl.col("value").is_not_null())
    return {tuple(row[:-1]): row[-1] for row in rows.select(*keys, "value").iter_rows()}
