"""SVRspell: the distance of sequences of spells as vectors of the time spent in each subsequence.

Source: Elzinga & Studer 2015, Sociol Methods Res 44(1).
"""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from veje.condensed import Array, jit
from veje.distances.lanes import LANES, shared
from veje.distances.matches import check_own, distance, length_weights, likeness, weighed
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes
from veje.distances.tokens import NONE, spell_rows

# What a cell of the table adds up over matching subsequences: how many, the time of the first
# sequence in them, the time of the second, and the product of the two.
NUMBER, FIRST, SECOND, BOTH = 0, 1, 2, 3


@jit
def _lanes(a: Array, first: int, state: Array, time: Array, prox: Array) -> tuple[Array, Array]:
    """Return likeness (K, S * LANES) to the spells of rows from `first` on, and their times."""
    like = np.zeros((len(prox), a.shape[1] * LANES))
    times = np.zeros(a.shape[1] * LANES)
    for y in range(a.shape[1]):
        for lane in range(LANES):
            spell = a[min(first + lane, len(a) - 1), y]
            if time[spell] >= 0:
                times[y * LANES + lane] = time[spell]
                for other in range(len(prox)):
                    like[other, y * LANES + lane] = prox[other, state[spell]]
    return like, times


@jit
def _add_up(before: Array, after: Array) -> None:
    """Add to what a line of matches has made what its neighbours hold together."""
    for i in range(after.size - LANES):
        after[i + LANES] += before[i + LANES] - before[i]
    for i in range(after.size - LANES):
        after[i + LANES] += after[i]


@jit
def _advance(before: Array, after: Array, like: Array, times: Array, now: float, low: int) -> None:
    """Fill line `after` from line `before`, for a spell of `b` that lasts `now`.

    before, after: (4, layers, (S + 1) * LANES). A match adds its time to that of all matches before
    both spells, a layer below.
    """
    for k in range(low, before.shape[1]):
        below = max(k - 1, 0)
        n, p = before[NUMBER, below], before[FIRST, below]
        q, r = before[SECOND, below], before[BOTH, below]
        for i in range(like.size):
            s, t = like[i], times[i]
            first, both = p[i] + t * n[i], r[i] + t * q[i]
            after[NUMBER, k, i + LANES] = s * n[i]
            after[FIRST, k, i + LANES] = s * first
            after[SECOND, k, i + LANES] = s * (q[i] + now * n[i])
            after[BOTH, k, i + LANES] = s * (both + now * first)
        for what in range(4):
            _add_up(before[what, k], after[what, k])


@jit
def _table(size: int, layers: int) -> Array:
    """Return a table that holds the empty subsequence only, in layer 0."""
    table = np.zeros((size + 1, 4, layers, (size + 1) * LANES))
    table[:, NUMBER, 0] = 1
    return table


@jit
def _compare(
    b: Array, j: int, kept: int, state: Array, time: Array, like: Array, times: Array, table: Array, low: int
) -> Array:
    """Fill the table for row j of `b`, of which `kept` lines stand, and return its last line."""
    x = kept
    while x < b.shape[1] and time[b[j, x]] >= 0:
        spell = b[j, x]
        _advance(table[x], table[x + 1], like[state[spell]], times, time[spell], low)
        x += 1
    line: Array = table[x, BOTH]
    return line


@jit
def _own(rows: Array, state: Array, time: Array, prox: Array, weights: Array, low: int) -> Array:
    """Return what each row has in common with itself."""
    total = np.empty(len(rows))
    table = _table(rows.shape[1], len(weights))
    for i in range(len(rows)):
        like, times = _lanes(rows[i : i + 1], 0, state, time, prox)
        line = _compare(rows, i, 0, state, time, like, times, table, low)
        total[i] = weighed(line, weights, low, 0)
    return total


@jit
def _block(
    a: Array,
    b: Array,
    own: Array,
    other: Array,
    state: Array,
    time: Array,
    prox: Array,
    weights: Array,
    low: int,
    first: int,
    start: int,
    out: Array,
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j]."""
    table = _table(a.shape[1], len(weights))
    for top in range(first, first + out.shape[0], LANES):
        like, times = _lanes(a, top, state, time, prox)
        for j in range(start, len(b)):
            line = _compare(b, j, shared(b, j, start), state, time, like, times, table, low)
            for row in range(top, min(top + LANES, first + out.shape[0])):
                common = weighed(line, weights, low, row - top)
                out[row - first, j - start] = distance(own[row], other[j], common)


def plan(
    a: Codes,
    b: Codes,
    _costs: Costs | None,
    prox: ArrayLike | None,
    kweights: ArrayLike | None,
    tpow: float,
) -> Plan:
    """Return distances of `a` and `b`, (n, L) state codes, by the time in common subsequences of spells.

    A sequence counts for each subsequence of its spells the time spent in it, where a spell of t
    positions has time t^tpow. prox: (K, K) proximities of states, by which unlike spells match in
    part; None: equal ones only. kweights: weights of subsequences by their number of spells, see
    `length_weights`. Raises ValueError for bad weights, proximities or tpow, or when the sums are
    too high for float32.
    """
    if not np.isfinite(tpow):
        raise ValueError(f"tpow must be a number, but it is {tpow}")
    like = likeness(prox, a, b)
    weights, low = length_weights(kweights, a.shape[1])
    rows, columns, state, length = spell_rows(a, b)
    # Times are above 0; -1 marks what stands past the last spell.
    time = np.where(length == NONE, -1.0, np.maximum(length, 1.0) ** tpow)
    tables = (state, time, like, weights, low)
    own = _own(rows, *tables)
    other = own if b is a else _own(columns, *tables)
    check_own(own, other)
    return Plan(partial(_block, rows, columns, own, other, *tables))
