"""How the classes of timing move with each of their thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.settings import Timing
from veje.timing.classes import classify


def timing_grid(
    persons: pl.Series, active: NDArray[np.int64], settings: Timing, grid: Mapping[Any, Sequence[float]]
) -> pl.DataFrame:
    """Class every person anew under each value of each threshold, the others as they are.

    persons: (n,) in the order of `active`, (n, Q) weeks of activity. Returns person, threshold,
    value, scenario.
    """
    parts = [
        pl.DataFrame(
            {"person": persons, "scenario": pl.Series(classify(active, rules), dtype=pl.String)}
        ).select(
            "person",
            pl.lit(name).alias("threshold"),
            pl.lit(value, dtype=pl.Float64).alias("value"),
            "scenario",
        )
        for name, value, rules in points(settings, grid)
    ]
    schema = {"person": pl.Int64(), "threshold": pl.String(), "value": pl.Float64(), "scenario": pl.String()}
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def points(settings: Timing, grid: Mapping[Any, Sequence[float]]) -> Iterator[tuple[str, float, Timing]]:
    """Give every point of the grid with the rules that hold there."""
    for name, values in grid.items():
        for value in values:
            yield name, value, Timing.model_validate({**settings.model_dump(), name: value})
