"""One linear program of a whole release: unknown true counts, and all that published figures say of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
ID = ["quantity", "area", "at"]


@dataclass(frozen=True)
class Rows:
    """Linear constraints lower <= a x <= upper over the variables, as triples.

    of: the variable whose figure says so, by row; -1 for a sum, which holds whatever is published.
    loose: the lower limit when that figure is withheld; then there is no upper one.
    """

    row: Ints
    column: Ints
    weight: Floats
    lower: Floats
    upper: Floats
    of: Ints
    loose: Floats

    def matrix(self, width: int) -> sp.csr_array:
        """Give a as a sparse matrix with one column a variable."""
        return sp.csr_array((self.weight, (self.row, self.column)), shape=(len(self.lower), width))


@dataclass(frozen=True)
class Program:
    """What an attacker knows, and what must stay unknown.

    variables: quantity, area, at, truth, one row a variable in order; differences have an area and no
    figure of their own. lower, upper: what published figures say of each. rows: sums and the like.
    targets: the variables that are protected; need_low and need_high: what their intervals must reach.
    figures: the figure (row of the judged cells) and the variable that it publishes, above the line and
    below.
    """

    variables: pl.DataFrame
    lower: Floats
    upper: Floats
    rows: Rows
    targets: Ints
    need_low: Floats
    need_high: Floats
    figures: pl.DataFrame

    @property
    def truth(self) -> Floats:
        """The true counts: one point that fits everything published."""
        return self.variables["truth"].cast(pl.Float64).to_numpy()


class Builder:
    """Collects constraints row by row."""

    def __init__(self) -> None:
        self._parts: list[tuple[Ints, Ints, Floats]] = []
        self._limits: list[tuple[Floats, Floats, Ints, Floats]] = []
        self.height = 0
        self.within: list[pl.DataFrame] = []
        """Parts and wholes of all sums so far."""
        self.same: list[pl.DataFrame] = []
        """Those of sums of one part, which is the whole by definition."""

    def add(
        self,
        columns: Iterable[Ints],
        weights: Iterable[Floats | float],
        lower: Floats | float,
        upper: Floats | float,
        of: Ints | None = None,
        loose: float = 0.0,
    ) -> None:
        """Add rows of equally many terms: the n-th term of all rows stands in the n-th array."""
        arrays = [np.asarray(one, dtype=np.int64) for one in columns]
        count = len(arrays[0])
        at = np.arange(self.height, self.height + count)
        for column, weight in zip(arrays, weights, strict=True):
            self._parts.append((at, column, np.broadcast_to(np.asarray(weight, dtype=float), count)))
        self._close(count, lower, upper, of, loose)

    def add_groups(self, group: Ints, column: Ints, whole: Ints, least: Floats) -> None:
        """Add sums: the parts of group g (n-th part: group[n], column[n]) add up to whole[g].

        least: how much the sum may be off at least; minus infinity: parts may be missing.
        """
        count = len(whole)
        rows = np.arange(self.height, self.height + count)
        self._parts.append((group + self.height, column, np.ones(len(column))))
        self._parts.append((rows, whole, -np.ones(count)))
        parts = pl.DataFrame({"above": column, "below": whole[group]})
        self.within.append(parts)
        self.same.append(parts.filter(pl.Series((np.bincount(group)[group] == 1) & (least[group] == 0))))
        self._close(count, least, 0.0, None, 0.0)

    def _close(
        self, count: int, lower: Floats | float, upper: Floats | float, of: Ints | None, loose: float
    ) -> None:
        limits = [np.broadcast_to(np.asarray(one, dtype=float), count) for one in (lower, upper, loose)]
        self._limits.append((limits[0], limits[1], np.full(count, -1) if of is None else of, limits[2]))
        self.height += count

    def rows(self) -> Rows:
        """Give all constraints."""
        none, no = np.zeros(0, dtype=np.int64), np.zeros(0)
        parts, limits = [(none, none, no), *self._parts], [(no, no, none, no), *self._limits]
        row, column, weight = (np.concatenate(one) for one in zip(*parts, strict=True))
        lower, upper, of, loose = (np.concatenate(one) for one in zip(*limits, strict=True))
        return Rows(row, column, weight, lower, upper, of, loose)
