"""Figures of timing in depth: the grid, activity clustered on its own, kinds, phases, handovers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from veje.lists import Alphabet
from veje.names import PASSIVE, SCENARIOS
from veje.tables.figures import ALL, Head, category, figures, indices, one_way, totals

MARKERS = ("contact", "clarification", "earlier_decision")
"""Quarters that not everyone has."""

RUNS = ("longest_passive", "passive_before", "passive_after")
"""Quarters that everyone has."""


@dataclass(frozen=True)
class Depth:
    """The tables of timing in depth, by the names of their contracts."""

    timing_grid: pl.DataFrame
    activity_clusters: pl.DataFrame
    timing_agreement: pl.DataFrame
    timing_kinds: pl.DataFrame
    phases: pl.DataFrame
    handovers: pl.DataFrame


def depth_figures(
    depth: Depth, places: pl.DataFrame, kinds: Sequence[str], alphabet: Alphabet, pooled: str
) -> list[pl.DataFrame]:
    """All figures of timing in depth. places: as of `places_of`; kinds: measure kinds in order."""
    plain, coarse = places.filter(ALL), places.filter(one_way(pooled))
    return [
        *grid_figures(depth.timing_grid, plain),
        *cluster_figures(depth.activity_clusters, depth.timing_agreement, plain, pooled),
        *kind_figures(depth.timing_kinds, coarse, kinds),
        *class_figures(depth.activity_clusters, depth.timing_kinds, plain, kinds),
        *phase_figures(depth.phases, places),
        *handover_figures(depth.handovers, coarse, alphabet),
    ]


def grid_figures(grid: pl.DataFrame, plain: pl.DataFrame) -> list[pl.DataFrame]:
    """The share of each class under each value of each threshold."""
    point = pl.format("{}={}", "threshold", pl.col("value"))
    values = category(grid.with_columns(pl.format("{}.{}", point, "scenario").alias("cell")), "cell")
    found = grid.select(point.alias("point"))["point"].unique().sort()
    keys = [f"{one}.{scenario}" for one in found for scenario in SCENARIOS]
    return [figures(plain, values, keys, Head("timing_grid", "persons", "share", "percent"))] if keys else []


def cluster_figures(
    clusters: pl.DataFrame, agreement: pl.DataFrame, plain: pl.DataFrame, pooled: str
) -> list[pl.DataFrame]:
    """Clusters of activity crossed with the classes, and how far the two agree, pooled."""
    cell = pl.format("activity_{}.{}", "cluster", "scenario").alias("cell")
    numbers = sorted(set(clusters["cluster"]))
    keys = [f"activity_{number}.{scenario}" for number in numbers for scenario in SCENARIOS]
    share = Head("timing_clusters", "persons", "share", "percent")
    told = agreement.select(
        pl.lit(pooled).alias("area"),
        pl.lit("").alias("type_key"),
        "key",
        "persons",
        pl.col("value").alias("index"),
    )
    return [
        figures(plain, category(clusters.with_columns(cell), "cell"), keys, share),
        indices(told, Head("timing_agreement", "persons", "index", "index")),
    ]


def kind_figures(own: pl.DataFrame, places: pl.DataFrame, kinds: Sequence[str]) -> list[pl.DataFrame]:
    """The classes of each kind's own timing, of the persons who have that kind."""
    head = Head("timing_by_kind", "persons_with_kind", "share", "percent")
    blocks = []
    for kind in kinds:
        here = own.filter(kind=kind)
        values = category(here.with_columns(pl.format("{}.{}", "kind", "scenario").alias("cell")), "cell")
        blocks.append(figures(places, values, [f"{kind}.{one}" for one in SCENARIOS], head))
        reach = places.join(here.select("person"), on="person", how="left").with_columns(
            pl.when(pl.col("person").is_in(here["person"].implode())).then("person").alias("person")
        )
        blocks.append(totals(reach, f"{kind}.persons", Head("timing_by_kind", "persons", "count", "persons")))
    return blocks


def class_figures(
    classes: pl.DataFrame, own: pl.DataFrame, plain: pl.DataFrame, kinds: Sequence[str]
) -> list[pl.DataFrame]:
    """Of the persons of each class: who has each kind of measure, and whose activity is mostly of it."""
    head = Head("timing_class_kinds", "persons_of_class", "share", "percent")
    whole = own.group_by("person").agg(pl.col("weeks").sum().alias("whole"))
    known = own.join(whole, on="person").select(
        "person", "kind", (2 * pl.col("weeks") > pl.col("whole")).alias("most")
    )
    blocks = []
    for scenario in ("any", *(one for one in SCENARIOS if one != "none")):
        mine = (
            classes.filter(pl.col("cluster") > 0) if scenario == "any" else classes.filter(scenario=scenario)
        )
        every = mine.select("person").join(pl.DataFrame({"kind": list(kinds)}), how="cross")
        found = every.join(known, on=["person", "kind"], how="left")
        for part, test in (
            ("has", pl.col("most").is_not_null()),
            ("mostly", pl.col("most").fill_null(False)),
        ):
            key = pl.format(f"{scenario}.{part}.{{}}", "kind").alias("key")
            values = found.select("person", key, test.cast(pl.Int64).alias("amount"))
            blocks.append(figures(plain, values, [f"{scenario}.{part}.{kind}" for kind in kinds], head))
    return blocks


def phase_figures(phases: pl.DataFrame, places: pl.DataFrame) -> list[pl.DataFrame]:
    """Who has each marker, its mean quarter, mean lengths of passive runs, and bands of the longest."""
    share, mean = Head("phases", "persons", "share", "percent"), Head("phases", "persons", "mean", "quarters")
    long = phases.unpivot((*MARKERS, *RUNS), index="person", variable_name="key", value_name="amount")
    has = long.filter(pl.col("key").is_in(MARKERS)).select(
        "person",
        pl.format("has_{}", "key").alias("key"),
        pl.col("amount").is_not_null().cast(pl.Int64).alias("amount"),
    )
    blocks = [figures(places, has, [f"has_{marker}" for marker in MARKERS], share)]
    for key in (*MARKERS, *RUNS):
        blocks.append(figures(places, long.filter(pl.col("key") == key).drop_nulls("amount"), [key], mean))
    band = pl.lit(None, dtype=pl.String)
    for name, low in PASSIVE.items():
        band = pl.when(pl.col("longest_passive") >= low).then(pl.lit(name)).otherwise(band)
    blocks.append(
        figures(places, category(phases.with_columns(band.alias("band")), "band"), list(PASSIVE), share)
    )
    return blocks


def handover_figures(handed: pl.DataFrame, places: pl.DataFrame, alphabet: Alphabet) -> list[pl.DataFrame]:
    """The share of all persons who pass at least once from the benefit followed straight to each state."""
    everyone = places.select("person").drop_nulls().unique()
    states = pl.DataFrame({"state": list(alphabet.states)})
    found = handed.with_columns(pl.lit(1, dtype=pl.Int64).alias("amount"))
    every = everyone.join(states, how="cross").join(found, on=["person", "state"], how="left")
    values = every.select("person", pl.format("to.{}", "state").alias("key"), pl.col("amount").fill_null(0))
    keys = [f"to.{state}" for state in alphabet.states]
    return [figures(places, values, keys, Head("handovers", "persons", "share", "percent"))]
