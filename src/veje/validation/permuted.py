"""Distances summed within groups, for many assignments of persons to groups at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from veje.condensed import Array, jit, n_rows, row_start
from veje.validation.seeds import spawned

Values = NDArray[np.float64]
Groups = NDArray[np.uint8]

LANES = 32
"""Assignments that one task handles side by side: their sums stay in the second cache."""


def permutations(groups: Groups, replications: int, seed: int) -> Groups:
    """Return the groups as they are, and in `replications` random orders: (n, 1 + R)."""
    columns = [groups, *(random.permutation(groups) for random in spawned(seed, replications))]
    return np.stack(columns, axis=1)


def spreads(
    d: Array, index: NDArray[np.intp], weights: Values, groups: Groups, n_groups: int, threads: int = 1
) -> tuple[Values, Values]:
    """Return, for every assignment, sums of w_i w_j d_ij over pairs within each group, and Levene's F.

    d: condensed distances of unique sequences. index: (n,) the sequence of each person. weights:
    (n,). groups: (n, R) group codes of the persons, a column an assignment. Returns (R, n_groups)
    and (R,). An assignment is summed by one thread: the result does not depend on their number.
    Source: Studer et al. 2011, Sociol Methods Res 40(3), section 4: Levene's test on the distances
    of persons to the centre of their group.
    """
    order = np.argsort(index, kind="stable")
    rows, size = index[order], n_rows(d.size)
    person, ordered = weights[order], groups[order]

    def part(at: int) -> tuple[Values, Values]:
        lanes = np.ascontiguousarray(ordered[:, at : at + LANES])
        return _spreads(_to_own(d, size, rows, person, lanes), person, lanes, n_groups)

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(part, range(0, groups.shape[1], LANES)))
    return np.concatenate([within for within, _ in found]), np.concatenate([test for _, test in found])


@jit
def _to_own(d: Array, size: int, rows: Array, person: Array, groups: Array) -> Array:
    """Return (n, lanes) sums of w_j d_ij over the other persons of the person's group."""
    n, lanes = groups.shape
    to = np.zeros((n, lanes))
    apart = np.zeros(size)
    for i in range(n - 1):
        a = rows[i]
        if i == 0 or a != rows[i - 1]:
            apart[a] = 0.0
            start = row_start(a, size)
            for b in range(a + 1, size):
                apart[b] = d[start + b]
        for j in range(i + 1, n):
            one = apart[rows[j]]
            if one > 0:
                _add(to[i], to[j], groups[i], groups[j], person[j] * one, person[i] * one)
    return to


@jit
def _add(to_i: Array, to_j: Array, of_i: Array, of_j: Array, here: float, there: float) -> None:
    """Add a pair's distance to both persons, in the lanes in which they share a group."""
    for lane in range(len(to_i)):
        same = 1.0 if of_i[lane] == of_j[lane] else 0.0
        to_i[lane] += here * same
        to_j[lane] += there * same


def _spreads(to: Values, person: Values, groups: Groups, n_groups: int) -> tuple[Values, Values]:
    """Return sums within groups (lanes, n_groups), and Levene's F (lanes,), NaN without any spread."""
    within = np.stack(
        [np.bincount(own, person * there / 2, n_groups) for own, there in zip(groups.T, to.T, strict=True)]
    )
    tests = [
        _levene(there, person, own, sums) for own, there, sums in zip(groups.T, to.T, within, strict=True)
    ]
    return within.astype(np.float64), np.array(tests)


def _levene(to: Values, person: Values, groups: Groups, within: Values) -> float:
    """Return the F of an analysis of variance of persons' distances to the centre of their group.

    A person's distance to the centre: the mean distance to the group, less its discrepancy.
    """
    n_groups = len(within)
    sizes = np.bincount(groups, person, n_groups)
    centre = to / sizes[groups] - (within / sizes**2)[groups]
    means = np.bincount(groups, person * centre, n_groups) / sizes
    between = float((sizes * (means - np.average(means, weights=sizes)) ** 2).sum())
    left = float((person * (centre - means[groups]) ** 2).sum())
    free = float(sizes.sum()) - n_groups
    return between / (n_groups - 1) / (left / free) if left > 0 and n_groups > 1 else float("nan")
