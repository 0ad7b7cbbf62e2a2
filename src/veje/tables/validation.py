"""Figures of the typology's checks: stability, null models, what explains it, indicators, who moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from veje.names import INDICATORS
from veje.tables.figures import GROUP, TYPED, Head, category, figures, headed, indices, sizes, totals

POOLED_ONLY = ("order_of_persons", "ties", "choice_")
"""What is made of the pooled partition alone, by the beginning of its key."""

DECIMALS = 2
"""An indicator's mean with more decimals could tell of single persons."""

FINE = 10**6
"""Indicators are summed in millionths: whole numbers add up to the same in any order."""


@dataclass(frozen=True)
class Checks:
    """The stage's tables, by the names of their contracts."""

    stability: pl.DataFrame
    null_models: pl.DataFrame
    discrepancy: pl.DataFrame
    regression_tree: pl.DataFrame
    indicators: pl.DataFrame
    movers: pl.DataFrame


def validation_figures(
    checks: Checks, types: pl.DataFrame, places: pl.DataFrame, areas: Sequence[str]
) -> list[pl.DataFrame]:
    """All figures of the checks. areas: the pooled area first; places: as of `places_of`."""
    return [
        stability_figures(checks.stability, areas),
        null_figures(checks.null_models, areas[0]),
        discrepancy_figures(checks.discrepancy, areas[0]),
        *tree_figures(checks.regression_tree, areas[0]),
        indicator_figures(checks.indicators, places),
        *mover_figures(checks.movers, types, places, areas),
    ]


def stability_figures(stability: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    """Agreement over samples for every area, and over orders and choices for the pooled one.

    Every area has every key of a sample: an area or a cluster that is not there has no persons.
    """
    long = _long(stability, ["area", "key", "persons"], ["mean", "low", "high", "recovered"])
    long = long.filter((pl.col("part") != "recovered") | pl.col("key").str.starts_with("cluster_"))
    named = long.with_columns(pl.format("{}.{}", "key", "part").alias("key")).drop("part")
    whole = named.filter(_pooled_only())
    drawn = named.filter(~_pooled_only())
    rows = pl.DataFrame({"area": list(areas)}).join(drawn.select("key").unique(), how="cross")
    every = rows.join(drawn, on=["area", "key"], how="left").with_columns(pl.col("persons").fill_null(0))
    full = pl.concat([every.select(whole.columns), whole])
    return _statistics(full, "stability", "persons")


def _pooled_only() -> pl.Expr:
    return pl.any_horizontal(pl.col("key").str.starts_with(one) for one in POOLED_ONLY)


def null_figures(null_models: pl.DataFrame, pooled: str) -> pl.DataFrame:
    """Quality beside that of random sequences."""
    parts = ["observed", "mean", "low", "high", "standardised", "p"]
    long = _long(null_models, ["model", "k", "index", "persons"], parts, "figure")
    key = pl.format("k{}_{}.{}.{}", pl.col("k").cast(pl.String).str.zfill(2), "index", "model", "part")
    rows = long.select(
        pl.lit(pooled).alias("area"), key.alias("key"), "persons", pl.col("figure").alias("index")
    )
    return _statistics(rows, "null_models", "clusters")


def discrepancy_figures(discrepancy: pl.DataFrame, pooled: str) -> pl.DataFrame:
    """What each covariate explains; the persons behind it are those of its smallest category."""
    long = _long(discrepancy, ["covariate", "statistic", "smallest"], ["value", "p"])
    # One p a test: that of a share is that of its F.
    shares = pl.col("statistic").is_in(["pseudo_R2", "beside_R2"]) & (pl.col("part") == "p")
    end = pl.when(pl.col("part") == "p").then(pl.lit(".p")).otherwise(pl.lit(""))
    rows = long.filter(~shares).select(
        pl.lit(pooled).alias("area"),
        pl.format("{}.{}{}", "covariate", "statistic", end).alias("key"),
        pl.col("smallest").alias("persons"),
        "index",
    )
    return _statistics(rows, "discrepancy", "persons")


def tree_figures(tree: pl.DataFrame, pooled: str) -> list[pl.DataFrame]:
    """The nodes of the regression tree by the way to them: persons, and what their division explains."""
    rows = tree.select(
        pl.lit(pooled).alias("area"),
        pl.lit("").alias("type_key"),
        pl.col("way").alias("key"),
        "persons",
        pl.col("pseudo_r2").alias("index"),
    )
    return [
        sizes(rows.drop("index"), Head("regression_tree", "persons", "count", "persons")),
        indices(rows.drop_nulls("index"), Head("regression_tree", "persons", "index", "index")),
    ]


def indicator_figures(indicators: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """The mean of every indicator in every place."""
    fine = (pl.col("amount") * FINE).round().cast(pl.Int64)
    values = indicators.unpivot(INDICATORS, index="person", variable_name="key", value_name="amount")
    summed = (
        places.join(values.with_columns(fine), on="person", how="inner")
        .group_by(*GROUP, "key")
        .agg(pl.col("amount").sum(), pl.len().cast(pl.Int64).alias("persons"))
    )
    every = places.select(GROUP).unique().join(pl.DataFrame({"key": list(INDICATORS)}), how="cross")
    mean = (pl.col("amount") / FINE / pl.col("persons")).round(DECIMALS)
    full = every.join(summed, on=[*GROUP, "key"], how="left").with_columns(
        pl.col("persons").fill_null(0), mean.alias("index")
    )
    return indices(
        full.select(*GROUP, "key", "persons", "index"), Head("indicators", "persons", "index", "index")
    )


def mover_figures(
    movers: pl.DataFrame, types: pl.DataFrame, places: pl.DataFrame, areas: Sequence[str]
) -> list[pl.DataFrame]:
    """Each municipality's persons by pooled type and own type, its agreement, and how many change cluster.

    A municipality that was not checked has no persons behind its agreement. places: as of `places_of`.
    """
    local = pl.DataFrame({"area": list(areas[1:])}, schema={"area": pl.String})
    checked = movers.group_by("area").agg(
        pl.col("persons").sum(),
        pl.col("persons").filter(~pl.col("matched")).sum().alias("numerator"),
        pl.col("adjusted_rand").first().alias("index"),
    )
    plain = local.join(checked, on="area", how="left").with_columns(
        pl.lit("").alias("type_key"), pl.col("persons", "numerator").fill_null(0)
    )
    agreement = plain.select("area", "type_key", pl.lit("adjusted_rand").alias("key"), "persons", "index")
    moved = plain.select(
        "area",
        "type_key",
        pl.lit("moved").alias("key"),
        pl.col("numerator").alias("persons"),
        "numerator",
        pl.col("persons").alias("denominator"),
        pl.col("persons").alias("base_persons"),
    )
    return [
        indices(agreement, Head("movers", "persons", "index", "index")),
        headed(moved, Head("movers", "persons", "share", "percent")),
        *_crossed(types, local, places),
    ]


def _crossed(types: pl.DataFrame, local: pl.DataFrame, everyone: pl.DataFrame) -> list[pl.DataFrame]:
    """Count persons by pooled type (type_key) and own type (key); every municipality has every pair.

    A type that nobody has pooled has its rows too: their absence would tell of it.
    """
    kinds = everyone.filter(TYPED).select("type_key").unique().sort("type_key")
    own = category(types.with_columns(pl.format("to.{}", "type_own").alias("to")), "to")
    placed = types.select("person", "area", pl.col("type_pooled").alias("type_key"))
    every = local.join(kinds, how="cross")
    nobody = every.join(placed, on=GROUP, how="anti").with_columns(
        pl.lit(None, dtype=pl.Int64).alias("person")
    )
    places = pl.concat([placed, nobody.select(placed.columns)])
    head = Head("movers", "persons", "count", "persons")
    counts = figures(places, own, [f"to.{kind}" for kind in kinds["type_key"]], head)
    return [
        counts.with_columns(pl.lit(0, dtype=pl.Int64).alias("denominator")),
        totals(places, "total", head),
    ]


def _long(frame: pl.DataFrame, keys: list[str], parts: list[str], name: str = "index") -> pl.DataFrame:
    return frame.unpivot(parts, index=keys, variable_name="part", value_name=name)


def _statistics(rows: pl.DataFrame, table: str, base: str) -> pl.DataFrame:
    """Make figures of statistics without a type; one that is undefined is left out."""
    full = rows.with_columns(pl.lit("").alias("type_key"))
    return indices(
        full.filter(pl.col("index").is_not_null() | (pl.col("persons") == 0)),
        Head(table, base, "index", "index"),
    )
