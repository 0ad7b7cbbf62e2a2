"""Indicators of single sequences: how often, how unevenly and how unpredictably the state changes.

Source of the set: Ritschard 2023, Sociol Methods Res 52(4), which reviews them; each function names
its own. The missing state counts as a state, as it does in distances.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from veje.arrays import checked_sequences

Values = NDArray[np.float64]
Codes = NDArray[np.uint8]


def indicators(seq: Codes, n_states: int) -> dict[str, Values]:
    """Return every indicator of every sequence, keyed by `names.INDICATORS`.

    seq: (n, L) uint8 codes below `n_states`, the size of the alphabet. Returns (n,) float64 each;
    durations are in positions, entropy, complexity, volatility and both shares between 0 and 1.
    Raises ValueError for bad sequences or a code outside the alphabet.
    """
    seq = _checked(seq, n_states)
    length = seq.shape[1]
    durations = state_durations(seq, n_states)
    spells, squares = _spells(seq)
    visited = (durations > 0).sum(axis=1).astype(np.float64)
    transitions = spells - 1
    share = transitions / max(length - 1, 1)
    entropy = normalised_entropy(durations / length, n_states)
    subsequences = subsequences_log2(seq, n_states)
    deviation = np.sqrt(spells * squares - length**2) / spells
    turbulence = _turbulence(subsequences, spells, deviation, length)
    most = float(subsequences_log2(_cycle(n_states, length), n_states)[0])
    return {
        "transitions": transitions,
        "transition_share": share,
        "spells": spells,
        "visited": visited,
        "recurrence": spells / visited,
        "mean_spell": length / spells,
        "spell_deviation": deviation,
        "entropy": entropy,
        "subsequences_log2": subsequences,
        "turbulence": turbulence,
        "turbulence_share": (turbulence - 1) / (most - 1) if most > 1 else np.zeros(len(seq)),
        "complexity": np.sqrt(share * entropy),
        "volatility": (share + (visited - 1) / max(n_states - 1, 1)) / 2,
    }


def state_durations(seq: Codes, n_states: int) -> NDArray[np.int64]:
    """Return how many positions each sequence spends in each state: (n, K)."""
    seq = _checked(seq, n_states)
    at = np.arange(len(seq))[:, None] * n_states + seq
    counted = np.bincount(at.ravel(), minlength=len(seq) * n_states)
    return counted.reshape(len(seq), n_states).astype(np.int64)


def subsequences_log2(seq: Codes, n_states: int) -> Values:
    """Return log2 of the number of distinct subsequences of the order of spells, the empty one counted.

    Each further spell doubles the number, less what its state's former spell had added.
    Source: Elzinga & Liefbroer 2007, Eur J Popul 23, section 3.
    """
    seq = _checked(seq, n_states)
    rows = np.arange(len(seq))
    number = np.ones(len(seq))
    before = np.zeros((len(seq), n_states))
    for position in range(seq.shape[1]):
        state = seq[:, position]
        begins = _begins(seq, position)
        known = before[rows, state]
        before[rows, state] = np.where(begins, number, known)
        number = np.where(begins, 2 * number - known, number)
    logs: Values = np.log2(number)
    return logs


def _turbulence(subsequences: Values, spells: Values, deviation: Values, length: int) -> Values:
    """Return log2(phi (s²max + 1) / (s² + 1)), the variance that of a sequence's own spells.

    Source: Elzinga & Liefbroer 2007, Eur J Popul 23, section 3: s²max = (m - 1) (1 - mean)² for m
    spells.
    """
    highest = (spells - 1) * (1 - length / spells) ** 2
    turbulence: Values = subsequences + np.log2((highest + 1) / (deviation**2 + 1))
    return turbulence


def normalised_entropy(shares: NDArray[Any], n_states: int) -> Values:
    """Return the entropy of the shares along the last axis, 1 when all states share alike.

    Source: Gabadinho et al. 2011, J Stat Softw 40(4), section 5.
    """
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    most = np.log(n_states) if n_states > 1 else 1.0
    entropy: Values = np.abs((shares * logs).sum(axis=-1)) / most
    return entropy


def _spells(seq: Codes) -> tuple[Values, Values]:
    """Return the number of spells of each sequence, and the sum of their squared durations."""
    spells, squares, run = np.zeros(len(seq)), np.zeros(len(seq)), np.zeros(len(seq))
    for position in range(seq.shape[1]):
        begins = _begins(seq, position)
        run = np.where(begins, 1, run + 1)
        spells += begins
        # A spell that grows from r - 1 to r adds 2 r - 1 to its square.
        squares += 2 * run - 1
    return spells, squares


def _begins(seq: Codes, position: int) -> NDArray[np.bool_]:
    """Tell which sequences begin a spell at a position."""
    if position == 0:
        return np.ones(len(seq), np.bool_)
    begins: NDArray[np.bool_] = seq[:, position] != seq[:, position - 1]
    return begins


def _cycle(n_states: int, length: int) -> Codes:
    """Return the one sequence that changes at every position, through all states in turn."""
    return (np.arange(length) % n_states).astype(np.uint8)[None, :]


def _checked(seq: Codes, n_states: int) -> Codes:
    """Return sound sequences; ValueError when they are not, or hold a code outside the alphabet."""
    seq = checked_sequences(seq)
    if seq.max() >= n_states:
        raise ValueError(f"seq holds state code {seq.max()}, but there are {n_states} states")
    return seq
