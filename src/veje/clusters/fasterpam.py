"""The swaps of k-medoids: exchange a medoid for another row as long as that brings persons closer.

Source: Schubert & Rousseeuw 2021, Inf Syst 101, algorithm 4 (FasterPAM), each row counted by its
weight as in Studer 2013, LIVES Working Papers 24, section 5.
"""

import numpy as np

from veje.condensed import Array, jit, row_start


@jit
def _apart(d: Array, i: int, j: int, n: int) -> float:
    """Return the distance of rows `i` and `j`."""
    if i == j:
        return 0.0
    return float(d[row_start(min(i, j), n) + max(i, j)])


@jit
def nearest(d: Array, medoids: Array, n: int) -> tuple[Array, Array, Array]:
    """Return each row's nearest medoid (of tied ones the first), its distance, and the second's."""
    first, second = np.full(n, np.inf), np.full(n, np.inf)
    own = np.zeros(n, np.int32)
    for slot in range(len(medoids)):
        for i in range(n):
            apart = _apart(d, i, medoids[slot], n)
            if apart < first[i]:
                second[i], first[i], own[i] = first[i], apart, slot
            elif apart < second[i]:
                second[i] = apart
    return own, first, second


@jit
def _change(
    d: Array, weights: Array, row: int, own: Array, first: Array, second: Array, loss: Array
) -> float:
    """Add to each slot's `loss` what putting `row` there changes, and return what it changes anyhow."""
    n = len(weights)
    anyhow = 0.0
    for i in range(n):
        apart = _apart(d, i, row, n)
        if apart < first[i]:
            anyhow += weights[i] * (apart - first[i])
            loss[own[i]] += weights[i] * (first[i] - second[i])
        elif apart < second[i]:
            loss[own[i]] += weights[i] * (apart - second[i])
    return anyhow


@jit
def swap(d: Array, weights: Array, medoids: Array, order: Array, least: float) -> int:
    """Swap medoids in place until no swap gains more than `least`; return the number of swaps.

    d: condensed. weights: (n,). medoids: (k,) rows, two or more. order: the rows in the order in
    which they are tried; a swap that gains is made at once.
    """
    n, k = len(weights), len(medoids)
    own, first, second = nearest(d, medoids, n)
    gone = np.bincount(own, weights * (second - first), k)
    swaps, tried, at = 0, 0, 0
    while tried < n:
        row = order[at]
        at, tried = (at + 1) % n, tried + 1
        if row == medoids[own[row]]:
            continue
        loss = gone.copy()
        anyhow = _change(d, weights, row, own, first, second, loss)
        slot = int(np.argmin(loss))
        if loss[slot] + anyhow < -least:
            medoids[slot] = row
            own, first, second = nearest(d, medoids, n)
            gone = np.bincount(own, weights * (second - first), k)
            swaps, tried = swaps + 1, 0
    return swaps


@jit
def gains(d: Array, weights: Array, near: Array) -> Array:
    """Return (n,) by how much each row would bring persons closer, who are `near` a medoid now."""
    n = len(weights)
    out = weights * near
    for i in range(n - 1):
        start = row_start(i, n)
        own = 0.0
        for j in range(i + 1, n):
            apart = d[start + j]
            own += weights[j] * max(near[j] - apart, 0.0)
            out[j] += weights[i] * max(near[i] - apart, 0.0)
        out[i] += own
    return out
