"""Stage 7: measure spells become activity by quarter, and activity a class of timing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import OverLimit, shown, some
from veje.names import KIND_UNKNOWN
from veje.settings import Timing, Window
from veje.weeks import expand_runs, quarter_at, window_edges

Weeks = NDArray[np.int64]


@dataclass(frozen=True)
class TimingResult:
    """Tables `timing` (a row a person), `spells` (joined, in the window) and `spell_flow`."""

    timing: pl.DataFrame
    spells: pl.DataFrame
    spell_flow: pl.DataFrame


def build_timing(
    measures: pl.DataFrame, cohort: pl.DataFrame, kinds: dict[str, str], settings: Timing, window: Window
) -> TimingResult:
    """Join the cohort's measure spells, place them in quarters and classify each person.

    measures, cohort: tables of those names. kinds: measure code to kind. Raises `OverLimit` when
    too many spells have a code without a kind; those below the limit count as `other`.
    """
    cohort = cohort.sort("person")
    edges = window_edges(cohort["index_date"], window.anchor, window.quarters, window.weeks_per_quarter)
    limits = pl.DataFrame(
        {
            "person": cohort["person"],
            "row": np.arange(cohort.height),
            "first": edges[:, 0],
            "stop": edges[:, -1],
        }
    )
    own = measures.join(limits, on="person", how="inner", maintain_order="left")
    check_kinds(own, kinds, settings.unknown_limit)
    ordered = own.filter(pl.col("start") <= pl.col("end"))
    joined = join_spells(ordered, settings.gap_days)
    inside = cut_to_window(joined, edges)
    flow = [
        _count(0, "delivered", measures),
        _count(1, "of_cohort", own),
        _count(2, "ends_after_start", ordered),
        _count(3, "joined", joined),
        _count(4, "in_window", inside),
        _count(5, "begun_in_window", inside.filter(pl.col("quarter") > 0)),
        _count(6, KIND_UNKNOWN, of_unknown_kind(own, kinds)),
    ]
    kind = pl.col("measure").replace_strict(kinds, default="other", return_dtype=pl.String).alias("kind")
    active = active_weeks(inside, edges)
    spells = inside.with_columns(kind).sort("person", "start", "end", "kind")
    begun = spells.filter(pl.col("quarter") > 0).group_by("person").len("spells")
    timing = (
        cohort.select("person", "area")
        .join(begun, on="person", how="left")
        .with_columns(
            pl.col("spells").fill_null(0).cast(pl.Int64),
            pl.Series("scenario", classify(active, settings), dtype=pl.String),
            pl.Series("active_weeks", active.tolist(), dtype=pl.List(pl.Int64)),
        )
    )
    return TimingResult(
        timing, spells.select("person", "kind", "start", "end", "quarter"), pl.DataFrame(flow)
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


def check_kinds(spells: pl.DataFrame, kinds: dict[str, str], limit: float) -> None:
    """Raise `OverLimit` when more spells than the limit have a measure code without a kind."""
    unknown = of_unknown_kind(spells, kinds)
    if unknown.height and unknown.height / spells.height > limit:
        counts = unknown.group_by("measure").len().sort("measure")
        told = some([f"{shown(row['measure'])} ({row['len']:,} spells)" for row in counts.to_dicts()])
        raise OverLimit(
            f"amfo: measure codes without a kind: {told}; {unknown.height:,} of {spells.height:,} "
            f"spells is above timing.unknown_limit ({limit:g})"
        )


def of_unknown_kind(spells: pl.DataFrame, kinds: dict[str, str]) -> pl.DataFrame:
    """Keep the spells with a measure code without a kind."""
    return spells.filter(~pl.col("measure").is_in(list(kinds)))


def join_spells(spells: pl.DataFrame, gap_days: int) -> pl.DataFrame:
    """Merge a person's records of one measure that touch, overlap or lie at most `gap_days` apart."""
    reached = pl.col("end").cum_max().shift(1).over("person", "measure")
    opens = (pl.col("start") > reached + pl.duration(days=gap_days + 1)).fill_null(True)
    return (
        spells.sort("person", "measure", "start", "end")
        .with_columns(opens.cum_sum().over("person", "measure").alias("spell"))
        .group_by("person", "measure", "spell", maintain_order=True)
        .agg(pl.col("start").min(), pl.col("end").max(), pl.col("row", "first", "stop").first())
        .drop("spell")
    )


def cut_to_window(spells: pl.DataFrame, edges: Weeks) -> pl.DataFrame:
    """Keep spells that touch the window, cut their ends at its last day, and note the quarter of their start.

    # ASSUME: a measure belongs to the quarter in which it begins; one begun before the window has
    quarter 0: its weeks count as activity, but it is not counted as a measure of the window.
    """
    week = (pl.col("start") - pl.date(1970, 1, 5)).dt.total_days() // 7
    last_day = pl.date(1970, 1, 5) + pl.duration(days=pl.col("stop") * 7 - 1)
    inside = spells.with_columns(week.alias("week"), pl.min_horizontal("end", last_day).alias("end"))
    inside = inside.filter((pl.col("start") <= pl.col("end")) & (_week("end") >= pl.col("first")))
    quarter = np.zeros(inside.height, dtype=np.int64)
    starts, rows = inside["week"].to_numpy(), inside["row"].to_numpy()
    for at in np.unique(starts):
        here = starts == at
        quarter[here] = quarter_at(int(at), edges[rows[here]]) + 1
    return inside.with_columns(pl.Series("quarter", quarter))


def active_weeks(spells: pl.DataFrame, edges: Weeks) -> Weeks:
    """Count each person's weeks with any activity by quarter; overlapping spells count once.

    spells: cut to the window, with the person's row. Returns (n, Q).
    """
    width = int((edges[:, -1] - edges[:, 0]).max())
    on = np.zeros((len(edges), width), dtype=bool)
    begin = spells.select(pl.max_horizontal(_week("start"), "first") - pl.col("first")).to_series()
    end = spells.select(_week("end") - pl.col("first")).to_series()
    row, column, _ = expand_runs(spells["row"].to_numpy(), begin.to_numpy(), (end - begin + 1).to_numpy())
    on[row, column] = True
    relative = edges - edges[:, :1]
    sums = np.concatenate([np.zeros((len(on), 1), dtype=np.int64), on.cumsum(axis=1)], axis=1)
    return np.diff(np.take_along_axis(sums, relative, axis=1), axis=1)


def _week(column: str) -> pl.Expr:
    return (pl.col(column) - pl.date(1970, 1, 5)).dt.total_days() // 7


def _count(step: int, key: str, frame: pl.DataFrame) -> dict[str, object]:
    return {"step": step, "key": key, "rows": frame.height, "persons": frame.get_column("person").n_unique()}
