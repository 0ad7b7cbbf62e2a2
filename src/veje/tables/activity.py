"""Figures of activity: measures per person, by kind and by type, and when they fall."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.names import BANDS, OTHER_TYPES, SCENARIOS, TYPE_TABLES
from veje.settings import Timing
from veje.tables.figures import ALL, TYPED, Head, category, figures, totals, yes


def measure_figures(spells: pl.DataFrame, places: pl.DataFrame, kinds: Sequence[str]) -> list[pl.DataFrame]:
    """Tables 6.7, 6.8 and 7.3 to 7.7; a measure is counted when it begins in the window."""
    begun = spells.filter(pl.col("quarter") > 0)
    by_kind = begun.group_by("person", pl.col("kind").alias("key")).agg(
        pl.len().cast(pl.Int64).alias("amount")
    )
    number = begun.group_by("person").agg(pl.len().cast(pl.Int64).alias("amount"))
    plain, typed = places.filter(ALL), places.filter(TYPED)
    blocks = [
        *person_figures(number, plain),
        figures(plain, by_kind, kinds, Head("table_6_8", "measures", "share", "percent"), per="amount"),
        totals(plain, "total", Head("table_6_8", "measures", "count", "measures"), number),
    ]
    for type_key in sorted(set(typed["type_key"])):
        table = TYPE_TABLES.get(type_key, OTHER_TYPES)
        own = typed.filter(pl.col("type_key") == type_key)
        share = Head(table, "measures", "share", "percent")
        blocks.append(figures(own, by_kind, kinds, share, per="amount"))
        blocks.append(totals(own, "total", Head(table, "measures", "count", "measures"), number))
    return blocks


def person_figures(number: pl.DataFrame, plain: pl.DataFrame) -> list[pl.DataFrame]:
    """Table 6.7: measures per person; the bands are shares of those with any (the study's true base)."""
    band = pl.lit(None, dtype=pl.String)
    for name, low in BANDS.items():
        band = pl.when(pl.col("amount") >= low).then(pl.lit(name)).otherwise(band)
    everyone = (
        plain.select("person")
        .drop_nulls()
        .unique()
        .join(number, on="person", how="left")
        .with_columns(pl.col("amount").fill_null(0))
    )
    mean = everyone.select("person", pl.lit("measures_per_person").alias("key"), "amount")
    any_measure = yes(everyone, pl.col("amount") > 0, "any_measure")
    return [
        figures(
            plain,
            category(number.with_columns(band.alias("band")), "band"),
            list(BANDS),
            Head("table_6_7", "persons_with_measures", "share", "percent"),
        ),
        figures(plain, any_measure, ["any_measure"], Head("table_6_7", "persons", "share", "percent")),
        figures(plain, mean, ["measures_per_person"], Head("table_6_7", "persons", "mean", "measures")),
        totals(plain, "total", Head("table_6_7", "persons", "count", "persons")),
    ]


def timing_figures(timing: pl.DataFrame, places: pl.DataFrame, rules: Timing) -> list[pl.DataFrame]:
    """Classes of timing by type and municipality, and the share active in each quarter.

    A quarter is active as it is for the classes: with at least `active_weeks` weeks of activity.
    """
    numbered = timing.select(
        "person", "active_weeks", pl.int_ranges(1, pl.col("active_weeks").list.len() + 1).alias("quarter")
    ).explode("active_weeks", "quarter", empty_as_null=False, keep_nulls=False)
    active = numbered.select(
        "person",
        pl.format("q{}", pl.col("quarter").cast(pl.String).str.zfill(2)).alias("key"),
        (pl.col("active_weeks") >= rules.active_weeks).cast(pl.Int64).alias("amount"),
    )
    return [
        figures(
            places, category(timing, "scenario"), SCENARIOS, Head("timing", "persons", "share", "percent")
        ),
        totals(places, "total", Head("timing", "persons", "count", "persons")),
        figures(
            places, active, sorted(set(active["key"])), Head("timing_quarters", "persons", "share", "percent")
        ),
    ]
