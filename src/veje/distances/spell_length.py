"""OMslen: optimal matching in which edits cost less inside long spells.

Source: Halpin 2010, Sociol Methods Res 38(3), which defines the geometric mean; Studer & Ritschard
2016, J R Stat Soc A 179(2), which adds the arithmetic mean.
"""

from dataclasses import replace

import numpy as np

from veje.distances import alignment
from veje.distances.plan import Plan
from veje.distances.substitution import Costs, named
from veje.distances.tables import Codes, Table, cost_tables
from veje.distances.tokens import lengths_here, recoded

LINKS = ("mean", "gmean")


def plan(a: Codes, b: Codes, costs: Costs, link: str, h: float) -> Plan:
    """Return spell-length-sensitive distances of `a` and `b`, (n, L) state codes.

    A state in a spell of t positions weighs t^-h: its indel is multiplied by it, and a substitution
    by the `link` (mean, or gmean for the geometric mean) of the two weights. Raises ValueError for
    another link, or h below 0.
    """
    named(link, LINKS, "link")
    if not 0 <= h < np.inf:
        raise ValueError(f"h must be a number of 0 or more, but it is {h}")
    sub, indel = cost_tables(a, b, costs)
    rows, columns, (state, length) = recoded((a, lengths_here(a)), (b, lengths_here(b)))
    weight = length.astype(np.float64) ** -h
    swap = sub[np.ix_(state, state)] * _linked(weight, link)
    made = alignment.plan(rows, columns, Costs(swap, indel[state] * weight))
    # TraMineR's norms count half a substitution for each of the two sequences with the arithmetic
    # mean, cap that half at two indels, and take no account of the weights.
    halves = 2 if link == "mean" else 1
    dearest = min(float(sub.max()) / halves, 2 * float(indel.max()))
    span = halves * a.shape[1]
    return replace(
        made, highest=span * dearest, indel=float(indel.max()), bound=span * 2 * float(indel.max())
    )


def _linked(weight: Table, link: str) -> Table:
    """Return the mean of each two weights, (T, T)."""
    if link == "gmean":
        return np.sqrt(weight[:, None] * weight)
    return (weight[:, None] + weight) / 2
