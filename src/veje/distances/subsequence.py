"""LCS: the states that are not part of the longest common subsequence.

Source: Elzinga 2008, Sequence analysis: metric representations of categorical time series.
"""

import numpy as np

from veje.distances import alignment
from veje.distances.plan import Plan
from veje.distances.substitution import Costs
from veje.distances.tables import Codes


def plan(a: Codes, b: Codes, _costs: Costs | None) -> Plan:
    """Return the LCS distances of `a` and `b`, (n, L) state codes: 2 L less twice the common length.

    That is optimal matching with indels of 1 and substitutions of 2.
    """
    size = int(max(a.max(), b.max())) + 1
    return alignment.plan(a, b, Costs(2 * (1.0 - np.eye(size)), 1.0))
