"""The best division of persons in two by a covariate: by the share of discrepancy that it explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.condensed import Array, jit, n_rows, row_start

Values = NDArray[np.float64]
Codes = NDArray[np.intp]

MANY = 10
"""Above so many categories (511 divisions) only those along one order of them are tried."""


@dataclass(frozen=True, eq=False)
class Covariate:
    """What is known of each person: codes (n,) from 0, the categories that they number, their order.

    ordered: categories are a scale, so that only its cuts are divisions.
    """

    name: str
    codes: Codes
    categories: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Split:
    """A division in two: the categories of each part, the persons, and the pseudo-R² that it gives."""

    covariate: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    pseudo_r2: float


def best_split(d: Array, index: Codes, weights: Values, covariate: Covariate, least: float) -> Split | None:
    """Find the division by a covariate with the highest pseudo-R² that leaves `least` persons in both parts.

    d: condensed distances of unique sequences. index, weights: (n,) the sequence and the weight of
    each person. None when there is no such division, or no discrepancy to explain. # ASSUME: with
    more than `MANY` unordered categories they are ordered by their mean distance to the largest one.
    Source: Studer et al. 2011, Sociol Methods Res 40(3), section 5.
    """
    present, codes = np.unique(covariate.codes, return_inverse=True)
    if len(present) < 2:
        return None
    sums = pair_sums(d, n_rows(d.size), index, weights, codes, len(present))
    sizes = np.bincount(codes, weights).astype(np.float64)
    whole = np.triu(sums).sum() / sizes.sum()
    parts = _divisions(sums, sizes, covariate.ordered)
    allowed = ((parts @ sizes >= least) & ((1 - parts) @ sizes >= least)).nonzero()[0]
    if whole <= 0 or not len(allowed):
        return None
    left = parts[allowed]
    within = _within(sums, sizes, left) + _within(sums, sizes, 1 - left)
    # Divisions that are equal on paper may differ by rounding: the first of them counts.
    best = int(np.flatnonzero(within <= within.min() + ALIKE * whole)[0])
    sides = {
        side: tuple(covariate.categories[code] for code in present[left[best] == side]) for side in (1, 0)
    }
    return Split(covariate.name, sides[1], sides[0], float(1 - within[best] / whole))


ALIKE = 1e-9
"""Sums of squares closer than this share of the whole are equal."""


def pair_sums(d: Array, size: int, index: Codes, weights: Values, codes: Codes, m: int) -> Values:
    """Return sums of w_i w_j d_ij over pairs of persons by their two categories: (m, m), symmetric."""
    order = np.argsort(index, kind="stable")
    sums = _pair_sums(d, size, index[order], weights[order], codes[order], m)
    return np.where(np.eye(m, dtype=bool), sums, sums + sums.T)


@jit
def _pair_sums(d: Array, size: int, rows: Array, person: Array, codes: Array, m: int) -> Array:
    sums = np.zeros((m, m))
    for i in range(len(rows) - 1):
        start = row_start(rows[i], size)
        for j in range(i + 1, len(rows)):
            if rows[j] != rows[i]:
                sums[codes[i], codes[j]] += person[i] * person[j] * d[start + rows[j]]
    return sums


def _within(sums: Values, sizes: Values, parts: Values) -> Values:
    """Return the sum of squares within each of the parts (s, m): their pairs over their persons."""
    pairs = np.einsum("sa,ab,sb->s", parts, np.triu(sums), parts)
    within: Values = pairs / (parts @ sizes)
    return within


def _divisions(sums: Values, sizes: Values, ordered: bool) -> Values:
    """Return the divisions to try: (s, m), 1 for the categories of the left part, which has the first."""
    m = len(sizes)
    if ordered or m > MANY:
        order = np.arange(m) if ordered else _by_distance(sums, sizes)
        rank = np.argsort(order)
        return (rank[None, :] <= np.arange(m - 1)[:, None]).astype(np.float64)
    masks = np.arange(2 ** (m - 1) - 1)[:, None]
    rest = (masks >> np.arange(m - 1)[None, :]) & 1
    return np.hstack([np.ones((len(masks), 1)), rest]).astype(np.float64)


def _by_distance(sums: Values, sizes: Values) -> Codes:
    """Return the categories by their mean distance to the largest one, the largest first."""
    largest = int(sizes.argmax())
    mean = sums[largest] / sizes
    mean[largest] = -1
    return np.argsort(mean, kind="stable")
