"""OMspell: optimal matching of sequences of spells, whose lengths have a price of their own.

Source: Studer & Ritschard 2016, J R Stat Soc A 179(2).
"""

from dataclasses import replace

import numpy as np

from veje.distances import alignment
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes, Table, cost_tables
from veje.distances.tokens import NONE, Whole, spell_rows


def plan(a: Codes, b: Codes, costs: Costs, expcost: float, tpow: float) -> Plan:
    """Return spell distances of `a` and `b`, (n, L) state codes.

    A spell of t positions has t^tpow - 1 units more than the shortest. Inserting or deleting it
    costs the state's indel and `expcost` per unit; turning it into a spell of the same state costs
    `expcost` per unit of difference, into one of another state the substitution and `expcost` per
    unit of both. Raises ValueError when expcost or tpow is below 0.
    """
    for name, value in (("expcost", expcost), ("tpow", tpow)):
        if not 0 <= value < np.inf:
            raise ValueError(f"{name} must be a number of 0 or more, but it is {value}")
    sub, indel = cost_tables(a, b, costs)
    rows, columns, state, length = spell_rows(a, b)
    units = np.where(length == NONE, 0.0, np.maximum(length, 1.0) ** tpow - 1)
    same = state[:, None] == state
    apart = np.where(same, np.abs(units[:, None] - units), units[:, None] + units)
    swap = sub[np.ix_(state, state)] + expcost * apart
    made = alignment.plan(rows, columns, _padded(swap, indel[state] + expcost * units, length))
    highest = a.shape[1] * min(float(sub.max()), 2 * float(indel.max()))
    # TraMineR's norms take the length and costs of states, not of spells.
    return replace(made, highest=highest, indel=float(indel.max()), bound=None)


def _padded(swap: Table, gap: Table, length: Whole) -> Costs:
    """Return costs in which the token after the last spell comes and goes for nothing."""
    none = length == NONE
    gap = np.where(none, 0.0, gap)
    swap = np.where(none[:, None], gap, np.where(none, gap[:, None], swap))
    return Costs(swap, gap)
