"""Hamming distance: the cost of the states that differ at the same position.

Source: Hamming 1950, Bell Syst Tech J 29(2).
"""

import numpy as np
from numpy.typing import NDArray

from veje.condensed import BLOCK, Array, jit, row_start


@jit
def ham_rows(seq: Array, first: int, sub: Array, _indel: Array, out: Array) -> None:
    """Write the distances of BLOCK rows from `first` on to all later rows into condensed `out`."""
    n, length = seq.shape
    for i in range(first, min(first + BLOCK, n)):
        start = row_start(i, n)
        for j in range(i + 1, n):
            total = 0.0
            for x in range(length):
                total += sub[seq[i, x], seq[j, x]]
            out[start + j] = total


def ham_highest(length: int, sub: NDArray[np.float64], _indel: NDArray[np.float64]) -> float:
    """Return the highest distance two sequences of `length` states can have."""
    return length * float(sub.max())
