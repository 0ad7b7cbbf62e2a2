"""TWED: time-warp edit distance, in which edits also pay for the time they shift.

Source: Marteau 2009, IEEE TPAMI 31(2), equations 8 to 10; Halpin 2014, in Advances in Sequence
Analysis, p. 88, for states.
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.edits import advance, lane_costs, shared
from veje.distances.plan import BLOCK, Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, cost_tables


@jit
def _own_steps(a: Array, first: int, sub: Array, penalty: float, precise: Array) -> Array:
    """Return the cost (L, BLOCK) of removing each state of rows of `a`: from the one before it."""
    insert = np.empty((a.shape[1], BLOCK), precise.dtype)
    for lane in range(BLOCK):
        row = a[min(first + lane, len(a) - 1)]
        for y in range(a.shape[1]):
            insert[y, lane] = sub[row[y], row[max(y - 1, 0)]] + penalty
    return insert


@jit
def _match(into: Array, now: Array, before: Array, x: int, nu: float) -> None:
    """Fill `into` (L, BLOCK) with the cost of matching a state and its predecessor, x apart from y.

    now, before: costs (L, BLOCK) of that state of `b`, and of its predecessor, against those of a.
    """
    for y in range(into.shape[0]):
        late = 2 * nu * abs(x - y)
        for lane in range(BLOCK):
            gone = before[y - 1, lane] if x > 0 and y > 0 else 0.0
            into[y, lane] = now[y, lane] + gone + late


@jit
def _block(
    a: Array, b: Array, sub: Array, nu: float, penalty: float, first: int, start: int, out: Array
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j].

    No state can be removed before the first match, so the table begins with infinities.
    """
    length = b.shape[1]
    swap = lane_costs(a, first, sub, out)
    insert = _own_steps(a, first, sub, penalty, out)
    match, delete = np.empty_like(insert), np.empty_like(insert)
    table = np.full((length + 1, length + 1, BLOCK), np.inf).astype(out.dtype)
    table[0, 0] = 0
    for j in range(start, len(b)):
        for x in range(shared(b, j, start), length):
            state, last = b[j, x], b[j, max(x - 1, 0)]
            delete[:] = sub[state, last] + penalty
            _match(match, swap[state], swap[last], x, nu)
            advance(table[x], table[x + 1], match, delete, insert)
        for lane in range(out.shape[0]):
            out[lane, j - start] = table[length, length, lane]


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
