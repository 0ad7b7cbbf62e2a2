"""Optimal matching: the least cost of turning one sequence into another by edits.

Source: Needleman & Wunsch 1970, J Mol Biol 48(3); Abbott & Forrest 1986, J Interdiscip Hist 16(3).
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.bits import LONGEST, om_bits, only_indels
from veje.distances.plan import Block, Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, Table, cost_tables, shared_prefixes
from veje.distances.ticks import Ticks, as_ticks, gaps_of, om_ticks

# Rows side by side in the float64 kernel: one or two registers of most vector units.
LANES = 8


@jit
def _tables(a: Array, first: int, sub: Array, indel: Array) -> tuple[Array, Array]:
    """Return substitution (K, L * LANES) and insertion (L * LANES) costs of rows from `first` on."""
    n, length = a.shape
    swap = np.empty((sub.shape[0], length * LANES))
    insert = np.empty(length * LANES)
    for y in range(length):
        for lane in range(LANES):
            state = a[min(first + lane, n - 1), y]
            insert[y * LANES + lane] = indel[state]
            for other in range(sub.shape[0]):
                swap[other, y * LANES + lane] = sub[other, state]
    return swap, insert


@jit
def _advance(before: Array, after: Array, delete: float, swap: Array, insert: Array) -> None:
    """Fill line `after` of the alignment table from line `before`, cell by cell for all lanes.

    Insertions have a loop of their own, because only they need the cell to the left: the first loop
    is then free of dependences, and both compile to vector instructions.
    """
    for i in range(LANES):
        after[i] = before[i] + delete
    for i in range(swap.size):
        best = before[i] + swap[i]
        gone = before[i + LANES] + delete
        after[i + LANES] = gone if gone < best else best
    for i in range(swap.size):
        come, best = after[i] + insert[i], after[i + LANES]
        after[i + LANES] = come if come < best else best


@jit
def _om_exact(
    a: Array, b: Array, shared: Array, sub: Array, indel: Array, first: int, start: int, out: Array
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j], in float64.

    shared: (n,) first states that each partner shares with the next one. Lines of the table that
    belong to them are kept, which is exact and pays off because rows are in lexicographic order;
    others take turns in two spare lines, which stay in the first cache.
    """
    length = b.shape[1]
    table = np.zeros((length + 3, (length + 1) * LANES))
    for top in range(0, out.shape[0], LANES):
        swap, insert = _tables(a, first + top, sub, indel)
        for i in range(insert.size):
            table[0, i + LANES] = table[0, i] + insert[i]
        done = 0
        for j in range(start, len(b)):
            line, keep = done, shared[j]
            for x in range(done, length):
                after = x + 1 if x < keep else length + 1 + x % 2
                _advance(table[line], table[after], indel[b[j, x]], swap[b[j, x]], insert)
                line = after
            done = keep
            for lane in range(min(LANES, out.shape[0] - top)):
                out[top + lane, j - start] = table[line, length * LANES + lane]


def _in_ticks(a: Codes, b: Codes, ticks: Ticks) -> Block:
    """Return the kernel of whole ticks, with the cost of every sequence's deletion at hand."""
    gaps_a, gaps_b = gaps_of(a, ticks.indel), gaps_of(b, ticks.indel)
    return partial(om_ticks, a, b, shared_prefixes(b), ticks.swap, gaps_a, gaps_b, ticks.tick)


def plan(a: Codes, b: Codes, costs: Costs) -> Plan:
    """Return optimal matching distances of `a` and `b`, (n, L) state codes of the same length.

    Results in float64 are computed in float64. Those in float32 are computed in whole ticks, which
    is exact where costs are multiples of a common tick, and else off by `ticks.ROUNDING` at most.
    """
    sub, indel = cost_tables(a, b, costs)
    length = a.shape[1]
    highest = length * float(min(sub.max(), 2 * indel.max()))
    return Plan(_kernel(a, b, sub, indel), highest, float(indel.max()))


def _kernel(a: Codes, b: Codes, sub: Table, indel: Table) -> Block:
    """Return the fastest kernel that is right for these costs."""
    length = a.shape[1]
    if length <= LONGEST and only_indels(sub, indel):
        return om_bits(a, b, len(sub), float(indel[0]))
    exact = partial(_om_exact, a, b, shared_prefixes(b), sub, indel)
    ticks = as_ticks(sub, indel, length)
    fast = exact if ticks is None else _in_ticks(a, b, ticks)

    def block(first: int, start: int, out: Array) -> None:
        """Compute at the precision that is asked for."""
        (fast if out.dtype == np.float32 else exact)(first, start, out)

    return block
