"""Pairs from near to far without sorting them: the bits of a distance are the place where it counts.

The bits of a float32 that is not negative, read as a whole number, rise with it. Their upper part
is a page, their lower part the place on it, so that the weights of all pairs at one exact distance
add up in one cell of a table that stays in the cache.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from veje.condensed import Array, jit, row_start

# A page's table of places, by kinds of pairs, fits into the second cache.
BITS = 12
CELLS = 1 << BITS
# Pairs that are carried to their pages at once, 12 bytes each: it bounds memory, nothing else.
CHUNK = 1 << 25

Page = tuple[NDArray[np.float64], NDArray[np.float64]]


class Pages:
    """The pairs of rows by distance; a person's pair with itself is at distance 0."""

    def __init__(self, d: Array, weights: NDArray[np.float64]) -> None:
        self._weights = weights
        if d.dtype == np.float32:
            self._keys, self._values = d.view(np.uint32), None
        else:
            self._values, keys = np.unique(np.append(d, 0.0), return_inverse=True)
            self._keys = keys[:-1].astype(np.uint32)
        self._counts = _page_counts(self._keys, int(self._keys.max() >> BITS) + 1)

    def weighed(self, atom: NDArray[np.int32], kind: Array, kinds: int) -> Iterator[Page]:
        """Give each page from near to far: (CELLS, kinds) weights of pairs, (CELLS,) distances.

        atom: (n,) of each row. kind: (A, A) of the pairs of two atoms. The table is reused: whoever
        reads it leaves it empty.
        """
        groups = np.zeros((CELLS, kinds))
        groups[0, kind[0, 0]] = float((self._weights * self._weights).sum()) / 2
        if self._counts[0] == 0:
            yield groups, self._distances(0)
        for first, last in self._chunks():
            if self._counts[first] > CHUNK:
                _add(self._keys, self._weights, atom, kind, first, groups)
                yield groups, self._distances(first)
                continue
            begin, place, weight = self._carried(first, last, atom, kind, kinds)
            for page in np.flatnonzero(self._counts[first:last]):
                span = slice(begin[page], begin[page + 1])
                _gather(place[span], weight[span], groups.reshape(-1))
                yield groups, self._distances(first + int(page))

    def _carried(
        self, first: int, last: int, atom: NDArray[np.int32], kind: Array, kinds: int
    ) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float64]]:
        """Return where each page begins, and all pairs' places and weights, page by page."""
        begin = np.concatenate([[0], np.cumsum(self._counts[first:last])])
        place, weight = np.empty(begin[-1], np.uint32), np.empty(begin[-1])
        _carry(self._keys, self._weights, atom, kind, kinds, first, begin[:-1].copy(), place, weight)
        return begin, place, weight

    def _chunks(self) -> Iterator[tuple[int, int]]:
        """Give runs of pages (first, last + 1) that together have room in a chunk, or one that has not."""
        first, held = 0, 0
        for page, count in enumerate(self._counts.tolist()):
            if held and held + count > CHUNK:
                yield first, page
                first, held = page, 0
            held += count
        if held:
            yield first, len(self._counts)

    def _distances(self, page: int) -> NDArray[np.float64]:
        """Return the distance that each cell of a page stands for."""
        if self._values is None:
            bits = np.arange(page << BITS, (page + 1) << BITS, dtype=np.uint32)
            return bits.view(np.float32).astype(np.float64)
        out = np.zeros(CELLS)
        known = self._values[page << BITS : (page + 1) << BITS]
        out[: len(known)] = known
        return out


@jit
def _page_counts(keys: Array, pages: int) -> Array:
    """Return the number of pairs on each page."""
    counts = np.zeros(pages, np.int64)
    for key in keys:
        counts[(key & np.uint32(0x7FFFFFFF)) >> np.uint32(BITS)] += 1
    return counts


@jit
def _carry(
    keys: Array,
    weights: Array,
    atom: Array,
    kind: Array,
    kinds: int,
    first: int,
    free: Array,
    place: Array,
    weight: Array,
) -> None:
    """Write the place and the weight of each pair on pages from `first` on to the page's `free` end."""
    n, pages = len(weights), len(free)
    for i in range(n - 1):
        start = row_start(i, n)
        own = kind[atom[i]]
        for j in range(i + 1, n):
            key = np.int64(keys[start + j]) & 0x7FFFFFFF
            page = (key >> BITS) - first
            if 0 <= page < pages:
                at = free[page]
                free[page] = at + 1
                place[at] = (key & (CELLS - 1)) * kinds + own[atom[j]]
                weight[at] = weights[i] * weights[j]


@jit
def _gather(place: Array, weight: Array, groups: Array) -> None:
    """Add the weights to their places."""
    for at in range(len(place)):
        groups[place[at]] += weight[at]


@jit
def _add(keys: Array, weights: Array, atom: Array, kind: Array, page: int, groups: Array) -> None:
    """Add the weights of all pairs on one page to their places, straight from the distances."""
    n = len(weights)
    for i in range(n - 1):
        start = row_start(i, n)
        own = kind[atom[i]]
        for j in range(i + 1, n):
            key = np.int64(keys[start + j]) & 0x7FFFFFFF
            if key >> BITS == page:
                groups[key & (CELLS - 1), own[atom[j]]] += weights[i] * weights[j]
