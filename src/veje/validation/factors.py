"""Several covariates at once: what each explains of the discrepancy beside all others.

Source: Studer, Ritschard, Gabadinho & Müller 2011, Sociol Methods Res 40(3), section 4 (multiple
factors), after McArdle & Anderson 2001, Ecology 82(1): sums of squares of a linear model from
distances, a factor's as what leaving it out costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, checked_distances, checked_weights, jit, n_rows, row_start
from veje.validation.discrepancy import ALIKE, whole_sum
from veje.validation.seeds import spawned
from veje.validation.splits import Covariate

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Factor:
    """A factor: pseudo-F and pseudo-R² beside all others, its p, and its degrees of freedom."""

    name: str
    pseudo_f: float
    pseudo_r2: float
    p: float
    freedom: int


def factors(
    d: ArrayLike,
    covariates: Sequence[Covariate],
    index: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    replications: int = 199,
    seed: int = 0,
    threads: int = 1,
) -> tuple[Factor, ...]:
    """Return each covariate's contribution beside the others, and last that of all, named `all`.

    d, covariates, index, weights: as in `grow`. Permutations move persons' covariates together
    between sequences, weights stay. A covariate that the others imply has no freedom and NaN.
    Raises ValueError when covariates leave no person free.
    """
    d = checked_distances(d)
    rows = np.arange(n_rows(d.size)) if index is None else np.asarray(index, np.intp)
    person = checked_weights(weights, len(rows))
    designs = [_dummies(one.codes) for one in covariates]
    ranks = np.array([basis.shape[1] for basis in _bases(designs, person)])
    whole = whole_sum(d, rows, person) / person.sum()
    orders = [random.permutation(len(rows)) for random in spawned(seed, replications)]
    one = _permuted(d, rows, person, designs)
    with ThreadPoolExecutor(threads) as pool:
        explained = np.stack(list(pool.map(one, [np.arange(len(rows)), *orders])))
    free = float(person.sum()) - 1 - ranks[0]
    if free <= 0 or whole <= 0:
        raise ValueError("covariates leave no person free, or there is no discrepancy")
    names = [*(covariate.name for covariate in covariates), "all"]
    return _factors(names, explained, ranks, whole, free)


def _permuted(
    d: Values, rows: NDArray[np.intp], person: Values, designs: list[Values]
) -> Callable[[NDArray[np.intp]], Values]:
    """Return what explains the discrepancy when persons' covariates are put in another order."""
    bases = _bases(designs, person)
    alike = bool((person == person[0]).all())

    def one(order: NDArray[np.intp]) -> Values:
        # Without weights the models of permuted persons are the permuted models.
        own = [basis[order] for basis in bases] if alike else _bases([x[order] for x in designs], person)
        return _explained(d, rows, person, own)

    return one


def _factors(
    names: list[str], explained: Values, ranks: NDArray[np.intp], whole: float, free: float
) -> tuple[Factor, ...]:
    """Put factors together. explained: (1 + R, 1 + f) sums of squares of all, and of all but each one."""
    residual = (whole - explained[:, 0]) / free
    told = []
    for at, name in enumerate(names):
        last = name == "all" and at == len(names) - 1
        gain = explained[:, 0] - (0 if last else explained[:, at + 1])
        freedom = int(ranks[0] - (0 if last else ranks[at + 1]))
        if freedom == 0:
            told.append(Factor(name, float("nan"), float("nan"), float("nan"), 0))
            continue
        f = gain / freedom / residual
        p = float((f >= f[0] - ALIKE * abs(f[0])).mean())
        told.append(Factor(name, float(f[0]), float(gain[0] / whole), p, freedom))
    return tuple(told)


def _dummies(codes: NDArray[np.intp]) -> Values:
    """Return a column for every category in use but the first: (n, m - 1)."""
    present, inverse = np.unique(codes, return_inverse=True)
    return np.eye(len(present))[inverse][:, 1:]


def _bases(designs: list[Values], person: Values) -> list[Values]:
    """Return orthonormal columns for all designs, and for all but each of them."""
    models = [designs, *(designs[:at] + designs[at + 1 :] for at in range(len(designs)))]
    return [_basis(model, person) for model in models]


def _explained(d: Array, rows: NDArray[np.intp], person: Values, bases: list[Values]) -> Values:
    """Return the sum of squares that each model explains."""
    columns = np.hstack(bases) * np.sqrt(person)[:, None]
    folded = np.zeros((n_rows(d.size), columns.shape[1]))
    np.add.at(folded, rows, columns)
    # Columns are orthogonal to the mean: of Gower's centred matrix only -d / 2 is left.
    squares = -_forms(d, folded)
    ends = np.cumsum([0, *(basis.shape[1] for basis in bases)])
    return np.array([float(squares[a:b].sum()) for a, b in pairwise(ends.tolist())])


def _basis(designs: list[Values], person: Values) -> Values:
    """Return orthonormal columns for the designs under the weights, without the mean: (n, rank)."""
    root = np.sqrt(person)[:, None]
    model = np.hstack([root, *(design * root for design in designs)])
    left, singular, _ = np.linalg.svd(model - root * (root.T @ model) / person.sum(), full_matrices=False)
    kept: Values = left[:, singular > RANK * singular[0]] if singular[0] > RANK else left[:, :0]
    return kept


RANK = 1e-8
"""Singular values below this share are zero."""


@jit
def _forms(d: Array, folded: Array) -> Array:
    """Return sum of d_ab x_a x_b over pairs a < b, for every column x."""
    n, columns = folded.shape
    out = np.zeros(columns)
    for a in range(n - 1):
        start = row_start(a, n)
        here = folded[a]
        part = np.zeros(columns)
        for b in range(a + 1, n):
            apart = d[start + b]
            for c in range(columns):
                part[c] += apart * folded[b, c]
        out += here * part
    return out
