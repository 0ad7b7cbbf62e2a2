"""The study's printed figures, as they lie in `data_schema/published`."""

from __future__ import annotations

from functools import cache

import polars as pl

from veje.contracts import data_schema
from veje.errors import BadInput

NONE_PRINTED, NO_TYPE = "none_printed", "type_not_present"
"""Why a cell has no figure: a comma or point stands for zero, or the type does not occur there."""


@cache
def read_published(name: str) -> pl.DataFrame:
    """Read one file of the publication as it was carried over: all columns as text.

    Raises `BadInput` when the file is missing.
    """
    path = data_schema() / "published" / f"{name}.csv"
    if not path.is_file():
        raise BadInput(f"data_schema/published/{name}.csv is missing")
    return pl.read_csv(path, infer_schema=False)


@cache
def read_figures(name: str) -> pl.DataFrame:
    """Read one table of printed figures: keys as text, `value` as a number.

    A cell printed as a comma or point is zero: the other cells of its column add up without it.
    Cells of a type that does not occur in the municipality are left out. Raises `BadInput` when the
    file is missing.
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
