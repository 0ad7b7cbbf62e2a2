"""What is told of everyone in a group, of the person with most of a sum, and by two releases."""

from __future__ import annotations

import polars as pl

from tests.attacks.released import CELL, Grain

BY_DEFINITION = ("total", "total_share", "total_quarters")
"""Rows that are of everyone whatever the data are."""


def zero_or_all(figures: pl.DataFrame) -> pl.DataFrame:
    """Find groups of which the release says that nobody or everyone has a trait: `figures` of these."""
    shares = figures.filter(pl.col("measure") == "share", ~pl.col("key").is_in(BY_DEFINITION))
    counts = figures.filter(pl.col("measure") == "count", pl.col("unit") == "persons", pl.col("value") == 0)
    return pl.concat([shares.filter(pl.col("value").is_in([0.0, 100.0])), counts])


def dominance(figures: pl.DataFrame, grain: Grain, insiders: pl.DataFrame) -> pl.DataFrame:
    """Bound the largest amount of a sum from above: the sum less what the second largest person has.

    figures: sums (measure `count`, unit `measures`) and each kind's share of them. insiders: table,
    area, type_key, key, own: what the second largest person of each sum knows. Returns the sums with
    `most`.
    """
    whole = figures.filter(pl.col("measure") == "count", pl.col("unit") == "measures").drop_nulls("value")
    totals = whole.select("table", "area", "type_key", pl.col("value").alias("whole"))
    shares = figures.filter(pl.col("measure") == "share", pl.col("base") == "measures").drop_nulls("value")
    parts = shares.join(totals, on=["table", "area", "type_key"])
    part = (pl.col("value") * pl.col("whole") / 100 / grain.rounding).round() * grain.rounding
    told = pl.concat([whole.select(*CELL, "value"), parts.select(*CELL, part.alias("value"))])
    above = grain.rounding - 1 - grain.rounding // 2
    known = told.join(insiders, on=CELL)
    return known.with_columns((pl.col("value") + above - pl.col("own")).cast(pl.Int64).alias("most"))


def run_to_run(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Tell what one person who was added between two releases has: every cell that moved.

    Returns the cells of tables whose keys are states and classes.
    """
    tables = ["state_distribution", "timing"]
    at = [*CELL, "base", "measure", "unit"]
    both = before.join(after, on=at, suffix="_after").filter(pl.col("table").is_in(tables), measure="share")
    whole = {
        name: frame.filter(table="timing", measure="count") for name, frame in (("a", before), ("b", after))
    }
    persons = whole["a"].join(whole["b"], on=["area", "type_key"], suffix="_after")
    there = both.join(
        persons.select("area", "type_key", whole="value", whole_after="value_after"), on=["area", "type_key"]
    )
    count = pl.col("value") * pl.col("whole")
    count_after = pl.col("value_after") * pl.col("whole_after")
    more = (count_after - count > 0.5 * 100).fill_null(False) | (
        pl.col("value").is_null() & pl.col("value_after").is_not_null()
    )
    return there.filter(more).select(CELL)
