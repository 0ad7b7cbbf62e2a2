"""What sequences hold together: states by position, the mean time in each state, the modal state.

Source: Gabadinho et al. 2011, J Stat Softw 40(4), section 5. Weights are persons per sequence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.arrays import checked_sequences
from veje.condensed import checked_weights
from veje.indicators import normalised_entropy, state_durations

Codes = NDArray[np.uint8]
Values = NDArray[np.float64]


def mean_time(seq: Codes, n_states: int, weights: ArrayLike | None = None) -> Values:
    """Return the mean number of positions spent in each state: (K,), L in all.

    seq: (n, L) uint8 codes below `n_states`. weights: (n,). Raises ValueError for bad input.
    """
    durations = state_durations(seq, n_states)
    person = checked_weights(weights, len(durations))
    mean: Values = (person @ durations) / person.sum()
    return mean


def state_distribution(seq: Codes, n_states: int, weights: ArrayLike | None = None) -> Values:
    """Return the share of persons in each state at each position: (K, L), each column adding up to 1.

    seq, weights: as in `mean_time`. Raises ValueError for bad input.
    """
    seq = checked_sequences(seq)
    if seq.max() >= n_states:
        raise ValueError(f"seq holds state code {seq.max()}, but there are {n_states} states")
    person = checked_weights(weights, len(seq))
    shares = [np.bincount(column, person, minlength=n_states) for column in seq.T]
    distribution: Values = np.stack(shares, axis=1) / person.sum()
    return distribution


def position_entropy(seq: Codes, n_states: int, weights: ArrayLike | None = None) -> Values:
    """Return the entropy of the states at each position: (L,), 1 when all states are equally common."""
    return normalised_entropy(state_distribution(seq, n_states, weights).T, n_states)


def modal_states(seq: Codes, n_states: int, weights: ArrayLike | None = None) -> NDArray[np.intp]:
    """Return the commonest state at each position: (L,), of equally common ones the first by code."""
    modal: NDArray[np.intp] = state_distribution(seq, n_states, weights).argmax(axis=0)
    return modal
