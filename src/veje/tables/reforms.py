"""Figures of the reforms: regimes, flags, timing without those who expect none, types across regimes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from veje.lists import Alphabet
from veje.names import EXPECTED, NO_MATCH, SCENARIOS
from veje.tables.figures import (
    ALL,
    Head,
    by_type,
    category,
    figures,
    headed,
    indices,
    one_way,
    sizes,
    totals,
    yes,
)
from veje.tables.paths import quarters_by_state

GROUP_FLAG = "activation_not_expected"
PARTS = (
    ("held", "persons", ("wider", "narrower", "apart")),
    ("kept", "kept", ("apart",)),
    ("gained", "gained", ("wider", "apart")),
    ("lost", "lost", ("narrower", "apart")),
)
"""Parts of a flag under another parameter: key, column, and for which nesting each is told."""


@dataclass(frozen=True)
class Reform:
    """The tables of stage `reforms`, by the names of their contracts; without rows when it was not run."""

    grant_regimes: pl.DataFrame
    flags: pl.DataFrame
    flag_variants: pl.DataFrame
    group_types: pl.DataFrame
    regime_matches: pl.DataFrame
    regime_discrepancy: pl.DataFrame


@dataclass(frozen=True)
class Scope:
    """What the rows are, whoever is found: the regimes of the cohort's days, and their groups, in order."""

    regimes: Sequence[str]
    groups: Sequence[str]


def reform_figures(
    found: Reform,
    sequences: pl.DataFrame,
    timing: pl.DataFrame,
    places: pl.DataFrame,
    alphabet: Alphabet,
    scope: Scope,
    pooled: str,
) -> list[pl.DataFrame]:
    """All figures of the reforms; none when the stage was not run. places: as of `places_of`."""
    if not found.grant_regimes.height:
        return []
    plain = places.filter(ALL)
    whole = plain.filter(pl.col("area") == pooled)
    names = found.flags["flag"].unique(maintain_order=True).to_list()
    return [
        *regime_figures(found.grant_regimes, plain, scope.regimes),
        *flag_figures(found.flags, names, plain),
        *flags_by_regime(found, names, whole, scope.regimes),
        *variant_figures(found.flag_variants, pooled),
        *expected_figures(found.flags, timing, places.filter(one_way(pooled))),
        *type_figures(found, sequences, alphabet, scope.groups, pooled),
        *match_figures(found, pooled),
    ]


def regime_figures(placed: pl.DataFrame, plain: pl.DataFrame, regimes: Sequence[str]) -> list[pl.DataFrame]:
    """The share of grants in each regime and of windows that straddle a reform, by municipality."""
    head = Head("regimes", "persons", "share", "percent")
    return [
        figures(plain, category(placed, "regime"), regimes, head),
        figures(plain, yes(placed, pl.col("straddles"), "straddles"), ["straddles"], head),
        totals(plain, "total", Head("regimes", "persons", "count", "persons")),
    ]


def flag_figures(flags: pl.DataFrame, names: Sequence[str], plain: pl.DataFrame) -> list[pl.DataFrame]:
    """The share of grants with each flag, of those for whom it is known, by municipality."""
    head = Head("flags", "persons_known", "share", "percent")
    return [
        figures(plain, yes(flags.filter(flag=name), pl.col("value"), name), [name], head) for name in names
    ]


def flags_by_regime(
    found: Reform, names: Sequence[str], whole: pl.DataFrame, regimes: Sequence[str]
) -> list[pl.DataFrame]:
    """The share of grants with each flag within each regime, all municipalities together."""
    head = Head("flags_by_regime", "persons_known", "share", "percent")
    blocks = []
    for regime in regimes:
        own = found.flags.join(found.grant_regimes.filter(regime=regime), on="person", how="semi")
        for name in names:
            key = f"{name}.{regime}"
            blocks.append(figures(whole, yes(own.filter(flag=name), pl.col("value"), key), [key], head))
    return blocks


def variant_figures(variants: pl.DataFrame, pooled: str) -> list[pl.DataFrame]:
    """The share of grants with a flag when a parameter is another, and of those kept, gained and lost.

    Where one value holds all whom the other does, nobody can be lost, or gained, and who keeps it are
    all of the narrower one: such rows say nothing of their own, and are left out.
    """
    key = pl.format("{}.{}={}", "flag", "parameter", "value")
    blocks = []
    for part, count, told in PARTS:
        rows = variants.filter(pl.col("nested").fill_null("apart").is_in(told)).select(
            pl.lit(pooled).alias("area"),
            pl.lit("").alias("type_key"),
            pl.format("{}.{}", key, pl.lit(part)).alias("key"),
            pl.col(count).alias("persons"),
            pl.col(count).alias("numerator"),
            pl.col("known").alias("denominator"),
            pl.col("known").alias("base_persons"),
        )
        blocks.append(headed(rows, Head("flag_variants", "persons_known", "share", "percent")))
    return blocks if variants.height else []


def expected_figures(flags: pl.DataFrame, timing: pl.DataFrame, places: pl.DataFrame) -> list[pl.DataFrame]:
    """The classes of timing of those for whom activity is expected, and of those who are left out.

    All persons stand in `timing`: both parts are there, so that the audit sees what each tells of
    the other.
    """
    known = flags.filter(pl.col("flag") == GROUP_FLAG, pl.col("value").is_not_null())
    if not known.height:
        return []
    expected = known.filter(~pl.col("value"))["person"].implode()
    blocks = []
    for base, part in (
        ("persons_expected", pl.col("person").is_in(expected)),
        ("persons_left_out", ~pl.col("person").is_in(expected)),
    ):
        here = places.with_columns(pl.when(part).then("person").alias("person"))
        values = category(timing.filter(part), "scenario")
        blocks.append(figures(places, values, SCENARIOS, Head(EXPECTED, base, "share", "percent")))
        blocks.append(totals(here, "total", Head(EXPECTED, base, "count", "persons")))
    return blocks


def type_figures(
    found: Reform, sequences: pl.DataFrame, alphabet: Alphabet, groups: Sequence[str], pooled: str
) -> list[pl.DataFrame]:
    """The types within each group of regimes: persons, shares, and mean quarters in each state.

    Every group has the rows of every type of any group.
    """
    types = sorted(set(found.group_types["type_key"]))
    held = quarters_by_state(sequences, alphabet).group_by("person", pl.col("state").alias("key"))
    quarters = held.agg(pl.len().cast(pl.Int64).alias("amount"))
    blocks = []
    for group in groups if types else []:
        own = found.group_types.filter(group=group)
        plain = _at(own, pooled, "")
        values = category(own, "type_key")
        share = figures(plain, values, types, Head("regime_types", group, "share", "percent"))
        typed = pl.concat([_at(own.filter(type_key=one), pooled, one) for one in types])
        blocks.append(by_type(share, f"{group}.share"))
        blocks.append(totals(typed, f"{group}.persons", Head("regime_types", group, "count", "persons")))
        profile = quarters.with_columns(pl.format("{}.{}", pl.lit(group), "key").alias("key"))
        keys = [f"{group}.{state}" for state in alphabet.states]
        blocks.append(figures(typed, profile, keys, Head("regime_profiles", group, "mean", "quarters")))
        # The known sum of the means is there too: one that is withheld alone takes a second with it.
        whole = quarters.group_by("person").agg(pl.col("amount").sum())
        whole = whole.with_columns(pl.lit(f"{group}.total_quarters").alias("key"))
        total = Head("regime_profiles", group, "total", "quarters")
        blocks.append(figures(typed, whole, [f"{group}.total_quarters"], total))
    return blocks


def match_figures(found: Reform, pooled: str) -> list[pl.DataFrame]:
    """How far matched types are from each other, and what the groups explain of the differences.

    A type without a match stands beside `no_match` with its persons. Behind a pair stand the persons
    of its smaller type.
    """
    counted = found.group_types.group_by("group", "type_key").len("persons")
    rows = found.regime_matches
    for side in ("before", "after"):
        own = counted.rename({"group": side, "type_key": f"type_{side}", "persons": f"persons_{side}"})
        rows = rows.join(own, on=[side, f"type_{side}"], how="left")
    key = pl.format("{}.{}.{}", "before", "after", pl.col("type_after").fill_null(NO_MATCH))
    told = rows.select(
        pl.lit(pooled).alias("area"),
        pl.col("type_before").fill_null(NO_MATCH).alias("type_key"),
        key.alias("key"),
        pl.min_horizontal("persons_before", "persons_after").cast(pl.Int64).alias("persons"),
        pl.col("distance").alias("index"),
    )
    paired, alone = told.drop_nulls("index"), told.filter(pl.col("index").is_null()).drop("index")
    return [
        indices(paired, Head("regime_matches", "persons", "index", "quarters")),
        sizes(alone, Head("regime_matches", "persons", "count", "persons")),
        discrepancy_figures(found.regime_discrepancy, pooled),
    ]


def discrepancy_figures(explained: pl.DataFrame, pooled: str) -> pl.DataFrame:
    """What the group of regimes explains; the persons behind it are those of the smallest group."""
    long = explained.unpivot(
        ["value", "p"], index=["statistic", "smallest"], variable_name="part", value_name="index"
    )
    # One p a test: that of a share is that of its F.
    long = long.filter((pl.col("part") == "value") | (pl.col("statistic") != "pseudo_R2"))
    end = pl.when(pl.col("part") == "p").then(pl.lit(".p")).otherwise(pl.lit(""))
    rows = long.select(
        pl.lit(pooled).alias("area"),
        pl.lit("").alias("type_key"),
        pl.format("regimes.{}{}", "statistic", end).alias("key"),
        pl.col("smallest").alias("persons"),
        "index",
    )
    return indices(rows, Head("regime_discrepancy", "persons", "index", "index"))


def _at(own: pl.DataFrame, pooled: str, type_key: str) -> pl.DataFrame:
    """Place persons at one type of the pooled area; a place of nobody is a row without a person."""
    some = (
        own.select("person") if own.height else pl.DataFrame({"person": [None]}, schema={"person": pl.Int64})
    )
    return some.with_columns(pl.lit(pooled).alias("area"), pl.lit(type_key).alias("type_key"))
