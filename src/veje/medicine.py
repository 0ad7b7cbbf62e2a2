"""Groups of medicine that persons collected shortly before a day."""

from __future__ import annotations

import polars as pl


def keep_collected(
    frame: pl.DataFrame, medicine: pl.DataFrame, groups: pl.DataFrame, days: int
) -> pl.DataFrame:
    """Give each group that a person collected in the days before the index date: person, group, once each.

    frame: person, index_date. medicine: table of that name. groups: list of `atc_prefix` and `group`;
    a code may be of several groups, and one of none is left out.
    """
    recent = (
        medicine.join(frame.select("person", "index_date"), on="person", how="inner")
        .filter(
            (pl.col("date") < pl.col("index_date"))
            & (pl.col("date") >= pl.col("index_date") - pl.duration(days=days))
        )
        .select("person", "atc")
        .unique()
    )
    codes = recent.select("atc").unique().join(groups.select("atc_prefix", "group"), how="cross")
    read = codes.filter(pl.col("atc").str.starts_with(pl.col("atc_prefix"))).select("atc", "group").unique()
    return recent.join(read, on="atc").select("person", "group").unique().sort("person", "group")
