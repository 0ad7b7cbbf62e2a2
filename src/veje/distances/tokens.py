"""Sequences rewritten in richer states, so that optimal matching of these is another dissimilarity.

A state becomes a token: with the length of its spell, or with its neighbours. Costs between tokens
then stand in for costs that depend on more than the state.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from veje.distances.tables import Codes

Tokens = NDArray[np.unsignedinteger[Any]]
Whole = NDArray[np.intp]

# The length of what stands past the last spell of a row.
NONE = 0


def spells(rows: Codes) -> tuple[Codes, Whole]:
    """Return the states and lengths of the spells in each row, (n, most spells) each.

    rows: (n, L) state codes. Past the last spell of a row the length is NONE and the state 0.
    """
    number = _spell_numbers(rows)
    size = int(number.max()) + 1
    line = np.arange(len(rows))[:, None]
    lengths = np.bincount((line * size + number).ravel(), minlength=len(rows) * size)
    states = np.zeros((len(rows), size), rows.dtype)
    states[line, number] = rows
    return states, lengths.reshape(len(rows), size)


def lengths_here(rows: Codes) -> Whole:
    """Return the length of the spell that each position of a row lies in, (n, L)."""
    _, lengths = spells(rows)
    return np.take_along_axis(lengths, _spell_numbers(rows), axis=1)


def _spell_numbers(rows: Codes) -> Whole:
    """Return which spell of its row, from 0, each position lies in."""
    number = np.zeros(rows.shape, np.intp)
    np.cumsum(rows[:, 1:] != rows[:, :-1], axis=1, out=number[:, 1:])
    return number


def recoded(
    a: Sequence[NDArray[np.integer[Any]]], b: Sequence[NDArray[np.integer[Any]]]
) -> tuple[Tokens, Tokens, list[Whole]]:
    """Return two sets of rows with a code for each combination of values that occurs.

    a, b: arrays (n, L) and (m, L), one for each part of a token, values of 0 or more; b is a when
    there is one set. Returns codes of a and of b (uint8 where they suffice), and for each part its
    value by code.
    """
    both = [np.concatenate([x.ravel(), y.ravel()]).astype(np.intp) for x, y in zip(a, b, strict=True)]
    sizes = [int(part.max()) + 1 for part in both]
    found, code = np.unique(np.ravel_multi_index(both, sizes), return_inverse=True)
    tokens: Tokens = code.ravel().astype(np.uint8 if len(found) <= 256 else np.uint16)
    split = a[0].size
    parts: list[Whole] = [np.asarray(part, np.intp) for part in np.unravel_index(found, sizes)]
    return tokens[:split].reshape(a[0].shape), tokens[split:].reshape(b[0].shape), parts


def spell_rows(a: Codes, b: Codes) -> tuple[Tokens, Tokens, Whole, Whole]:
    """Return sequences of spells as tokens of one width, and the state and length of each token.

    a, b: (n, L) and (m, L) state codes. What stands past the last spell of a row has length NONE.
    """
    first, second = spells(a), spells(b)
    width = max(first[0].shape[1], second[0].shape[1])
    rows, columns, (state, length) = recoded(_widened(*first, width), _widened(*second, width))
    return rows, columns, state, length


def _widened(states: Codes, lengths: Whole, width: int) -> tuple[Codes, Whole]:
    """Return spells in `width` columns, state 0 and length NONE where there are no more."""
    more = ((0, 0), (0, width - states.shape[1]))
    return np.pad(states, more), np.pad(lengths, more)
