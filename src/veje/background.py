"""Stage 8: who the persons are at the index date: family, education, diagnosis, medicine, parents."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import polars as pl

from veje.errors import BadInput
from veje.lists import add_by_prefix
from veje.medicine import keep_collected, keep_covered
from veje.settings import Background

UNKNOWN = "unknown"
FEW = 100
SHARED = {
    "bef": "bef",
    "udda": "education",
    "lmdb": "medicine",
    "parents": "parents",
    "ind": "income",
    "idap": "unemployment",
}
"""Registers that hold nearly everybody, and their tables."""


def build_background(
    cohort: pl.DataFrame,
    registers: Mapping[str, pl.DataFrame],
    lists: Mapping[str, pl.DataFrame],
    delivered: frozenset[str],
    settings: Background,
) -> pl.DataFrame:
    """Give each person's covariates at the index date: table `background`.

    registers: tables bef, education, medicine, parents, grants, income, unemployment. lists: code
    lists education, diagnoses, medicine. delivered: the registers that the config names; a covariate
    whose register is not delivered is null for everyone.
    """
    check_shared(cohort, registers, delivered)
    frame = cohort.sort("person").select("person", "area", "index_date", "age", "diagnosis")
    frame = add_status(frame, registers["bef"])
    frame = add_education(frame, registers["education"], lists["education"], "udda" in delivered)
    frame = add_diagnosis(frame, lists["diagnoses"])
    frame = add_medicine(
        frame, registers["medicine"], lists["medicine"], "lmdb" in delivered, settings.medicine_days
    )
    frame = add_parents(frame, registers["parents"], registers["grants"], "parents" in delivered)
    incomes, degrees = registers["income"], registers["unemployment"].rename({"degree": "unemployment"})
    frame = add_last_year(frame, incomes, "income", settings.income_groups, "ind" in delivered)
    frame = add_last_year(frame, degrees, "unemployment", settings.unemployment_groups, "idap" in delivered)
    return add_age_group(frame, settings.age_groups).drop("index_date").sort("person")


def check_shared(
    cohort: pl.DataFrame, registers: Mapping[str, pl.DataFrame], delivered: frozenset[str]
) -> None:
    """Raise `BadInput` for a delivered register in which nobody of a large cohort is found.

    # ASSUME: that cannot be true of a hundred persons; their numbers are written in another form.
    """
    for name, table in SHARED.items():
        found = cohort.join(registers[table], on="person", how="semi").height
        if name in delivered and not found and cohort.height >= FEW:
            raise BadInput(
                f"{name}: none of the {cohort.height:,} persons of the cohort has a row: are the personal "
                f"numbers written in another form than in the grant register?"
            )


def add_status(frame: pl.DataFrame, bef: pl.DataFrame) -> pl.DataFrame:
    """Add sex, partner and origin from the last population snapshot before the index date.

    A person who enters the population later takes the first snapshot there is.
    """
    has_partner = bef["partner"].null_count() < bef.height
    status = bef.select(
        "person",
        "sex",
        "origin",
        pl.col("partner").is_not_null().alias("partner"),
        pl.col("status_date").fill_null(pl.date(1900, 1, 1)),
    )
    if not has_partner:
        status = status.with_columns(pl.lit(None, dtype=pl.Boolean).alias("partner"))
    rows = (
        frame.select("person", "index_date")
        .join(status, on="person", how="inner")
        .with_columns(
            (pl.col("status_date") > pl.col("index_date")).alias("late"),
            (pl.col("status_date") - pl.col("index_date")).abs().alias("apart"),
        )
    )
    known = rows.sort("person", "late", "apart").unique("person", keep="first", maintain_order=True)
    return frame.join(known.select("person", "sex", "origin", "partner"), on="person", how="left")


def add_education(
    frame: pl.DataFrame, education: pl.DataFrame, levels: pl.DataFrame, delivered: bool
) -> pl.DataFrame:
    """Add the level of education completed by the index date.

    `unknown`: a person without a row, a code without a level, and an education completed later,
    since the register keeps the highest one only.
    """
    if not delivered:
        return frame.with_columns(pl.lit(None, dtype=pl.String).alias("education"))
    level = dict(zip(levels["code"], levels["level"], strict=True))
    named = education.select(
        "person",
        pl.col("education").replace_strict(level, default=UNKNOWN, return_dtype=pl.String).alias("education"),
        "since",
    )
    joined = frame.join(named, on="person", how="left")
    later = (pl.col("since") > pl.col("index_date")).fill_null(False)
    known = pl.when(later).then(None).otherwise(pl.col("education")).fill_null(UNKNOWN)
    return joined.with_columns(known.alias("education")).drop("since")


def add_diagnosis(frame: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Replace the primary diagnosis by its group; null when the grant register has no diagnosis at all."""
    if frame["diagnosis"].null_count() == frame.height:
        return frame
    prefixes = dict(zip(groups["prefix"], groups["group"], strict=True))
    grouped = add_by_prefix(frame.rename({"diagnosis": "_code"}), "_code", prefixes, "diagnosis")
    return grouped.with_columns(pl.col("diagnosis").fill_null(UNKNOWN)).drop("_code")


def add_medicine(
    frame: pl.DataFrame, medicine: pl.DataFrame, groups: pl.DataFrame, delivered: bool, days: int
) -> pl.DataFrame:
    """Add whether psychopharmaceuticals and ADHD medicine were collected shortly before the index date.

    Null for a person of whom a year that the look-back touches was not delivered.
    """
    names = ["psychopharmaceuticals", "adhd_medicine"]
    if not delivered:
        return frame.with_columns(pl.lit(None, dtype=pl.Boolean).alias(name) for name in names)
    collected = keep_collected(frame, medicine, groups, days)
    covered = keep_covered(frame, medicine, days)["person"].implode()
    for name in names:
        users = collected.filter(group=name)["person"].implode()
        takes = pl.when(pl.col("person").is_in(covered)).then(pl.col("person").is_in(users))
        frame = frame.with_columns(takes.alias(name))
    return frame


def add_parents(
    frame: pl.DataFrame, parents: pl.DataFrame, grants: pl.DataFrame, delivered: bool
) -> pl.DataFrame:
    """Add whether at least one parent was granted a pension before the index date.

    Null for a person whom the register of parents does not have.

    # ASSUME: parents' pensions are known from the grant register's years only; one delivered without
    # a kind of decision holds grants only.
    """
    if not delivered:
        return frame.with_columns(pl.lit(None, dtype=pl.Boolean).alias("parent_on_pension"))
    all_grants = grants["decision"].null_count() == grants.height
    granted = grants if all_grants else grants.filter(pl.col("decision") == "grant")
    first = granted.group_by("person").agg(pl.col("decision_date").min().alias("granted"))
    links = parents.unpivot(["mother", "father"], index="person", value_name="parent").drop_nulls("parent")
    known = links.join(first.rename({"person": "parent"}), on="parent").join(
        frame.select("person", "index_date"), on="person"
    )
    yes = known.filter(pl.col("granted") < pl.col("index_date"))["person"].unique()
    listed = pl.col("person").is_in(parents["person"].implode())
    granted_parent = pl.col("person").is_in(yes.implode())
    return frame.with_columns(pl.when(listed).then(granted_parent).alias("parent_on_pension"))


def add_last_year(
    frame: pl.DataFrame, yearly: pl.DataFrame, column: str, starts: list[int], delivered: bool
) -> pl.DataFrame:
    """Add an amount of the last full year before the index date, and its group.

    yearly: person, year and the amount. The last full year is the calendar year before the index
    date's; another year does not stand in for it. Who has no row or no amount in it has no amount and
    the group `unknown`.
    """
    group = f"{column}_group"
    if not delivered:
        nothing = [pl.lit(None, dtype=pl.Float64).alias(column), pl.lit(None, dtype=pl.String).alias(group)]
        return frame.with_columns(nothing)
    year = pl.col("index_date").dt.year().cast(pl.Int64) - 1
    amounts = yearly.select("person", "year", column)
    joined = frame.with_columns(year.alias("year")).join(amounts, on=["person", "year"], how="left")
    return joined.drop("year").with_columns(name_group(column, starts).fill_null(UNKNOWN).alias(group))


def name_group(column: str, starts: list[int]) -> pl.Expr:
    """Name an amount's group by its limits: `under_1`, `1_249`, ..., `750_and_over`; null when unknown."""
    names = [f"under_{starts[0]}"]
    names += [f"{a}_{b - 1}" for a, b in pairwise(starts)]
    names += [f"{starts[-1]}_and_over"]
    group: pl.Expr = pl.when(pl.col(column).is_not_null()).then(pl.lit(names[0]))
    for name, start in zip(names[1:], starts, strict=True):
        group = pl.when(pl.col(column) >= start).then(pl.lit(name)).otherwise(group)
    return group


def add_age_group(frame: pl.DataFrame, starts: list[int]) -> pl.DataFrame:
    """Add the age group, named by its limits: `under_26`, `26_35`, ..., `56_and_over`."""
    return frame.with_columns(name_group("age", starts).alias("age_group"))
