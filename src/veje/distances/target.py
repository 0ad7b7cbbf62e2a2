"""Where distances of unique sequences go: to all pairs of the persons behind them."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from veje.condensed import Array, jit, row_start
from veje.uniques import Unique

Real = NDArray[np.floating[Any]]


class Target(Protocol):
    """A result that is filled block by block, in any order, by several threads.

    rows: the unique sequences whose distances are asked, by number. width: to how many. total: pairs
    of them.
    """

    out: Real
    rows: range
    width: int
    total: int

    def start(self, first: int) -> int:
        """Return the first column that rows from `first` on need."""
        ...

    def pairs(self, first: int, lanes: int) -> int:
        """Return how many of `total` belong to `lanes` rows from `first` on."""
        ...

    def write(self, first: int, start: int, block: Real) -> None:
        """Store `block[lane, j - start]`, the distance of rows `first + lane` and `j`."""
        ...


class Condensed:
    """All pairs of persons within one set, in SciPy's order."""

    def __init__(self, rows: Unique, out: Real | None, dtype: DTypeLike) -> None:
        persons = len(rows.index)
        self.out = _room((persons * (persons - 1) // 2,), out, dtype)
        self.n = self.width = len(rows.states)
        self.rows = range(self.n)
        self.total = self.n * (self.n - 1) // 2
        self._members = _members(rows)
        # A view without the file behind it, for which the kernels would be compiled once more.
        self._flat = np.asarray(self.out)
        self._as_is = np.array_equal(rows.index, np.arange(self.n))

    def start(self, first: int) -> int:
        """Return the row after `first`: those before have met it already."""
        return first + 1

    def pairs(self, first: int, lanes: int) -> int:
        """Return the number of pairs of each row with all later ones."""
        return sum(self.n - i - 1 for i in range(first, first + lanes))

    def write(self, first: int, start: int, block: Real) -> None:
        """Store the pairs of each row with all later ones, and of equal rows with one another."""
        if self._as_is:
            _store(block, first, start, self.n, 0, self._flat)
        else:
            _scatter(block, first, start, *self._members, self._flat)


class Stretch:
    """The pairs of some of `n` unique sequences, in order, with all later ones: a part of `Condensed`."""

    def __init__(self, rows: range, n: int, dtype: DTypeLike) -> None:
        self.rows, self.width = rows, n
        self._begin = row_start(rows.start, n) + rows.start + 1
        self.total = self.pairs(rows.start, len(rows))
        self.out: Real = _room((self.total,), None, dtype)

    def start(self, first: int) -> int:
        """Return the row after `first`: those before have met it already."""
        return first + 1

    def pairs(self, first: int, lanes: int) -> int:
        """Return the number of pairs of each row with all later ones."""
        return sum(self.width - i - 1 for i in range(first, first + lanes))

    def write(self, first: int, start: int, block: Real) -> None:
        """Store the pairs of each row with all later ones."""
        _store(block, first, start, self.width, self._begin, self.out)


class Table:
    """All pairs of a person in one set and a person in another, (n, m)."""

    def __init__(self, rows: Unique, columns: Unique, out: Real | None, dtype: DTypeLike) -> None:
        self.out = _room((len(rows.index), len(columns.index)), out, dtype)
        self.rows, self.width = range(len(rows.states)), len(columns.states)
        self.total = len(self.rows) * self.width
        self._order, self._bounds = _members(rows)
        self._index = columns.index

    def start(self, _first: int) -> int:
        """Return 0: every row meets every column."""
        return 0

    def pairs(self, _first: int, lanes: int) -> int:
        """Return the number of pairs of each row with all columns."""
        return lanes * self.width

    def write(self, first: int, _start: int, block: Real) -> None:
        """Store the pairs of all persons behind the rows."""
        for i, line in enumerate(block, first):
            self.out[self._order[self._bounds[i] : self._bounds[i + 1]]] = line[self._index]


def _room(shape: tuple[int, ...], out: Real | None, dtype: DTypeLike) -> Real:
    """Return `out`, checked, or an empty array for the result."""
    kind = np.dtype(dtype) if out is None else out.dtype
    if kind not in (np.float32, np.float64):
        what = "dtype" if out is None else "out"
        raise ValueError(f"{what} must be float32 or float64, but it is {kind}")
    if out is None:
        return np.empty(shape, kind)
    if out.shape != shape or not out.flags.writeable:
        raise ValueError(f"out must be writable and {shape}, but it is {out.shape}")
    return out


def _members(rows: Unique) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the persons sequence by sequence, ascending, and where each sequence begins."""
    counts = np.bincount(rows.index, minlength=len(rows.states))
    return np.argsort(rows.index, kind="stable"), np.concatenate([[0], np.cumsum(counts)])


@jit
def _store(block: Array, first: int, start: int, n: int, begin: int, out: Array) -> None:
    """Store a block of distances of unique rows in order: each row's pairs are one stretch.

    begin: the condensed place of the first entry of `out`.
    """
    for lane in range(block.shape[0]):
        i = first + lane
        at = row_start(i, n) - begin
        out[at + i + 1 : at + n] = block[lane, i + 1 - start :]


@jit
def _scatter(block: Array, first: int, start: int, order: Array, bounds: Array, out: Array) -> None:
    """Store a block of distances at the condensed places of all persons behind its rows."""
    n = len(order)
    for lane in range(block.shape[0]):
        begin, end = bounds[first + lane], bounds[first + lane + 1]
        for p in order[begin:end]:
            for q in order[begin:end]:
                if p < q:
                    out[row_start(p, n) + q] = 0
            for j in range(first + lane + 1, len(bounds) - 1):
                for q in order[bounds[j] : bounds[j + 1]]:
                    out[row_start(min(p, q), n) + max(p, q)] = block[lane, j - start]
