"""The facts that flags are computed from: one row a grant, every input a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from veje.errors import BadInput
from veje.regimes import Regime


@dataclass(frozen=True)
class Material:
    """What facts are made of: tables of those names, weeks as of `week_facts`, and the law's lists.

    cohort: sorted by person, with `regime`. weeks: in its order.
    """

    cohort: pl.DataFrame
    bef: pl.DataFrame
    grants: pl.DataFrame
    cases: pl.DataFrame
    deaths: pl.DataFrame
    migration: pl.DataFrame
    spells: pl.DataFrame
    weeks: pl.DataFrame
    pension_ages: pl.DataFrame
    regimes: Sequence[Regime]


def build_facts(material: Material) -> pl.DataFrame:
    """Put every input of the flags beside each grant; what no register tells is null.

    Returns a row a person of the cohort, in its order: person, area, regime, decision_date,
    birth_date, pension_date, the dates of the case, basis, scheme, death_date, abroad, measures,
    last_measure_start, scheme_years and the columns of `week_facts`.
    """
    grants = material.cohort.select("person", "area", "regime", decision_date="index_date")
    facts = pl.concat([grants, material.weeks], how="horizontal")
    facts = facts.join(births(material.bef), on="person", how="left", maintain_order="left")
    facts = facts.join(
        _basis(material.grants), on=["person", "decision_date"], how="left", maintain_order="left"
    )
    facts = facts.join(material.cases, on=["person", "decision_date"], how="left", maintain_order="left")
    facts = facts.join(material.deaths, on="person", how="left", maintain_order="left")
    facts = facts.join(_measures(material.spells), on="person", how="left", maintain_order="left")
    return facts.with_columns(
        pension_date(material.pension_ages),
        _cap(material.regimes),
        _abroad(facts, material.migration),
        pl.col("measures").fill_null(0),
    )


def births(bef: pl.DataFrame) -> pl.DataFrame:
    """Give each person's date of birth, as the cohort's age is computed from."""
    return bef.group_by("person").agg(pl.col("birth_date").drop_nulls().min()).sort("person")


def pension_date(ages: pl.DataFrame) -> pl.Expr:
    """Give the day on which a person reaches the pension age.

    ages: born_from (date as text), months, oldest first. Raises `BadInput` when a line is no date or
    no number.
    """
    found = pl.lit(None, dtype=pl.Date)
    for line, (born, months) in enumerate(ages.select("born_from", "months").iter_rows(), start=2):
        try:
            since, length = date.fromisoformat(born), int(months)
        except (TypeError, ValueError):
            raise BadInput(f"list pension_age: line {line}: neither a date nor a number of months") from None
        reached = pl.col("birth_date").dt.offset_by(f"{length}mo")
        found = pl.when(pl.col("birth_date") >= since).then(reached).otherwise(found)
    return found.alias("pension_date")


def _basis(grants: pl.DataFrame) -> pl.DataFrame:
    """Give the legal basis of each decision; of several rows on one day the first by basis."""
    one = grants.filter(pl.col("decision").is_null() | (pl.col("decision") == "grant"))
    return one.group_by("person", "decision_date").agg(pl.col("basis").min()).sort("person")


def _measures(spells: pl.DataFrame) -> pl.DataFrame:
    """Count each person's measures in the window and give the day on which the last one begins."""
    return spells.group_by("person").agg(
        pl.len().cast(pl.Int64).alias("measures"), pl.col("start").max().alias("last_measure_start")
    )


def _cap(regimes: Sequence[Regime]) -> pl.Expr:
    """Give the longest scheme, in years, that the regime of its own start grants."""
    found = pl.lit(None, dtype=pl.Int64)
    for one in regimes:
        if one.start is not None and one.scheme_years is not None:
            found = pl.when(pl.col("scheme_start") >= one.start).then(one.scheme_years).otherwise(found)
    return found.alias("scheme_years")


def _abroad(facts: pl.DataFrame, migration: pl.DataFrame) -> pl.Series:
    """Tell who lives abroad on the day of the decision: the last move by then went out.

    # ASSUME: of two moves on one day the one into the country is the later.
    """
    moves = facts.select("person", "decision_date").join(migration, on="person", how="inner")
    moves = moves.filter(pl.col("date") <= pl.col("decision_date"))
    last = moves.sort("person", "date", pl.col("direction") == "in").unique(
        "person", keep="last", maintain_order=True
    )
    gone = last.filter(pl.col("direction") == "out")["person"]
    return facts["person"].is_in(gone.implode()).alias("abroad")
