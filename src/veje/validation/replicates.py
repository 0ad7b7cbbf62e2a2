"""Replications that several jobs computed: as a table, and as the arrays that they were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.contracts import contract
from veje.errors import BadInput

Values = NDArray[np.float64]

BOOTSTRAP = "bootstrap"


def share_of(replications: int, part: int, parts: int) -> range:
    """Return the numbers of the replications that one of `parts` jobs computes; part: from 0."""
    return range(part, replications, parts)


def rows_of(what: str, area: str, numbers: Sequence[int], values: Values) -> pl.DataFrame:
    """Write replications as rows of table `replicates`.

    what: `bootstrap` or a null model's name. numbers: (r,) of the replications. values: (r, m); NaN, which
    an undefined figure is, becomes an empty cell.
    """
    r, m = values.shape
    frame = pl.DataFrame(
        {
            "what": [what] * (r * m),
            "area": [area] * (r * m),
            "replication": np.repeat(np.asarray(numbers, dtype=np.int64), m),
            "position": np.tile(np.arange(m, dtype=np.int64), r),
            "value": values.ravel(),
        },
        schema=dict(contract("replicates").types),
    )
    return frame.with_columns(pl.col("value").fill_nan(None))


class Replicates:
    """All rows of table `replicates`, of whatever jobs, in whatever order."""

    def __init__(self, parts: Sequence[pl.DataFrame]) -> None:
        self._rows = pl.concat(parts)

    def values(self, what: str, area: str, replications: int, m: int) -> Values:
        """Give the figures of all replications: (replications, m).

        Raises `BadInput` when a figure is missing or comes twice: the parts are then not those of one
        run with these settings.
        """
        own = self._rows.filter(pl.col("what") == what, pl.col("area") == area).sort(
            "replication", "position"
        )
        expected = np.indices((replications, m)).reshape(2, -1)
        found = own.select("replication", "position").to_numpy().T
        if not np.array_equal(found, expected):
            raise BadInput(
                f"validation: {own.height} figures of {what} of {area} are given, not {replications} x {m}"
            )
        return own["value"].fill_null(np.nan).to_numpy().reshape(replications, m)
