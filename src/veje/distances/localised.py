"""OMloc: optimal matching in which an inserted state costs less beside states like it.

Source: Hollister 2009, Sociol Methods Res 38(2); Studer & Ritschard 2016, J R Stat Soc A 179(2).
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.lanes import LANES, lane_costs, shared, store
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, cost_tables


@jit
def _beside(swap: Array, expand: float, context: float) -> Array:
    """Return the cost (K, L * LANES) of putting each state beside the states of `a`.

    At position y the neighbours are states y - 1 and y of `a`, at the first position it alone.
    """
    beside = np.empty_like(swap)
    for state in range(swap.shape[0]):
        for i in range(swap.shape[1]):
            before = i - LANES if i >= LANES else i
            beside[state, i] = expand + context * (swap[state, before] + swap[state, i]) / 2
    return beside


@jit
def _insert(after: Array, left: Array, right: Array, expand: float, context: float) -> None:
    """Let each cell of a line be reached by putting a state of `a` between two states of `b`.

    left, right: the costs of those two states against the states of `a`.
    """
    half = context / 2
    for i in range(left.size):
        come, best = after[i] + (expand + half * (left[i] + right[i])), after[i + LANES]
        after[i + LANES] = come if come < best else best


@jit
def _advance(before: Array, after: Array, swap: Array, delete: Array) -> None:
    """Fill line `after` from line `before` by substitutions and deletions."""
    for i in range(LANES):
        after[i] = before[i] + delete[i]
    for i in range(swap.size):
        best = before[i] + swap[i]
        gone = before[i + LANES] + delete[i]
        after[i + LANES] = gone if gone < best else best


@jit
def _block(
    a: Array, b: Array, sub: Array, expand: float, context: float, first: int, start: int, out: Array
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j]."""
    length = b.shape[1]
    table = np.zeros((length + 1, (length + 1) * LANES))
    for top in range(0, out.shape[0], LANES):
        swap = lane_costs(a, first + top, sub)
        beside = _beside(swap, expand, context)
        for j in range(start, len(b)):
            kept = shared(b, j, start)
            if kept == 0:
                table[0, LANES:] = np.inf
                _insert(table[0], swap[b[j, 0]], swap[b[j, 0]], expand, context)
            for x in range(kept, length):
                state, last = b[j, x], b[j, max(x - 1, 0)]
                _advance(table[x], table[x + 1], swap[state], beside[state])
                _insert(table[x + 1], swap[last], swap[state], expand, context)
            store(table[length], top, j - start, out)


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
