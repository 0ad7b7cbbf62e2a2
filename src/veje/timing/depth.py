"""Timing in depth: the grid of thresholds, activity clustered on its own, kinds, phases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.lists import Alphabet
from veje.settings import Timing, TimingDepth, Window
from veje.timing.activity import limits_of
from veje.timing.clusters import activity_clusters, timing_agreement
from veje.timing.grid import timing_grid
from veje.timing.kinds import timing_kinds
from veje.timing.phases import handovers, phases, quarters_of
from veje.weeks import window_edges


@dataclass(frozen=True)
class DepthResult:
    """Tables of those names."""

    timing_grid: pl.DataFrame
    activity_clusters: pl.DataFrame
    timing_agreement: pl.DataFrame
    timing_kinds: pl.DataFrame
    phases: pl.DataFrame
    handovers: pl.DataFrame


@dataclass(frozen=True)
class Material:
    """What is looked into: tables `timing`, `spells`, `cohort`, `sequences` and `grants`."""

    timing: pl.DataFrame
    spells: pl.DataFrame
    cohort: pl.DataFrame
    sequences: pl.DataFrame
    grants: pl.DataFrame
    alphabet: Alphabet


def build_depth(material: Material, rules: Timing, settings: TimingDepth, window: Window) -> DepthResult:
    """Look into the timing of the persons of the cohort."""
    cohort, timing = material.cohort.sort("person"), material.timing.sort("person")
    persons, active = timing["person"], _matrix(timing["active_weeks"])
    edges = window_edges(cohort["index_date"], window.anchor, window.quarters, window.weeks_per_quarter)
    placed = material.spells.join(limits_of(cohort, edges), on="person", how="inner", maintain_order="left")
    states = _matrix(material.sequences.sort("person")["states"]).astype(np.uint8)
    cluster = activity_clusters(active, settings)
    decided = earlier_decisions(material.grants, cohort, edges)
    on = active >= rules.active_weeks
    marked = phases(states, on, placed, decided, material.alphabet, settings)
    handed = handovers(states, material.alphabet, settings.handed_from)
    return DepthResult(
        timing_grid=timing_grid(persons, active, rules, settings.grid),
        activity_clusters=timing.select("person", "scenario").with_columns(pl.Series("cluster", cluster)),
        timing_agreement=timing_agreement(timing["scenario"], cluster),
        timing_kinds=timing_kinds(placed, edges, rules),
        phases=pl.concat([persons.to_frame(), marked], how="horizontal"),
        handovers=handed.select(pl.Series("person", persons.gather(handed["row"])), "state"),
    )


def earlier_decisions(grants: pl.DataFrame, cohort: pl.DataFrame, edges: np.ndarray) -> pl.DataFrame:
    """Place decisions before the one that counts in the quarters of the window: row, quarter.

    cohort: sorted by person, in the order of `edges`.
    """
    rows = cohort.select("person", "index_date", pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
    known = grants.join(rows, on="person", how="inner").filter(pl.col("decision_date") < pl.col("index_date"))
    quarter = quarters_of(known["decision_date"], known["row"].to_numpy(), edges)
    return known.select("row", pl.Series("quarter", quarter)).filter(pl.col("quarter") > 0)


def _matrix(column: pl.Series) -> np.ndarray:
    return np.array(column.to_list(), dtype=np.int64)
