"""OMstran: optimal matching of sequences of transitions, each a state with the one after it.

Source: Biemann 2011, Sociol Methodol 41(1); Studer & Ritschard 2016, J R Stat Soc A 179(2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.distances import alignment
from veje.distances.plan import Plan
from veje.distances.rates import transition_rates
from veje.distances.substitution import Costs, named
from veje.distances.tables import Codes, Table, cost_tables
from veje.distances.tokens import Whole, recoded

TRANSINDELS = ("constant", "subcost", "prob")


@dataclass(frozen=True)
class Persons:
    """All persons' sequences (n, L) and weights (n,), for the rates of transition."""

    seq: Codes
    weights: NDArray[np.float64] | None


def prepare(a: Codes, _b: Codes, weights: ArrayLike | None, **parameters: Any) -> Mapping[str, Any]:
    """Keep the persons that rates of transition are counted on: those of `a`."""
    kept = None if weights is None else np.asarray(weights, np.float64)
    return {**parameters, "persons": Persons(a, kept)}


def plan(
    a: Codes,
    b: Codes,
    costs: Costs,
    otto: float | None,
    transindel: str,
    previous: bool,
    add_column: bool,
    persons: Persons,
) -> Plan:
    """Return distances of the transitions in `a` and `b`, (n, L) state codes.

    otto: between 0 and 1, the weight of the state against the transition. transindel: what a
    transition costs: 1 (constant), the substitution of its states (subcost), or one less its rate
    (prob). previous: take the state before too. add_column: repeat the last state (and the first)
    so that no position is lost. Costs are in units of the highest substitution. Raises ValueError
    without otto, for another transindel, or when no substitution costs anything.
    """
    if otto is None or not 0 <= otto <= 1:
        raise ValueError(f"OMstran needs otto, a number between 0 and 1; it is {otto}")
    sub, indel = cost_tables(a, b, costs)
    rows, columns, parts = recoded(_around(a, previous, add_column), _around(b, previous, add_column))
    price = _transition_prices(transindel, sub, persons)
    moves, state = _moves(parts, price), parts[-2]
    share = (1 - otto) / (len(parts) - 1) * indel.max() / sub.max()
    gap = otto * indel[state] / sub.max()
    swap = otto * sub[np.ix_(state, state)] / sub.max() + share * (moves[:, None] + moves)
    np.fill_diagonal(swap, 0)
    made = alignment.plan(rows, columns, Costs(swap, gap + share * moves))
    # The norms count the positions that are left.
    return replace(made, indel=made.indel * rows.shape[1] / a.shape[1])


def _around(seq: Codes, previous: bool, add_column: bool) -> tuple[Codes, ...]:
    """Return each position's state, the one before it where wanted, and the one after it."""
    before = np.concatenate([seq[:, :1], seq[:, :-1]], axis=1)
    after = np.concatenate([seq[:, 1:], seq[:, -1:]], axis=1)
    parts = (before, seq, after) if previous else (seq, after)
    if add_column:
        return parts
    if seq.shape[1] < len(parts):
        raise ValueError(f"OMstran without add_column needs sequences of {len(parts)} states or more")
    return tuple(part[:, int(previous) : -1] for part in parts)


def _transition_prices(transindel: str, sub: Table, persons: Persons) -> Table:
    """Return what a transition between two states costs, (K, K)."""
    named(transindel, TRANSINDELS, "transindel")
    if sub.max() <= 0:
        raise ValueError("OMstran needs a substitution cost above 0")
    if transindel == "subcost":
        scaled: Table = sub / sub.max()
        return scaled
    if transindel == "prob":
        return 1 - transition_rates(persons.seq, len(sub), persons.weights)
    return 1.0 - np.eye(len(sub))


def _moves(parts: list[Whole], price: Table) -> Table:
    """Return the price of each token's transitions.

    # ASSUME: staying in a state is no transition and costs nothing; where the state before counts
    too, TraMineR prices staying by its rate as any transition, and so does this.
    """
    pairs = list(pairwise(parts))
    moves: Table = np.sum([price[x, y] for x, y in pairs], axis=0)
    return np.where(parts[0] == parts[1], 0.0, moves) if len(pairs) == 1 else moves
