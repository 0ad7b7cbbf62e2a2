"""Checks of the arrays that the engine takes, without the engine's compiled code."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

S = TypeVar("S", bound=np.generic)
Array = NDArray[Any]


def read_only(array: NDArray[S]) -> NDArray[S]:
    """Return a view that cannot be written to, so that kernels compile for one kind of input."""
    view = array.view()
    view.setflags(write=False)
    return view


def distinct(values: NDArray[S]) -> NDArray[S]:
    """Return each value once, in ascending order; of millions, many times faster than `np.unique`."""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def checked_sequences(seq: Array, what: str = "seq") -> NDArray[np.uint8]:
    """Return `seq` as read-only (n, L) uint8; ValueError for another type or shape, or if empty.

    what: the argument's name, for the error line.
    """
    out = np.ascontiguousarray(seq)
    if out.dtype != np.uint8:
        raise ValueError(f"{what} must be uint8 state codes, but it is {out.dtype}")
    if out.ndim != 2 or 0 in out.shape:
        raise ValueError(f"{what} must be (n, L) and not empty, but it is {out.shape}")
    return read_only(out)
