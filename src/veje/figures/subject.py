"""What pictures are drawn of: the release, the states with their colours, and words in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.figures.palette import patterns
from veje.figures.style import Fill
from veje.labels import Labels
from veje.lists import Alphabet
from veje.released import Released

Shares = NDArray[np.float64]
ACTIVITY = ("timing", "timing_quarters")
"""The tables of activity in measures."""


@dataclass(frozen=True)
class Subject:
    """The release with the alphabet and the labels of one language."""

    released: Released
    alphabet: Alphabet
    labels: Labels

    def fill(self, state: int) -> Fill:
        """Give a state's colour, with a pattern where another state's colour is like it."""
        colours = self.alphabet.colours
        return Fill(colours[state], patterns(colours)[state])

    def state(self, state: int) -> str:
        """Give a state's short name by its code."""
        return self.labels.state_short(self.alphabet.states[state])

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number as the language does: 1,234.5 or 1.234,5."""
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.labels.language == "da" else text

    def percent(self, value: float) -> str:
        """Write a percentage as the language does; one below 1 keeps a decimal."""
        sign = "\N{NO-BREAK SPACE}%" if self.labels.language == "da" else "%"
        return self.number(value, 0 if value >= 1 else 1) + sign

    def area(self, key: str) -> str:
        """Give an area's label with its number of persons on a second line."""
        return self._counted(self.labels.area(key), self.released.persons(key).value)

    def type(self, key: str, area: str) -> str:
        """Give a type's label with its number of persons in an area on a second line."""
        return self._counted(self.labels.type(key), self.released.persons(area, key).value)

    def place(self, type_key: str) -> str:
        """Give the label of all persons together, or of a pooled type, with its number of persons."""
        pooled = self.released.pooled
        if type_key:
            return self.type(type_key, pooled)
        return self._counted(self.labels.word("pooled"), self.released.persons(pooled).value)

    def _counted(self, name: str, persons: float | None) -> str:
        if persons is None:
            return name
        return f"{name}\n" + self.labels.word("persons_n", n=self.number(persons))


def state_legend(subject: Subject, states: Sequence[int] | None = None) -> list[tuple[str, Fill | None]]:
    """List the legend's entries of some states by their codes, of all without them."""
    held = range(len(subject.alphabet.states)) if states is None else states
    return [(subject.state(i), subject.fill(i)) for i in held]


def state_shares(subject: Subject, area: str, type_key: str = "") -> Shares:
    """Give the heights of the states' bands in each quarter: (K, Q) percent.

    Counts are rounded before they are divided, so a quarter may add up to more than 100; it is then
    scaled to 100. Numbers in pictures come from `state_values`.
    """
    return scaled(state_values(subject, area, type_key), 100.0)


def state_values(subject: Subject, area: str, type_key: str = "") -> Shares:
    """Give the released share of persons in each state in each quarter: (K, Q) percent, 0 when withheld."""
    released, states = subject.released, subject.alphabet.states
    quarters = range(1, released.last_quarter() + 1)
    return np.array(
        [
            [
                released.value("state_distribution", area, type_key, f"q{q:02d}_{state}", "share")
                for q in quarters
            ]
            for state in states
        ]
    )


def has_activity(released: Released) -> bool:
    """Tell whether the release shows any activity in measures; without their register it cannot."""
    return any(
        released.cell(table, released.pooled, "", key, "share").value is not None
        for table in ACTIVITY
        for key in released.keys(table)
        if key != "none"
    )


def scaled(parts: Shares, whole: float) -> Shares:
    """Scale the columns that add up to more than the whole down to it."""
    fitted: Shares = parts / np.maximum(parts.sum(axis=0) / whole, 1.0)
    return fitted
