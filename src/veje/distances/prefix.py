"""LCP and RLCP: the states that are not part of the longest common prefix, or suffix.

Source: Elzinga 2008, Sequence analysis: metric representations of categorical time series.
"""

from functools import partial

import numpy as np

from veje.condensed import Array, jit
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes


@jit
def _block(a: Array, b: Array, first: int, start: int, out: Array) -> None:
    """Fill out[lane, j - start] with 2 L less twice the common prefix of a[first + lane] and b[j]."""
    length = a.shape[1]
    for lane in range(out.shape[0]):
        for j in range(start, len(b)):
            x = 0
            while x < length and a[first + lane, x] == b[j, x]:
                x += 1
            out[lane, j - start] = 2 * (length - x)


def prefix_plan(a: Codes, b: Codes, _costs: Costs | None) -> Plan:
    """Return the LCP distances of `a` and `b`, (n, L) state codes: 2 L less twice the common prefix."""
    return Plan(partial(_block, a, b), 2.0 * a.shape[1])


def suffix_plan(a: Codes, b: Codes, costs: Costs | None) -> Plan:
    """Return the RLCP distances of `a` and `b`, (n, L) state codes: LCP of the sequences reversed."""
    return prefix_plan(np.ascontiguousarray(a[:, ::-1]), np.ascontiguousarray(b[:, ::-1]), costs)
