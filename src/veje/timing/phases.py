"""What registers show of the phases of a case: markers, passive runs, and who is handed over.

Caswell et al. 2012, figures 1.1 and 11.1, tell of introduction, clarification and application, but
give no dates for them. # ASSUME: introduction begins with the first quarter on a benefit that the
municipality pays; clarification with the first measure of a clarifying kind; an application shows
only where an earlier decision lies in the window, because no register has its date.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.lists import Alphabet
from veje.settings import TimingDepth
from veje.weeks import week_of

Ints = NDArray[np.int64]


def phases(
    states: NDArray[np.uint8],
    on: NDArray[np.bool_],
    spells: pl.DataFrame,
    decided: pl.DataFrame,
    alphabet: Alphabet,
    settings: TimingDepth,
) -> pl.DataFrame:
    """Mark the phases of each person, a row a person in the order of `states`.

    states: (n, Q) codes. on: (n, Q) active quarters. spells: row, kind, quarter (0 before the
    window). decided: row, quarter of earlier decisions. Returns contact, clarification,
    earlier_decision (quarters from 1, null where there is none), longest_passive, passive_before
    and passive_after (quarters; the whole window without activity).
    """
    known = [alphabet.states.index(state) for state in settings.contact_states if state in alphabet.states]
    contact = _first(np.isin(states, known))
    clarifying = spells.filter(pl.col("kind").is_in(settings.clarifying_kinds), pl.col("quarter") > 0)
    return pl.DataFrame(
        {
            "contact": _quarter(contact, on.shape[1]),
            "clarification": _earliest(clarifying, len(states)),
            "earlier_decision": _earliest(decided, len(states)),
            "longest_passive": longest_run(~on),
            "passive_before": _first(on),
            "passive_after": _first(on[:, ::-1]),
        },
        schema_overrides=dict.fromkeys(("contact", "clarification", "earlier_decision"), pl.Int64),
    )


def handovers(states: NDArray[np.uint8], alphabet: Alphabet, source: str) -> pl.DataFrame:
    """List the states that come right after a state, once a person: row, state; none without that state."""
    schema = {"row": pl.Int64(), "state": pl.String()}
    if source not in alphabet.states:
        return pl.DataFrame(schema=schema)
    code = alphabet.states.index(source)
    left = (states[:, :-1] == code) & (states[:, 1:] != code)
    row, column = np.nonzero(left)
    after = [alphabet.states[state] for state in states[row, column + 1]]
    found = pl.DataFrame({"row": row.astype(np.int64), "state": after}, schema=schema)
    return found.unique().sort("row", "state")


def longest_run(marks: NDArray[np.bool_]) -> Ints:
    """Give the longest run of marked quarters in each row."""
    longest = np.zeros(len(marks), dtype=np.int64)
    now = np.zeros(len(marks), dtype=np.int64)
    for column in marks.T:
        now = np.where(column, now + 1, 0)
        longest = np.maximum(longest, now)
    found: Ints = longest
    return found


def quarters_of(days: pl.Series, rows: Ints, edges: Ints) -> Ints:
    """Give the quarter (from 1) of each day in the window of its row; 0 outside."""
    weeks = np.array([week_of(day) for day in days], dtype=np.int64)
    own = edges[rows]
    quarter = (own <= weeks[:, None]).sum(axis=1)
    found: Ints = np.where(quarter <= own.shape[1] - 1, quarter, 0).astype(np.int64)
    return found


def _first(marks: NDArray[np.bool_]) -> Ints:
    """Give the first marked column from 0; the number of columns where none is."""
    first: Ints = np.where(marks.any(axis=1), marks.argmax(axis=1), marks.shape[1]).astype(np.int64)
    return first


def _quarter(first: Ints, quarters: int) -> list[int | None]:
    return [int(at) + 1 if at < quarters else None for at in first]


def _earliest(frame: pl.DataFrame, n: int) -> list[int | None]:
    earliest = dict(frame.group_by("row").agg(pl.col("quarter").min()).iter_rows())
    return [earliest.get(row) for row in range(n)]
