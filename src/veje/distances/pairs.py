"""Distances of all pairs of sequences, by any of the dissimilarities in `METHODS`."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from veje.condensed import BLOCK
from veje.distances.alignment import om_highest, om_rows
from veje.distances.hamming import ham_highest, ham_rows
from veje.distances.normalise import NORMS
from veje.distances.substitution import Costs, check_codes, named
from veje.uniques import checked_sequences


@dataclass(frozen=True)
class Method:
    """A dissimilarity: its kernel over BLOCK rows, its highest distance, whether it needs costs."""

    rows: Callable[[Any, int, Any, Any, Any], None]
    highest: Callable[[int, NDArray[np.float64], NDArray[np.float64]], float]
    needs_costs: bool


METHODS = {
    "OM": Method(om_rows, om_highest, needs_costs=True),
    "HAM": Method(ham_rows, ham_highest, needs_costs=False),
}


def pairwise(
    seq: NDArray[np.uint8],
    method: str = "OM",
    costs: Costs | None = None,
    norm: str | None = None,
    threads: int | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[np.floating[Any]]:
    """Return the distances of all pairs of sequences.

    seq: (n, L) uint8 state codes, n of 2 or more; sorted rows are faster. costs: needed for OM; HAM
    without them counts differing positions. norm: None, maxlength, gmean, maxdist or YujianBo.
    threads: None takes every core there is; the result does not depend on it. dtype: float32, or
    float64 to keep the computed value unrounded. Returns condensed (n * (n - 1) / 2,) in SciPy's
    order, in the unit of the costs. Raises ValueError for an unknown method or norm, missing costs,
    or bad sequences.
    Source: Gabadinho et al. 2011, J Stat Softw 40(4).
    """
    chosen = METHODS[named(method, METHODS, "distance method")]
    if norm is not None:
        named(norm, NORMS, "norm")
    seq = checked_sequences(seq)
    d = _room(len(seq), dtype)
    sub, indel = _tables_of(seq, method, chosen, costs)
    _fill(d, seq, chosen, sub, indel, threads)
    if norm is not None:
        length = seq.shape[1]
        highest = chosen.highest(length, sub, indel)
        d[:] = NORMS[norm](d.astype(np.float64), length, highest, float(indel.max()))
    return d


def _room(n: int, dtype: DTypeLike) -> NDArray[np.floating[Any]]:
    """Return an empty condensed vector for the pairs of `n` rows."""
    if n < 2:
        raise ValueError("seq holds one sequence; distances need at least two")
    if np.dtype(dtype) not in (np.float32, np.float64):
        raise ValueError(f"dtype must be float32 or float64, but it is {np.dtype(dtype)}")
    return np.empty(n * (n - 1) // 2, dtype)


def _tables_of(
    seq: NDArray[np.uint8], method: str, chosen: Method, costs: Costs | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return substitution (K, K) and indel (K,) costs, checked against the codes in `seq`."""
    if costs is None:
        if chosen.needs_costs:
            raise ValueError(f"method {method} needs costs; see veje.distances.costs")
        size = int(seq.max()) + 1
        return 1.0 - np.eye(size), np.full(size, 0.5)
    sub = np.array(costs.sub, np.float64, order="C")
    check_codes(seq, len(sub))
    return sub, np.array(np.broadcast_to(costs.indel, len(sub)), np.float64, order="C")


def _fill(
    d: NDArray[np.floating[Any]],
    seq: NDArray[np.uint8],
    chosen: Method,
    sub: NDArray[np.float64],
    indel: NDArray[np.float64],
    threads: int | None,
) -> None:
    """Run the kernel over all blocks of rows; each writes its own part of `d`, in any order."""
    threads = _cores() if threads is None else threads
    if threads < 1:
        raise ValueError(f"threads must be 1 or more, but it is {threads}")
    with ThreadPoolExecutor(threads) as pool:
        starts = range(0, len(seq) - 1, BLOCK)
        for job in [pool.submit(chosen.rows, seq, at, sub, indel, d) for at in starts]:
            job.result()


def _cores() -> int:
    """Return the number of cores this process may use, which a batch queue may have limited."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
