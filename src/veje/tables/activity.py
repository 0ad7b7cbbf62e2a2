"""Figures of activity: measures per person, by kind and by type, and when they fall."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.tables.figures import ALL, TYPED, Head, category, figures, totals, yes

TYPE_TABLES = {
    "short_term_cash_benefit": "table_7_3",
    "long_term_cash_benefit": "table_7_4",
    "commuter": "table_7_5",
    "wage_earner_became_ill": "table_7_6",
    "flexjob_referred": "table_7_7",
}
"""The study prints one table of measures for each of its types; other types share one of their own."""

OTHER_TYPES = "measures_by_type"
BANDS = {
    "n_1_5": 1,
    "n_6_10": 6,
    "n_11_15": 11,
    "n_16_20": 16,
    "n_21_25": 21,
    "n_26_31": 26,
    "n_32_and_over": 32,
}
"""Table 6.7's bands of measures per person, by their first number; the last is ours."""

SCENARIOS = ("early", "continuous", "late", "mixed", "none")


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


def timing_figures(timing: pl.DataFrame, places: pl.DataFrame) -> list[pl.DataFrame]:
    """Classes of timing by type and municipality, and the share active in each quarter."""
    numbered = timing.select(
        "person", "active_weeks", pl.int_ranges(1, pl.col("active_weeks").list.len() + 1).alias("quarter")
    ).explode("active_weeks", "quarter", empty_as_null=False, keep_nulls=False)
    active = numbered.select(
        "person",
        pl.format("q{}", pl.col("quarter").cast(pl.String).str.zfill(2)).alias("key"),
        (pl.col("active_weeks") > 0).cast(pl.Int64).alias("amount"),
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
