"""Decisions on disability pension: which count, which of a case and of a person, and where."""

from __future__ import annotations

import polars as pl

ORDER = ["person", "decision_date", "case", "municipality", "diagnosis", "decision", "basis", "referral"]
"""A total order, so that the same deliveries give the same cohort whatever their row order."""


def keep_grants(grants: pl.DataFrame) -> pl.DataFrame:
    """Keep grants; refusals and re-assessments go.

    # ASSUME: a register delivered without a kind of decision holds grants only.
    """
    if grants.get_column("decision").null_count() == grants.height:
        return grants
    return grants.filter(pl.col("decision") == "grant")


def keep_latest_per_case(grants: pl.DataFrame) -> pl.DataFrame:
    """Keep the latest decision of each case; a row without a case number is a case of its own.

    # ASSUME: a grant that a later refusal of the same case took back still counts: refusals go first,
    and two grants of one case are one grant, corrected later, with the later date.
    """
    cased = grants.filter(pl.col("case").is_not_null())
    latest = cased.sort(ORDER).unique(["person", "case"], keep="last", maintain_order=True)
    return pl.concat([latest, grants.filter(pl.col("case").is_null())])


def keep_first_per_person(grants: pl.DataFrame) -> pl.DataFrame:
    """Keep each person's first grant, over all years the register holds."""
    return grants.sort(ORDER).unique("person", keep="first", maintain_order=True)


def add_residence(grants: pl.DataFrame, bef: pl.DataFrame) -> pl.DataFrame:
    """Fill a grant's missing municipality with the last one known on the day of the decision."""
    known = bef.filter(pl.col("municipality").is_not_null()).select(
        "person", home="municipality", at=pl.col("status_date").fill_null(pl.date(1900, 1, 1))
    )
    joined = grants.sort("decision_date").join_asof(
        known.sort("at"),
        left_on="decision_date",
        right_on="at",
        by="person",
        strategy="backward",
        check_sortedness=False,
    )
    return joined.with_columns(pl.coalesce("municipality", "home").alias("municipality")).drop("home", "at")
