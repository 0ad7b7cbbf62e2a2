"""What an adversary reads from a release: its figures, and the counts that may stand behind each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

FIGURE = ["table", "base", "area", "type_key", "key", "measure", "unit", "value"]
PLACE = ["area", "type_key"]
CELL = ["table", "area", "type_key", "key"]
OF_ALL_PERSONS = ("state_distribution", "table_6_4", "timing", "timing_quarters", "timing_grid", "handovers")
"""Tables whose shares are of all persons of the place, whose number the table `timing` tells."""


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


def persons_of(figures: pl.DataFrame, grain: Grain) -> pl.DataFrame:
    """Give how many persons each place may have: area, type_key, whole, whole_low, whole_high."""
    counts = figures.filter(pl.col("table") == "timing", pl.col("measure") == "count")
    told = counts.select(*PLACE, pl.col("value").cast(pl.Int64).alias("whole"))
    return _between(told, "whole", "whole", grain)


def counts_of(figures: pl.DataFrame, grain: Grain) -> pl.DataFrame:
    """Turn shares of all persons back into counts: area, type_key, key, low, high, shown, and the whole's.

    A share shown stands for one rounded count; a withheld one for anything from nobody to everyone.
    """
    shares = figures.filter(pl.col("table").is_in(OF_ALL_PERSONS), pl.col("measure") == "share")
    shares = shares.filter(pl.col("base").is_in(["persons", "grants"]), pl.col("key") != "total_share")
    joined = shares.join(persons_of(figures, grain), on=PLACE)
    rounded = (pl.col("value") * pl.col("whole") / 100 / grain.rounding).round() * grain.rounding
    told = joined.with_columns(
        rounded.cast(pl.Int64).alias("count"), pl.col("value").is_not_null().alias("shown")
    )
    bounded = _between(told, "count", "count", grain)
    return bounded.select(
        *CELL,
        "shown",
        pl.col("count_low").alias("low"),
        pl.coalesce("count_high", "whole_high").alias("high"),
        *("whole_low", "whole_high"),
    )


def _between(frame: pl.DataFrame, column: str, name: str, grain: Grain) -> pl.DataFrame:
    """Add the lowest and highest number that rounds half up to a column's, none when it is not shown."""
    lowest = pl.col(column) - grain.rounding // 2
    return frame.with_columns(
        pl.max_horizontal(lowest, pl.when(pl.col(column).is_null()).then(0).otherwise(grain.threshold))
        .fill_null(0)
        .alias(f"{name}_low"),
        (lowest + grain.rounding - 1).alias(f"{name}_high"),
    )
