"""OMloc: optimal matching in which an inserted state costs less beside states like it.

Source: Hollister 2009, Sociol Methods Res 38(2); Studer & Ritschard 2016, J R Stat Soc A 179(2).
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.edits import advance, lane_costs, shared
from veje.distances.plan import BLOCK, Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, cost_tables


@jit
def _borders(swap: Array, expand: float, context: float) -> Array:
    """Return the cost (K, L, BLOCK) of putting each state beside the states of `a`.

    At position y the neighbours are states y - 1 and y of `a`, at the first position it alone.
    """
    beside = np.empty_like(swap)
    for state in range(swap.shape[0]):
        for y in range(swap.shape[1]):
            before = max(y - 1, 0)
            for lane in range(BLOCK):
                both = swap[state, before, lane] + swap[state, y, lane]
                beside[state, y, lane] = expand + context * both / 2
    return beside


@jit
def _put(into: Array, swap: Array, left: int, right: int, expand: float, context: float) -> None:
    """Fill `into` (L, BLOCK) with the cost of putting each state of `a` between two states of `b`."""
    for y in range(into.shape[0]):
        for lane in range(BLOCK):
            both = swap[left, y, lane] + swap[right, y, lane]
            into[y, lane] = expand + context * both / 2


@jit
def _block(
    a: Array, b: Array, sub: Array, expand: float, context: float, first: int, start: int, out: Array
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j]."""
    length = b.shape[1]
    swap = lane_costs(a, first, sub, out)
    beside = _borders(swap, expand, context)
    insert = np.empty((length, BLOCK), out.dtype)
    table = np.zeros((length + 1, length + 1, BLOCK), out.dtype)
    for j in range(start, len(b)):
        kept = shared(b, j, start)
        if kept == 0:
            _put(insert, swap, b[j, 0], b[j, 0], expand, context)
            for y in range(length):
                table[0, y + 1] = table[0, y] + insert[y]
        for x in range(kept, length):
            state = b[j, x]
            table[x + 1, 0] = table[x, 0] + beside[state, 0]
            _put(insert, swap, b[j, max(x - 1, 0)], state, expand, context)
            advance(table[x], table[x + 1], swap[state], beside[state], insert)
        for lane in range(out.shape[0]):
            out[lane, j - start] = table[length, length, lane]


def plan(a: Codes, b: Codes, costs: Costs, expcost: float, context: float | None) -> Plan:
    """Return localised distances of `a` and `b`, (n, L) state codes.

    Inserting a state costs `expcost` times the highest substitution, and `context` times the mean
    of substituting it for its two neighbours in the other sequence; the indels of `costs` are not
    used. context: None is 1 - 2 expcost. Raises ValueError when one of the two is below 0.

    # ASSUME: as in TraMineR the highest substitution is at most two of the dearest insertions.
    """
    sub, _ = cost_tables(a, b, costs)
    context = 1 - 2 * expcost if context is None else context
    if not (0 <= expcost < np.inf and 0 <= context < np.inf):
        raise ValueError(
            f"expcost and context must be 0 or more, but they are {expcost} and {context}"
            " (without context, expcost is at most 0.5)"
        )
    indel = float(sub.max()) * expcost + context
    dearest = min(float(sub.max()), 2 * indel)
    block = partial(_block, a, b, sub, expcost * dearest, float(context))
    return Plan(block, a.shape[1] * dearest, indel)
