"""The study's printed figures beside a run's own, figure by figure, with a verdict."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.errors import VejeError
from veje.names import PLACE
from veje.published import read_figures

AGREES, DIFFERS, WITHHELD, NOT_COMPUTED, MISPRINT = (
    "agrees", "differs", "withheld", "not_computed", "not_reproducible"
)  # fmt: skip
VERDICTS = (AGREES, DIFFERS, WITHHELD, NOT_COMPUTED, MISPRINT)
DECIMALS = 3
"""Differences, tolerances and shares of verdicts are written with so many."""

JOIN = [*PLACE, "apart"]


def printed_figures(tables: Sequence[str]) -> pl.DataFrame:
    """Read the printed figures of some tables: table, area, type_key, key, measure, base, unit, published.

    A figure printed as a comma is zero; cells of a type that does not occur are left out.
    """
    return pl.concat([_printed(table) for table in tables])


def compare(
    printed: pl.DataFrame, ours: pl.DataFrame, tolerances: pl.DataFrame, errata: pl.DataFrame
) -> pl.DataFrame:
    """Give every printed figure the run's own, the difference and a verdict: table `replication`.

    printed: as `printed_figures` gives them. ours: the key columns and base with `value`, `slack`,
    how far rounding may have moved the value, and `hidden`, whether it was withheld. tolerances: by
    table (`*` for any) and measure, `absolute` in the figure's unit and `relative` in percent of
    it; the larger one holds. errata: figures that the publication prints wrong: the id in its
    register of inconsistencies, and `corrected` where the right figure is known; it is compared
    instead.

    A withheld figure never agrees and never differs; a figure with no row in `ours` was not
    computed, because the input has no such area or register. One that is there without a value and
    was not withheld is of nobody, and differs. Raises `VejeError` for a measure without a tolerance.
    """
    two_bases = printed.filter(pl.struct(PLACE).is_duplicated())["table"].unique()
    printed, ours, errata = (_tell_apart(frame, two_bases) for frame in (printed, ours, errata))
    found = (
        printed.join(errata.select(*JOIN, "id", "corrected"), on=JOIN, how="left")
        .join(ours.select(*JOIN, "value", "slack", "hidden"), on=JOIN, how="left")
        .with_columns(pl.coalesce("corrected", "published").alias("compared"))
    )
    judged = add_tolerance(found, tolerances).with_columns(
        pl.col("value").alias("reproduced"), (pl.col("value") - pl.col("compared")).alias("difference")
    )
    shown = pl.col("difference", "tolerance").round(DECIMALS)
    return judged.with_columns(_verdict().alias("verdict")).with_columns(shown).select(
        *PLACE, "base", "unit", "published", "compared", "reproduced", "difference",
        "tolerance", "verdict", pl.col("id").fill_null("").alias("inconsistency"),
    ).sort(*PLACE, "base")  # fmt: skip


def add_tolerance(found: pl.DataFrame, tolerances: pl.DataFrame) -> pl.DataFrame:
    """Add how far a figure may lie from the printed one; a table's own line goes before the general one.

    Half a unit of the last printed decimal is within the tolerances; `slack` is added to them.
    """
    own = tolerances.filter(pl.col("table") != "*")
    general = tolerances.filter(table="*").drop("table")
    with_both = found.join(own, on=["table", "measure"], how="left").join(
        general, on="measure", how="left", suffix="_general"
    )
    absolute, relative = (pl.coalesce(name, f"{name}_general") for name in ("absolute", "relative"))
    allowed = pl.max_horizontal(absolute, relative * pl.col("compared").abs() / 100)
    lacking = with_both.filter(allowed.is_null())["measure"].unique().sort()
    if lacking.len():
        raise VejeError(f"tolerances: no line for measure {', '.join(lacking)}")
    return with_both.with_columns((allowed + pl.col("slack").fill_null(0.0)).alias("tolerance"))


def count_verdicts(replication: pl.DataFrame) -> pl.DataFrame:
    """Count the figures of every table by verdict: table, one column a verdict, figures, share_agreeing.

    share_agreeing: percent of the figures that were computed, shown and are reproducible.
    """
    counted = replication.group_by("table").agg(
        *((pl.col("verdict") == verdict).sum().cast(pl.Int64).alias(verdict) for verdict in VERDICTS),
        pl.len().cast(pl.Int64).alias("figures"),
    )
    tried = pl.col(AGREES) + pl.col(DIFFERS)
    share = pl.when(tried > 0).then(100 * pl.col(AGREES) / tried)
    return counted.with_columns(share.round(DECIMALS).alias("share_agreeing")).sort("table")


def _printed(table: str) -> pl.DataFrame:
    frame = read_figures(table).filter(pl.col("value").is_not_null())
    return frame.select(
        pl.lit(table).alias("table"),
        "area",
        (pl.col("type_key") if "type_key" in frame.columns else pl.lit("")).fill_null("").alias("type_key"),
        "key", "measure", "base", "unit", pl.col("value").alias("published"),
    )  # fmt: skip


def _tell_apart(frame: pl.DataFrame, tables: pl.Series) -> pl.DataFrame:
    """Add what tells two figures of one place apart: the base, in tables that print two side by side."""
    apart = pl.when(pl.col("table").is_in(tables.implode())).then("base").otherwise(pl.lit(""))
    return frame.with_columns(apart.alias("apart"))


def _verdict() -> pl.Expr:
    known = pl.col("id").is_not_null() & pl.col("corrected").is_null()
    return (
        pl.when(known)
        .then(pl.lit(MISPRINT))
        .when(pl.col("hidden").is_null())
        .then(pl.lit(NOT_COMPUTED))
        .when("hidden")
        .then(pl.lit(WITHHELD))
        .when(pl.col("difference").abs() <= pl.col("tolerance") + 1e-9)
        .then(pl.lit(AGREES))
        .otherwise(pl.lit(DIFFERS))
    )
