"""Crosswalks between alphabets: which state of one stands for which of another, and how exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput, near
from veje.lists import Alphabet

RELATIONS = ("same", "nearest", "none")
"""The states mean the same, the other is the nearest one, or there is none (it becomes missing)."""


@dataclass(frozen=True)
class Crosswalk:
    """The way from one alphabet to another.

    codes: (K,) for each state's code the code in the other alphabet. exact: (K,) whether the two
    states mean the same.
    """

    codes: NDArray[np.uint8]
    exact: NDArray[np.bool_]

    def translate(self, states: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Write states of the one alphabet as states of the other; any shape."""
        found: NDArray[np.uint8] = self.codes[states]
        return found

    def fold(self, quarters: NDArray[np.float64], width: int) -> NDArray[np.float64]:
        """Sum amounts by state (K,) to amounts by the other alphabet's states (width,)."""
        folded: NDArray[np.float64] = np.zeros(width)
        np.add.at(folded, self.codes, quarters)
        return folded


def read_crosswalk(
    table: pl.DataFrame, source: tuple[str, Alphabet], target: tuple[str, Alphabet]
) -> Crosswalk:
    """Read the way from one named alphabet to another out of a list.

    table: a line a state and way (from, from_state, to, to_state, relation), as text.
    Raises `BadInput` for a state of the source that has no line or two, for a state that an alphabet
    does not have, and for a relation that is not known.
    """
    rows = table.filter(pl.col("from") == source[0], pl.col("to") == target[0]).to_dicts()
    lines = {row["from_state"]: row for row in rows}
    where = f"crosswalk from {source[0]} to {target[0]}"
    if len(lines) < len(rows):
        raise BadInput(f"{where}: {len(rows) - len(lines)} states have two lines")
    absent = [state for state in source[1].states if state not in lines]
    if absent:
        raise BadInput(f"{where}: no line for {', '.join(absent)}")
    for row in rows:
        if row["relation"] not in RELATIONS:
            raise BadInput(f"{where}: relation '{row['relation']}': {near(row['relation'] or '', RELATIONS)}")
    ordered = [lines[state] for state in source[1].states]
    return Crosswalk(
        np.array([target[1].code(row["to_state"]) for row in ordered], dtype=np.uint8),
        np.array([row["relation"] == "same" for row in ordered]),
    )
