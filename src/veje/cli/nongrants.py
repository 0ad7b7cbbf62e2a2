"""Rim of stage `nongrants` and of `veje not-granted`: persons without a grant set beside a run's cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from veje import config, io
from veje.cli.files import Files
from veje.cli.finished import private_of, read_finished, refuse_absent
from veje.cli.lists import alphabet_of
from veje.cli.sequences import read_industry_of
from veje.contracts import contract
from veje.decisions import keep_grants
from veje.errors import BadInput
from veje.lists import Alphabet, read_codes
from veje.nongrants import add_cells, find_candidates, match_grants, share_paths
from veje.nongrants.candidates import add_last_row
from veje.nongrants.place import place_on_types
from veje.sequences import build_sequences, find_rows, needed_weeks
from veje.settings import Settings
from veje.versions import dream_version
from veje.weekfile import read_weekly

STAGES = {
    "cohort": "cohort",
    "sequences": "sequences",
    "unique": "sequences",
    "types": "typology",
    "grants": "ingest",
    "bef": "ingest",
    "deaths": "ingest",
    "dream": "ingest",
}
"""The stage's folder of each table that is needed."""
BLOCK = 50_000
"""Persons whose weeks are read at once: some 70 MB."""


@dataclass(frozen=True)
class Around:
    """What a run has beside its tables: its settings, alphabet, converted weeks by file, and distances."""

    settings: Settings
    alphabet: Alphabet
    weeks: Mapping[str, Path]
    distances: Path


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read a run's tables, write the persons without a grant that are set beside it; notes on them."""
    tables = {name: inputs.table(name) for name in STAGES}
    weeks = {path.stem: path for path in inputs.many("dream_weeks")}
    around = Around(settings, alphabet_of(settings.sequences), weeks, inputs.one("distances"))
    typed, notes = draw(tables, around)
    if typed.is_empty():
        notes.append("none of the persons at risk is like any of the grants")
    outputs.write(typed, "not_granted")
    return notes


def not_granted(file: str) -> tuple[Path, pl.DataFrame, list[str]]:
    """Draw, place and count persons without a grant; gives the folder, the paths' shares, and notes.

    Raises `BadInput` when the run is not there, kept no weeks of persons without a decision, or has
    nobody at risk who is like any of the grants.
    """
    settings = config.load(file)
    if not settings.comparison.at_risk:
        raise BadInput("config: comparison.at_risk is off: no weeks are kept of persons without a decision")
    private = private_of(settings)
    distances = private / "distances/distances.npy"
    tables = read_finished(private, STAGES, file)
    refuse_absent([distances], file)
    folder = Path(settings.results) / "private/weeks"
    weeks = {name: folder / f"{name}.parquet" for name in tables["dream"]["source"].unique()}
    around = Around(settings, alphabet_of(settings.sequences), weeks, distances)
    typed, notes = draw(tables, around)
    if typed.is_empty():
        raise BadInput("not-granted: none of the persons at risk is like any of the grants")
    own = tables["types"].select("area", pl.col("type_pooled").alias("type_key"))
    paths = share_paths(own, typed, settings.cohort.pooled)
    return write(private / "not_granted", typed, paths), paths, notes


def draw(tables: Mapping[str, pl.DataFrame], around: Around) -> tuple[pl.DataFrame, list[str]]:
    """Find who was at risk, draw those who are like the grants, and place them: table `not_granted`."""
    settings = around.settings
    found, notes = candidates_of(settings, tables)
    people = with_states(found, tables, around)
    grants, rules = grants_of(tables, around.alphabet), settings.not_granted
    drawn, alone = match_grants(
        add_cells(grants, rules.age_band), add_cells(people, rules.age_band), rules.per_grant, settings.seed
    )
    if alone:
        notes.append(f"{alone:,} of {grants.height:,} grants have nobody beside them")
    if drawn.is_empty():
        return contract("not_granted").empty(), notes
    typed = drawn.with_columns(pl.Series("type_key", place(tables, drawn, around)))
    return typed.select(list(contract("not_granted").types)), notes


def write(folder: Path, typed: pl.DataFrame, paths: pl.DataFrame) -> Path:
    """Write the drawn persons and the paths' shares, both or neither; gives the folder."""
    io.make_folder(folder)
    with io.all_or_none():
        io.write_table(typed, folder / "not_granted.parquet", "not_granted")
        io.write_csv(paths, folder / "paths.csv")
    return folder


def candidates_of(settings: Settings, tables: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, list[str]]:
    """Find who was at risk and has weeks, and say of how many the time after is not over yet."""
    days = settings.not_granted.free_days
    found = find_candidates(
        tables["bef"],
        tables["grants"],
        tables["deaths"],
        tables["cohort"]["index_date"],
        settings.cohort.municipalities,
        days,
        settings.seed,
    )
    held = found.join(tables["dream"], on="person", how="semi")
    notes = [f"{held.height:,} persons at risk, {found.height - held.height:,} more without weeks"]
    last = keep_grants(tables["grants"])["decision_date"].max()
    early = held.filter(pl.col("index_date") + pl.duration(days=days) > pl.lit(last)).height
    if early:
        notes.append(f"for {early:,} of them no grant is delivered from {days} days after their day on")
    return held, notes


def with_states(people: pl.DataFrame, tables: Mapping[str, pl.DataFrame], around: Around) -> pl.DataFrame:
    """Add quarter states, as those of the cohort are made, and the first one's name, block by block."""
    settings, alphabet, files = around.settings, around.alphabet, around.weeks
    own = settings.sequences
    table = io.read_list(own.codes, "codes")
    version = dream_version(settings.registers.dream.files, settings.registers.dream.version)
    codes = read_codes(table, own.state_column, alphabet, version, own.codes, own.switches)
    parts = [people.head(0).with_columns(pl.lit(None, dtype=pl.List(pl.UInt8)).alias("states"))]
    for block in people.iter_slices(BLOCK):
        rows, needed = find_rows(tables["dream"], block), needed_weeks(block, settings.window)
        industry = read_industry_of(files, rows, needed, settings, alphabet)
        weekly, listed = read_weekly(files, rows, *needed), set(table["code"].drop_nulls())
        made = build_sequences(weekly, block, codes, alphabet, own, settings.window, industry, listed)
        parts.append(block.join(made.sequences.select("person", "states"), on="person"))
    return named_first(pl.concat(parts), alphabet)


def grants_of(tables: Mapping[str, pl.DataFrame], alphabet: Alphabet) -> pl.DataFrame:
    """Give the cohort with sex, first state and type."""
    sex = add_last_row(tables["cohort"].select("person", "index_date"), tables["bef"]).select("person", "sex")
    joined = (
        tables["cohort"]
        .join(sex, on="person", how="left")
        .join(tables["sequences"].select("person", "states"), on="person")
        .join(tables["types"].select("person", "type_pooled"), on="person")
    )
    return named_first(joined, alphabet)


def named_first(people: pl.DataFrame, alphabet: Alphabet) -> pl.DataFrame:
    """Name the state of the window's first quarter."""
    first = pl.col("states").list.first().cast(pl.Int64)
    names = dict(enumerate(alphabet.states))
    return people.with_columns(first.replace_strict(names, return_dtype=pl.String).alias("first_state"))


def place(tables: Mapping[str, pl.DataFrame], drawn: pl.DataFrame, around: Around) -> list[str]:
    """Place the drawn persons on the cohort's pooled types."""
    clusters = (
        tables["sequences"]
        .join(tables["types"], on="person")
        .select("sequence", "cluster_pooled", "type_pooled")
        .unique("sequence")
    )
    rules = around.settings.distances
    named = rules.features or rules.matrix
    return place_on_types(
        np.array(drawn["states"].to_list(), dtype=np.uint8),
        tables["unique"],
        clusters,
        io.read_array(around.distances),
        around.alphabet,
        rules,
        io.read_list(named, "costs") if named else None,
    )
