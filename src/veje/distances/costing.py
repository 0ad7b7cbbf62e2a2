"""How costs are made: the methods of TraMineR's `seqcost`, by name.

A method is a function `(seq, n_states, weights, options) -> (sub, indel)` in `COSTS`; a new one
slots in there. The diagonal of `sub` need not be 0: the caller clears it.
Sources: Gabadinho et al. 2011, J Stat Softw 40(4), section 4.3; Studer & Ritschard 2016, J R Stat Soc
A 179(2); time-varying TRATE: Lesnard 2010, Sociol Methods Res 38(3).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from veje.distances.features import gower
from veje.distances.rates import state_shares, transition_rates
from veje.errors import near

Codes = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Made = tuple[Matrix, float | Matrix]
Price = Callable[[Matrix], Matrix]

TRANSITIONS = ("previous", "next", "both")
TIME_VARYING = ("CONSTANT", "TRATE", "INDELS", "INDELSLOG")


@dataclass(frozen=True)
class Options:
    """What cost methods take besides sequences and weights, under TraMineR's names; see `costs`."""

    cval: float
    lag: int = 1
    time_varying: bool = False
    transition: str = "both"
    state_features: pl.DataFrame | None = None
    feature_weights: ArrayLike | None = None
    feature_type: Mapping[str, Sequence[str]] | None = None

    def __post_init__(self) -> None:
        if self.transition not in TRANSITIONS:
            raise ValueError(f"unknown transition {self.transition!r}; {near(self.transition, TRANSITIONS)}")
        if self.time_varying and self.lag != 1:
            raise ValueError(f"time-varying costs need lag 1, but it is {self.lag}")


def _mirrored(sub: Matrix) -> Matrix:
    """Return `sub` with its upper triangle below too: symmetric to the last bit."""
    upper = np.triu(sub, 1)
    mirrored: Matrix = upper + np.swapaxes(upper, -1, -2)
    return mirrored


def _half(sub: Matrix, options: Options) -> float:
    """Return the indel cost: half of the highest substitution, 1 with time-varying costs."""
    return 1.0 if options.time_varying else float(sub.max()) / 2


def _constant(seq: Codes, n_states: int, _weights: Matrix, options: Options) -> Made:
    """Return the same cost for every pair of states."""
    shape = (n_states, n_states)
    sub = np.full((seq.shape[1], *shape) if options.time_varying else shape, options.cval)
    return sub, _half(sub, options)


def _trate(seq: Codes, n_states: int, weights: Matrix, options: Options) -> Made:
    """Return cval - p(i, j) - p(j, i), of transitions next to each position when time-varying."""
    p = transition_rates(seq, n_states, weights, options.lag, options.time_varying)
    turned = np.swapaxes(p, -1, -2)
    if not options.time_varying:
        sub = _mirrored(options.cval - p - turned)
    else:
        # Only around a position can rates add up to more than cval; a cost is never below 0.
        sub = _mirrored(np.maximum(options.cval - _around(p + turned, options.transition), 0))
    return sub, _half(sub, options)


def _around(both: Matrix, transition: str) -> Matrix:
    """Return (L, K, K): the rates into and out of each position; at an end the one there is, twice."""
    nothing = np.zeros_like(both, shape=(1, *both.shape[1:]))
    into, out = np.concatenate([nothing, both]), np.concatenate([both, nothing])
    if transition != "both":
        return into if transition == "previous" else out
    total: Matrix = into + out
    total[[0, -1]] *= 2
    return total


def _future(seq: Codes, n_states: int, weights: Matrix, options: Options) -> Made:
    """Return the chi-squared distance between the rates of transition from two states."""
    p = transition_rates(seq, n_states, weights, options.lag)
    into = p.sum(axis=0)
    scaled = p / np.sqrt(np.where(into > 0, into, np.inf))
    apart = np.sqrt(((scaled[:, None] - scaled) ** 2).sum(axis=2))
    sub = _mirrored(apart)
    return sub, _half(sub, options)


def _features(_seq: Codes, n_states: int, _weights: Matrix, options: Options) -> Made:
    """Return Gower's dissimilarity between the features of two states."""
    table = options.state_features
    if table is None or table.height != n_states or table.width == 0:
        found = "there is none" if table is None else f"it is {table.height} x {table.width}"
        raise ValueError(f"FEATURES needs state_features with a row for each of {n_states} states; {found}")
    sub = _mirrored(gower(table, options.feature_weights, options.feature_type))
    return sub, _half(sub, options)


def _from_shares(seq: Codes, n_states: int, weights: Matrix, options: Options, price: Price) -> Made:
    """Return the sum of the two states' indels, which `price` makes of their shares."""
    indel = price(state_shares(seq, n_states, weights))
    if not options.time_varying:
        return _mirrored(indel[:, None] + indel), indel
    tables = []
    for position in range(seq.shape[1]):
        here = price(state_shares(seq[:, position : position + 1], n_states, weights))
        tables.append(_mirrored(here[:, None] + here))
    return np.array(tables), indel


def _inverse(shares: Matrix) -> Matrix:
    """Return 1 / share.

    # ASSUME: a state that nobody holds has no finite indel; it gets the highest of the others,
    which no alignment pays, and which leaves the highest cost, and so the norms, as they are.
    """
    held = shares > 0
    inverse = 1 / np.where(held, shares, 1.0)
    price: Matrix = np.where(held, inverse, inverse[held].max())
    return price


def _indels(seq: Codes, n_states: int, weights: Matrix, options: Options) -> Made:
    """Return 1 / share of each state, and sums of two."""
    return _from_shares(seq, n_states, weights, options, _inverse)


def _indels_log(seq: Codes, n_states: int, weights: Matrix, options: Options) -> Made:
    """Return log(2 / (1 + share)) of each state, and sums of two."""
    return _from_shares(seq, n_states, weights, options, lambda shares: np.log(2 / (1 + shares)))


COSTS: dict[str, Callable[[Codes, int, Matrix, Options], Made]] = {
    "CONSTANT": _constant,
    "TRATE": _trate,
    "FUTURE": _future,
    "FEATURES": _features,
    "INDELS": _indels,
    "INDELSLOG": _indels_log,
}
