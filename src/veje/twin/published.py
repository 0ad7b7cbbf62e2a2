"""The study's printed figures that the twin is drawn from, read from `data_schema/published`."""

from __future__ import annotations

from functools import cache

import polars as pl

from veje.contracts import data_schema
from veje.errors import BadInput


@cache
def read_figures(name: str) -> pl.DataFrame:
    """Read one table of printed figures: keys as text, `value` as a number.

    Raises BadInput when the file is missing.
    """
    path = data_schema() / "published" / f"{name}.csv"
    if not path.is_file():
        raise BadInput(f"data_schema/published/{name}.csv is missing")
    frame = pl.read_csv(path, infer_schema=False)
    return frame.with_columns(pl.col("value").cast(pl.Float64)) if "value" in frame.columns else frame


def figures(name: str, measure: str, *keys: str) -> dict[tuple[str, ...], float]:
    """Give the printed values of one measure by the named key columns; unprinted cells are absent."""
    rows = read_figures(name).filter(pl.col("measure") == measure, pl.col("value").is_not_null())
    return {tuple(row[:-1]): row[-1] for row in rows.select(*keys, "value").iter_rows()}
