"""Optimal matching: the least cost of turning one sequence into another by edits.

Source: Needleman & Wunsch 1970, J Mol Biol 48(3); Abbott & Forrest 1986, J Interdiscip Hist 16(3).
"""

import numpy as np
from numpy.typing import NDArray

from veje.condensed import BLOCK, Array, jit, row_start


@jit
def _tables(seq: Array, first: int, sub: Array, indel: Array) -> tuple[Array, Array]:
    """Return substitution (K, L, BLOCK) and insertion (L, BLOCK) costs of rows from `first` on."""
    n, length = seq.shape
    swap = np.empty((sub.shape[0], length, BLOCK))
    insert = np.empty((length, BLOCK))
    for y in range(length):
        for lane in range(BLOCK):
            state = seq[min(first + lane, n - 1), y]
            insert[y, lane] = indel[state]
            for other in range(sub.shape[0]):
                swap[other, y, lane] = sub[other, state]
    return swap, insert


@jit
def _advance(before: Array, after: Array, delete: float, swap: Array, insert: Array) -> None:
    """Fill line `after` of the alignment table from line `before`, for all lanes."""
    for lane in range(BLOCK):
        after[0, lane] = before[0, lane] + delete
    for y in range(insert.shape[0]):
        for lane in range(BLOCK):
            best = before[y, lane] + swap[y, lane]
            gone = before[y + 1, lane] + delete
            best = gone if gone < best else best
            come = after[y, lane] + insert[y, lane]
            after[y + 1, lane] = come if come < best else best


@jit
def om_rows(seq: Array, first: int, sub: Array, indel: Array, out: Array) -> None:
    """Write the distances of BLOCK rows from `first` on to all later rows into condensed `out`.

    seq: (n, L) uint8. sub: (K, K). indel: (K,). Lines of the table that belong to the prefix a
    partner shares with the partner before it are kept, which is exact and pays off when rows are in
    lexicographic order.
    """
    n, length = seq.shape
    swap, insert = _tables(seq, first, sub, indel)
    table = np.zeros((length + 1, length + 1, BLOCK))
    for y in range(length):
        for lane in range(BLOCK):
            table[0, y + 1, lane] = table[0, y, lane] + insert[y, lane]
    for j in range(first + 1, n):
        x = 0
        while j > first + 1 and x < length and seq[j, x] == seq[j - 1, x]:
            x += 1
        for line in range(x, length):
            state = seq[j, line]
            _advance(table[line], table[line + 1], indel[state], swap[state], insert)
        for lane in range(min(BLOCK, j - first)):
            out[row_start(first + lane, n) + j] = table[length, length, lane]


def om_highest(length: int, sub: NDArray[np.float64], indel: NDArray[np.float64]) -> float:
    """Return the highest distance two sequences of `length` states can have."""
    return length * float(min(sub.max(), 2 * indel.max()))
