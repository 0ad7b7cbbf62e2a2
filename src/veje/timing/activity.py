"""Weeks of activity by quarter."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.spells import week_at
from veje.weeks import expand_runs

Weeks = NDArray[np.int64]


def limits_of(cohort: pl.DataFrame, edges: Weeks) -> pl.DataFrame:
    """Give each person's row in `edges`, and the window's first week and the week after its last.

    cohort: in the order of `edges`. Returns person, row, first, stop.
    """
    return pl.DataFrame(
        {
            "person": cohort["person"],
            "row": np.arange(cohort.height),
            "first": edges[:, 0],
            "stop": edges[:, -1],
        }
    )


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
