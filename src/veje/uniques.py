"""Unique sequences: many persons walk the same way, and the engine needs every way only once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.arrays import Array, checked_sequences
from veje.condensed import checked_weights, jit


@dataclass(frozen=True, eq=False)
class Unique:
    """Unique sequences in lexicographic order.

    states: (u, L) uint8 state codes. index: (n,) the row of `states` of each person. weights: (u,)
    persons (or the sum of their weights) per unique sequence.
    """

    states: NDArray[np.uint8]
    index: NDArray[np.intp]
    weights: NDArray[np.float64]


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
