"""Cost tables as kernels take them: float64, contiguous, checked against the codes."""

import numpy as np
from numpy.typing import NDArray

from veje.arrays import Array, read_only
from veje.condensed import jit
from veje.distances.substitution import Costs, check_codes

Codes = NDArray[np.uint8]
Table = NDArray[np.float64]


def cost_tables(a: Codes, b: Codes, costs: Costs) -> tuple[Table, Table]:
    """Return substitution (K, K) and indel (K,) costs; ValueError for a state without a cost."""
    sub = np.array(costs.sub, np.float64, order="C")
    if sub.ndim != 2:
        raise ValueError(f"costs must not vary over time here, but sub is {sub.shape}")
    check_codes(a, len(sub))
    check_codes(b, len(sub))
    indel = np.array(np.broadcast_to(costs.indel, len(sub)), np.float64, order="C")
    return read_only(sub), read_only(indel)


@jit
def shared_prefixes(rows: Array) -> Array:
    """Return how many first states each row shares with the next row, (n,); 0 for the last one."""
    out = np.zeros(len(rows), np.int64)
    for i in range(len(rows) - 1):
        x = 0
        while x < rows.shape[1] and rows[i, x] == rows[i + 1, x]:
            x += 1
        out[i] = x
    return out
