"""What an adversary reads from a release: its figures, and the counts that may stand behind each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

FIGURE = ["table", "base", "area", "type_key", "key", "measure", "unit", "value"]
CELL = ["table", "area", "type_key", "key"]


@dataclass(frozen=True)
class Grain:
    """What the method section of a report tells: the rounding base, and the fewest persons shown.

    An exact release rounds to 1.
    """

    rounding: int
    threshold: int


def read_figures(folder: Path) -> pl.DataFrame:
    """Read the figures of all tables of a release; a withheld one has no value."""
    tables = []
    for path in sorted(folder.glob("*.csv")):
        frame = pl.read_csv(path, infer_schema=False)
        if set(FIGURE) - {"table"} <= set(frame.columns):
            told = frame.with_columns(
                pl.lit(path.stem).alias("table"),
                pl.col("type_key").fill_null(""),
                pl.col("value").cast(float),
            )
            tables.append(told.select(FIGURE))
    return pl.concat(tables)
