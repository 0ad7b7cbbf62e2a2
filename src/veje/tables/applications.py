"""Figures of the applications: grants by period, legal basis, outcomes, what rejections refer to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from veje.tables.figures import GROUP, Head, category, figures, totals

OUTCOMES = ("granted", "rejected", "undecided")
DECEMBER = 12


def application_figures(
    applications: pl.DataFrame,
    areas: Sequence[str],
    periods: Sequence[tuple[str, date, date]],
    bases: Sequence[str],
    referrals: Sequence[str],
) -> list[pl.DataFrame]:
    """Tables 4.1, 5.1, 5.2 and 5.4; what the grant register does not tell is left out.

    applications: table of that name. periods: key, first and last day. bases, referrals: the rows of
    tables 5.1 and 5.4. Without a kind of decision there are grants only, and no tables of applications.
    """
    placed = place_units(applications, areas)
    granted = placed.filter(outcome="granted")
    blocks = grant_figures(granted, areas, periods)
    if granted.height == placed.height:
        return blocks
    blocks += outcome_figures(placed, areas)
    if placed["basis"].is_not_null().any():
        share = Head("table_5_1", "applications", "share", "percent")
        total = Head("table_5_1", "applications", "count", "applications")
        blocks += kind_figures(placed, areas, "basis", bases, (share, total))
    rejected = placed.filter(outcome="rejected")
    if rejected["referral"].is_not_null().any():
        share = Head("table_5_4", "rejections", "share", "percent")
        total = Head("table_5_4", "rejections", "count", "rejections")
        blocks += kind_figures(rejected, areas, "referral", referrals, (share, total))
    return blocks


def place_units(applications: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    """Place every application in its municipality, in all of them, in its region and in the country.

    A person is numbered anew in each area, because one may apply in two: `person` stands for a person
    in an area, so that the persons behind a figure are counted once.
    """
    levels = [
        applications.filter(pl.col("area").is_not_null()),
        applications.filter(pl.col("area").is_not_null()).with_columns(pl.lit(areas[0]).alias("area")),
        *(
            applications.with_columns(pl.col(level).alias("area")).filter(
                pl.col("area").is_not_null() & ~pl.col("area").is_in(list(areas))
            )
            for level in ("region", "country")
        ),
    ]
    unit = pl.struct("area", "person").rank("dense").cast(pl.Int64)
    return pl.concat(levels).with_columns(unit.alias("person"), pl.lit("").alias("type_key"))


def places_of_units(placed: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    """Give the places of `place_units`, with one of nobody for an area without an application."""
    there = placed.select("person", *GROUP).unique()
    empty = [area for area in areas if area not in set(there["area"])]
    nobody = pl.DataFrame({"person": None, "area": empty, "type_key": ""}, schema=there.schema)
    return pl.concat([there, nobody])


def grant_figures(
    granted: pl.DataFrame, areas: Sequence[str], periods: Sequence[tuple[str, date, date]]
) -> list[pl.DataFrame]:
    """Table 4.1: grants by period."""
    period = pl.lit(None, dtype=pl.String)
    for key, first, last in periods:
        period = pl.when(pl.col("date").is_between(first, last)).then(pl.lit(key)).otherwise(period)
    share = Head("table_4_1", "grants", "share", "percent")
    count = Head("table_4_1", "grants", "count", "persons")
    keyed = granted.with_columns(period.alias("period"))
    return counted_figures(keyed, areas, "period", [key for key, *_ in periods], (share, count))


def outcome_figures(placed: pl.DataFrame, areas: Sequence[str]) -> list[pl.DataFrame]:
    """Table 5.2: how applications ended."""
    share = Head("table_5_2", "applications", "share", "percent")
    count = Head("table_5_2", "applications", "count", "applications")
    return counted_figures(placed, areas, "outcome", OUTCOMES, (share, count))


def counted_figures(
    placed: pl.DataFrame, areas: Sequence[str], column: str, keys: Sequence[str], heads: tuple[Head, Head]
) -> list[pl.DataFrame]:
    """Give shares and counts of a column's values, with all of them as the last row."""
    places, share, count = places_of_units(placed, areas), *heads
    values = amounts(placed, column)
    rows = [
        totals(places, key, count, values.filter(pl.col("key") == key).select("person", "amount"))
        for key in keys
    ]
    everyone = category(placed.select("person", pl.lit("total").alias("all")).unique(), "all")
    return [
        figures(places, values, keys, share, per="amount"),
        figures(places, everyone, ["total"], share),
        *rows,
        totals(places, "total", count, values.select("person", "amount")),
    ]


def kind_figures(
    placed: pl.DataFrame, areas: Sequence[str], column: str, keys: Sequence[str], heads: tuple[Head, Head]
) -> list[pl.DataFrame]:
    """Give shares of a column's values among the applications that have one, and how many those are."""
    places, share, count = places_of_units(placed, areas), *heads
    values = amounts(placed, column)
    return [
        figures(places, values, keys, share, per="amount"),
        totals(places, "total", count, values.select("person", "amount")),
    ]


def amounts(placed: pl.DataFrame, column: str) -> pl.DataFrame:
    """Count each person's applications by the value of a column: person, key, amount."""
    known = placed.filter(pl.col(column).is_not_null())
    return known.group_by("person", pl.col(column).alias("key")).agg(pl.len().cast(pl.Int64).alias("amount"))


def periods_of(first: date, last: date) -> list[tuple[str, date, date]]:
    """Cut the window at New Year, as table 4.1 does: key (`2007_q3_q4`, `2009_q1`), first and last day."""
    found = []
    for year in range(first.year, last.year + 1):
        start, end = max(first, date(year, 1, 1)), min(last, date(year, DECEMBER, 31))
        low, high = ((day.month + 2) // 3 for day in (start, end))
        key = f"{year}_q{low}" if low == high else f"{year}_q{low}_q{high}"
        found.append((key, start, end))
    return found
