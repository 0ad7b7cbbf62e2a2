"""Hamming distance: the cost of the states that differ at the same position.

Source: Hamming 1950, Bell Syst Tech J 29(2).
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, cost_tables


@jit
def _block(a: Array, b: Array, sub: Array, first: int, start: int, out: Array) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j]."""
    for lane in range(out.shape[0]):
        for j in range(start, len(b)):
            total = 0.0
            for x in range(a.shape[1]):
                total += sub[a[first + lane, x], b[j, x]]
            out[lane, j - start] = total


def plan(a: Codes, b: Codes, costs: Costs | None) -> Plan:
    """Return Hamming distances of `a` and `b`, (n, L) state codes of the same length.

    Without costs the positions that differ are counted.
    """
    if costs is None:
        size = int(max(a.max(), b.max())) + 1
        costs = Costs(1.0 - np.eye(size), 0.5)
    sub, _ = cost_tables(a, b, costs)
    # Without indels a state of a sequence counts as much as it can cost (TraMineR's norms).
    highest = a.shape[1] * float(sub.max())
    return Plan(partial(_block, a, b, sub), highest, indel=float(sub.max()), bound=highest)
