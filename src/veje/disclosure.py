"""The only road to a release: threshold and rounding, applied to every figure in one place.

A figure is withheld when fewer persons than the threshold stand behind its numerator or its
denominator, or behind what a share leaves of the whole. Zero counts as few above the line and in what
is left, so a withheld cell means anything from none to just under the threshold, and no share of
everyone tells the state of each (class disclosure), unless it is so by definition (`structural`).
A sum of amounts is withheld where one person dominates it. Counts are rounded once, and shares and
means are divided from rounded counts, so that no two tables can show one number in two ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

import polars as pl

from veje.names import ALL_TYPES, CELL, WITHHELD
from veje.settings import Disclosure

DECIMALS = 1
"""Shares and means are shown with one decimal, as the study prints them."""

INDEX_DECIMALS = 3
"""An index with all its digits could tell of single persons."""

HALF_UP: Literal["half_away_from_zero"] = "half_away_from_zero"
"""Polars would round 2.25 to 2.2."""

Number = TypeVar("Number", int, pl.Expr)
BLOCK = ["table", "base", "area", "type_key", "unit"]


def release(cells: pl.DataFrame, rules: Disclosure, looked_for: Sequence[str] = ()) -> pl.DataFrame:
    """Turn raw figures (table `cells`) into what may be shown (table `released`), in order."""
    return public(judge(cells, rules), rules, looked_for)


def judge(cells: pl.DataFrame, rules: Disclosure) -> pl.DataFrame:
    """Add to raw figures (table `cells`) the value each may have and whether it is `shown`.

    count: the rounded numerator. share: 100 x rounded numerator / rounded denominator. mean and
    total: see `mean_sum`, over the rounded denominator. presence: 1 when the threshold is passed, 0
    for fewer persons or none. index: rounded, when enough persons stand behind it.
    """
    above, below = round_to(pl.col("numerator"), rules), round_to(pl.col("denominator"), rules)
    kind = pl.col("measure")
    value = (
        pl.when(kind == "count")
        .then(above.cast(pl.Float64))
        .when(kind == "share")
        .then((100 * above / below).clip(0, 100).round(DECIMALS, mode=HALF_UP))
        .when(kind == "presence")
        .then((pl.col("persons") >= rules.threshold).cast(pl.Float64))
        .when(kind == "index")
        .then(pl.col("index").round(INDEX_DECIMALS, mode=HALF_UP))
        .otherwise((mean_sum(rules) / below).round(DECIMALS, mode=HALF_UP))
    )
    # A base that rounds to zero has no share and no mean.
    based = ~kind.is_in(["share", "mean", "total"]) | (below > 0)
    left = (kind != "share") | ~few_left(rules)
    shown = (passes(rules) & based & left & ~dominated(rules)) | (kind == "presence")
    return withhold_second(cells.with_columns(value.alias("value"), shown.alias("shown")))


def public(judged: pl.DataFrame, rules: Disclosure, looked_for: Sequence[str] = ()) -> pl.DataFrame:
    """Leave of judged figures what may be shown (table `released`): no withheld value and no rare name.

    looked_for: types whose names were given before any person was seen; they keep their rows.
    """
    named = drop_rare_names(hide_types(judged, rules), rules, looked_for)
    return named.select(
        *("table", "base", "area", "type_key", "key", "measure", "unit"),
        pl.when("shown").then("value").alias("value"),
        pl.when("shown").then(pl.lit("published")).otherwise(pl.lit("withheld")).alias("status"),
    ).sort(CELL)


def mean_sum(rules: Disclosure) -> pl.Expr:
    """Give the rounded sum that a mean is divided from.

    A sum that the release tells as a count is rounded as it is there. Any other is first brought to
    the rounded number of persons: 160 quarters of 8 persons, shown as 10, are 200 and still 20 each.
    """
    base, above, below = rules.rounding, pl.col("numerator"), pl.col("denominator")
    scaled = above * round_to(below, rules)
    brought = (2 * scaled + base * below) // (2 * base * pl.max_horizontal(below, pl.lit(1))) * base
    told = pl.col("released_sum").fill_null(False)
    return pl.when(told).then(round_to(above, rules)).otherwise(brought)


def dominated(rules: Disclosure) -> pl.Expr:
    """Give the test that whoever has the second largest amount could estimate the largest too well.

    The p% rule: what is left of the sum without the two is below p per cent of the largest (Hundepool
    et al., Statistical Disclosure Control, 2012, section 4.2.2). Figures without amounts pass.
    """
    rest = pl.col("numerator") - pl.col("largest") - pl.col("second")
    test: pl.Expr = (100 * rest < rules.dominance * pl.col("largest")).fill_null(False)
    return test


def passes(rules: Disclosure) -> pl.Expr:
    """Give the test that a figure's persons reach the threshold, above and below the line."""
    above = pl.col("persons") >= rules.threshold
    below = (pl.col("denominator") == 0) | (pl.col("base_persons") >= rules.threshold)
    return above & below


def few_left(rules: Disclosure) -> pl.Expr:
    """Give the test that too few persons, or none, stand behind what a share leaves of the whole.

    96 of 100 women would tell of 4 men, and 96 of 100 persons in one state of 4 in all others; 100 of
    100 would tell of each. Shares that are everyone's by definition pass.
    """
    left = pl.coalesce("rest_persons", pl.col("base_persons") - pl.col("persons"))
    return (left < rules.threshold) & ~pl.col("structural").fill_null(False)


def withhold_second(tested: pl.DataFrame) -> pl.DataFrame:
    """Withhold a second mean where one alone is withheld among means that add up to a known total.

    Means of one table, area, type and unit are the parts of the figure of measure `total` beside
    them, when there is one (Bilag 1: quarters per state, 20 in all): one missing part is the rest.
    The mean of fewest persons goes too; of equals the smallest one, then the first by key.
    tested: `cells` with `shown`. Two withheld parts still have a known sum: see the audit.
    """
    whole = tested.filter(measure="total").select(BLOCK).unique()
    parts = tested.filter(measure="mean").join(whole, on=BLOCK, how="semi")
    alone = parts.group_by(BLOCK).agg((~pl.col("shown")).sum().alias("hidden")).filter(hidden=1)
    second = (
        parts.filter("shown")
        .join(alone, on=BLOCK, how="semi")
        .sort("persons", "numerator", "key")
        .unique(BLOCK, keep="first", maintain_order=True)
        .select(*CELL, pl.lit(True).alias("too"))
    )
    found = tested.join(second, on=CELL, how="left", maintain_order="left")
    return found.with_columns(pl.col("shown") & pl.col("too").is_null()).drop("too")


def hide_types(cells: pl.DataFrame, rules: Disclosure) -> pl.DataFrame:
    """Give clusters of too few persons one neutral type key: what they are named as tells of their paths.

    An area of too few persons shows one cluster, as one of nobody does: their number tells of them.
    """
    clusters = pl.col("table") == "clusters"
    counted = pl.when(pl.col("measure") == "count").then("persons").otherwise(0)
    few = counted.sum().over("table", "area") < rules.threshold
    cells = cells.filter(~(clusters & few & (pl.col("key") != "cluster_1")))
    hidden = clusters & (pl.col("persons") < rules.threshold)
    return cells.with_columns(pl.when(hidden).then(pl.lit(WITHHELD)).otherwise("type_key").alias("type_key"))


def drop_rare_names(cells: pl.DataFrame, rules: Disclosure, looked_for: Sequence[str] = ()) -> pl.DataFrame:
    """Leave out types, traits of the profile and own types of movers that reach the threshold nowhere.

    All are named by what was found, so that a name alone would tell that someone has it; a type that
    was looked for has its row in every run, and the row tells nothing.
    """
    reached = pl.col("persons") >= rules.threshold
    fixed_type = pl.col("type_key").is_in(["", ALL_TYPES, WITHHELD, *looked_for])
    fixed_key = ~pl.col("table").is_in(["profile", "movers"]) | ~pl.col("key").str.contains(".", literal=True)
    return cells.filter(
        fixed_type | reached.any().over("type_key"), fixed_key | reached.any().over("table", "key")
    )


def round_to(number: Number, rules: Disclosure) -> Number:
    """Round half up to a multiple of the base, in integers."""
    return (2 * number + rules.rounding) // (2 * rules.rounding) * rules.rounding
