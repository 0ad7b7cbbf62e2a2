"""What kernels share that compare one sequence with a few others side by side, in lanes, in float64.

A line of their tables is flat, cell after cell with all lanes of a cell together, so that loops over
it compile to vector instructions. Rows of `b` come in lexicographic order: consecutive rows share a
prefix, and with it the first lines of the table.
"""

import numpy as np

from veje.condensed import Array, jit

# Rows side by side: one or two registers of most vector units.
LANES = 8


@jit
def lane_costs(a: Array, first: int, sub: Array) -> Array:
    """Return the costs (K, L * LANES) of each state against the states of rows from `first` on.

    Lanes past the last row repeat it.
    """
    swap = np.empty((sub.shape[0], a.shape[1] * LANES))
    for y in range(a.shape[1]):
        for lane in range(LANES):
            state = a[min(first + lane, len(a) - 1), y]
            for other in range(sub.shape[0]):
                swap[other, y * LANES + lane] = sub[other, state]
    return swap


@jit
def shared(b: Array, j: int, start: int) -> int:
    """Return how many first entries row j shares with the row before it, 0 for the row at `start`."""
    x = 0
    while j > start and x < b.shape[1] and b[j, x] == b[j - 1, x]:
        x += 1
    return x


@jit
def store(line: Array, top: int, column: int, out: Array) -> None:
    """Store the last cell of a line as distances of rows from `top` on."""
    for lane in range(min(LANES, out.shape[0] - top)):
        out[top + lane, column] = line[line.size - LANES + lane]
