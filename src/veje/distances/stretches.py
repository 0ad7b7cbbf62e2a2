"""The triangle of distances in stretches: each is computed alone, and together they are the whole.

A stretch holds the pairs of some consecutive unique sequences with all later ones, so that stretches laid
end to end are the condensed vector of the unique sequences in lexicographic order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from veje.condensed import n_rows, row_start
from veje.distances.pairs import Codes, Real, fill, made_ready
from veje.distances.plan import BLOCK
from veje.distances.substitution import Costs
from veje.distances.target import Condensed, Stretch
from veje.uniques import Unique, unique_sequences


def stretch_rows(n: int, part: int, parts: int) -> range:
    """Return the rows of one of `parts` stretches of about as many pairs each.

    n: unique sequences. part: from 0. A stretch begins with a row at which a block of the kernel
    does, so that every pair is computed as in one go. Raises ValueError for a part that there is not.
    """
    if not 0 <= part < parts:
        raise ValueError(f"part must be 0 to {parts - 1}, but it is {part}")
    return range(_border(n, part, parts), _border(n, part + 1, parts))


def _border(n: int, part: int, parts: int) -> int:
    """Return the first row of a part: about part/parts of all pairs lie before it."""
    if part == parts:
        return n
    # Before row r lie n² - (n - r)² of n² halves of pairs.
    row = n - n * math.sqrt(1 - part / parts)
    return min(n, round(row / BLOCK) * BLOCK)


def stretch(
    seq: Codes,
    part: int,
    parts: int,
    method: str = "OM",
    costs: Costs | None = None,
    norm: str | None = None,
    threads: int | None = None,
    **parameters: Any,
) -> Real:
    """Return one stretch of the float32 distances among the unique sequences of `seq`.

    seq, method, costs, norm, threads, parameters: as in `pairwise`, and the same for every part.
    Memory grows with the stretch, not with the whole. Raises ValueError as `pairwise` does.
    """
    ready = made_ready(seq, method, costs, norm, None, parameters)
    n = len(ready.rows.states)
    target = Stretch(stretch_rows(n, part, parts), n, np.float32)
    fill(target, ready, threads)
    return target.out


def laid_out(seq: Codes, stretches: Sequence[Real]) -> Real:
    """Lay all stretches end to end, and give them the order of `seq`: what `pairwise` returns.

    seq: (n, L) uint8, each row once. Raises ValueError when the stretches are not the whole triangle, or
    a row occurs twice.
    """
    rows = unique_sequences(seq)
    n = len(rows.states)
    if n < len(seq):
        raise ValueError(f"{len(seq) - n} rows occur before; stretches are of unique sequences")
    found = sum(one.size for one in stretches)
    if found != n * (n - 1) // 2:
        raise ValueError(
            f"{len(stretches)} stretches hold {found} pairs, but {n} sequences have {n * (n - 1) // 2}"
        )
    whole = np.concatenate(stretches)
    return whole if np.array_equal(rows.index, np.arange(n)) else _reordered(whole, rows)


def _reordered(whole: Real, rows: Unique) -> Real:
    """Bring distances of sequences in lexicographic order into the order of the persons behind them."""
    n = n_rows(whole.size)
    target = Condensed(rows, None, whole.dtype)
    for i in range(n - 1):
        line: NDArray[Any] = whole[row_start(i, n) + i + 1 : row_start(i, n) + n]
        target.write(i, i + 1, line[None, :])
    return target.out
