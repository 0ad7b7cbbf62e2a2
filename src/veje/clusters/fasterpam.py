"""The swaps of k-medoids: exchange a medoid for another row as long as that brings persons closer.

Source: Schubert & Rousseeuw 2021, Inf Syst 101, 101804 (FasterPAM), each row counted by its
weight as in Studer 2013, LIVES Working Papers 24, section 5.
"""

import numpy as np

from veje.condensed import Array, jit, row_start


@jit
def square_of(d: Array, order: Array) -> Array:
    """Return condensed `d` as (n, n) with the rows in another order, so that a row is read in one go."""
    n = len(order)
    out = np.zeros((n, n), d.dtype)
    rank = np.empty(n, np.int64)
    for at in range(n):
        rank[order[at]] = at
    for i in range(n - 1):
        start = row_start(i, n)
        for j in range(i + 1, n):
            out[rank[i], rank[j]] = d[start + j]
            out[rank[j], rank[i]] = d[start + j]
    return out


@jit
def nearest(apart: Array, medoids: Array) -> tuple[Array, Array, Array]:
    """Return each row's nearest medoid (of tied ones the first), its distance, and the second's."""
    n = len(apart)
    first, second = np.full(n, np.inf), np.full(n, np.inf)
    own = np.zeros(n, np.int32)
    for slot in range(len(medoids)):
        here = apart[medoids[slot]]
        for i in range(n):
            if here[i] < first[i]:
                second[i], first[i], own[i] = first[i], here[i], slot
            elif here[i] < second[i]:
                second[i] = here[i]
    return own, first, second


@jit
def _change(here: Array, weights: Array, own: Array, first: Array, second: Array, loss: Array) -> float:
    """Add to each slot's `loss` what putting a row there changes, and return what it changes anyhow.

    here: (n,) distances to that row.
    """
    anyhow = 0.0
    for i in range(len(weights)):
        if here[i] < first[i]:
            anyhow += weights[i] * (here[i] - first[i])
            loss[own[i]] += weights[i] * (first[i] - second[i])
        elif here[i] < second[i]:
            loss[own[i]] += weights[i] * (here[i] - second[i])
    return anyhow


@jit
def swap(apart: Array, weights: Array, medoids: Array, least: float) -> int:
    """Swap medoids in place until no swap gains more than `least`; return the number of swaps.

    apart: (n, n). weights: (n,). medoids: (k,) rows, two or more. Rows are tried in their order; a
    swap that gains is made at once.
    """
    n, k = len(weights), len(medoids)
    own, first, second = nearest(apart, medoids)
    gone = np.bincount(own, weights * (second - first), k)
    swaps, tried, row = 0, 0, -1
    while tried < n:
        row, tried = (row + 1) % n, tried + 1
        if row == medoids[own[row]]:
            continue
        loss = gone.copy()
        anyhow = _change(apart[row], weights, own, first, second, loss)
        slot = int(np.argmin(loss))
        if loss[slot] + anyhow < -least:
            medoids[slot] = row
            own, first, second = nearest(apart, medoids)
            gone = np.bincount(own, weights * (second - first), k)
            swaps, tried = swaps + 1, 0
    return swaps


@jit
def gains(apart: Array, weights: Array, near: Array) -> Array:
    """Return (n,) by how much each row would bring persons closer, who are `near` a medoid now."""
    n = len(weights)
    out = np.empty(n)
    for i in range(n):
        gain = 0.0
        for j in range(n):
            gain += weights[j] * max(near[j] - apart[i, j], 0.0)
        out[i] = gain
    return out
