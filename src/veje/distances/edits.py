"""Alignment by edits whose costs depend on more than the states edited: the table they fill.

Rows of `b` come in lexicographic order, so that consecutive rows share a prefix, and with it the
first lines of the table. Kernels take BLOCK rows of `a` side by side, in lanes; they calculate in
the precision of their result.
"""

import numpy as np

from veje.condensed import Array, jit
from veje.distances.plan import BLOCK


@jit
def lane_costs(a: Array, first: int, sub: Array, precise: Array) -> Array:
    """Return the costs (K, L, BLOCK) of each state against the states of rows from `first` on.

    precise: an array of the precision to return. Lanes past the last row repeat it.
    """
    swap = np.empty((sub.shape[0], a.shape[1], BLOCK), precise.dtype)
    for y in range(a.shape[1]):
        for lane in range(BLOCK):
            state = a[min(first + lane, len(a) - 1), y]
            for other in range(sub.shape[0]):
                swap[other, y, lane] = sub[other, state]
    return swap


@jit
def shared(b: Array, j: int, start: int) -> int:
    """Return how many first entries row j shares with the row before it, 0 for the row at `start`."""
    x = 0
    while j > start and x < b.shape[1] and b[j, x] == b[j - 1, x]:
        x += 1
    return x


@jit
def advance(before: Array, after: Array, swap: Array, delete: Array, insert: Array) -> None:
    """Fill line `after` of the table, past its first cell, from line `before`, for all lanes.

    before, after: (L + 1, BLOCK). swap, delete, insert: (L, BLOCK), the costs at each cell of
    substituting, of deleting the state of `b`, and of inserting the state of `a`.
    """
    for y in range(swap.shape[0]):
        for lane in range(BLOCK):
            best = before[y, lane] + swap[y, lane]
            gone = before[y + 1, lane] + delete[y, lane]
            best = gone if gone < best else best
            come = after[y, lane] + insert[y, lane]
            after[y + 1, lane] = come if come < best else best
