"""Transition rates: how often one state is followed by another."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import checked_weights

Codes = NDArray[np.uint8]
Matrix = NDArray[np.float64]


def transition_rates(
    seq: Codes, n_states: int, weights: ArrayLike | None = None, lag: int = 1, time_varying: bool = False
) -> Matrix:
    """Return the rate p(i, j) at which state i is followed by state j, `lag` positions later.

    seq: (n, L) uint8 codes below `n_states`. weights: (n,). Returns (K, K) pooled over all
    positions, or with `time_varying` (L - lag, K, K), a table for each position that can be left; a
    state never left has rates 0. Raises ValueError for a lag below 1.
    Source: Gabadinho et al. 2011, J Stat Softw 40(4), section 3.
    """
    if lag < 1:
        raise ValueError(f"lag must be 1 or more, but it is {lag}")
    person = checked_weights(weights, len(seq))
    steps = max(seq.shape[1] - lag, 0)
    pair = seq[:, :steps].astype(np.intp) * n_states + seq[:, lag:]
    tables = steps if time_varying else 1
    if time_varying:
        pair += np.arange(steps) * n_states**2
    each = np.broadcast_to(person[:, None], pair.shape)
    flat = np.bincount(pair.ravel(), each.ravel(), minlength=tables * n_states**2)
    # Of sequences one state long there is nothing to count, which NumPy returns as integers.
    counts = flat.reshape(tables, n_states, n_states).astype(np.float64)
    left = counts.sum(axis=2, keepdims=True)
    rates: Matrix = np.divide(counts, left, out=np.zeros_like(counts), where=left > 0)
    return rates if time_varying else rates[0]


def state_shares(seq: Codes, n_states: int, weights: ArrayLike | None = None) -> Matrix:
    """Return the share of each state among all positions of all persons, (K,).

    seq: (n, L) uint8 codes below `n_states`. weights: (n,).
    """
    person = checked_weights(weights, len(seq))
    each = np.broadcast_to(person[:, None], seq.shape)
    counts = np.bincount(seq.ravel(), each.ravel(), minlength=n_states).astype(np.float64)
    shares: Matrix = counts / counts.sum()
    return shares
