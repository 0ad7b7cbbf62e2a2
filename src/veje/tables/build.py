"""All tables of a run from the stages' tables: who stands where, and the blocks put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from veje.lists import Alphabet
from veje.names import CELL, UNKNOWN_KINDS
from veje.settings import Timing
from veje.tables.activity import measure_figures, timing_figures
from veje.tables.applications import application_figures
from veje.tables.compared import compared_figures, gather_people
from veje.tables.dendrogram import dendrogram_figures
from veje.tables.figures import ALL, GROUP
from veje.tables.medicine import citizen_figures
from veje.tables.moves import move_figures
from veje.tables.paths import cluster_figures, quality_figures, state_figures, type_figures
from veje.tables.persons import flow_figures, profile_figures
from veje.tables.reading import reading_figures
from veje.tables.sensitivity import sensitivity_figures
from veje.tables.shared import shared_figures
from veje.tables.timing_depth import Depth, depth_figures
from veje.tables.validation import Checks, validation_figures


@dataclass(frozen=True)
class Sources(Depth, Checks):
    """The stages' tables that figures are counted from, by the names of their contracts."""

    reading: pl.DataFrame
    flow: pl.DataFrame
    sequences: pl.DataFrame
    week_codes: pl.DataFrame
    quality: pl.DataFrame
    trees: pl.DataFrame
    types: pl.DataFrame
    named_clusters: pl.DataFrame
    timing: pl.DataFrame
    spells: pl.DataFrame
    spell_flow: pl.DataFrame
    spell_rules: pl.DataFrame
    background: pl.DataFrame
    sensitivity: pl.DataFrame
    applications: pl.DataFrame
    compared: pl.DataFrame
    medicine_groups: pl.DataFrame


@dataclass(frozen=True)
class Rows:
    """The rows that lists and settings give a table: none is there or missing because of somebody.

    kinds: of measures. types: that the reference profiles name. bases, referrals: of applications.
    diagnoses, levels (of education), groups (of medicine): of the code lists. periods: key, first
    and last day. least: persons below which no row is named by what was found.
    """

    kinds: Sequence[str]
    types: Sequence[str]
    bases: Sequence[str]
    referrals: Sequence[str]
    diagnoses: Sequence[str]
    levels: Sequence[str]
    groups: Sequence[str]
    periods: Sequence[tuple[str, date, date]]
    least: int


def build_cells(
    sources: Sources, alphabet: Alphabet, rows: Rows, areas: Sequence[str], rules: Timing
) -> pl.DataFrame:
    """Count every figure of every table: table `cells`.

    areas: the key of all municipalities together first, then theirs. By municipality the types are
    those of its own solution, pooled those of the pooled one, as in the study. Every area has the
    rows of every type, also of one that was looked for and occurs nowhere: a row that is not there
    would tell of nobody.
    """
    pooled, places = areas[0], places_of(sources.types, areas, rows.types)
    steps = sources.spell_flow.filter(~pl.col("key").is_in(list(UNKNOWN_KINDS.values())))
    reading = sources.reading, sources.week_codes, sources.spell_flow, sources.spell_rules
    blocks = [
        *reading_figures(*reading, pooled),
        flow_figures(sources.flow, "flow", pooled),
        flow_figures(steps, "measure_flow", pooled),
        *type_figures(sources.types, places, pooled, rows.types),
        *state_figures(sources.sequences, places, alphabet, pooled),
        *move_figures(sources.sequences, places, alphabet, pooled),
        *shared_figures(sources.sequences, sources.types, alphabet, pooled, rows.least),
        *dendrogram_figures(sources.trees, sources.sequences, sources.types, pooled, rows.least),
        *measure_figures(sources.spells, places, rows.kinds),
        *timing_figures(sources.timing, places, rules),
        *depth_figures(sources, places, rows.kinds, alphabet, pooled),
        *profile_figures(sources.background, places),
        *application_figures(sources.applications, areas, rows.periods, rows.bases, rows.referrals),
        *population_figures(sources, places, rows, pooled),
        *quality_figures(sources.quality, places.filter(ALL)),
        *cluster_figures(sources.named_clusters, places.filter(ALL)),
        *validation_figures(sources, sources.types, places, areas),
        *sensitivity_figures(sources.sensitivity),
    ]
    return pl.concat(blocks).sort(CELL)


def population_figures(sources: Sources, places: pl.DataFrame, rows: Rows, pooled: str) -> list[pl.DataFrame]:
    """Count the tables that set the persons beside other citizens, regions and the country."""
    people = gather_people(sources.background, sources.compared, sources.applications, places, pooled)
    return [
        *compared_figures(people, rows.diagnoses, rows.levels),
        *citizen_figures(people, places, sources.medicine_groups, rows.groups),
    ]


def places_of(types: pl.DataFrame, areas: Sequence[str], looked_for: Sequence[str] = ()) -> pl.DataFrame:
    """Place every person in the municipality and in all of them, each with a type and without.

    areas: the pooled area first. looked_for: types that have their rows whether they occur or not.
    Returns person, area, type_key: four rows a person, and one without a person for every area and
    type of nobody; an empty type_key stands for all types.
    """
    here = types.select("person", "area", pl.col("type_own").alias("type_key"))
    whole = types.select("person", pl.lit(areas[0]).alias("area"), pl.col("type_pooled").alias("type_key"))
    typed = pl.concat([here, whole])
    placed = pl.concat([typed, typed.with_columns(pl.lit("").alias("type_key"))])
    every = pl.DataFrame({"area": list(dict.fromkeys([*areas, *placed["area"].unique().sort()]))})
    kinds = pl.DataFrame({"type_key": sorted({"", *looked_for, *placed["type_key"]})})
    nobody = every.join(kinds, how="cross").join(placed, on=GROUP, how="anti")
    return pl.concat([placed, nobody.select(pl.lit(None, dtype=pl.Int64).alias("person"), *GROUP)])
