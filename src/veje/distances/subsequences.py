"""NMS: the distance of sequences as vectors of how often they hold each subsequence.

Source: Elzinga 2005, J Classif 22(1); Elzinga 2008, Sequence analysis: metric representations of
categorical time series; with proximities of states Elzinga & Studer 2015, Sociol Methods Res 44(1).
"""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from veje.condensed import Array, jit
from veje.distances.lanes import LANES, lane_costs, shared
from veje.distances.matches import check_own, distance, length_weights, likeness, weighed
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes


@jit
def _advance(before: Array, after: Array, like: Array, low: int) -> None:
    """Fill line `after` from line `before`: pairs of subsequences that match up to each cell.

    before, after: (layers, (L + 1) * LANES). like: (L * LANES) the likeness of the state of `b` to
    each state of `a`. A match adds itself to all matches before both states, a layer below.
    """
    for k in range(low, before.shape[0]):
        held, made, below = before[k], after[k], before[max(k - 1, 0)]
        for i in range(like.size):
            made[i + LANES] = held[i + LANES] - held[i] + like[i] * below[i]
        for i in range(like.size):
            made[i + LANES] += made[i]


@jit
def _table(length: int, layers: int) -> Array:
    """Return a table that holds the empty subsequence only, in layer 0."""
    table = np.zeros((length + 1, layers, (length + 1) * LANES))
    table[:, 0] = 1
    return table


@jit
def _own(rows: Array, prox: Array, weights: Array, low: int) -> Array:
    """Return what each row has in common with itself."""
    total = np.empty(len(rows))
    length = rows.shape[1]
    table = _table(length, len(weights))
    for i in range(len(rows)):
        like = lane_costs(rows[i : i + 1], 0, prox)
        for x in range(length):
            _advance(table[x], table[x + 1], like[rows[i, x]], low)
        total[i] = weighed(table[length], weights, low, 0)
    return total


@jit
def _block(
    a: Array,
    b: Array,
    own: Array,
    other: Array,
    prox: Array,
    weights: Array,
    low: int,
    first: int,
    start: int,
    out: Array,
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j]."""
    length = a.shape[1]
    table = _table(length, len(weights))
    for top in range(first, first + out.shape[0], LANES):
        like = lane_costs(a, top, prox)
        for j in range(start, len(b)):
            for x in range(shared(b, j, start), length):
                _advance(table[x], table[x + 1], like[b[j, x]], low)
            for row in range(top, min(top + LANES, first + out.shape[0])):
                common = weighed(table[length], weights, low, row - top)
                out[row - first, j - start] = distance(own[row], other[j], common)


def plan(
    a: Codes, b: Codes, _costs: Costs | None, prox: ArrayLike | None, kweights: ArrayLike | None
) -> Plan:
    """Return distances of `a` and `b`, (n, L) state codes, by the number of matching subsequences.

    prox: (K, K) proximities of states, by which unlike states match in part; None: equal ones only.
    kweights: weights of subsequences by their length, see `length_weights`. Raises ValueError for
    bad weights or proximities, or when the counts are too high for float32.
    """
    like = likeness(prox, a, b)
    weights, low = length_weights(kweights, a.shape[1])
    own = _own(a, like, weights, low)
    other = own if b is a else _own(b, like, weights, low)
    check_own(own, other)
    return Plan(partial(_block, a, b, own, other, like, weights, low))
