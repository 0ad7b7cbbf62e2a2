"""Unique sequences: many persons walk the same way, and the engine needs every way only once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, checked_weights, jit, read_only


@dataclass(frozen=True, eq=False)
class Unique:
    """Unique sequences in lexicographic order.

    states: (u, L) uint8 state codes. index: (n,) the row of `states` of each person. weights: (u,)
    persons (or the sum of their weights) per unique sequence.
    """

    states: NDArray[np.uint8]
    index: NDArray[np.intp]
    weights: NDArray[np.float64]


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


def unique_sequences(seq: NDArray[np.uint8], weights: ArrayLike | None = None) -> Unique:
    """Collapse equal sequences, and count the persons behind each.

    seq: (n, L) uint8 state codes. weights: (n,) person weights, default 1 each. Raises ValueError
    for another type or shape. The result does not depend on the order of the rows, except for
    `index`, which follows it.
    """
    seq = checked_sequences(seq)
    person = checked_weights(weights, len(seq))
    if _ascending(seq):
        return Unique(seq, np.arange(len(seq)), person)
    states, index = np.unique(seq, axis=0, return_inverse=True)
    index = index.reshape(-1)
    persons = np.bincount(index, person, minlength=len(states)).astype(np.float64)
    return Unique(states, index, persons)


@jit
def _ascending(seq: Array) -> bool:
    """Whether every row is greater than the one before it, so that there is nothing to collapse."""
    for i in range(1, len(seq)):
        x = 0
        while x < seq.shape[1] and seq[i, x] == seq[i - 1, x]:
            x += 1
        if x == seq.shape[1] or seq[i, x] < seq[i - 1, x]:
            return False
    return True
