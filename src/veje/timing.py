"""Stage 7: measure spells become activity by quarter, and activity a class of timing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import OverLimit, shown, some
from veje.names import UNKNOWN_KINDS
from veje.settings import Timing, Window
from veje.spells import AMFO, OFFL, Source, Spells, build_spells, week_at
from veje.weeks import expand_runs, window_edges

Weeks = NDArray[np.int64]


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
    activity = time_activity(found.inside, cohort, edges, settings)
    spells = found.inside.sort("person", "start", "end", "kind")
    return TimingResult(
        activity, spells.select("person", "kind", "start", "end", "quarter"), flow, found.rules
    )


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
    limits = pl.DataFrame(
        {
            "person": cohort["person"],
            "row": np.arange(cohort.height),
            "first": edges[:, 0],
            "stop": edges[:, -1],
        }
    )
    kind = pl.col("measure").replace_strict(source.kinds, default="other", return_dtype=pl.String)
    return source.records.join(limits, on="person", how="inner", maintain_order="left").with_columns(
        kind.alias("kind"), pl.lit(register).alias("register")
    )


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


def classify(active_weeks: Weeks, settings: Timing | None = None) -> NDArray[np.str_]:
    """Class the timing of activity: early, continuous, late, mixed or none (Caswell et al. 2012, 7.3).

    active_weeks: (n, Q) weeks of activity in each quarter, oldest first. settings: thresholds.
    Exhaustive and exclusive, tested in this order: `none` has no active quarter; `continuous`
    begins by `continuous_from`, lasts to `continuous_to` and has no longer inner passive spell than
    `continuous_gap`; `early` has `concentration` of its weeks in the first half and then a passive
    run of `passive_run` quarters to the grant; `late` the same in the last half after such a run;
    all others are `mixed`.
    """
    rules = settings or Timing()
    weeks = np.asarray(active_weeks)
    if weeks.ndim != 2:
        raise ValueError(f"active_weeks must be (n, quarters), not of shape {weeks.shape}")
    quarters = weeks.shape[1]
    on = weeks >= rules.active_weeks
    first = np.where(on.any(axis=1), on.argmax(axis=1), quarters)
    last = np.where(on.any(axis=1), quarters - 1 - on[:, ::-1].argmax(axis=1), -1)
    total = np.maximum(weeks.sum(axis=1), 1)
    half = quarters // 2
    in_first, in_last = weeks[:, :half].sum(axis=1) / total, weeks[:, quarters - half :].sum(axis=1) / total
    continuous = (first < rules.continuous_from) & (last >= rules.continuous_to - 1)
    continuous &= longest_inner_gap(on) <= rules.continuous_gap
    early = (in_first >= rules.concentration) & (quarters - 1 - last >= rules.passive_run)
    late = (in_last >= rules.concentration) & (first >= rules.passive_run)
    return np.select(
        [~on.any(axis=1), continuous, early, late], ["none", "continuous", "early", "late"], "mixed"
    )


def longest_inner_gap(on: NDArray[np.bool_]) -> Weeks:
    """Give each row's longest run of passive quarters between two active ones."""
    longest = np.zeros(len(on), dtype=np.int64)
    since = np.full(len(on), -1, dtype=np.int64)
    for quarter in range(on.shape[1]):
        now = on[:, quarter]
        gap = np.where(since >= 0, quarter - since - 1, 0)
        longest = np.where(now, np.maximum(longest, gap), longest)
        since = np.where(now, quarter, since)
    return longest


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


def active_weeks(spells: pl.DataFrame, edges: Weeks) -> Weeks:
    """Count each person's weeks with any activity by quarter; overlapping spells count once.

    spells: cut to the window, with the person's row. Returns (n, Q).
    """
    width = int((edges[:, -1] - edges[:, 0]).max())
    on = np.zeros((len(edges), width), dtype=bool)
    begin = spells.select(pl.max_horizontal(week_at("start"), "first") - pl.col("first")).to_series()
    end = spells.select(week_at("end") - pl.col("first")).to_series()
    row, column, _ = expand_runs(spells["row"].to_numpy(), begin.to_numpy(), (end - begin + 1).to_numpy())
    on[row, column] = True
    relative = edges - edges[:, :1]
    sums = np.concatenate([np.zeros((len(on), 1), dtype=np.int64), on.cumsum(axis=1)], axis=1)
    return np.diff(np.take_along_axis(sums, relative, axis=1), axis=1)


def _count(step: int, key: str, frame: pl.DataFrame) -> dict[str, object]:
    return {"step": step, "key": key, "rows": frame.height, "persons": frame.get_column("person").n_unique()}
