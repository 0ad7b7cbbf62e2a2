"""Costs of substituting one state for another, and of inserting or deleting one.

A cost method is a function `(seq, n_states, weights, cval) -> (sub, indel)` in `COSTS`; a new one
slots in there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import checked_weights
from veje.errors import near
from veje.uniques import checked_sequences

Codes = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Weights = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs of the edit operations.

    sub: (K, K) float64, symmetric, zero diagonal. indel: one cost, or (K,) a cost per state. Raises
    ValueError when a cost is negative or not finite, or a shape or symmetry fails.
    """

    sub: Matrix
    indel: float | NDArray[np.float64]

    def __post_init__(self) -> None:
        sub, indel = np.asarray(self.sub, np.float64), np.asarray(self.indel, np.float64)
        if sub.ndim != 2 or sub.shape[0] != sub.shape[1] or sub.size == 0:
            raise ValueError(f"sub must be a square matrix, but it is {sub.shape}")
        if indel.shape not in ((), (len(sub),)):
            raise ValueError(f"indel must be one number or {len(sub)}, but it is {indel.shape}")
        if not all(np.isfinite(cost).all() and cost.min() >= 0 for cost in (sub, indel)):
            raise ValueError("costs must be finite and not negative")
        if not np.array_equal(sub, sub.T) or np.diagonal(sub).any():
            raise ValueError("sub must be symmetric with a zero diagonal")


def transition_rates(seq: Codes, n_states: int, weights: ArrayLike | None = None) -> Matrix:
    """Return the rate p(i, j) at which state i is followed by state j, pooled over all positions.

    seq: (n, L) uint8 codes below `n_states`. weights: (n,). Returns (K, K); a state never left has
    rates 0.
    Source: Gabadinho et al. 2011, J Stat Softw 40(4), section 3.
    """
    person = checked_weights(weights, len(seq))
    pair = seq[:, :-1].astype(np.intp) * n_states + seq[:, 1:]
    each = np.broadcast_to(person[:, None], pair.shape)
    flat = np.bincount(pair.ravel(), each.ravel(), minlength=n_states**2)
    # Of sequences one state long there is nothing to count, which NumPy returns as integers.
    counts = flat.reshape(n_states, n_states).astype(np.float64)
    left = counts.sum(axis=1, keepdims=True)
    rates: Matrix = np.divide(counts, left, out=np.zeros_like(counts), where=left > 0)
    return rates


def _constant(_seq: Codes, n_states: int, _weights: Weights, cval: float) -> tuple[Matrix, float]:
    """Return the same cost for every pair of states; indel is half of it."""
    return np.full((n_states, n_states), cval), cval / 2


def _trate(seq: Codes, n_states: int, weights: Weights, cval: float) -> tuple[Matrix, float]:
    """Return cval - p(i, j) - p(j, i); indel is half the highest cost (Gabadinho et al. 2011)."""
    p = transition_rates(seq, n_states, weights)
    upper = np.triu(cval - p - p.T, 1)
    # Rounded once, above the diagonal, then mirrored: symmetric to the last bit.
    sub = upper + upper.T
    return sub, float(sub.max()) / 2


COSTS: dict[str, Callable[[Codes, int, Weights, float], tuple[Matrix, float]]] = {
    "CONSTANT": _constant,
    "TRATE": _trate,
}


def named(name: str, known: Iterable[str], what: str) -> str:
    """Return `name` when it is among `known`, else raise a ValueError with near names."""
    if name not in known:
        raise ValueError(f"unknown {what} {name!r}; {near(str(name), known)}")
    return name


def costs(
    seq: Codes,
    method: str,
    n_states: int,
    weights: ArrayLike | None = None,
    cval: float = 2.0,
) -> Costs:
    """Return substitution and indel costs by TraMineR's method of that name.

    seq: (n, L) uint8 codes below `n_states`. weights: (n,) persons per sequence. cval: the cost
    scale. Raises ValueError for an unknown method or bad sequences.
    Source: Gabadinho et al. 2011, J Stat Softw 40(4), section 4.3.
    """
    build = COSTS[named(method, COSTS, "cost method")]
    seq = checked_sequences(seq)
    check_codes(seq, n_states)
    sub, indel = build(seq, n_states, checked_weights(weights, len(seq)), cval)
    np.fill_diagonal(sub, 0)
    return Costs(sub, indel)


def check_codes(seq: Codes, n_states: int) -> None:
    """Raise ValueError when a state code is not below `n_states`."""
    if seq.max() >= n_states:
        raise ValueError(f"seq holds state code {seq.max()}, but there are {n_states} states")
