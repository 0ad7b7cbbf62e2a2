"""A user's own costs: checked, with a warning of what is allowed but odd."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.distances.substitution import Costs

Matrix = NDArray[np.float64]

# Rounding in a matrix that was written to text and read back, as a share of its highest cost.
ROUNDING = 1e-7


def own_costs(sub: ArrayLike, indel: ArrayLike | None = None, states: Sequence[str] = ()) -> Costs:
    """Return costs of a user's own matrix, checked by `checked_costs`; warns of each of `oddities`.

    states: names for messages.
    """
    made = checked_costs(sub, indel)
    for oddity in oddities(made, states):
        warnings.warn(oddity, UserWarning, stacklevel=2)
    return made


def checked_costs(sub: ArrayLike, indel: ArrayLike | None = None) -> Costs:
    """Return costs of a user's own matrix, after a check.

    sub: (K, K), or (L, K, K) with a table for each position. indel: one, or one per state; None is
    half the highest substitution. Differences across the diagonal within rounding are averaged.
    Raises ValueError unless sub is square, symmetric, finite, not negative and has a zero diagonal.
    """
    matrix = np.asarray(sub, np.float64)
    if matrix.ndim in (2, 3) and matrix.shape[-1] == matrix.shape[-2] and np.isfinite(matrix).all():
        mirrored = np.swapaxes(matrix, -1, -2)
        if np.abs(matrix - mirrored).max(initial=0) <= ROUNDING * np.abs(matrix).max(initial=0):
            matrix = (matrix + mirrored) / 2
    return Costs(matrix, matrix.max(initial=0) / 2 if indel is None else np.asarray(indel, np.float64))


def oddities(price: Costs, states: Sequence[str] = ()) -> list[str]:
    """Say what is allowed in costs but worth a second look, a line for each kind with a count.

    These are substitutions that a detour over a third state undercuts (then a distance breaks the
    triangle inequality too), and substitutions that a deletion and an insertion undercut (then
    they are never used).
    """
    tables = np.asarray(price.sub, np.float64).reshape(-1, price.n_states, price.n_states)
    indel = np.broadcast_to(np.asarray(price.indel, np.float64), price.n_states)
    slack = ROUNDING * float(tables.max())
    bent = [pair for table in tables for pair in _pairs(_detour(table) < table - slack)]
    useless = [pair for table in tables for pair in _pairs(table > indel[:, None] + indel + slack)]
    lines = []
    if bent:
        lines.append(
            f"{len(bent)} substitution costs break the triangle inequality "
            f"(first: {_told(bent[0], states)}): a detour over a third state costs less"
        )
    if useless:
        lines.append(
            f"{len(useless)} substitution costs (first: {_told(useless[0], states)}) are above deletion "
            "and insertion together and never used"
        )
    return lines


def _detour(sub: Matrix) -> Matrix:
    """Return the least cost of substituting one state for another in two steps."""
    least: Matrix = (sub[:, :, None] + sub).min(axis=1)
    return least


def _pairs(where: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the pairs of states above the diagonal that are marked."""
    return [(int(i), int(j)) for i, j in np.argwhere(np.triu(where, 1))]


def _told(pair: tuple[int, int], states: Sequence[str]) -> str:
    """Name a pair of states."""
    return " and ".join(states[state] if states else f"state {state}" for state in pair)
