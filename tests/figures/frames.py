"""A small study made through the pipeline's own code, so that its release has the keys of a real one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from tests.figures.nongrant_frames import nongrant_blocks
from tests.figures.reform_frames import reform_blocks
from veje import io
from veje.cli.replication import read_publication
from veje.cli.tables import rows_of
from veje.clusters.build import build_clusters
from veje.cohort import build_cohort
from veje.contracts import contract, register
from veje.disclosure import release
from veje.distances.build import build_distances
from veje.lists import Alphabet, meanings, read_alphabet
from veje.names import CELL, INDICES
from veje.published import compared_tables, read_published
from veje.replicate import Replicated, replicate
from veje.report.comparison import Comparison
from veje.settings import (
    Clusters,
    Cohort,
    Disclosure,
    Distances,
    Settings,
    Timing,
    TimingDepth,
    Validation,
    Window,
)
from veje.tables import Rows, Sources, build_cells
from veje.tables.derived import add_derived
from veje.tables.timing_depth import Depth
from veje.tables.validation import Checks
from veje.timing import build_timing
from veje.timing.depth import Material, build_depth
from veje.validation.build import Study, ValidationResult, build_validation

N = 90
POOLED = "four_municipalities"
AREAS = [POOLED, "herning", "viborg"]
TYPES = ["wage_earner_became_ill", "long_term_cash_benefit", "cash_benefit_then_sickness_benefit"]
COHORT = Cohort.model_validate(
    {"from": "2008-01-01", "to": "2008-12-31", "municipalities": {"657": "herning", "791": "viborg"}}
)
STUDY = {
    "scenario": "small",
    "registers": {name: {"files": [name]} for name in ("dream", "grants", "bef")},
    "cohort": COHORT.model_dump(by_alias=True),
    "disclosure": {"threshold": 5, "rounding": 5, "rule": "A rule."},
}
ALPHABET = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")


def frame(name: str, columns: dict[str, object]) -> pl.DataFrame:
    """Make a table of a contract; columns that are not given are null."""
    types = contract(name).types
    height = len(next(iter(columns.values())))  # type: ignore[arg-type]
    full = {column: columns.get(column, [None] * height) for column in types}
    return pl.DataFrame(full, schema=dict(types))


@cache
def released(threshold: int = 5) -> pl.DataFrame:
    """Give the release of the small study."""
    shown = release(cells(), Disclosure(threshold=threshold, rounding=5, rule="A rule."))
    return add_derived(shown, len(ALPHABET.states))


def rows() -> Rows:
    """Give the rows of the small study's tables."""
    return rows_of(Settings.model_validate(STUDY))


@cache
def cells() -> pl.DataFrame:
    """Count the figures of the small study."""
    made = build_cells(sources(), ALPHABET, rows(), AREAS, Timing())
    beside = [*reform_blocks(sources(), ALPHABET, AREAS), *nongrant_blocks(sources(), AREAS, rows().types)]
    return pl.concat([made, *beside]).sort(CELL)


@cache
def replicated() -> Replicated:
    """Hold the small study's figures against the printed ones."""
    rules = Disclosure(threshold=5, rounding=5, rule="A rule.")
    return replicate(read_publication(), cells(), released(), rules)


def compared(made: Replicated) -> Comparison:
    """Lay a comparison out for the report."""
    named = [read_published(table).select(pl.lit(table).alias("table"), "key", "label_da")
             for table in compared_tables()]  # fmt: skip
    return Comparison(
        figures=made.replication_released,
        by_table=made.replication_by_table,
        claims=made.claims,
        timing_claims=made.timing_claims,
        register=read_published("inconsistencies"),
        labels=pl.concat(named).unique(["table", "key"], maintain_order=True),
    )


@cache
def sources() -> Sources:
    """Draw 90 persons with paths, types, measures and backgrounds."""
    rng = np.random.default_rng(7)
    persons = np.arange(1, N + 1)
    place = np.where(persons % 3 > 0, "657", "791")
    days = [date(2008, 6, 1) + timedelta(days=int(p)) for p in persons]
    grants = frame(
        "grants",
        {"person": persons, "decision_date": days, "decision": ["grant"] * N, "municipality": place},
    )
    bef = frame("bef", {"person": persons, "birth_date": [date(1960, 1, 1)] * N})
    made = build_cohort(grants, bef, COHORT)
    kinds = meanings(io.read_list("measures", "codes"), "kind", "measures")
    codes = rng.choice(list(kinds), 4 * N)
    start = [date(2004, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 1400, 4 * N)]
    measures = frame(
        "measures",
        {
            "person": np.repeat(persons, 4),
            "measure": codes,
            "start": start,
            "end": [s + timedelta(days=60) for s in start],
        },
    )
    timing = build_timing(measures, made.cohort, kinds, Timing(), Window())
    areas = made.cohort.sort("person")["area"].to_list()
    sequences, quality = _sequences(rng, persons, areas), _quality(rng)
    background = _background(rng, persons, areas)
    checked = _checked(sequences, quality, background)
    return Sources(
        reading=frame("reading", {"register": ["dream", "amfo"], "rule": ["", ""], "rows": [N, 4 * N]}),
        flow=made.flow,
        week_codes=frame(
            "week_codes", {"code": ["", "999"], "state": ["wage_earner", None], "weeks": [9, 7]}
        ),
        sequences=sequences,
        quality=quality,
        trees=_trees(sequences),
        types=_types(persons, areas),
        named_clusters=_clusters(),
        timing=timing.timing,
        spells=timing.spells,
        spell_flow=timing.spell_flow,
        spell_rules=timing.spell_rules,
        background=background,
        **_depth(Material(timing.timing, timing.spells, made.cohort, sequences, grants, ALPHABET)),
        **{name: getattr(checked, name) for name in Checks.__dataclass_fields__},
        sensitivity=_sensitivity(areas),
        **_compared(persons, days, areas),
    )


def _depth(material: Material) -> dict[str, pl.DataFrame]:
    """Look into the small study's timing, with three thresholds tried."""
    grid = TimingDepth(grid={"concentration": [0.6, 0.75], "passive_run": [3.0]})
    found = build_depth(material, Timing(), grid, Window())
    return {name: getattr(found, name) for name in Depth.__dataclass_fields__}


def _sensitivity(areas: list[str]) -> pl.DataFrame:
    """Let Ward D move a tenth of each type to the next one; Herning's types stay as they are."""
    persons = {POOLED: N} | {area: areas.count(area) for area in AREAS[1:]}
    rows = []
    for order, (name, agreement) in enumerate((("base", 1.0), ("ward_d", 0.875))):
        head = {"variant": name, "order": order}
        for area in AREAS:
            value = 1.0 if area == "herning" else agreement
            values = {"adjusted_rand": value, "adjusted_rand_types": value, "bilag_1_distance": 0.25}
            values |= {"clusters": 3.0, "matched_profiles": 6.0, "unlike_sequences": 80.0}
            one = head | {"area": area, "type_key": "", "persons": persons[area]}
            rows += [one | {"key": key, "value": value} for key, value in values.items()]
        sizes = dict(zip(TYPES, (30, 30, 30) if name == "base" else (27, 33, 30), strict=True))
        one = head | {"area": POOLED, "key": "persons", "value": None}
        rows += [one | {"type_key": key, "persons": size} for key, size in sizes.items()]
    return pl.DataFrame(rows, schema=dict(contract("sensitivity").types))


def _trees(sequences: pl.DataFrame) -> pl.DataFrame:
    """Grow the trees of the small study's sequences."""
    distances = build_distances(_unique(sequences), ALPHABET, Distances()).distances
    return build_clusters(distances, sequences, AREAS, Clusters(k=3, k_max=3), rate_fixed=False).trees


def _checked(sequences: pl.DataFrame, quality: pl.DataFrame, background: pl.DataFrame) -> ValidationResult:
    """Check the small study's three clusters, quickly."""
    unique = _unique(sequences)
    placed = pl.concat([sequences.with_columns(pl.lit(POOLED).alias("area")), sequences])
    partitions = placed.unique(["area", "sequence"], maintain_order=True).select(
        "area",
        pl.lit(3, dtype=pl.Int64).alias("k"),
        "sequence",
        ((pl.col("sequence") + 1) % 3).alias("cluster"),
    )
    study = Study(
        unique=unique,
        sequences=sequences,
        partitions=partitions,
        quality=quality,
        background=background,
        distances=build_distances(unique, ALPHABET, Distances()).distances,
        alphabet=ALPHABET,
        how=Distances(),
        clusters=Clusters(),
        areas=AREAS,
        seed=1,
        threads=1,
    )
    few = {"bootstraps": 3, "null_replications": 2, "orders": 1, "ties": 2, "permutations": 19}
    return build_validation(study, Validation(**few, tree_leaf=20, tree_level=0.5, least_persons=10))


def _sequences(rng: np.random.Generator, persons: np.ndarray, areas: list[str]) -> pl.DataFrame:
    moves = rng.integers(0, 4, (N, 5)).repeat(4, axis=1).astype(np.uint8)
    # Twelve persons of one type went the same way.
    moves[2:38:3] = moves[2]
    _, number = np.unique(moves, axis=0, return_inverse=True)
    return frame(
        "sequences", {"person": persons, "area": areas, "sequence": number, "states": moves.tolist()}
    )


def _unique(sequences: pl.DataFrame) -> pl.DataFrame:
    counted = sequences.group_by("sequence").agg(pl.len().cast(pl.Int64).alias("weight"), pl.first("states"))
    return counted.sort("sequence")


def _types(persons: np.ndarray, areas: list[str]) -> pl.DataFrame:
    own = [TYPES[p % 3] for p in persons]
    return frame(
        "types",
        {
            "person": persons,
            "area": areas,
            "cluster_pooled": persons % 3,
            "type_pooled": own,
            "cluster_own": persons % 3,
            "type_own": own,
        },
    )


def _quality(rng: np.random.Generator) -> pl.DataFrame:
    k = [2, 3, 4] * len(AREAS)
    values = {name: rng.random(len(k)).round(3) for name in INDICES}
    return frame("quality", {"area": np.repeat(AREAS, 3), "k": k, **values, "chosen": [x == 3 for x in k]})


def _clusters() -> pl.DataFrame:
    return frame(
        "named_clusters",
        {
            "area": np.repeat(AREAS, 3),
            "cluster": [0, 1, 2] * 3,
            "persons": [30] * 9,
            "type_key": TYPES * 3,
            "distance": [1.25] * 9,
            "merged": [False] * 9,
        },
    )


def _background(rng: np.random.Generator, persons: np.ndarray, areas: list[str]) -> pl.DataFrame:
    levels = [*sorted(set(io.read_list("education", "codes")["level"])), "unknown"]
    groups = [*sorted(set(io.read_list("diagnoses", "codes")["group"])), "unknown"]
    ages = ["under_26", "26_35", "36_45", "46_55", "56_and_over"]
    size = len(persons)
    yes = rng.random((4, size)) < 0.5
    return frame(
        "background",
        {
            "person": persons,
            "area": areas,
            "sex": rng.choice(["man", "woman"], size),
            "age": rng.integers(18, 64, size),
            "age_group": rng.choice(ages, size),
            "partner": yes[0],
            "origin": rng.choice(["danish", "immigrant"], size),
            "education": rng.choice(levels, size),
            "diagnosis": rng.choice(groups, size),
            "psychopharmaceuticals": yes[1],
            "adhd_medicine": yes[2],
            "parent_on_pension": yes[3],
            "income_group": rng.choice(["under_100000", "100000_199999", "200000_and_over", "unknown"], size),
            "unemployment_group": rng.choice(["under_1", "1_249", "250_and_over"], size),
        },
    )


def _compared(persons: np.ndarray, days: list[date], areas: list[str]) -> dict[str, pl.DataFrame]:
    """Draw applications of everyone and of 40 who were rejected, and 200 other citizens."""
    rng = np.random.default_rng(8)
    spec = register("grants").columns
    n, refused = N + 40, 40
    outcome = ["granted"] * N + ["rejected"] * 30 + ["undecided"] * 10
    referral = [None] * N + list(rng.choice(list(spec["referral"]["values"].values()), refused))
    applications = frame(
        "applications",
        {
            "person": np.arange(1, n + 1),
            "date": [*days, *days[:refused]],
            "area": [*areas, *areas[:refused]],
            "outcome": outcome,
            "basis": rng.choice(list(spec["basis"]["values"].values()), n),
            "referral": referral,
        },
    )
    others = np.arange(1_001, 1_201)
    there = _background(rng, others, ["herning"] * 100 + ["viborg"] * 100)
    income = pl.lit(200_000.0).alias("income"), pl.lit(30.0).alias("unemployment")
    compared = there.with_columns(pl.lit(False).alias("granted"), *income)
    groups = rng.choice(sorted(set(io.read_list("medicine", "codes")["group"])), n)
    takers = frame("medicine_groups", {"person": np.arange(1, n + 1), "group": groups})
    return {
        "applications": applications,
        "compared": compared.select(list(contract("compared").types)),
        "medicine_groups": takers,
    }


def only(*tables: str) -> pl.DataFrame:
    """Give the release with these tables alone."""
    return released().filter(pl.col("table").is_in(tables))


def relabelled(labels: dict[str, str]) -> Alphabet:
    """Give the alphabet with other labels for some states."""
    changed = {
        state: dict.fromkeys(names, labels[state]) if state in labels else names
        for state, names in ALPHABET.labels.items()
    }
    return Alphabet(ALPHABET.states, changed, ALPHABET.colours)
