"""What the measures that count common subsequences share: weights by length, and likeness of states."""

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, jit
from veje.distances.lanes import LANES
from veje.distances.substitution import check_codes
from veje.distances.tables import Codes

Table = NDArray[np.float64]

# How far below 0 an eigenvalue may come by rounding.
ROUNDING = 1e-8


def length_weights(kweights: ArrayLike | None, length: int) -> tuple[Table, int]:
    """Return the weights of common subsequences by length, and the lowest layer to fill.

    kweights: by length from 1, a number for all, or None for 1 each; longer subsequences than it
    names do not count. When all lengths weigh the same one layer is enough, which holds them all
    and begins with 1 for the empty subsequence: weights (1,), lowest 0. Otherwise layer k holds
    those of length k: weights (longest + 1,), lowest 1. Raises ValueError for a negative weight, or
    when none is above 0.
    """
    given = np.ones(1) if kweights is None else np.asarray(kweights, np.float64)
    if given.ndim > 1 or not np.isfinite(given).all() or (given < 0).any() or not given.any():
        raise ValueError("kweights must be finite numbers of 0 or more, not all 0")
    if kweights is None or given.ndim == 0:
        given = np.full(length, float(given.max()))
    given = np.pad(given[:length], (0, max(length - len(given), 0)))
    if (given == given[0]).all():
        return given[:1], 0
    longest = int(np.flatnonzero(given)[-1]) + 1
    return np.concatenate([[0.0], given[:longest]]), 1


def likeness(prox: ArrayLike | None, a: Codes, b: Codes) -> Table:
    """Return the proximity (K, K) of states, 1 for a state and itself when none is given.

    Raises ValueError unless prox is square, finite and symmetric, with a row for every state; warns
    when it is not positive semi-definite: then it is no inner product, and a squared distance that
    comes out below 0 counts as 0.
    """
    if prox is None:
        return np.eye(int(max(a.max(), b.max())) + 1)
    table = np.array(prox, np.float64, order="C")
    if table.ndim != 2 or table.shape[0] != table.shape[1] or table.size == 0:
        raise ValueError(f"prox must be a square matrix, but it is {table.shape}")
    if not np.isfinite(table).all() or not np.allclose(table, table.T, rtol=0, atol=ROUNDING):
        raise ValueError("prox must be finite and symmetric")
    for rows in (a, b):
        check_codes(rows, len(table))
    lowest = float(np.linalg.eigvalsh(table).min())
    if lowest < -ROUNDING:
        warnings.warn(
            f"prox is not positive semi-definite (lowest eigenvalue {lowest:.3g})", UserWarning, stacklevel=2
        )
    return table


def check_own(*totals: Table) -> None:
    """Raise ValueError when sequences have more in common with themselves than float32 can tell."""
    highest = max(float(total.max()) for total in totals)
    if not np.sqrt(2 * highest) < np.finfo(np.float32).max:
        raise ValueError("sequences are too long to count all common subsequences; see kweights")


@jit
def distance(own: float, other: float, common: float) -> float:
    """Return the distance of two vectors by their squared lengths and their inner product."""
    return math.sqrt(max(own + other - 2 * common, 0.0))


@jit
def weighed(line: Array, weights: Array, low: int, lane: int) -> float:
    """Return the weighted sum over the layers of a line's last cell, without the empty subsequence."""
    total = 0.0
    for k in range(low, len(weights)):
        total += weights[k] * (line[k, line.shape[1] - LANES + lane] - line[k, lane])
    return total
