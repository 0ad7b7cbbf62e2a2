"""Applications for a pension: each case once, with its outcome (tables 4.1 to 5.4)."""

from __future__ import annotations

import polars as pl

from veje.decisions import (
    add_residence,
    keep_first_per_person,
    keep_grants,
    keep_latest_per_case,
)
from veje.settings import Cohort

OUTCOMES = {"grant": "granted", "refusal": "rejected", "undecided": "undecided"}
"""The kinds of decision that end an application, and what table 5.2 calls them; re-assessments end none."""
COUNTRY = "all_regions"
COLUMNS = ["person", "date", "area", "region", "country", "outcome", "basis", "referral", "diagnosis"]


def build_applications(
    grants: pl.DataFrame,
    granted: pl.DataFrame,
    bef: pl.DataFrame,
    settings: Cohort,
    municipalities: pl.DataFrame,
) -> pl.DataFrame:
    """Give every application that ended in the window, wherever: table `applications`.

    grants, bef: tables of those names. granted: first grants in the window with residence, as
    `build_cohort` gives them. municipalities: the list of codes with their region.

    # ASSUME: a person has one application that is granted, the first grant's, and none after it: the
    study's table 5.2 counts as many granted applications as there are persons with a grant.
    """
    kinds = grants.filter(pl.col("decision").is_in(list(OUTCOMES)))
    others = _without_grant(kinds)
    inside = others.filter(pl.col("decision_date").is_between(settings.from_, settings.to))
    first = granted.with_columns(pl.lit("grant").alias("decision"))
    ended = pl.concat([first, add_residence(inside, bef).select(first.columns)])
    named = ended.with_columns(
        pl.col("decision_date").alias("date"),
        pl.col("decision").replace_strict(OUTCOMES, return_dtype=pl.String).alias("outcome"),
        pl.col("municipality")
        .replace_strict(settings.municipalities, default=None, return_dtype=pl.String)
        .alias("area"),
    )
    return add_regions(named, municipalities).select(COLUMNS).sort(COLUMNS)


def _without_grant(decisions: pl.DataFrame) -> pl.DataFrame:
    """Keep the latest decision of cases that were never granted, and none after the person's first grant."""
    granted = decisions.filter(pl.col("decision") == "grant")
    cases = granted.filter(pl.col("case").is_not_null())
    refused = decisions.filter(pl.col("decision") != "grant").join(cases, on=["person", "case"], how="anti")
    first = keep_first_per_person(keep_latest_per_case(keep_grants(granted)))
    before = keep_latest_per_case(refused).join(
        first.select("person", pl.col("decision_date").alias("granted")), on="person", how="left"
    )
    late = (pl.col("decision_date") > pl.col("granted")).fill_null(False)
    return before.filter(~late).drop("granted")


def add_regions(applications: pl.DataFrame, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Add the region that an application lies in, and the country, where the register has all of it.

    # ASSUME: a region is delivered whole when each of its municipalities has an application in the
    window; the figures of a part of a region would stand for all of it. Null otherwise.
    """
    listed = municipalities.filter(pl.col("region").is_not_null()).select(
        pl.col("code").alias("municipality"), "region"
    )
    found = pl.col("municipality").is_in(applications["municipality"].drop_nulls().unique().implode())
    whole = listed.group_by("region").agg(found.all().alias("whole")).filter("whole")
    everywhere = whole.height == listed["region"].n_unique()
    return applications.join(
        listed.join(whole, on="region", how="semi"), on="municipality", how="left"
    ).with_columns(pl.lit(COUNTRY if everywhere else None, dtype=pl.String).alias("country"))
