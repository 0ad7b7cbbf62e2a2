"""Groups of medicine that persons collected shortly before a day."""

from __future__ import annotations

import polars as pl

FEW = 100


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


def keep_covered(frame: pl.DataFrame, medicine: pl.DataFrame, days: int) -> pl.DataFrame:
    """Keep the persons whose medicine the delivered years tell: all years that their look-back touches.

    frame: person, index_date. medicine: table of that name.

    # ASSUME: a year in which none of a hundred persons or more collected anything was not delivered;
    of fewer persons nothing can be said, and all are kept.
    """
    if frame.height < FEW:
        return frame
    first, last = pl.col("index_date") - pl.duration(days=days), pl.col("index_date") - pl.duration(days=1)
    years = pl.int_ranges(first.dt.year().cast(pl.Int64), last.dt.year().cast(pl.Int64) + 1)
    told = medicine["date"].dt.year().cast(pl.Int64).unique().to_list()
    return frame.filter(years.list.set_difference(pl.lit(told, dtype=pl.List(pl.Int64))).list.len() == 0)
