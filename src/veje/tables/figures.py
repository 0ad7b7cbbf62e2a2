"""From persons' values to figures with numerator, denominator and the persons behind both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

GROUP = ["area", "type_key"]
ALL = pl.col("type_key") == ""
"""The places of all types together."""
TYPED = pl.col("type_key") != ""
"""The places of single types."""
COLUMNS = [
    "table",
    "base",
    "area",
    "type_key",
    "key",
    "measure",
    "unit",
    "persons",
    "base_persons",
    "rest_persons",
    "numerator",
    "denominator",
    "index",
    "largest",
    "second",
    "structural",
    "released_sum",
]

OPTIONAL: dict[str, pl.DataType] = {
    "index": pl.Float64(),
    "rest_persons": pl.Int64(),
    "largest": pl.Int64(),
    "second": pl.Int64(),
    "structural": pl.Boolean(),
    "released_sum": pl.Boolean(),
}
"""Columns that not every figure has; the last two are declared and filled in by the gate."""

LARGEST = [
    pl.col("amount").max().fill_null(0).alias("largest"),
    # A loss is nobody's part of a sum: an income below zero counts as none here.
    (pl.col("amount").top_k(2).sum() - pl.col("amount").max()).fill_null(0).clip(0).alias("second"),
]
"""The two largest amounts of single persons, for the rule of dominance."""


@dataclass(frozen=True)
class Head:
    """What all figures of a block share: table, base, measure and unit."""

    table: str
    base: str
    measure: Literal["count", "share", "mean", "total", "presence", "index"]
    unit: str


def figures(
    places: pl.DataFrame,
    values: pl.DataFrame,
    keys: Sequence[str],
    head: Head,
    per: Literal["persons", "amount"] = "persons",
) -> pl.DataFrame:
    """Sum persons' values by place and key, over all persons with a value or over the whole amount.

    places: person, area, type_key; a place of nobody is a row without a person. values: person,
    key, amount (integers; at most one row a person and key). keys: the rows of the table. Every
    place has every key; one without persons is a figure of zero. Returns `cells`.
    """
    joined = places.join(values.with_columns(pl.col("amount").cast(pl.Int64)), on="person", how="inner")
    counted = pl.col("amount") > 0
    top = joined.group_by(*GROUP, "key").agg(
        pl.col("amount").sum().alias("numerator"), counted.sum().cast(pl.Int64).alias("persons"), *LARGEST
    )
    if per == "amount":
        top = top.join(_with_no_other(joined), on=[*GROUP, "key"], how="left")
    rows = pl.DataFrame({"key": list(keys)}, schema={"key": pl.String})
    everywhere = places.select(GROUP).unique().join(_bases(joined, per), on=GROUP, how="left")
    everywhere = everywhere.join(rows, how="cross")
    full = everywhere.join(top, on=[*GROUP, "key"], how="left").with_columns(
        pl.col("numerator", "persons", "denominator", "base_persons", "largest", "second").fill_null(0)
    )
    if per == "amount":
        full = full.with_columns(
            (pl.col("base_persons") - pl.col("alone").fill_null(0)).alias("rest_persons")
        )
    return headed(full, head)


def _bases(joined: pl.DataFrame, per: Literal["persons", "amount"]) -> pl.DataFrame:
    """Count what each place's shares and means are of: its persons, or the amount that they have."""
    if per == "persons":
        number = pl.col("person").n_unique().cast(pl.Int64)
        return joined.group_by(GROUP).agg(number.alias("denominator"), number.alias("base_persons"))
    some = pl.col("person").filter(pl.col("amount") > 0)
    return joined.group_by(GROUP).agg(
        pl.col("amount").sum().alias("denominator"), some.n_unique().cast(pl.Int64).alias("base_persons")
    )


def _with_no_other(joined: pl.DataFrame) -> pl.DataFrame:
    """Count the persons of each place and key whose whole amount is under this key."""
    whole = joined.group_by(*GROUP, "person").agg(pl.col("amount").sum().alias("whole"))
    same = (pl.col("amount") == pl.col("whole")) & (pl.col("amount") > 0)
    return (
        joined.join(whole, on=[*GROUP, "person"])
        .group_by(*GROUP, "key")
        .agg(same.sum().cast(pl.Int64).alias("alone"))
    )


def one_way(pooled: str) -> pl.Expr:
    """Give the places of an area or of a pooled type, for tables that are too fine for both at once.

    By type and municipality nearly all cells of a table by quarter or kind are of few persons, and
    would have to be withheld with others that tell them.
    """
    return ALL | (pl.col("area") == pooled)


def totals(places: pl.DataFrame, key: str, head: Head, values: pl.DataFrame | None = None) -> pl.DataFrame:
    """Count persons by place, or sum their amounts when values (person, amount) are given."""
    if values is None:
        number = pl.col("person").drop_nulls().n_unique().cast(pl.Int64)
        counted = places.group_by(GROUP).agg(number.alias("numerator"))
        counted = counted.with_columns(pl.col("numerator").alias("persons"))
    else:
        some = values.filter(pl.col("amount") > 0).group_by("person").agg(pl.col("amount").sum())
        counted = (
            places.join(some, on="person", how="left")
            .group_by(GROUP)
            .agg(
                pl.col("amount").sum().cast(pl.Int64).alias("numerator"),
                pl.col("amount").count().cast(pl.Int64).alias("persons"),
                *LARGEST,
            )
        )
    full = counted.with_columns(
        pl.lit(key).alias("key"),
        pl.lit(0, dtype=pl.Int64).alias("denominator"),
        pl.col("persons").alias("base_persons"),
    )
    return headed(full, head)


def indices(rows: pl.DataFrame, head: Head) -> pl.DataFrame:
    """Take statistics that are no counts: rows of area, type_key, key, index and the persons behind it."""
    zero = pl.lit(0, dtype=pl.Int64)
    return headed(
        rows.with_columns(
            pl.col("persons").alias("base_persons"), zero.alias("numerator"), zero.alias("denominator")
        ),
        head,
    )


def category(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Give a person's category as values: key, amount 1; persons without one are left out."""
    known = frame.select("person", pl.col(column).alias("key")).drop_nulls("key")
    return known.with_columns(pl.lit(1, dtype=pl.Int64).alias("amount"))


def yes(frame: pl.DataFrame, test: pl.Expr, key: str) -> pl.DataFrame:
    """Give a person's yes or no as values: amount 1 or 0; persons for whom it is not known are left out."""
    known = frame.select("person", test.cast(pl.Int64).alias("amount")).drop_nulls("amount")
    return known.select("person", pl.lit(key).alias("key"), "amount")


def headed(full: pl.DataFrame, head: Head) -> pl.DataFrame:
    """Complete counted rows to `cells`."""
    lacking = {name: kind for name, kind in OPTIONAL.items() if name not in full.columns}
    full = full.with_columns(pl.lit(None, dtype=kind).alias(column) for column, kind in lacking.items())
    return full.with_columns(
        pl.lit(head.table).alias("table"),
        pl.lit(head.base).alias("base"),
        pl.lit(head.measure).alias("measure"),
        pl.lit(head.unit).alias("unit"),
    ).select(COLUMNS)


def by_type(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Move the type from the key of a table's row to its type column, with one key for all."""
    return frame.with_columns(pl.col("key").alias("type_key"), pl.lit(key).alias("key"))


def sizes(rows: pl.DataFrame, head: Head) -> pl.DataFrame:
    """Take counts of persons that are there already: rows of area, type_key, key and persons."""
    return headed(
        rows.with_columns(
            pl.col("persons").alias("base_persons"),
            pl.col("persons").alias("numerator"),
            pl.lit(0, dtype=pl.Int64).alias("denominator"),
        ),
        head,
    )
