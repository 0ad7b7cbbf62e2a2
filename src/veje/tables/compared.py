"""Figures of the persons beside other citizens and the country: tables 5.3, 6.1 to 6.3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from veje.tables.figures import ALL, GROUP, Head, category, figures, totals, yes

POPULATION = "other_population"
AGES = (19, 59)
"""The ages of tables 6.5 and 6.6 and of figure 6.1 (section 6.1.3)."""
NOT_STATED = "unknown"
LOWEST = "lower_secondary"
TRAITS = ["person", "age", "sex", "origin", "partner", "education", "diagnosis", "income", "unemployment"]
TRAITS += ["parent_on_pension", "psychopharmaceuticals", "adhd_medicine"]


@dataclass(frozen=True)
class People:
    """Everyone with covariates, and where they are counted.

    everyone: cohort and compared, one row a person. grants: places of persons with a grant, in
    municipalities and whole regions. population: all others. aged, citizens: of AGES, those of the
    cohort and the other citizens of the municipalities.
    """

    everyone: pl.DataFrame
    grants: pl.DataFrame
    population: pl.DataFrame
    aged: pl.DataFrame
    citizens: pl.DataFrame


def gather_people(
    background: pl.DataFrame,
    compared: pl.DataFrame,
    applications: pl.DataFrame,
    places: pl.DataFrame,
    pooled: str,
) -> People:
    """Put the cohort, the other citizens and the regions together; `places` as `places_of` gives them."""
    everyone = pl.concat([frame.select(TRAITS) for frame in (background, compared)])
    plain = places.filter(ALL)
    others = compared.filter(~pl.col("granted"))
    inside = pl.col("age").is_between(*AGES)
    local = others.filter(inside, pl.col("area").is_not_null())
    citizens = pl.concat([at(local, pl.col("area")), at(local, pl.lit(pooled))])
    aged = plain.join(everyone.filter(inside), on="person", how="semi")
    gone = plain.select(GROUP).unique().join(aged, on=GROUP, how="anti")
    nobody = gone.select(pl.lit(None, dtype=pl.Int64).alias("person"), *GROUP)
    return People(
        everyone=everyone,
        grants=pl.concat([plain, region_places(applications, everyone, plain["area"].unique().to_list())]),
        population=at(others, pl.lit(POPULATION)),
        aged=pl.concat([aged, nobody]),
        citizens=citizens,
    )


def region_places(applications: pl.DataFrame, everyone: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    """Give the places of persons with a grant in whole regions, and in the country when it is whole."""
    granted = applications.filter(outcome="granted").join(everyone, on="person", how="semi")
    levels = [
        at(granted.filter(pl.col(level).is_not_null()), pl.col(level)) for level in ("region", "country")
    ]
    return pl.concat(levels).filter(~pl.col("area").is_in(list(areas)))


def at(frame: pl.DataFrame, area: pl.Expr) -> pl.DataFrame:
    """Place persons in an area, all types together."""
    return frame.select("person", area.alias("area"), pl.lit("").alias("type_key"))


def compared_figures(people: People, diagnoses: Sequence[str], levels: Sequence[str]) -> list[pl.DataFrame]:
    """Tables 5.3 and 6.1 to 6.3; what no delivered register tells is left out."""
    blocks = diagnosis_figures(people, diagnoses)
    for base, places in (("grants", people.grants), (POPULATION, people.population)):
        if places.height:
            blocks += family_figures(people.everyone, places, base)
            blocks += education_figures(people.everyone, places, base, levels)
            blocks += income_figures(people.everyone, places, base)
    return blocks


def diagnosis_figures(people: People, diagnoses: Sequence[str]) -> list[pl.DataFrame]:
    """Table 5.3: shares of the persons with a stated diagnosis."""
    values = category(people.everyone.filter(pl.col("diagnosis") != NOT_STATED), "diagnosis")
    if not values.height:
        return []
    return [
        figures(people.grants, values, diagnoses, Head("table_5_3", "grants", "share", "percent")),
        totals(people.grants, "total", Head("table_5_3", "grants", "count", "persons")),
    ]


def family_figures(everyone: pl.DataFrame, places: pl.DataFrame, base: str) -> list[pl.DataFrame]:
    """Table 6.1: age, sex, origin and partner."""
    share = Head("table_6_1", base, "share", "percent")
    tests = {
        "women": pl.col("sex") == "woman",
        "immigrants": pl.col("origin") == "immigrant",
        "partner": pl.col("partner"),
    }
    told = {key: yes(everyone, test, key) for key, test in tests.items()}
    blocks = [figures(places, values, [key], share) for key, values in told.items() if values.height]
    ages = everyone.select("person", pl.lit("mean_age").alias("key"), pl.col("age").alias("amount"))
    years = Head("table_6_1", base, "mean", "years")
    return [
        *blocks,
        figures(places, ages.drop_nulls("amount"), ["mean_age"], years),
        totals(places, "total", Head("table_6_1", base, "count", "persons")),
    ]


def education_figures(
    everyone: pl.DataFrame, places: pl.DataFrame, base: str, levels: Sequence[str]
) -> list[pl.DataFrame]:
    """Table 6.2: levels of education; the lowest one holds, as printed, those that are not stated."""
    lowest = f"{LOWEST}_incl_{NOT_STATED}"
    named = pl.col("education").replace([LOWEST, NOT_STATED], [lowest, lowest])
    values = category(everyone.with_columns(named), "education")
    if not values.height:
        return []
    keys = [lowest, *(level for level in levels if level not in (LOWEST, NOT_STATED))]
    return [
        figures(places, values, keys, Head("table_6_2", base, "share", "percent")),
        totals(places, "total", Head("table_6_2", base, "count", "persons")),
    ]


def income_figures(everyone: pl.DataFrame, places: pl.DataFrame, base: str) -> list[pl.DataFrame]:
    """Table 6.3: mean income in whole kroner and mean unemployment degree in percent.

    The degree is summed per mille, so its denominator is ten a person.
    """
    blocks = []
    for column, key, unit, per_person in (
        ("income", "gross_income", "dkk", 1),
        ("unemployment", "unemployment_degree", "percent", 10),
    ):
        amount = pl.col(column).round().cast(pl.Int64).alias("amount")
        values = everyone.select("person", pl.lit(key).alias("key"), amount).drop_nulls("amount")
        if values.height:
            means = figures(places, values, [key], Head("table_6_3", base, "mean", unit))
            blocks.append(means.with_columns(pl.col("denominator") * per_person))
    total = totals(places, "total", Head("table_6_3", base, "count", "persons"))
    return [*blocks, total] if blocks else []
