"""The state with most weeks in each quarter, compiled: one pass over weekly codes as registers hold them.

A register's weeks lie column by column, so the kernel takes (W, n) and walks blocks of persons that
stay in the processor's cache.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from veje.condensed import jit

MISSING = 255
"""The code of a missing week or quarter in arrays; in tables it is the alphabet's last state."""

TIES = {"latest": 0, "earliest": 1, "priority": 2}
Tie = Literal["latest", "earliest", "priority"]
States = NDArray[np.uint8]
Ints = NDArray[np.int64]
BLOCK = 1024
"""Persons a block: their counts of weeks by state fit the first-level cache."""


def majority(weeks: States, edges: Ints, tie: Tie, min_weeks: int, ranks: Ints, threads: int = 1) -> States:
    """Give each person's state with most weeks in each quarter.

    weeks: (W, n) state codes, 255 = missing. edges: (Q + 1,) columns at which everyone's quarters
    begin, or (n, Q + 1) for each person's own. ranks: (K,) order of states for tie `priority`; all
    known codes are below K. Returns (n, Q); below `min_weeks` known weeks a quarter is 255. The
    result does not depend on the number of threads.
    """
    n = weeks.shape[1]
    own = edges if edges.ndim == 2 else edges[None, :]
    out = np.full((n, own.shape[1] - 1), MISSING, dtype=np.uint8)
    starts = range(0, n, BLOCK)
    rule = TIES[tie]

    def fill(first: int) -> None:
        last = min(first + BLOCK, n)
        part = own[first:last] if own.shape[0] > 1 else own
        _fill(weeks[:, first:last], np.ascontiguousarray(part), rule, min_weeks, ranks, out[first:last])

    if threads == 1:
        for first in starts:
            fill(first)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(fill, starts))
    return out


@jit
def _fill(weeks: States, edges: Ints, tie: int, min_weeks: int, ranks: Ints, out: States) -> None:
    """Fill the quarters of one block of persons."""
    width, n = weeks.shape
    n_states = len(ranks)
    counts = np.zeros((n, n_states), np.int16)
    for quarter in range(out.shape[1]):
        counts[:] = 0
        if len(edges) == 1:
            for week in range(max(edges[0, quarter], 0), min(edges[0, quarter + 1], width)):
                for i in range(n):
                    if weeks[week, i] != 255:
                        counts[i, weeks[week, i]] += 1
        else:
            for i in range(n):
                for week in range(max(edges[i, quarter], 0), min(edges[i, quarter + 1], width)):
                    if weeks[week, i] != 255:
                        counts[i, weeks[week, i]] += 1
        for i in range(n):
            row = 0 if len(edges) == 1 else i
            out[i, quarter] = _winner(
                counts[i], weeks[:, i], edges[row, quarter], edges[row, quarter + 1], tie, min_weeks, ranks
            )


@jit
def _winner(
    counts: NDArray[np.int16], weeks: States, first: int, last: int, tie: int, min_weeks: int, ranks: Ints
) -> int:
    """Give the winning state of one person's quarter from its counts."""
    known, most, best, tied = 0, 0, 255, False
    for state in range(len(counts)):
        known += counts[state]
        if counts[state] > most:
            most, best, tied = counts[state], state, False
        elif counts[state] == most and most > 0:
            tied = True
            if tie == 2 and ranks[state] < ranks[best]:
                best = state
    if known < max(min_weeks, 1):
        return 255
    if not tied or tie == 2:
        return best
    begin, stop = max(first, 0), min(last, len(weeks))
    for step in range(stop - begin):
        state = weeks[stop - 1 - step] if tie == 0 else weeks[begin + step]
        if state != 255 and counts[state] == most:
            best = state
            break
    return best
