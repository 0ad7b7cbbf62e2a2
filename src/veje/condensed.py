"""The condensed distance vector: a symmetric matrix's upper triangle, row by row, as in SciPy."""

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.arrays import Array as Array
from veje.arrays import read_only

F = TypeVar("F", bound=Callable[..., Any])


def jit(function: F) -> F:
    """Compile `function` at its first call and keep the machine code on disk where there is room.

    The code runs without Python's lock. numba is untyped; the cast keeps the signature for the type
    checker. The code is kept beside the module, else in the user's cache folder (NUMBA_CACHE_DIR
    overrides both); with neither writable each process compiles anew, which takes seconds.
    """
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(F, numba.njit(nogil=True)(function))


@jit
def row_start(i: int, n: int) -> int:
    """Return the offset `s` at which pair (i, j), i < j, of `n` rows is entry `s + j`."""
    return i * (2 * n - i - 3) // 2 - 1


@jit
def row_of(entry: int, n: int) -> int:
    """Return the row `i` of the pair (i, j) at condensed position `entry` of `n` rows."""
    b = 2 * n - 1
    i = int((b - np.sqrt(b * b - 8.0 * entry)) / 2)
    # The square root may be off by one unit in the last place: step to the row of the entry.
    while i > 0 and row_start(i, n) + i + 1 > entry:
        i -= 1
    while row_start(i, n) + n - 1 < entry:
        i += 1
    return i


def n_rows(entries: int) -> int:
    """Return the number of rows whose condensed vector has `entries` entries.

    Raises ValueError when there is no such number.
    """
    n = (1 + math.isqrt(1 + 8 * entries)) // 2
    if entries < 1 or n * (n - 1) // 2 != entries:
        raise ValueError(f"d has {entries} entries, which is no n * (n - 1) / 2")
    return n


def checked_distances(d: ArrayLike) -> Array:
    """Return `d` as a read-only contiguous float32 or float64 vector, copied only when it must be.

    d: (n * (n - 1) / 2,). Raises ValueError when it is not one-dimensional, has no fitting length,
    or holds a negative or non-finite value.
    """
    out: Array = np.ascontiguousarray(d)
    if out.ndim != 1:
        raise ValueError(f"d must be a condensed vector, but it has {out.ndim} dimensions")
    if out.dtype not in (np.float32, np.float64):
        out = out.astype(np.float64)
    n_rows(out.size)
    if not (np.isfinite(out.min()) and np.isfinite(out.max())):
        raise ValueError("d holds NaN or infinite values")
    if out.min() < 0:
        raise ValueError(f"d holds negative values, the lowest is {out.min():g}")
    return read_only(out)


def checked_weights(weights: ArrayLike | None, n: int) -> NDArray[np.float64]:
    """Return `weights` as (n,) float64, ones when None; ValueError unless finite and above 0."""
    if weights is None:
        return read_only(np.ones(n))
    out = np.ascontiguousarray(weights, dtype=np.float64)
    if out.shape != (n,):
        raise ValueError(f"weights have shape {out.shape}, but there are {n} rows")
    if not (np.isfinite(out).all() and (out > 0).all()):
        raise ValueError("weights must be finite and above 0")
    return read_only(out)
