"""Ages in completed years, from the population register's birth dates."""

from __future__ import annotations

import polars as pl


def add_age(frame: pl.DataFrame, bef: pl.DataFrame) -> pl.DataFrame:
    """Add each person's age at the index date: `age`, null without a birth date.

    frame: person, index_date. bef: table of that name; of several birth dates the earliest counts.
    """
    births = bef.group_by("person").agg(pl.col("birth_date").drop_nulls().min())
    day, born = pl.col("index_date"), pl.col("birth_date")
    had_birthday = day.dt.strftime("%m%d") >= born.dt.strftime("%m%d")
    age = day.dt.year().cast(pl.Int64) - born.dt.year() - pl.when(had_birthday).then(0).otherwise(1)
    joined = frame.join(births, on="person", how="left", maintain_order="left")
    return joined.with_columns(age.cast(pl.Int64).alias("age")).drop("birth_date")
