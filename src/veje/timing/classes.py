"""The classes of timing: when activity counts as early, continuous, late, mixed or none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from veje.settings import Timing

Weeks = NDArray[np.int64]


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
