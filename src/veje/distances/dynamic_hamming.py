"""DHD: dynamic Hamming distance, in which the cost of two states depends on the position.

Source: Lesnard 2010, Sociol Methods Res 38(3).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from veje.condensed import Array, jit
from veje.distances.lanes import shared
from veje.distances.plan import BLOCK, Plan
from veje.distances.substitution import Costs, check_codes
from veje.distances.substitution import costs as costs_of
from veje.distances.tables import Codes


@jit
def _block(a: Array, b: Array, sub: Array, first: int, start: int, out: Array) -> None:
    """Fill out[lane, j - start] with the sum over positions of the costs of two states there.

    Sums up to the prefix that a row of `b` shares with the row before it are kept.
    """
    length = a.shape[1]
    price = np.empty((length, sub.shape[1], BLOCK))
    for x in range(length):
        for lane in range(BLOCK):
            state = a[min(first + lane, len(a) - 1), x]
            for other in range(sub.shape[1]):
                price[x, other, lane] = sub[x, other, state]
    total = np.zeros((length + 1, BLOCK))
    for j in range(start, len(b)):
        for x in range(shared(b, j, start), length):
            for lane in range(BLOCK):
                total[x + 1, lane] = total[x, lane] + price[x, b[j, x], lane]
        for lane in range(out.shape[0]):
            out[lane, j - start] = total[length, lane]


def prepare(a: Codes, b: Codes, weights: ArrayLike | None) -> Mapping[str, Any]:
    """Return the costs that hold where none are given: TRATE around each position, of all persons."""
    n_states = int(max(a.max(), b.max())) + 1
    return {"around": costs_of(a, "TRATE", n_states, weights, time_varying=True)}


def plan(a: Codes, b: Codes, costs: Costs | None, around: Costs) -> Plan:
    """Return dynamic Hamming distances of `a` and `b`, (n, L) state codes.

    costs: with a table for each position, (L, K, K). around: the costs to use without any. Raises
    ValueError for one table only, which is what HAM takes, or for another number of them.
    """
    sub = np.array((around if costs is None else costs).sub, np.float64, order="C")
    if sub.ndim != 3 or len(sub) != a.shape[1]:
        raise ValueError(
            f"DHD needs a table of costs for each of {a.shape[1]} positions, but sub is {sub.shape}; "
            "see time_varying, or HAM"
        )
    for rows in (a, b):
        check_codes(rows, sub.shape[1])
    highest = float(sub.max(axis=(1, 2)).sum())
    return Plan(partial(_block, a, b, sub), highest, highest / a.shape[1], bound=highest)
