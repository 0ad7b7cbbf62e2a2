"""Sequences without clusters: random ones that keep some traits of the observed ones, and lose others.

Source: Studer 2021, Sociol Methodol 51(2), section 3: a typology says something of an aspect of the
sequences when its clusters are better than those of sequences in which that aspect is random.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from veje.arrays import checked_sequences
from veje.condensed import Array, jit
from veje.distances import transition_rates
from veje.distances.substitution import named

Codes = NDArray[np.uint8]
Random = np.random.Generator


def simulate(seq: Codes, model: str, random: np.random.Generator) -> Codes:
    """Return as many random sequences as `seq` holds, by one of the null models in `MODELS`.

    seq: (n, L) uint8, one row a person; equal rows stay apart. Returns (n, L). Raises ValueError
    for an unknown model or bad sequences.
    """
    build = MODELS[named(model, MODELS, "null model")]
    return build(checked_sequences(seq), random)


def _duration(seq: Codes, random: Random) -> Codes:
    """Keep each person's order of spells; their durations are any that fill the length, alike probable.

    m - 1 of the L - 1 places between positions become borders, all choices alike probable.
    """
    n, length = seq.shape
    rank = np.argsort(random.random((n, length - 1)), axis=1)
    return _with_borders(seq, rank)


@jit
def _with_borders(seq: Array, rank: Array) -> Array:
    """Return sequences whose spells begin at the first places that `rank` names."""
    n, length = seq.shape
    out = np.empty_like(seq)
    begins = np.empty(length, np.bool_)
    for i in range(n):
        begins[:] = False
        spells = 0
        for x in range(1, length):
            if seq[i, x] != seq[i, x - 1]:
                begins[rank[i, spells] + 1] = True
                spells += 1
        source = 0
        out[i, 0] = seq[i, 0]
        for x in range(1, length):
            if begins[x]:
                while seq[i, source + 1] == seq[i, source]:
                    source += 1
                source += 1
            out[i, x] = seq[i, source]
    return out


def _sequencing(seq: Codes, random: Random) -> Codes:
    """Put each person's own spells, with their durations, in a random order.

    # ASSUME: two spells of one state that come to lie beside each other are one longer spell, so that
    the time in each state is kept exactly, and the number of spells at most.
    """
    spell = np.zeros(seq.shape, np.intp)
    spell[:, 1:] = np.cumsum(seq[:, 1:] != seq[:, :-1], axis=1)
    place = np.take_along_axis(random.random(seq.shape), spell, axis=1)
    order = np.argsort(place, axis=1, kind="stable")
    mixed: Codes = np.take_along_axis(seq, order, axis=1)
    return mixed


def _combined(seq: Codes, random: Random) -> Codes:
    """Build sequences of spells drawn from all: neither order nor durations are anyone's own.

    # ASSUME: a spell's state is drawn by the states of all spells but the former one's, its duration
    by the spells of that state, and the last spell is cut at the end of the sequence.
    """
    n, length = seq.shape
    states, durations = _all_spells(seq)
    counts = np.bincount(states)
    pools = [np.sort(durations[states == state]) for state in range(len(counts))]
    if (counts > 0).sum() == 1:
        return seq.copy()
    out, filled = np.empty((n, length), np.uint8), np.zeros(n, np.intp)
    before = np.full(n, -1)
    while (filled < length).any():
        before = _next_state(counts, before, random)
        lasts = np.empty(n, np.intp)
        for state in np.unique(before):
            own = before == state
            lasts[own] = random.choice(pools[state], int(own.sum()))
        here = np.arange(length)
        inside = (here >= filled[:, None]) & (here < (filled + lasts)[:, None])
        out[inside] = np.broadcast_to(before[:, None], (n, length))[inside]
        filled = filled + lasts
    return out


def _next_state(counts: NDArray[np.intp], before: NDArray[np.intp], random: Random) -> NDArray[np.intp]:
    """Draw a state for everyone by the number of spells, never the one before; -1 is none before."""
    weight = np.broadcast_to(counts, (len(before), len(counts))).astype(np.float64)
    held = before >= 0
    weight[np.flatnonzero(held), before[held]] = 0
    return _drawn(weight, random)


def _drawn(weight: NDArray[np.float64], random: Random) -> NDArray[np.intp]:
    """Draw one column of each row by its weight; a column of weight 0 is never drawn."""
    edges = np.cumsum(weight, axis=1)
    # Rounding must not carry a draw up to the last edge, behind which there is no column.
    at = np.minimum(random.random(len(weight)) * edges[:, -1], np.nextafter(edges[:, -1], 0))
    drawn: NDArray[np.intp] = (at[:, None] >= edges).sum(axis=1)
    return drawn


def _all_spells(seq: Codes) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Return the state and the duration of every spell of all sequences."""
    begins = np.ones(seq.shape, np.bool_)
    begins[:, 1:] = seq[:, 1:] != seq[:, :-1]
    starts = np.flatnonzero(begins)
    durations = np.diff(np.append(starts, seq.size))
    return seq.ravel()[starts], durations


def _state_independence(seq: Codes, random: Random) -> Codes:
    """Draw every position on its own, by the states that all persons hold at that position."""
    n, length = seq.shape
    rows = random.integers(0, n, (n, length))
    return np.ascontiguousarray(seq[rows, np.arange(length)])


def _markov(seq: Codes, random: Random) -> Codes:
    """Draw the first state by the first states, and each further one by the pooled transition rates."""
    n, length = seq.shape
    n_states = int(seq.max()) + 1
    # A state that nobody leaves is kept.
    rates = transition_rates(seq, n_states)
    stuck = rates.sum(axis=1) == 0
    rates[stuck, stuck] = 1
    out = np.empty_like(seq)
    out[:, 0] = seq[random.integers(0, n, n), 0]
    for position in range(1, length):
        out[:, position] = _drawn(rates[out[:, position - 1]], random)
    return out


MODELS: dict[str, Callable[[Codes, Random], Codes]] = {
    "duration": _duration,
    "sequencing": _sequencing,
    "combined": _combined,
    "state_independence": _state_independence,
    "markov": _markov,
}
"""The null models by name: what is random in each. Those of Studer 2021, section 3."""
