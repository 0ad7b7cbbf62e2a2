"""Distances of all pairs of sequences, by any of the dissimilarities in `METHODS`."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from veje.arrays import checked_sequences
from veje.distances.normalise import NORMS
from veje.distances.plan import BLOCK, Block, Method, Plan
from veje.distances.registry import METHODS
from veje.distances.substitution import Costs, named
from veje.distances.target import Condensed, Table, Target
from veje.errors import near
from veje.uniques import Unique, unique_sequences

Codes = NDArray[np.uint8]
Real = NDArray[np.floating[Any]]
Progress = Callable[[int, int], None]


def _other_second(call: Callable[..., Real]) -> Callable[..., Real]:
    """Let the second sequences stand second: `pairwise(a, b, ...)` is `pairwise(a, ..., to=b)`."""

    @wraps(call)
    def either(seq: Codes, *given: Any, **options: Any) -> Real:
        if given and not isinstance(given[0], str):
            return call(seq, *given[1:], to=given[0], **options)
        return call(seq, *given, **options)

    return either


@_other_second
def pairwise(
    seq: Codes,
    method: str = "OM",
    costs: Costs | None = None,
    norm: str | None = None,
    threads: int | None = None,
    dtype: DTypeLike = np.float32,
    *,
    to: Codes | None = None,
    out: Real | None = None,
    progress: Progress | None = None,
    **parameters: Any,
) -> Real:
    """Return the distances of all pairs of sequences, or from all of `seq` to all of `to`.

    seq: (n, L) uint8 state codes in any order, n of 2 or more; equal rows are computed once. costs:
    see the method; HAM without them counts differing positions. norm: None, one in `NORMS`, or "auto"
    for the one that is customary for the method.
    threads: None takes every core there is; the result depends neither on it nor on the order of
    rows. dtype: float32, or float64 to keep the computed value unrounded. to: (m, L) uint8, also
    accepted as second argument: `pairwise(a, b, "OM", costs=c)`. out: an array for the result, of
    its shape and float32 or float64, such as `numpy.memmap`. progress: called with the numbers of
    unique pairs done and to do. parameters: the method's own, as in TraMineR. Returns condensed (n
    * (n - 1) / 2,) in SciPy's order, or (n, m) with `to`, in the unit of the costs. Raises
    ValueError for an unknown method, norm or parameter, missing costs, or bad sequences.
    Source: Gabadinho et al. 2011, J Stat Softw 40(4).
    """
    ready = made_ready(seq, method, costs, norm, to, parameters)
    rows, columns = ready.rows, ready.columns
    target: Target = Condensed(rows, out, dtype) if to is None else Table(rows, columns, out, dtype)
    fill(target, ready, threads, progress)
    return target.out


@dataclass(frozen=True, eq=False)
class Ready:
    """A dissimilarity ready to be computed between unique sequences.

    block: see `Plan`. norm: what is done to its result, None for nothing.
    """

    rows: Unique
    columns: Unique
    block: Block
    norm: Callable[[Real], Real] | None


def made_ready(
    seq: Codes,
    method: str,
    costs: Costs | None,
    norm: str | None,
    to: Codes | None,
    parameters: Mapping[str, Any],
) -> Ready:
    """Check what `pairwise` is given, and bind the kernel to the unique sequences."""
    chosen = METHODS[named(method, METHODS, "distance method")]
    own = _parameters(method, chosen, parameters)
    if costs is None and chosen.needs_costs:
        raise ValueError(f"method {method} needs costs; see veje.distances.costs")
    norm = _norm(method, chosen, norm)
    a, b = _checked_pair(seq, to)
    if chosen.prepare is not None:
        own = chosen.prepare(a, b, **own)
    rows = unique_sequences(a)
    columns = rows if to is None else unique_sequences(b)
    plan = chosen.plan(rows.states, columns.states, costs, **own)
    return Ready(rows, columns, *_normed(plan, norm, a.shape[1]))


def _parameters(method: str, chosen: Method, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the method's own parameters, the defaults where none are given."""
    for name in given:
        if name not in chosen.parameters:
            known = near(name, chosen.parameters) if chosen.parameters else "it has none"
            raise ValueError(f"unknown parameter {name!r} of method {method}; {known}")
    return {**chosen.parameters, **given}


def _norm(method: str, chosen: Method, norm: str | None) -> str | None:
    """Return the norm's name, the method's own for "auto"; ValueError if it is none of its norms."""
    if norm is None or norm == "none":
        return None
    known = chosen.norms if chosen.auto is None else {*chosen.norms, "auto"}
    if norm not in known and norm in {*NORMS, "auto"}:
        told = ", ".join(sorted(known)) or "none"
        raise ValueError(f"norm {norm!r} has no meaning for method {method}; known: {told}")
    return chosen.auto if norm == "auto" else named(norm, known, "norm")


def _checked_pair(seq: Codes, to: Codes | None) -> tuple[Codes, Codes]:
    """Return the sequences and those to compare them with, checked; ValueError if none fit."""
    a = checked_sequences(seq)
    if to is None:
        if len(a) < 2:
            raise ValueError("seq holds one sequence; distances need at least two")
        return a, a
    b = checked_sequences(to, "to")
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"to has sequences of {b.shape[1]} states, but seq of {a.shape[1]}")
    return a, b


def _normed(plan: Plan, norm: str | None, length: int) -> tuple[Block, Callable[[Real], Real] | None]:
    """Return the kernel, and the normalisation of what it gives as a function."""
    if norm is None:
        return plan.block, None
    if norm == "auto" and plan.normed is not None:
        return plan.normed, None
    scale = plan.scale(length)
    return plan.block, lambda d: NORMS[norm](d.astype(np.float64), scale)


def _follow(blocks: Iterable[int], total: int, progress: Progress | None) -> None:
    """Wait for all blocks, and tell how many pairs are done."""
    done = 0
    for pairs in blocks:
        done += pairs
        if progress is not None:
            progress(done, total)


def fill(target: Target, ready: Ready, threads: int | None = None, progress: Progress | None = None) -> None:
    """Run the kernel over all blocks of rows; each writes its own part, in any order."""
    threads = cores() if threads is None else threads
    if threads < 1:
        raise ValueError(f"threads must be 1 or more, but it is {threads}")

    def run(first: int) -> int:
        """Compute one block of rows and return the number of its pairs."""
        start = target.start(first)
        block = np.empty((min(BLOCK, target.rows.stop - first), target.width - start), target.out.dtype)
        if block.size:
            ready.block(first, start, block)
        target.write(first, start, block if ready.norm is None else ready.norm(block))
        return target.pairs(first, len(block))

    pool = ThreadPoolExecutor(threads)
    try:
        _follow(pool.map(run, target.rows[::BLOCK]), target.total, progress)
    finally:
        # Ctrl-C arrives here: what has not begun is dropped, what runs ends with its block.
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Return the number of cores this process may use, which a batch queue may have limited."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
