"""Indices from ranks: are pairs within a cluster closer than pairs between clusters?

Source: Hubert & Levin 1976, Psychol Bull 83(6) (HC); Hubert & Arabie 1985, J Classif 2 (HG);
Milligan & Cooper 1985, Psychometrika 50(2) (PBC); weighted as in Studer 2013, LIVES Working Papers
24: each pair counts w_i w_j.
"""

import numpy as np
from numpy.typing import NDArray

from veje.condensed import Array, jit, row_of, row_start

Tallies = tuple[Array, Array]


@jit
def _flush(tally: Array, state: Array, within: Array, total: float, apart: float) -> None:
    """Add the finished group of pairs at distance `apart` to the tallies, and empty it."""
    below, group = state
    for p in range(len(within)):
        inside = tally[0, p]
        tally[2, p] += (group - inside) * tally[1, p]
        tally[3, p] += (group - inside) * inside
        tally[4, p] += inside * apart
        tally[5, p] += min(group, max(0.0, within[p] - below)) * apart
        tally[6, p] += min(group, max(0.0, below + group - (total - within[p]))) * apart
        tally[1, p] += inside
        tally[0, p] = 0.0
    state[0], state[1] = below + group, 0.0


@jit
def _walk(d: Array, order: Array, weights: Array, columns: Array, within: Array) -> Tallies:
    """Walk through pairs from near to far; return tallies (7, P) and the sums of w w d and w w d².

    Rows of the tallies: pairs within at this distance; at lower distances; concordant; tied; then
    the sum of distances within, and the lowest and highest it could be with as many pairs.
    """
    n, parts = columns.shape
    total = weights.sum() ** 2 / 2
    tally, state, moments = np.zeros((7, parts)), np.zeros(2), np.zeros(2)
    # A person is at distance 0 from itself and its equals: so weights and copies agree.
    state[1] = (weights * weights).sum() / 2
    tally[0, :] = state[1]
    apart = 0.0
    for entry in order:
        here = float(d[entry])
        if here != apart:
            _flush(tally, state, within, total, apart)
            apart = here
        i = row_of(entry, n)
        j = entry - row_start(i, n)
        pair = weights[i] * weights[j]
        state[1] += pair
        moments[0] += pair * here
        moments[1] += pair * here * here
        for p in range(parts):
            if columns[i, p] == columns[j, p]:
                tally[0, p] += pair
    _flush(tally, state, within, total, apart)
    return tally, moments


def _share(part: float, whole: float) -> float:
    """Return part / whole, NaN where that is undefined."""
    return part / whole if whole > 0 else float("nan")


def ranked(
    d: Array,
    weights: NDArray[np.float64],
    columns: NDArray[np.int32],
    within: NDArray[np.float64],
) -> tuple[list[dict[str, float]], float, float]:
    """Return PBC, HG, HGSD and HC of each partition, and the sums of w w d and of w w d².

    d: condensed. weights: (n,). columns: (n, P) labels. within: (P,) weight of pairs within, each
    person's pair with itself included. Distances are tied when equal as they stand, so rounding of
    `d` moves HG and HGSD.
    """
    total = float(weights.sum()) ** 2 / 2
    order = np.argsort(d, kind="stable")
    tally, (first, second) = _walk(d, order, weights, columns, within)
    out = []
    for p, inside in enumerate(within):
        _, _, agree, tied, near, low, high = (float(x) for x in tally[:, p])
        pairs = float(inside) * (total - float(inside))
        gain = 2 * agree + tied - pairs
        # ASSUME: Somers' D counts half of the ties in distance, as WeightedCluster's values do.
        hg = {"HG": _share(gain, pairs - tied), "HGSD": _share(gain, pairs - tied / 2)}
        between = 1 - float(inside) / total
        lift = (first - near) / total - first / total * between
        spread = max(second / total - (first / total) ** 2, 0) * between * (1 - between)
        out.append({"PBC": _share(lift, spread**0.5), **hg, "HC": _share(near - low, high - low)})
    return out, float(first), float(second)
