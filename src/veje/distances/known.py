"""Distances that a former run computed already: only pairs with a new sequence are computed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from veje.condensed import Array, jit, row_start
from veje.distances.pairs import Codes, Real, pairwise
from veje.distances.registry import METHODS
from veje.distances.substitution import Costs

# New sequences whose distances to all former ones are held at once: it bounds memory, nothing else.
BLOCK = 1_000


@dataclass(frozen=True, eq=False)
class Known:
    """Sequences and their distances: states (m, L) uint8, each row once; d condensed float32."""

    states: Codes
    d: Real


def hang_together(method: str, costs: Costs | None, parameters: Mapping[str, Any]) -> bool:
    """Tell whether a distance depends on other sequences than its own two, so that none can be kept."""
    told = {"DHD": costs is not None, "OMstran": parameters.get("transindel") != "prob"}
    return METHODS[method].prepare is not None and not told.get(method, False)


def key_of(
    method: str, costs: Costs | None, norm: str | None, parameters: Mapping[str, Any], more: str
) -> str:
    """Give a digest of all that a distance depends on beside its two sequences.

    more: the alphabet, and the code and libraries that compute. Persons' weights are no part of it: where
    they matter to a distance (`hang_together`), none is kept.
    """
    own = {name: value for name, value in sorted(parameters.items()) if name != "weights"}
    total = hashlib.sha256(repr((method, norm, own, more)).encode())
    for part in () if costs is None else (costs.sub, costs.indel):
        array = np.ascontiguousarray(part, dtype=np.float64)
        total.update(repr(array.shape).encode() + array.tobytes())
    return total.hexdigest()


def extended(
    seq: Codes,
    known: Known | None,
    method: str,
    costs: Costs | None = None,
    norm: str | None = None,
    **parameters: Any,
) -> tuple[Real, int]:
    """Return what `pairwise` does, byte for byte, and how many pairs were computed for it.

    seq: (n, L) uint8, each row once, in any order. known: of a former run with the same `key_of`. A
    sequence of which there are no persons any more is left out. Raises ValueError as `pairwise` does.
    """
    at = _places(seq, known)
    old, new = np.flatnonzero(at >= 0), np.flatnonzero(at < 0)
    if known is None or len(old) < 2:
        return pairwise(seq, method, costs, norm, **parameters), len(seq) * (len(seq) - 1) // 2
    out = np.empty(len(seq) * (len(seq) - 1) // 2, np.float32)
    _carry(known.d, len(known.states), at[old], old, len(seq), out)
    for begin in range(0, len(new), BLOCK):
        some = new[begin : begin + BLOCK]
        _place(pairwise(seq[some], method, costs, norm, to=seq[old], **parameters), some, old, len(seq), out)
    if len(new) > 1:
        among = pairwise(seq[new], method, costs, norm, **parameters)
        _carry(among, len(new), np.arange(len(new)), new, len(seq), out)
    return out, len(new) * len(old) + len(new) * (len(new) - 1) // 2


def _places(seq: Codes, known: Known | None) -> NDArray[np.intp]:
    """Return the row of `known` that holds each sequence, -1 for a new one: (n,)."""
    if known is None or known.states.shape[1] != seq.shape[1]:
        return np.full(len(seq), -1, np.intp)
    rows = {row.tobytes(): number for number, row in enumerate(np.ascontiguousarray(known.states))}
    return np.array([rows.get(row.tobytes(), -1) for row in np.ascontiguousarray(seq)], dtype=np.intp)


@jit
def _ascends(source: Array, a: int) -> bool:
    """Whether all rows after number `a` lie after it, as they do between runs that sort alike."""
    return a + 1 == len(source) or source[a + 1 :].min() > source[a]


@jit
def _carry(d: Array, m: int, source: Array, target: Array, n: int, out: Array) -> None:
    """Copy the distances among rows `source` of `m` to where rows `target` of `n`, ascending, have theirs."""
    for a in range(len(source)):
        if _ascends(source, a):
            begin, there = row_start(target[a], n), row_start(source[a], m)
            for b in range(a + 1, len(source)):
                out[begin + target[b]] = d[there + source[b]]
            continue
        for b in range(a + 1, len(source)):
            p, q = min(source[a], source[b]), max(source[a], source[b])
            out[row_start(target[a], n) + target[b]] = d[row_start(p, m) + q]


@jit
def _place(block: Array, rows: Array, columns: Array, n: int, out: Array) -> None:
    """Store the distances of rows and columns (r, c), which have none in common."""
    for a in range(len(rows)):
        for b in range(len(columns)):
            i, j = min(rows[a], columns[b]), max(rows[a], columns[b])
            out[row_start(i, n) + j] = block[a, b]
