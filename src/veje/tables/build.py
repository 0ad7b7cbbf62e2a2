"""All tables of a run from the stages' tables: who stands where, and the blocks put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from veje.lists import Alphabet
from veje.tables.activity import measure_figures, timing_figures
from veje.tables.paths import cluster_figures, state_figures, type_figures
from veje.tables.persons import flow_figures, profile_figures


@dataclass(frozen=True)
class Sources:
    """The stages' tables that figures are counted from, by the names of their contracts."""

    flow: pl.DataFrame
    sequences: pl.DataFrame
    quality: pl.DataFrame
    types: pl.DataFrame
    named_clusters: pl.DataFrame
    timing: pl.DataFrame
    spells: pl.DataFrame
    spell_flow: pl.DataFrame
    background: pl.DataFrame


def build_cells(sources: Sources, alphabet: Alphabet, kinds: Sequence[str], pooled: str) -> pl.DataFrame:
    """Count every figure of every table: table `cells`.

    kinds: measure kinds in order. pooled: the key of all municipalities together. By municipality
    the types are those of its own solution, pooled those of the pooled one, as in the study.
    """
    places = places_of(sources.types, pooled)
    blocks = [
        flow_figures(sources.flow, "flow", pooled),
        flow_figures(sources.spell_flow, "measure_flow", pooled),
        *type_figures(sources.types, places, pooled),
        *state_figures(sources.sequences, places, alphabet),
        *measure_figures(sources.spells, places, kinds),
        *timing_figures(sources.timing, places),
        *profile_figures(sources.background, places),
        *cluster_figures(sources.quality, sources.named_clusters),
    ]
    return pl.concat(blocks).sort("table", "area", "type_key", "key", "measure")


def places_of(types: pl.DataFrame, pooled: str) -> pl.DataFrame:
    """Place every person in the municipality and in all of them, each with a type and without.

    Returns person, area, type_key: four rows a person; an empty type_key stands for all types.
    """
    here = types.select("person", "area", pl.col("type_own").alias("type_key"))
    whole = types.select("person", pl.lit(pooled).alias("area"), pl.col("type_pooled").alias("type_key"))
    typed = pl.concat([here, whole])
    return pl.concat([typed, typed.with_columns(pl.lit("").alias("type_key"))])
