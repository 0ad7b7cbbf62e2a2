"""Whom the persons with a grant are compared with: those without one, and grants of other municipalities."""

from __future__ import annotations

from datetime import date
from typing import Literal

import polars as pl

from veje.ages import add_age
from veje.settings import Cohort

AGES = (18, 64)
"""# ASSUME: the study does not say who the other population is; those who could be granted a pension."""


def reference_day(settings: Cohort) -> date:
    """Give the day on which persons without a grant are looked at.

    # ASSUME: the middle of the window, so that their ages and years are those of the grants on average.
    """
    return settings.from_ + (settings.to - settings.from_) / 2


def build_others(
    applications: pl.DataFrame,
    cohort: pl.DataFrame,
    bef: pl.DataFrame,
    settings: Cohort,
    others: Literal["none", "everyone"] = "everyone",
) -> pl.DataFrame:
    """Give everyone that the cohort is compared with: person, area, index_date, age, diagnosis, granted.

    applications, cohort, bef: tables of those names. others: `none` where `bef` was not kept for
    persons without a decision. Persons without a grant live in the country on
    the reference day and are 18 to 64 years old then; those with a grant are of whole regions outside
    the study's municipalities.

    # ASSUME: who was granted a pension before or after the window belongs to the other citizens: with
    the grants of the window they make up all citizens in table 6.6 (187,437 + 1,432 = 188,869).
    """
    granted = applications.filter(outcome="granted")
    elsewhere = (
        granted.filter(pl.col("region").is_not_null())
        .join(cohort, on="person", how="anti")
        .select("person", "area", pl.col("date").alias("index_date"), "diagnosis", granted=pl.lit(True))
    )
    day = reference_day(settings)
    lives_here = (
        keep_residents(bef, day)
        .join(granted, on="person", how="anti")
        .select(
            "person",
            pl.col("municipality")
            .replace_strict(settings.municipalities, default=None, return_dtype=pl.String)
            .alias("area"),
            pl.lit(day).alias("index_date"),
            pl.lit(None, dtype=pl.String).alias("diagnosis"),
            pl.lit(False).alias("granted"),
        )
    )
    every = pl.concat([elsewhere, lives_here] if others == "everyone" else [elsewhere])
    aged = add_age(every, bef)
    return aged.filter(pl.col("granted") | pl.col("age").is_between(*AGES)).sort("person")


def keep_residents(bef: pl.DataFrame, day: date) -> pl.DataFrame:
    """Keep each person's last row in the population on or before a day."""
    known = bef.with_columns(pl.col("status_date").fill_null(pl.date(1900, 1, 1)))
    before = known.filter(pl.col("status_date") <= day)
    return before.sort("person", "status_date").unique("person", keep="last", maintain_order=True)
