"""Figures of persons without a grant: how many walked each path, and how often it ends in a grant."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.names import NOT_GRANTED
from veje.tables.figures import GROUP, TYPED, Head, headed, sizes

AT_RISK = "persons_at_risk"


def nongrant_figures(
    drawn: pl.DataFrame, types: pl.DataFrame, areas: Sequence[str], looked_for: Sequence[str] = ()
) -> list[pl.DataFrame]:
    """Count by municipality and pooled type who was drawn, and the share of the path that was granted.

    drawn: table `not_granted`. types: table `types`. areas: the pooled area first. looked_for: types that
    have their rows whether they occur or not, as everywhere. The share is of the
    grants and of the persons for whom the drawn ones stand; behind what it leaves stand the drawn ones.
    Every area has the rows of every type. The drawn of all types together are no figure: they
    follow from the grants where there are plenty of persons.
    """
    one = pl.lit(1, dtype=pl.Int64).alias("weight")
    granted = types.select("person", "area", one, pl.lit(True).alias("granted"), type_key="type_pooled")
    both = pl.concat([granted, drawn.select("person", "area", "weight", granted=False, type_key="type_key")])
    placed = pl.concat([both, both.with_columns(pl.lit(areas[0]).alias("area"))])
    placed = pl.concat([placed, placed.with_columns(pl.lit("").alias("type_key"))])
    held = pl.col("granted")
    counted = placed.group_by(GROUP).agg(
        held.sum().cast(pl.Int64).alias("granted"),
        (~held).sum().cast(pl.Int64).alias("drawn"),
        pl.col("weight").sum().alias("looked_at"),
    )
    every = {"", *looked_for, *types["type_pooled"], *types["type_own"]}
    kinds = pl.DataFrame({"type_key": sorted(every)})
    rows = pl.DataFrame({"area": list(areas)}).join(kinds, how="cross")
    full = rows.join(counted, on=GROUP, how="left").fill_null(0)
    return [_shares(full), _compared(full)]


def _shares(full: pl.DataFrame) -> pl.DataFrame:
    told = full.select(
        *GROUP,
        pl.lit("granted").alias("key"),
        pl.col("granted").alias("persons"),
        pl.col("granted").alias("numerator"),
        pl.col("looked_at").alias("denominator"),
        (pl.col("granted") + pl.col("drawn")).alias("base_persons"),
        pl.col("drawn").alias("rest_persons"),
    )
    return headed(told, Head(NOT_GRANTED, AT_RISK, "share", "percent"))


def _compared(full: pl.DataFrame) -> pl.DataFrame:
    told = full.filter(TYPED).select(
        *GROUP, pl.lit("compared").alias("key"), pl.col("drawn").alias("persons")
    )
    return sizes(told, Head(NOT_GRANTED, AT_RISK, "count", "persons"))
