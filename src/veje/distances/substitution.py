"""Costs of substituting one state for another, and of inserting or deleting one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from veje.arrays import checked_sequences
from veje.condensed import checked_weights
from veje.distances.costing import COSTS, TIME_VARYING, Codes, Made, Matrix, Options
from veje.errors import near


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs of the edit operations.

    sub: (K, K) float64, symmetric, zero diagonal; or (L, K, K), a table for each position. indel:
    one cost, or (K,) a cost per state. Raises ValueError when a cost is negative or not finite, or a
    shape or symmetry fails.
    """

    sub: Matrix
    indel: float | NDArray[np.float64]

    def __post_init__(self) -> None:
        sub, indel = np.asarray(self.sub, np.float64), np.asarray(self.indel, np.float64)
        if sub.ndim not in (2, 3) or sub.shape[-1] != sub.shape[-2] or sub.size == 0:
            raise ValueError(f"sub must be a square matrix, or one per position, but it is {sub.shape}")
        if indel.shape not in ((), sub.shape[-1:]):
            raise ValueError(f"indel must be one number or {sub.shape[-1]}, but it is {indel.shape}")
        if not all(np.isfinite(cost).all() and cost.min() >= 0 for cost in (sub, indel)):
            raise ValueError("costs must be finite and not negative")
        if not np.array_equal(sub, np.swapaxes(sub, -1, -2)) or np.diagonal(sub, 0, -2, -1).any():
            raise ValueError("sub must be symmetric with a zero diagonal")

    @property
    def n_states(self) -> int:
        """The number of states that have costs."""
        return int(np.shape(self.sub)[-1])

    @property
    def proximities(self) -> Matrix:
        """The likeness of states, 1 - sub / max(sub), as `prox` of NMS and SVRspell takes it."""
        sub = np.asarray(self.sub, np.float64)
        highest = sub.max()
        return 1 - sub / highest if highest > 0 else np.ones_like(sub)


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
    cval: float | None = None,
    *,
    time_varying: bool = False,
    transition: str = "both",
    lag: int = 1,
    missing: int | None = None,
    miss_cost: float | None = None,
    miss_cost_fixed: bool | None = None,
    state_features: pl.DataFrame | None = None,
    feature_weights: ArrayLike | None = None,
    feature_type: Mapping[str, Sequence[str]] | None = None,
) -> Costs:
    """Return substitution and indel costs by TraMineR's method of that name.

    seq: (n, L) uint8 codes below `n_states`. weights: (n,) persons per sequence. cval: the cost
    scale of CONSTANT and TRATE; None is 2, or 4 for TRATE around each position. time_varying: a
    table for each position, (L, K, K), from the transitions `previous`, `next` or `both` (TRATE).
    lag: positions ahead that TRATE and FUTURE look. missing: the code of the missing state when it
    is no state like the others: substituting it then costs `miss_cost` (None: cval) where
    `miss_cost_fixed` (None: for all methods but INDELS and INDELSLOG). state_features,
    feature_weights, feature_type: of FEATURES, see `gower`. Raises ValueError for an unknown
    method, an option that does not fit it, or bad sequences.
    Source: see `COSTS`.
    """
    build = COSTS[named(method, COSTS, "cost method")]
    seq = checked_sequences(seq)
    check_codes(seq, n_states)
    if time_varying and method not in TIME_VARYING:
        raise ValueError(f"{method} has no time-varying costs; {', '.join(TIME_VARYING)} have")
    if cval is None:
        cval = 4.0 if time_varying and method == "TRATE" and transition == "both" else 2.0
    features = (state_features, feature_weights, feature_type)
    options = Options(cval, lag, time_varying, transition, *features)
    made = build(seq, n_states, checked_weights(weights, len(seq)), options)
    if miss_cost_fixed is None:
        miss_cost_fixed = method not in ("INDELS", "INDELSLOG")
    fixed = (cval if miss_cost is None else miss_cost) if miss_cost_fixed else None
    return _finished(made, n_states, missing, fixed)


def _finished(made: Made, n_states: int, missing: int | None, miss_cost: float | None) -> Costs:
    """Return costs with a zero diagonal, and `miss_cost` for the missing state where it has one."""
    sub, indel = made
    if missing is not None:
        if not 0 <= missing < n_states:
            raise ValueError(f"missing must be a state code below {n_states}, but it is {missing}")
        if miss_cost is not None:
            sub[..., missing, :] = sub[..., :, missing] = miss_cost
    sub[..., np.arange(n_states), np.arange(n_states)] = 0
    return Costs(sub, indel)


def check_codes(seq: Codes, n_states: int) -> None:
    """Raise ValueError when a state code is not below `n_states`."""
    if seq.max() >= n_states:
        raise ValueError(f"seq holds state code {seq.max()}, but there are {n_states} states")
