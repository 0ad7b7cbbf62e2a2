"""Discrepancy analysis: how much of the difference between sequences goes with a covariate.

Source: Studer, Ritschard, Gabadinho & Müller 2011, Sociol Methods Res 40(3): sums of squares from
distances (equations 2 to 5), pseudo-R² and pseudo-F (6 and 7), Brown-Forsythe's F, and the tests of
equal discrepancies after Bartlett and Levene (section 4). Distances stand for squared ones there,
as they do in TraMineR unless `squared` is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, checked_distances, checked_weights, n_rows
from veje.validation.permuted import permutations, spreads

Values = NDArray[np.float64]

ALIKE = 1e-9
"""Statistics closer than this share are equal: what is equal on paper may differ by rounding."""

TESTS = ("pseudo_F", "pseudo_Fbf", "pseudo_R2", "bartlett", "levene")
"""The statistics of a discrepancy analysis, by TraMineR's names."""

MOST = 255
"""Groups are coded in eight bits."""


@dataclass(frozen=True, eq=False)
class Discrepancy:
    """A covariate's analysis.

    statistics, p: by the names in `TESTS`; p is the share of assignments of persons to groups that
    give at least as much, the observed one counted among them; NaN where a statistic is undefined.
    total: discrepancy of all persons. groups: discrepancy of each group, with its persons in
    `persons`. replications: permutations besides the observed one. seed: what they were drawn from.
    """

    statistics: dict[str, float]
    p: dict[str, float]
    total: float
    groups: Values
    persons: Values
    replications: int
    seed: int


def discrepancy(
    d: ArrayLike,
    groups: ArrayLike,
    index: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    replications: int = 999,
    seed: int = 0,
    threads: int = 1,
) -> Discrepancy:
    """Split the discrepancy of persons' sequences between and within the groups of a covariate.

    d: condensed distances of unique sequences. groups: (n,) codes from 0, one a person, all numbers
    in use. index: (n,) the sequence of each person; None: one person a sequence, in order. weights:
    (n,); they stay with the person's sequence when groups are permuted. Raises ValueError for bad
    input, fewer than two groups, or fewer persons than groups.
    """
    d = checked_distances(d)
    codes, rows, person = checked_persons(d, groups, index, weights)
    count = _groups_of(codes, person)
    assigned = permutations(codes, replications, seed)
    parts, levene = spreads(d, rows, person, assigned, count, threads)
    whole = whole_sum(d, rows, person)
    sizes = np.stack([np.bincount(column, person, count) for column in assigned.T]).astype(float)
    found = _statistics(whole, parts, sizes) | {"levene": levene}
    return Discrepancy(
        statistics={name: float(found[name][0]) for name in TESTS},
        p={name: _p(found[name]) for name in TESTS},
        total=float(whole / person.sum() ** 2),
        groups=parts[0] / sizes[0] ** 2,
        persons=sizes[0],
        replications=replications,
        seed=seed,
    )


def _groups_of(codes: NDArray[np.uint8], person: NDArray[np.float64]) -> int:
    """Return the number of groups; ValueError when it is one, or as many as there are persons."""
    count = int(codes.max()) + 1
    if count < 2:
        raise ValueError("groups hold one group; a discrepancy analysis needs at least two")
    if count >= person.sum():
        raise ValueError(f"there are {count} groups, but only {person.sum():g} persons")
    return count


def checked_persons(
    d: Array, groups: ArrayLike, index: ArrayLike | None, weights: ArrayLike | None
) -> tuple[NDArray[np.uint8], NDArray[np.intp], Values]:
    """Return each person's group, sequence and weight; ValueError when they do not fit together."""
    codes = np.asarray(groups)
    size = n_rows(d.size)
    rows = np.arange(size) if index is None else np.asarray(index)
    if codes.ndim != 1 or codes.shape != rows.shape:
        raise ValueError(f"groups have shape {codes.shape}, but there are {len(rows)} persons")
    if not np.issubdtype(codes.dtype, np.integer) or codes.min() < 0 or codes.max() >= MOST:
        raise ValueError(f"groups must be whole numbers from 0 to {MOST - 1}")
    if not np.array_equal(np.unique(codes), np.arange(int(codes.max()) + 1)):
        raise ValueError("groups must use every number from 0 to the highest")
    if not np.issubdtype(rows.dtype, np.integer) or rows.min() < 0 or rows.max() >= size:
        raise ValueError(f"index must hold rows of d, which are 0 to {size - 1}")
    return codes.astype(np.uint8), rows.astype(np.intp), checked_weights(weights, len(codes))


def _statistics(whole: float, parts: Values, sizes: Values) -> dict[str, Values]:
    """Return the statistics of every assignment: (R,) each.

    whole: sum of w w d over all pairs. parts: (R, m) the same within groups. sizes: (R, m) persons.
    """
    total, m = sizes[0].sum(), sizes.shape[1]
    within = (parts / sizes).sum(axis=1)
    between = whole / total - within
    variances = parts / sizes**2
    with np.errstate(divide="ignore", invalid="ignore"):
        brown = ((1 - sizes / total) * variances).sum(axis=1)
        return {
            "pseudo_F": _ratio(between / (m - 1), within / (total - m)),
            "pseudo_Fbf": _ratio(between, brown),
            "pseudo_R2": _ratio(between, np.full_like(between, whole / total)),
            "bartlett": _bartlett(variances, sizes),
        }


def _bartlett(variances: Values, sizes: Values) -> Values:
    """Return Bartlett's statistic of equal variances; NaN with a group of one or without variance."""
    total, m = sizes.sum(axis=1), sizes.shape[1]
    free = sizes - 1
    pooled = (free * variances).sum(axis=1) / (total - m)
    top = (total - m) * np.log(pooled) - (free * np.log(variances)).sum(axis=1)
    below = 1 + ((1 / free).sum(axis=1) - 1 / (total - m)) / (3 * (m - 1))
    defined = (variances > 0).all(axis=1) & (free > 0).all(axis=1)
    return np.where(defined, top / below, np.nan)


def whole_sum(d: Array, rows: NDArray[np.intp], person: Values) -> float:
    """Return the sum of w_i w_j d_ij over all pairs of persons."""
    everyone = np.zeros((len(rows), 1), np.uint8)
    return float(spreads(d, rows, person, everyone, 1)[0][0, 0])


def _ratio(top: Values, below: Values) -> Values:
    return np.divide(top, below, out=np.full_like(top, np.nan), where=below > 0)


def _p(values: Values) -> float:
    """Return the share of assignments with at least the first one's value; undefined ones do not count."""
    known = values[~np.isnan(values)]
    if np.isnan(values[0]):
        return float("nan")
    return float((known >= values[0] - ALIKE * abs(values[0])).mean())
