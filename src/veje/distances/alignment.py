"""Optimal matching: the least cost of turning one sequence into another by edits.

Source: Needleman & Wunsch 1970, J Mol Biol 48(3); Abbott & Forrest 1986, J Interdiscip Hist 16(3).
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.plan import BLOCK, Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, cost_tables


@jit
def _tables(a: Array, first: int, sub: Array, indel: Array) -> tuple[Array, Array]:
    """Return substitution (K, L, BLOCK) and insertion (L, BLOCK) costs of rows from `first` on."""
    n, length = a.shape
    swap = np.empty((sub.shape[0], length, BLOCK))
    insert = np.empty((length, BLOCK))
    for y in range(length):
        for lane in range(BLOCK):
            state = a[min(first + lane, n - 1), y]
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
def _block(a: Array, b: Array, sub: Array, indel: Array, first: int, start: int, out: Array) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j].

    Lines of the table that belong to the prefix a partner shares with the partner before it are
    kept, which is exact and pays off because rows are in lexicographic order.
    """
    length = b.shape[1]
    swap, insert = _tables(a, first, sub, indel)
    table = np.zeros((length + 1, length + 1, BLOCK))
    for y in range(length):
        for lane in range(BLOCK):
            table[0, y + 1, lane] = table[0, y, lane] + insert[y, lane]
    for j in range(start, len(b)):
        x = 0
        while j > start and x < length and b[j, x] == b[j - 1, x]:
            x += 1
        for line in range(x, length):
            state = b[j, line]
            _advance(table[line], table[line + 1], indel[state], swap[state], insert)
        for lane in range(out.shape[0]):
            out[lane, j - start] = table[length, length, lane]


def plan(a: Codes, b: Codes, costs: Costs) -> Plan:
    """Return optimal matching distances of `a` and `b`, (n, L) state codes of the same length."""
    sub, indel = cost_tables(a, b, costs)
    highest = a.shape[1] * float(min(sub.max(), 2 * indel.max()))
    return Plan(partial(_block, a, b, sub, indel), highest, float(indel.max()))
