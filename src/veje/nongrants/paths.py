"""How large a share of each path ends in a grant, by municipality."""

from __future__ import annotations

import polars as pl


def share_paths(grants: pl.DataFrame, drawn: pl.DataFrame, pooled: str) -> pl.DataFrame:
    """Count by area and type the grants and the persons without one, and give the grants' share.

    grants: area, type_key. drawn: area, type_key, weight. Returns area (all together under `pooled`),
    type_key, granted, compared (drawn persons), standing_for (their weights) and percent: 100 x granted /
    (granted + standing_for), of persons in the cells that are matched. It describes: who takes a path
    differs from who takes another one in much that no register tells.
    """
    both = pl.concat(
        [
            grants.select(
                "area", "type_key", pl.lit(True).alias("granted"), pl.lit(1, dtype=pl.Int64).alias("weight")
            ),
            drawn.select("area", "type_key", pl.lit(False).alias("granted"), "weight"),
        ]
    )
    every = pl.concat([both.with_columns(pl.lit(pooled).alias("area")), both])
    held = pl.col("granted")
    counted = every.group_by("area", "type_key").agg(
        held.sum().cast(pl.Int64).alias("granted"),
        (~held).sum().cast(pl.Int64).alias("compared"),
        pl.col("weight").filter(~held).sum().alias("standing_for"),
    )
    share = 100 * pl.col("granted") / (pl.col("granted") + pl.col("standing_for"))
    return counted.with_columns(share.alias("percent")).sort(pl.col("area") != pooled, "area", "type_key")
