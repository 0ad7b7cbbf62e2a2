"""Figures of the persons: the flow of exclusions and the profile of each type."""

from __future__ import annotations

import polars as pl

from veje.tables.figures import Head, category, figures, headed, sizes, totals, yes


def flow_figures(flow: pl.DataFrame, table: str, pooled: str) -> pl.DataFrame:
    """Show the persons and the rows left after each step of a flow."""
    rows = flow.select(
        pl.lit(pooled).alias("area"),
        pl.lit("").alias("type_key"),
        pl.format("{}_{}", "step", "key").alias("key"),
        "persons",
        pl.col("rows").alias("numerator"),
    )
    counted = rows.with_columns(
        pl.col("persons").alias("base_persons"),
        pl.lit(0, dtype=pl.Int64).alias("denominator"),
        pl.format("{}_rows", "key").alias("key"),
    )
    return pl.concat(
        [
            sizes(rows.drop("numerator"), Head(table, "register", "count", "persons")),
            headed(counted, Head(table, "register", "count", "rows")),
        ]
    )


def profile_figures(background: pl.DataFrame, places: pl.DataFrame) -> list[pl.DataFrame]:
    """The profile of each type by municipality; what no delivered register tells is left out."""
    head = Head("profile", "persons", "share", "percent")
    tests = {
        "women": pl.col("sex") == "woman",
        "partner": pl.col("partner"),
        "immigrants": pl.col("origin") == "immigrant",
        "parent_on_pension": pl.col("parent_on_pension"),
        "psychopharmaceuticals": pl.col("psychopharmaceuticals"),
        "adhd_medicine": pl.col("adhd_medicine"),
    }
    told = {key: yes(background, test, key) for key, test in tests.items()}
    blocks = [figures(places, values, [key], head) for key, values in told.items() if values.height]
    for column in ("age_group", "education", "diagnosis", "income_group", "unemployment_group"):
        values = category(background, column).with_columns(pl.format(column + ".{}", "key").alias("key"))
        blocks.append(figures(places, values, sorted(set(values["key"])), head))
    ages = background.select("person", pl.lit("mean_age").alias("key"), pl.col("age").alias("amount"))
    blocks.append(
        figures(places, ages.drop_nulls("amount"), ["mean_age"], Head("profile", "persons", "mean", "years"))
    )
    blocks.append(totals(places, "total", Head("profile", "persons", "count", "persons")))
    return blocks
