"""Figures of the paths: types, quarters per state, states by quarter, shifts, clusters."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.disclosure import DECIMALS, HALF_UP
from veje.lists import MISSING, Alphabet
from veje.names import ALL_TYPES, INDICES
from veje.tables.figures import (
    ALL,
    TYPED,
    Head,
    by_type,
    category,
    figures,
    indices,
    one_way,
    sizes,
    totals,
    yes,
)

UNKNOWN = (MISSING, "no_benefit", "introduction_benefit", "self_support_300_hour_rule")
"""States that table 6.4 prints together as unknown: the missing one and three that it does not name."""


def type_figures(
    types: pl.DataFrame, places: pl.DataFrame, pooled: str, looked_for: Sequence[str] = ()
) -> list[pl.DataFrame]:
    """Tables 7.1 and 7.2, and Bilag 1's heads: which types there are and how many have them.

    looked_for: types that have a row whether they occur or not.

    Shares by municipality are those of its own solution, the pooled column counts the pooled one.
    """
    own, whole = category(types, "type_own"), category(types, "type_pooled")
    keys = sorted({*own["key"], *whole["key"], *looked_for})
    plain = places.filter(ALL)
    local, everyone = plain.filter(pl.col("area") != pooled), plain.filter(pl.col("area") == pooled)
    persons = Head("table_7_2", "grants", "count", "persons")
    presence = figures(local, own, keys, Head("table_7_1", "grants", "presence", "flag"))
    share = figures(local, own, keys, Head("table_7_2", "grants", "share", "percent"))
    heads = figures(local, own, keys, Head("bilag_1", "persons", "share", "percent"))
    count = figures(everyone, whole, keys, persons)
    count = count.with_columns(pl.lit(0, dtype=pl.Int64).alias("denominator"))
    return [
        by_type(presence, "type_present"),
        by_type(share, "share_of_individuals"),
        by_type(heads, "share_of_municipality"),
        by_type(count, "individuals"),
        totals(plain.with_columns(pl.lit(ALL_TYPES).alias("type_key")), "total", persons),
        totals(places.filter(TYPED), "n_sequences", Head("bilag_1", "persons", "count", "persons")),
    ]


def state_figures(
    sequences: pl.DataFrame, places: pl.DataFrame, alphabet: Alphabet, pooled: str
) -> list[pl.DataFrame]:
    """Bilag 1, table 6.4, the distribution of states by quarter, and shifts of state."""
    quarters = quarters_by_state(sequences, alphabet)
    plain, typed, coarse = places.filter(ALL), places.filter(TYPED), places.filter(one_way(pooled))
    held = quarters.group_by("person", pl.col("state").alias("key")).agg(
        pl.len().cast(pl.Int64).alias("amount")
    )
    whole = held.group_by("person").agg(pl.lit("total_quarters").alias("key"), pl.col("amount").sum())
    label = pl.format("q{}_{}", pl.col("quarter").cast(pl.String).str.zfill(2), "state")
    by_quarter = category(quarters.with_columns(label.alias("cell")), "cell")
    cells = [f"q{q:02d}_{state}" for q in sorted(set(quarters["quarter"])) for state in alphabet.states]
    return [
        figures(typed, held, alphabet.states, Head("bilag_1", "persons", "mean", "quarters")),
        figures(typed, whole, ["total_quarters"], Head("bilag_1", "persons", "total", "quarters")),
        *last_figures(quarters, plain, alphabet),
        figures(coarse, by_quarter, cells, Head("state_distribution", "persons", "share", "percent")),
        figures(places, shifts(quarters), ["shifts"], Head("shifts", "persons", "mean", "shifts")),
    ]


def last_figures(quarters: pl.DataFrame, plain: pl.DataFrame, alphabet: Alphabet) -> list[pl.DataFrame]:
    """Table 6.4: the state of the last quarter, with the study's row for unknown beside our states."""
    last = quarters.filter(pl.col("quarter") == pl.col("quarter").max())
    share = Head("table_6_4", "grants", "share", "percent")
    return [
        figures(plain, category(last, "state"), alphabet.states, share),
        figures(plain, yes(last, pl.col("state").is_in(UNKNOWN), "unknown"), ["unknown"], share),
        figures(plain, yes(last, pl.lit(True), "total_share"), ["total_share"], share),
        totals(plain, "total", Head("table_6_4", "grants", "count", "persons")),
    ]


def quarters_by_state(sequences: pl.DataFrame, alphabet: Alphabet) -> pl.DataFrame:
    """Give each person's state in each quarter: person, quarter (from 1), state."""
    names = dict(enumerate(alphabet.states))
    numbered = sequences.select(
        "person", "states", pl.int_ranges(1, pl.col("states").list.len() + 1).alias("quarter")
    )
    long = numbered.explode("states", "quarter", empty_as_null=False, keep_nulls=False)
    state = pl.col("states").cast(pl.Int64).replace_strict(names, return_dtype=pl.String).alias("state")
    return long.select("person", "quarter", state)


def shifts(quarters: pl.DataFrame) -> pl.DataFrame:
    """Count each person's changes of state between consecutive quarters (section 7.2)."""
    ordered = quarters.sort("person", "quarter")
    changes = (pl.col("state") != pl.col("state").shift(1)).sum().cast(pl.Int64)
    return ordered.group_by("person").agg(pl.lit("shifts").alias("key"), changes.alias("amount"))


def quality_figures(quality: pl.DataFrame, plain: pl.DataFrame) -> list[pl.DataFrame]:
    """Quality of every number of clusters; every area has every row, whether it was clustered or not.

    One cluster has no quality, and no row: it would be there only because of an area that stays whole.
    """
    long = quality.filter(pl.col("k") > 1).unpivot(
        INDICES, index=["area", "k"], variable_name="name", value_name="index"
    )
    label = pl.format("k{}_{}", pl.col("k").cast(pl.String).str.zfill(2), "name").alias("key")
    chosen = quality.filter("chosen").select(
        "area", pl.lit("chosen_k").alias("key"), pl.col("k").cast(pl.Float64).alias("index")
    )
    found = pl.concat([long.select("area", label, "index"), chosen])
    rows = persons_by_area(plain).join(found.select("key").unique(), how="cross")
    full = rows.join(found, on=["area", "key"], how="left").with_columns(pl.lit("").alias("type_key"))
    return [indices(full, Head("quality", "clusters", "index", "index"))]


def cluster_figures(named: pl.DataFrame, plain: pl.DataFrame) -> list[pl.DataFrame]:
    """How the clusters were named and how far they are from it; an area of nobody has one empty cluster."""
    nobody = persons_by_area(plain).join(named, on="area", how="anti")
    far = None if named["distance"].null_count() == named.height else 0.0
    empty = nobody.select(
        "area",
        pl.lit(0, dtype=pl.Int64).alias("cluster"),
        pl.lit(0, dtype=pl.Int64).alias("persons"),
        pl.lit("").alias("type_key"),
        pl.lit(far, dtype=pl.Float64).alias("distance"),
    )
    every = pl.concat([named.select(empty.columns), empty])
    number = pl.format("cluster_{}", pl.col("cluster") + 1).alias("key")
    shown = pl.col("distance").round(DECIMALS, mode=HALF_UP).alias("index")
    rows = every.select("area", "type_key", number, "persons", shown)
    return [
        sizes(rows.drop("index"), Head("clusters", "persons", "count", "persons")),
        indices(rows.drop_nulls("index"), Head("clusters", "clusters", "index", "quarters")),
    ]


def persons_by_area(plain: pl.DataFrame) -> pl.DataFrame:
    """Count the persons of every area: area, persons."""
    number = pl.col("person").drop_nulls().n_unique().cast(pl.Int64)
    return plain.group_by("area").agg(number.alias("persons"))
