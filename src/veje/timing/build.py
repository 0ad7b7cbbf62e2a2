"""Stage 7: measure spells become activity by quarter, and activity a class of timing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from veje.errors import OverLimit, shown, some
from veje.names import UNKNOWN_KINDS
from veje.settings import Timing, Window
from veje.spells import AMFO, OFFL, Source, Spells, build_spells
from veje.timing.activity import Weeks, active_weeks, limits_of
from veje.timing.classes import classify
from veje.weeks import window_edges


@dataclass(frozen=True)
class TimingResult:
    """Tables `timing` (a row a person), `spells` (joined, in the window), `spell_flow`, `spell_rules`."""

    timing: pl.DataFrame
    spells: pl.DataFrame
    spell_flow: pl.DataFrame
    spell_rules: pl.DataFrame


def build_timing(
    measures: pl.DataFrame,
    cohort: pl.DataFrame,
    kinds: Mapping[str, str],
    settings: Timing,
    window: Window,
    later: Source | None = None,
) -> TimingResult:
    """Join the cohort's measure spells, place them in quarters and classify each person.

    measures, cohort: tables of those names. kinds: measure code to kind. later: the register of
    measures since 2007, where it is delivered. Raises `OverLimit` when too many spells of a register
    have a code without a kind; those below the limit count as `other`. Records are joined by the
    rules of `veje.spells`.
    """
    cohort = cohort.sort("person")
    edges = window_edges(cohort["index_date"], window.anchor, window.quarters, window.weeks_per_quarter)
    sources = {AMFO: Source(measures, kinds)} | ({OFFL: later} if later else {})
    own = pl.concat([of_cohort(source, name, cohort, edges) for name, source in sources.items()])
    unknown = {name: of_unknown_kind(own.filter(register=name), s.kinds) for name, s in sources.items()}
    for name, spells in unknown.items():
        check_kinds(spells, own.filter(register=name).height, settings.unknown_limit, name)
    ordered = own.filter(pl.col("start") <= pl.col("end"))
    change = settings.offl_from if later and measures.height else None
    found = build_spells(ordered, edges, change, settings.gap_days)
    delivered = pl.concat([source.records.select("person") for source in sources.values()])
    steps = {"delivered": delivered, "of_cohort": own, "ends_after_start": ordered}
    flow = count_flow(steps, found, unknown)
    spells = found.inside.sort("person", "start", "end", "kind")
    shown = spells.select("person", "kind", "start", "end", "quarter")
    return TimingResult(time_activity(spells, cohort, edges, settings), shown, flow, found.rules)


def count_flow(
    steps: Mapping[str, pl.DataFrame], found: Spells, unknown: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Count records and persons after each step: table `spell_flow`.

    steps: those before the rules of joining. unknown: records without a kind by register; with two
    registers there is a step for what only one of them tells.
    """
    told = {"one_register": found.told} if len(unknown) > 1 else {}
    begun = found.inside.filter(pl.col("quarter") > 0)
    after = {"joined": found.joined, "in_window": found.inside, "begun_in_window": begun}
    beside = {UNKNOWN_KINDS[name]: spells for name, spells in unknown.items()}
    every = [*steps.items(), *told.items(), *after.items(), *beside.items()]
    return pl.DataFrame([_count(step, key, frame) for step, (key, frame) in enumerate(every)])


def of_cohort(source: Source, register: str, cohort: pl.DataFrame, edges: Weeks) -> pl.DataFrame:
    """Keep a register's records of the cohort, with their kind and the person's row and window."""
    kind = pl.col("measure").replace_strict(source.kinds, default="other", return_dtype=pl.String)
    return source.records.join(
        limits_of(cohort, edges), on="person", how="inner", maintain_order="left"
    ).with_columns(kind.alias("kind"), pl.lit(register).alias("register"))


def time_activity(inside: pl.DataFrame, cohort: pl.DataFrame, edges: Weeks, settings: Timing) -> pl.DataFrame:
    """Give each person's measures, activity by quarter and class of timing: table `timing`."""
    active = active_weeks(inside, edges)
    begun = inside.filter(pl.col("quarter") > 0).group_by("person").len("spells")
    return (
        cohort.select("person", "area")
        .join(begun, on="person", how="left")
        .with_columns(
            pl.col("spells").fill_null(0).cast(pl.Int64),
            pl.Series("scenario", classify(active, settings), dtype=pl.String),
            pl.Series("active_weeks", active.tolist(), dtype=pl.List(pl.Int64)),
        )
    )


def check_kinds(unknown: pl.DataFrame, spells: int, limit: float, register: str = AMFO) -> None:
    """Raise `OverLimit` when a larger share of a register's spells than the limit has no kind."""
    if unknown.height and unknown.height / spells > limit:
        counts = unknown.group_by("measure").len().sort("measure")
        told = some([f"{shown(row['measure'])} ({row['len']:,} spells)" for row in counts.to_dicts()])
        raise OverLimit(
            f"{register}: measure codes without a kind: {told}; {unknown.height:,} of {spells:,} "
            f"spells is above timing.unknown_limit ({limit:g})"
        )


def of_unknown_kind(spells: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """Keep the spells with a measure code without a kind."""
    return spells.filter(~pl.col("measure").is_in(list(kinds)))


def _count(step: int, key: str, frame: pl.DataFrame) -> dict[str, object]:
    return {"step": step, "key": key, "rows": frame.height, "persons": frame.get_column("person").n_unique()}
