"""TWED: time-warp edit distance, in which edits also pay for the time they shift.

Source: Marteau 2009, IEEE TPAMI 31(2), equations 8 to 10; Halpin 2014, in Advances in Sequence
Analysis, p. 88, for states.
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.lanes import LANES, lane_costs, shared, store
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, cost_tables


@jit
def _own_steps(a: Array, first: int, sub: Array, penalty: float) -> Array:
    """Return the cost (L * LANES) of removing each state of rows of `a`: from the one before it."""
    insert = np.empty(a.shape[1] * LANES)
    for lane in range(LANES):
        row = a[min(first + lane, len(a) - 1)]
        for y in range(a.shape[1]):
            insert[y * LANES + lane] = sub[row[y], row[max(y - 1, 0)]] + penalty
    return insert


@jit
def _shifts(length: int, nu: float) -> Array:
    """Return what matching position x of one sequence with y of another costs in time, (L, L * LANES)."""
    late = np.empty((length, length * LANES))
    for x in range(length):
        for i in range(length * LANES):
            late[x, i] = 2 * nu * abs(x - i // LANES)
    return late


@jit
def _advance(
    before: Array, after: Array, now: Array, last: Array, late: Array, delete: float, insert: Array
) -> None:
    """Fill line `after` from line `before`; now, last: costs of a state of `b` and of the one before it."""
    for i in range(LANES):
        after[i] = np.inf
        best = before[i] + (now[i] + late[i])
        gone = before[i + LANES] + delete
        after[i + LANES] = gone if gone < best else best
    for i in range(now.size - LANES):
        best = before[i + LANES] + (now[i + LANES] + late[i + LANES] + last[i])
        gone = before[i + 2 * LANES] + delete
        after[i + 2 * LANES] = gone if gone < best else best
    for i in range(now.size):
        come, best = after[i] + insert[i], after[i + LANES]
        after[i + LANES] = come if come < best else best


@jit
def _block(
    a: Array, b: Array, sub: Array, nu: float, penalty: float, first: int, start: int, out: Array
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j].

    No state can be removed before the first match, so the table begins with infinities.
    """
    length = b.shape[1]
    late = _shifts(length, nu)
    table = np.full((length + 1, (length + 1) * LANES), np.inf)
    table[0, :LANES] = 0
    for top in range(0, out.shape[0], LANES):
        swap = lane_costs(a, first + top, sub)
        insert = _own_steps(a, first + top, sub, penalty)
        for j in range(start, len(b)):
            for x in range(shared(b, j, start), length):
                state, last = b[j, x], b[j, max(x - 1, 0)]
                delete = sub[state, last] + penalty
                _advance(table[x], table[x + 1], swap[state], swap[last], late[x], delete, insert)
            store(table[length], top, j - start, out)


def plan(a: Codes, b: Codes, costs: Costs, nu: float | None, h: float, indel: float | None) -> Plan:
    """Return time-warp edit distances of `a` and `b`, (n, L) state codes.

    nu: the stiffness, above 0. h: the penalty of removing a state (Marteau's lambda), 0 or more.
    indel: what a state of a sequence counts in norms; None: twice the highest substitution, plus nu
    and h. The indels of `costs` are not used. Raises ValueError without nu, or for one out of range.
    """
    if nu is None or not 0 < nu < np.inf:
        raise ValueError(f"TWED needs nu, a number above 0; it is {nu}")
    if not 0 <= h < np.inf:
        raise ValueError(f"h must be a number of 0 or more, but it is {h}")
    sub, _ = cost_tables(a, b, costs)
    dearest = float(sub.max())
    indel = 2 * dearest + nu + h if indel is None else indel
    length = a.shape[1]
    highest = 2 * length * (min(dearest, 2 * indel) + nu)
    block = partial(_block, a, b, sub, float(nu), float(nu + h))
    return Plan(block, highest, indel, bound=2 * length * (2 * indel + nu))
