"""Figures of medicine and of parents' pensions: tables 6.5 and 6.6, figure 6.1 and Bilag 2."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.names import ALL_TYPES
from veje.tables.compared import People
from veje.tables.figures import ALL, TYPED, Head, category, figures, totals, yes

GRANTS, CITIZENS, EVERYONE = "grants_19_59", "other_citizens", "all_citizens"
INDICATORS = ("adhd_medicine", "psychopharmaceuticals")
"""Groups of the list that Bilag 2 shows and table 6.5 does not."""
NUMBERS = ("no_prescription_medicine", "one_medicine_type", "two_medicine_types", "three_medicine_types")
MORE = "four_or_more_medicine_types"
NONE_OF_THEM = ""


def citizen_figures(
    people: People, places: pl.DataFrame, collected: pl.DataFrame, groups: Sequence[str]
) -> list[pl.DataFrame]:
    """Tables 6.5 and 6.6, figure 6.1 and Bilag 2; what no delivered register tells is left out.

    collected: table `medicine_groups`. groups: the list's groups in order.
    """
    blocks = []
    named = [group for group in groups if group not in INDICATORS]
    for base, own in ((GRANTS, people.aged), (CITIZENS, people.citizens)):
        if own.drop_nulls("person").height:
            blocks += medicine_figures(people.everyone, own, base, collected, named)
            blocks += parent_figures(people.everyone, own, base)
    if people.citizens.height and people.everyone["parent_on_pension"].is_not_null().any():
        both = pl.concat([people.aged, people.citizens])
        blocks += [totals(both, "total", Head("table_6_6", EVERYONE, "count", "persons"))]
    return blocks + indicator_figures(people.everyone, places)


def medicine_figures(
    everyone: pl.DataFrame, places: pl.DataFrame, base: str, collected: pl.DataFrame, groups: Sequence[str]
) -> list[pl.DataFrame]:
    """Table 6.5 and figure 6.1: who takes which groups, and how many of them.

    # ASSUME: figure 6.1 counts the twelve groups of table 6.5, and who takes none of them has no
    prescription medicine. Of whom no year tells, or not all, is in no share.
    """
    told = everyone.filter(pl.col("psychopharmaceuticals").is_not_null())
    if not places.join(told, on="person", how="semi").height:
        return []
    one = pl.lit(1, dtype=pl.Int64).alias("amount")
    takes = collected.filter(pl.col("group").is_in(list(groups))).join(told, on="person", how="semi")
    # A row of no group for everyone, so that who takes nothing is among those a share is of.
    nothing = told.select("person", pl.lit(NONE_OF_THEM).alias("key"), pl.lit(0, pl.Int64).alias("amount"))
    values = pl.concat([takes.select("person", pl.col("group").alias("key"), one), nothing])
    share = Head("table_6_5", base, "share", "percent")
    return [
        figures(places, values, groups, share),
        totals(places, "total", Head("table_6_5", base, "count", "persons")),
        figures(
            places, number_of_groups(told, takes), [*NUMBERS, MORE],
            Head("figure_6_1", base, "share", "percent"),
        ),
        totals(places, "total", Head("figure_6_1", base, "count", "persons")),
    ]  # fmt: skip


def number_of_groups(everyone: pl.DataFrame, takes: pl.DataFrame) -> pl.DataFrame:
    """Give the number of groups that each person takes, as a category."""
    number = takes.group_by("person").agg(pl.len().alias("number"))
    counted = everyone.select("person").join(number, on="person", how="left")
    names = dict(enumerate(NUMBERS))
    key = pl.col("number").fill_null(0).replace_strict(names, default=MORE, return_dtype=pl.String)
    return category(counted.with_columns(key.alias("types")), "types")


def parent_figures(everyone: pl.DataFrame, places: pl.DataFrame, base: str) -> list[pl.DataFrame]:
    """Table 6.6: at least one parent on disability pension."""
    values = yes(everyone, pl.col("parent_on_pension"), "parent_on_pension")
    if not values.height:
        return []
    return [
        figures(places, values, ["parent_on_pension"], Head("table_6_6", base, "share", "percent")),
        totals(places, "total", Head("table_6_6", base, "count", "persons")),
    ]


def indicator_figures(everyone: pl.DataFrame, places: pl.DataFrame) -> list[pl.DataFrame]:
    """Bilag 2: ADHD medicine and psychopharmaceuticals by type and municipality, all ages."""
    values = [yes(everyone, pl.col(name), name) for name in INDICATORS]
    if not any(one.height for one in values):
        return []
    all_types = places.filter(ALL).with_columns(pl.lit(ALL_TYPES).alias("type_key"))
    own = pl.concat([places.filter(TYPED), all_types])
    share = Head("bilag_2", "persons", "share", "percent")
    return [
        *(figures(own, one, [name], share) for one, name in zip(values, INDICATORS, strict=True)),
        totals(own, "n_persons", Head("bilag_2", "persons", "count", "persons")),
    ]
