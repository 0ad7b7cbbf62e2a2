"""Rim of stage `reforms`: regimes, flags, and types within groups of regimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.law import delivered, flags_of, regimes_compared
from veje.cli.lists import alphabet_of
from veje.clusters.build import build_clusters
from veje.contracts import contract
from veje.distances.pairs import cores
from veje.flags import Material, build_facts, build_flags
from veje.flags.families import families_of, week_facts
from veje.flags.registry import notes_on
from veje.reforms import compare_groups, hide_small, of_group, place_grants
from veje.regimes import Regime
from veje.sequences import find_rows, needed_weeks
from veje.settings import Settings
from veje.typology import build_typology, read_reference
from veje.validation.discrepancy import TESTS, discrepancy
from veje.weekfile import Weekly, read_weekly
from veje.weeks import week_of

BACK = 53
"""Weeks before the first reform that are read too, for codes used before their time."""


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read the cohort and what its flags need, write regimes, flags and the comparison of groups.

    Notes each flag that is left out for want of a register, and grants that no regime holds.
    """
    regimes, groups = regimes_compared(settings)
    specs, chosen = flags_of(settings)
    cohort = inputs.table("cohort").sort("person")
    placed = place_grants(cohort, regimes, groups, settings.window)
    facts = build_facts(read_material(settings, inputs, cohort, placed, regimes))
    found = build_flags(facts, chosen, regimes, settings.flags)
    outputs.write(placed, "grant_regimes")
    outputs.write(found.flags, "flags")
    outputs.write(found.flag_variants, "flag_variants")
    write_comparison(settings, inputs, outputs, placed, list(groups))
    outside = int((placed["regime"] == "outside").sum())
    notes = notes_on(specs, chosen, settings.flags, delivered(settings))
    return [*notes, *([f"{outside:,} grants lie in no regime of the list"] if outside else [])]


def read_material(
    settings: Settings, inputs: Files, cohort: pl.DataFrame, placed: pl.DataFrame, regimes: Sequence[Regime]
) -> Material:
    """Read all that facts are made of."""
    listed = settings.sequences.codes
    since = next(one.start for one in regimes if one.reform and one.start)
    weekly = read_weeks(settings, inputs, cohort, week_of(since) - BACK)
    codes = families_of(io.read_list(listed, "codes"), listed)
    rules = settings.flags
    return Material(
        cohort=cohort.with_columns(placed["regime"]),
        **{name: inputs.table(name) for name in ("bef", "grants", "cases", "deaths", "migration", "spells")},
        weeks=week_facts(weekly, cohort["index_date"], codes, rules.scheme_gap_weeks, since),
        pension_ages=io.read_list("pension_age", "law"),
        regimes=regimes,
    )


def read_weeks(settings: Settings, inputs: Files, cohort: pl.DataFrame, earliest: int) -> Weekly:
    """Read the cohort's weeks from the first reform, or from the first window, to the last grant."""
    first, last = needed_weeks(cohort, settings.window)
    files = {path.stem: path for path in inputs.many("dream_weeks")}
    return read_weekly(files, find_rows(inputs.table("dream"), cohort), min(first, earliest), last)


def write_comparison(
    settings: Settings, inputs: Files, outputs: Files, placed: pl.DataFrame, groups: Sequence[str]
) -> None:
    """Cluster within each group of enough persons, and write types, matches and discrepancy."""
    sizes = dict(placed.group_by("group").len().iter_rows())
    kept = [name for name in groups if sizes.get(name, 0) >= settings.reforms.least_persons]
    sequences, distances = inputs.table("sequences"), io.read_array(inputs.one("distances"))
    parts = [_typed(settings, of_group(sequences, placed, name), distances, name) for name in kept]
    typed = pl.concat([contract("group_types").empty(), *parts])
    typed = hide_small(typed, settings.disclosure.threshold)
    alphabet = alphabet_of(settings.sequences)
    outputs.write(typed, "group_types")
    matches = compare_groups(typed, sequences, kept, alphabet, settings.typology.limit)
    outputs.write(matches, "regime_matches")
    outputs.write(_explained(settings, sequences, typed, distances, kept), "regime_discrepancy")


def _typed(settings: Settings, own: pl.DataFrame, distances: object, group: str) -> pl.DataFrame:
    """Cluster one group's sequences for themselves and name its types."""
    rules = settings.clusters.model_copy(update={"k": settings.reforms.k, "k_by_area": {}})
    solved = build_clusters(distances, own, [group], rules)  # type: ignore[arg-type]
    alphabet, name = alphabet_of(settings.sequences), settings.typology.reference
    reference = read_reference(io.read_list(name, "reference"), alphabet, group) if name else []
    named = build_typology(
        solved.partitions, solved.quality, own, reference, alphabet, settings.typology, group
    )
    return named.types.select("person", pl.lit(group).alias("group"), pl.col("type_pooled").alias("type_key"))


def _explained(
    settings: Settings, sequences: pl.DataFrame, typed: pl.DataFrame, distances: object, groups: Sequence[str]
) -> pl.DataFrame:
    """Analyse the discrepancy between groups; no rows when fewer than two are compared."""
    empty = contract("regime_discrepancy").empty()
    if len(groups) < 2:
        return empty
    number: Mapping[str, int] = {name: at for at, name in enumerate(groups)}
    joined = typed.join(sequences.select("person", "sequence"), on="person", how="inner").sort("person")
    codes = joined["group"].replace_strict(number, return_dtype=pl.Int64).to_numpy()
    rules = settings.validation
    found = discrepancy(
        distances,  # type: ignore[arg-type]
        codes,
        joined["sequence"].to_numpy(),
        replications=rules.permutations,
        seed=settings.seed,
        threads=cores(),
    )
    shared = {"groups": len(groups), "persons": joined.height, "smallest": int(found.persons.min())}
    rows = [
        shared | {"statistic": name, "value": found.statistics[name], "p": found.p[name]} for name in TESTS
    ]
    return pl.DataFrame(rows, schema=empty.schema).with_columns(pl.col("value", "p").fill_nan(None))
