"""CHI2 and EUCLID: distances between the shares of states in successive intervals.

Source: Deville & Saporta 1983, J Econom 22(1-2); Studer & Ritschard 2016, J R Stat Soc A 179(2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, checked_weights, jit
from veje.distances.intervals import intervals
from veje.distances.lanes import shared
from veje.distances.plan import BLOCK, Plan
from veje.distances.rates import state_shares
from veje.distances.substitution import Costs
from veje.distances.tables import Codes

Table = NDArray[np.float64]
Breaks = Sequence[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Columns:
    """States by interval, (C,) each: those that occur, and what their squared differences weigh.

    intervals: (begin, end) of each, half open. state, interval: of a column. weight: in the
    distance. normed: in the normalised distance.
    """

    intervals: list[tuple[int, int]]
    state: NDArray[np.intp]
    interval: NDArray[np.intp]
    weight: Table
    normed: Table


def prepare(
    a: Codes,
    b: Codes,
    step: int,
    overlap: bool,
    breaks: Breaks | None,
    weights: ArrayLike | None = None,
    global_pdotj: ArrayLike | str | None = None,
    *,
    euclid: bool,
) -> Mapping[str, Any]:
    """Return the columns that occur among the persons of `a`, and their weights.

    Raises ValueError for intervals that do not fit, bad weights or shares, or when `b` holds a
    state in an interval in which `a` does not: CHI2 has no distance then.
    """
    cut = intervals(a.shape[1], step, overlap, breaks)
    n_states = int(max(a.max(), b.max())) + 1
    person = checked_weights(None if euclid else weights, len(a))
    expected = None if euclid else _expected(a, person, n_states, global_pdotj)
    parts = []
    for number, (begin, end) in enumerate(cut):
        seen = state_shares(a[:, begin:end], n_states, person)
        if not euclid and (state_shares(b[:, begin:end], n_states) > 0)[seen == 0].any():
            raise ValueError(f"to holds a state at positions {begin + 1} to {end} that seq never has there")
        price = np.ones(n_states) if euclid else (seen if expected is None else expected)
        here = np.flatnonzero((seen > 0) & (price > 0))
        normed = 1 / price[here] / _greatest(price[here]) / len(cut)
        parts.append((here, np.full(len(here), number), 1 / price[here], normed))
    return {"columns": Columns(cut, *map(np.concatenate, zip(*parts, strict=True)))}


def _expected(a: Codes, person: Table, n_states: int, given: ArrayLike | str | None) -> Table | None:
    """Return the shares of states to compare with everywhere; None takes each interval's own."""
    if given is None:
        return None
    if isinstance(given, str):
        if given != "obs":
            raise ValueError(f"global_pdotj must be 'obs' or a share per state, but it is {given!r}")
        return state_shares(a, n_states, person)
    share = np.asarray(given, np.float64)
    if share.ndim != 1 or len(share) < n_states or not np.isfinite(share).all():
        raise ValueError(f"global_pdotj must be a share for each of {n_states} states")
    if (share < 0).any() or share.sum() <= 0:
        raise ValueError("global_pdotj must be 0 or more, and not all 0")
    expected: Table = share[:n_states] / share.sum()
    return expected


def _greatest(share: Table) -> float:
    """Return the greatest squared distance in an interval: all in one of the rarest two states each."""
    rarest = np.sort(share)[:2]
    return float((1 / rarest).sum()) if len(rarest) == 2 else 1.0


def _shares(rows: Codes, columns: Columns) -> Table:
    """Return the share of each interval that each row spends in a column's state, (n, C)."""
    shares = np.empty((len(rows), len(columns.state)))
    for at, (state, number) in enumerate(zip(columns.state, columns.interval, strict=True)):
        begin, end = columns.intervals[number]
        shares[:, at] = (rows[:, begin:end] == state).mean(axis=1)
    return shares


@jit
def _block(a: Array, b: Array, weight: Array, first: int, start: int, out: Array) -> None:
    """Fill out[lane, j - start] with the weighted distance of rows a[first + lane] and b[j].

    Sums over the columns that a row of `b` shares with the row before it are kept.
    """
    size = len(weight)
    lanes = np.empty((size, BLOCK))
    for c in range(size):
        for lane in range(BLOCK):
            lanes[c, lane] = a[min(first + lane, len(a) - 1), c]
    total = np.zeros((size + 1, BLOCK))
    for j in range(start, len(b)):
        for c in range(shared(b, j, start), size):
            for lane in range(BLOCK):
                apart = lanes[c, lane] - b[j, c]
                total[c + 1, lane] = total[c, lane] + weight[c] * apart * apart
        for lane in range(out.shape[0]):
            out[lane, j - start] = np.sqrt(total[size, lane])


def plan(a: Codes, b: Codes, _costs: Costs | None, columns: Columns) -> Plan:
    """Return distances between the distributions of states in intervals of `a` and `b`, (n, L).

    The squared differences of two shares count 1 over the state's share among all persons in the
    interval with CHI2 (see `weights` and `global_pdotj`), and 1 with EUCLID; the normalised distance
    is the root of the mean over intervals of the squared distance as a share of the greatest one.
    """
    first = _shares(a, columns)
    second = first if b is a else _shares(b, columns)
    block = partial(_block, first, second, columns.weight)
    return Plan(block, normed=partial(_block, first, second, columns.normed))
