"""A run's own figures as they are held against printed ones: exact, or released with what rounding moved."""

from __future__ import annotations

import polars as pl

from veje.disclosure import DECIMALS, round_to
from veje.names import CELL
from veje.settings import Disclosure

OURS = [*CELL, "value", "slack", "hidden"]
"""Columns of both frames: the figure, how far rounding may have moved it, and whether it was withheld."""

FRACTION = pl.col("measure").is_in(["share", "mean", "total"])
"""Measures that are a numerator over a denominator."""

HALF_UNIT = 0.5 / 10**DECIMALS
"""Shares and means are released with one decimal."""


def exact_figures(cells: pl.DataFrame) -> pl.DataFrame:
    """Give the figures of `cells` undisclosed and unrounded; private.

    A figure of a group of nobody has no value. A table in which nobody stands behind any figure of a
    measure was not computed: its register was not delivered, and its rows are left out.
    """
    kind, above, below = pl.col("measure"), pl.col("numerator"), pl.col("denominator")
    scale = pl.when(kind == "share").then(100.0).otherwise(1.0)
    value = (
        pl.when(kind == "index")
        .then("index")
        .when(kind == "presence")
        .then((pl.col("persons") > 0).cast(pl.Float64))
        .when(FRACTION)
        .then(pl.when(below > 0).then(scale * above / below))
        .otherwise(above.cast(pl.Float64))
    )
    somebody = (pl.col("base_persons") > 0).any().over("table", "measure")
    return cells.filter(somebody).select(
        *CELL, value.alias("value"), pl.lit(0.0).alias("slack"), pl.lit(False).alias("hidden")
    )


def released_figures(released: pl.DataFrame, cells: pl.DataFrame, rules: Disclosure) -> pl.DataFrame:
    """Give the figures of `released` with how far rounding to the base may have moved each.

    The slack is computed from rounded counts, so that it tells nothing that the release does not: of
    a count half of the base, of a share what both counts allow, of a mean half of the base over its
    rounded persons and half of its last decimal.
    A withheld figure has neither value nor slack.
    """
    known = released.join(cells.select(*CELL, "numerator", "denominator"), on=CELL, how="left")
    slack = (
        pl.when(pl.col("value").is_null())
        .then(0.0)
        .when(pl.col("measure") == "count")
        .then(pl.lit(float(rules.rounding // 2)))
        .when(pl.col("measure") == "share")
        .then(_share_slack(rules))
        .when(FRACTION)
        .then(_mean_slack(rules))
        .otherwise(0.0)
    )
    hidden = (pl.col("status") == "withheld").alias("hidden")
    return known.select(*CELL, "value", slack.fill_null(0.0).alias("slack"), hidden)


def _mean_slack(rules: Disclosure) -> pl.Expr:
    """Give how far the rounding of its sum may have moved a mean."""
    half = pl.lit(rules.rounding / 2)
    moved: pl.Expr = half / round_to(pl.col("denominator"), rules) + HALF_UNIT
    return moved


def _share_slack(rules: Disclosure) -> pl.Expr:
    """Give the percent points between a share of rounded counts and any that rounds to it."""
    half = rules.rounding // 2
    above, below = (round_to(pl.col(name), rules) for name in ("numerator", "denominator"))
    highest = (100 * (above + half) / (below - half)).clip(0, 100)
    lowest = 100 * (above - half).clip(0) / (below + half)
    middle = (100 * above / below).clip(0, 100)
    moved: pl.Expr = pl.max_horizontal(highest - middle, middle - lowest) + HALF_UNIT
    return moved
