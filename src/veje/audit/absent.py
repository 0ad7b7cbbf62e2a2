"""Types that an area cannot have: no cluster of its solution has the name."""

from __future__ import annotations

import polars as pl

from veje.names import ALL_TYPES, WITHHELD
from veje.settings import Disclosure

MOVERS = "movers"
"""The table whose types are the pooled ones, also in a municipality's rows."""
NO_TYPE = ("", ALL_TYPES, WITHHELD)


def mark_absent(cells: pl.DataFrame, rules: Disclosure, pooled: str) -> pl.DataFrame:
    """Mark figures of nobody as `structural` where the type is none of the area's, and that is no secret.

    The release names every cluster that reaches the threshold. Where all of an area's clusters do, nobody
    has any other type by definition: there is nothing to protect. An area with a cluster of fewer
    persons keeps all its types, as that one's name is withheld. cells: as of `declare`.
    """
    clusters = cells.filter(pl.col("table") == "clusters", pl.col("measure") == "count")
    few = pl.col("persons").is_between(1, rules.threshold - 1)
    open_areas = clusters.filter(~few.any().over("area"), pl.col("persons") > 0)
    named = open_areas.select(pl.col("area").alias("solution"), "type_key").unique()
    told = named.select("solution").unique().with_columns(pl.lit(True).alias("told"))
    own = named.with_columns(pl.lit(True).alias("named"))
    solution = pl.when(pl.col("table") == MOVERS).then(pl.lit(pooled)).otherwise("area")
    joined = cells.with_columns(solution.alias("solution"))
    joined = joined.join(told, on="solution", how="left", maintain_order="left")
    joined = joined.join(own, on=["solution", "type_key"], how="left", maintain_order="left")
    absent = pl.col("told").fill_null(False) & pl.col("named").is_null() & ~pl.col("type_key").is_in(NO_TYPE)
    marked = pl.col("structural") | (absent & (pl.col("numerator") == 0))
    return joined.with_columns(marked.alias("structural")).select(cells.columns)
