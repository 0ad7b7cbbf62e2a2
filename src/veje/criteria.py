"""The number of clusters: the best by one index, or the one that most of several are best at."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from veje.names import INDICES, LOWER_IS_BETTER

Table = Mapping[int, Mapping[str, float]]


def choose_k(table: Table, by: str | Sequence[str] = "ASW") -> int:
    """Return the number of clusters with the best index `by`; of equally good ones the smallest.

    table: as from `quality_table`. by: one index, or several that have a vote each, which goes to
    their best number; most votes win. HC is best when lowest, all others when highest; NaN never
    wins, and an index without any value has no vote. Raises ValueError for an unknown index, one
    named twice, none at all, or a table without a value of any of them.
    """
    names = [by] if isinstance(by, str) else list(by)
    votes = Counter(best_numbers(table, names).values())
    if not votes:
        raise ValueError(f"no number of clusters has a defined {' or '.join(names)}")
    return min(votes, key=lambda k: (-votes[k], k))


def best_numbers(table: Table, by: Sequence[str] = INDICES) -> dict[str, int]:
    """Return the number of clusters that each index is best at, by index; ValueError as `choose_k`."""
    for name in by:
        if name not in INDICES:
            raise ValueError(f"unknown quality index {name!r}; known: {', '.join(INDICES)}")
    if not by or len(set(by)) < len(by):
        raise ValueError("by must name one or more quality indices, each once")
    best = {}
    for name in by:
        sign = -1 if name in LOWER_IS_BETTER else 1
        rated = {k: sign * row[name] for k, row in table.items() if not math.isnan(row[name])}
        if rated:
            best[name] = min(rated, key=lambda k: (-rated[k], k))
    return best
