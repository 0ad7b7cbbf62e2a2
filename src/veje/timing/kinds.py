"""The timing of each kind of measure on its own."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.settings import Timing
from veje.timing.activity import active_weeks
from veje.timing.classes import classify

Ints = NDArray[np.int64]


def timing_kinds(spells: pl.DataFrame, edges: Ints, settings: Timing) -> pl.DataFrame:
    """Class each person's activity of each kind as if there were no other.

    spells: cut to the window, with person, kind, start, end, row, first. edges: (n, Q + 1).
    Returns person, kind, weeks, scenario; a row for every kind that a person has.
    """
    parts = []
    for (kind,), own in spells.sort("kind", "person").group_by(["kind"], maintain_order=True):
        rows = own.select("person", "row").unique(maintain_order=True)
        weeks = active_weeks(own, edges)[rows["row"].to_numpy()]
        parts.append(
            rows.select(
                "person",
                pl.lit(kind).alias("kind"),
                pl.Series("weeks", weeks.sum(axis=1), dtype=pl.Int64),
                pl.Series("scenario", classify(weeks, settings), dtype=pl.String),
            )
        )
    schema = {"person": pl.Int64(), "kind": pl.String(), "weeks": pl.Int64(), "scenario": pl.String()}
    return pl.concat([pl.DataFrame(schema=schema), *parts]).sort("person", "kind")
