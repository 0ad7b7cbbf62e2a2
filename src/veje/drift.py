"""What moved between two releases: figure by figure, and only by what both of them show."""

from __future__ import annotations

import polars as pl

from veje.contracts import contract
from veje.names import CELL

# Figures are released with fewer decimals; a difference has no more.
DECIMALS = 6


def drift_between(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """List the figures of two releases that are not the same: table `drift`.

    before, now: `CELL`, unit, value and status of all figures of the last published run and of this one.
    Nothing but released figures is read, so that the list tells no more than both releases side by side.
    """
    told = [*CELL, "unit", "value", "status"]
    both = before.select(told).join(now.select(told), on=list(CELL), how="full", suffix="_now", coalesce=True)
    was, shown = pl.col("status"), pl.col("status_now")
    what = (
        pl.when(was.is_null())
        .then(pl.lit("appeared"))
        .when(shown.is_null())
        .then(pl.lit("gone"))
        .when(was != shown)
        .then(pl.when(shown == "published").then(pl.lit("shown")).otherwise(pl.lit("withheld")))
        .when(pl.col("value") != pl.col("value_now"))
        .then(pl.lit("moved"))
    )
    listed = both.with_columns(
        what=what,
        unit=pl.coalesce("unit_now", "unit"),
        change=(pl.col("value_now") - pl.col("value")).round(DECIMALS),
    ).filter(pl.col("what").is_not_null())
    columns = list(contract("drift").types)
    return listed.rename({"value": "before", "value_now": "now"}).select(columns).sort(CELL)
