"""The only road to a release: threshold and rounding, applied to every figure in one place.

A figure is withheld when fewer persons than the threshold stand behind its numerator or its
denominator; zero counts as few, so a withheld cell means anything from none to just under the
threshold. Counts are rounded once, and shares are divided from the rounded counts, so that no two
tables can show one number in two ways.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from veje.settings import Disclosure

DECIMALS = 1
"""Shares and means are shown with one decimal, as the study prints them."""

HALF_UP: Literal["half_away_from_zero"] = "half_away_from_zero"
"""Polars would round 2.25 to 2.2."""


def release(cells: pl.DataFrame, rules: Disclosure) -> pl.DataFrame:
    """Turn raw figures (table `cells`) into what may be shown (table `released`).

    count: the rounded numerator. share: 100 x rounded numerator / rounded denominator. mean and
    total: numerator / denominator, from passing persons only. presence: 1 when the threshold is
    passed, else 0. index: a statistic about no single persons, as it is.
    """
    rounded = _round_to("numerator", rules.rounding), _round_to("denominator", rules.rounding)
    kind = pl.col("measure")
    value = (
        pl.when(kind == "count")
        .then(rounded[0].cast(pl.Float64))
        .when(kind == "share")
        .then((100 * rounded[0] / rounded[1]).clip(0, 100).round(DECIMALS, mode=HALF_UP))
        .when(kind == "presence")
        .then((pl.col("persons") >= rules.threshold).cast(pl.Float64))
        .when(kind == "index")
        .then(pl.col("index"))
        .otherwise((pl.col("numerator") / pl.col("denominator")).round(DECIMALS, mode=HALF_UP))
    )
    # A base that rounds to zero has no share.
    shown = passes(rules) & ((kind != "share") | (rounded[1] > 0)) | kind.is_in(["presence", "index"])
    return cells.with_columns(
        pl.when(shown).then(value).otherwise(None).alias("value"),
        pl.when(shown).then(pl.lit("published")).otherwise(pl.lit("withheld")).alias("status"),
    ).select("table", "base", "area", "type_key", "key", "measure", "unit", "value", "status")


def passes(rules: Disclosure) -> pl.Expr:
    """Give the test that a figure's persons reach the threshold, above and below the line."""
    above = pl.col("persons") >= rules.threshold
    below = (pl.col("denominator") == 0) | (pl.col("base_persons") >= rules.threshold)
    return above & below


def _round_to(column: str, base: int) -> pl.Expr:
    """Round half up to a multiple of the base, in integers."""
    return (2 * pl.col(column) + base) // (2 * base) * base
