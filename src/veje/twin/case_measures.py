"""The measures of the four case persons, taken from those that their type and municipality have anyway."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from veje.twin.case_persons import CASES
from veje.twin.law import Flags, Ints
from veje.twin.measures import KINDS
from veje.twin.placing import LATE, THROUGHOUT


def give_numbers(persons: Ints, cells: Ints, told: Mapping[int, str]) -> Ints:
    """Swap persons so that each case has its number of measures: (m,) persons again.

    persons: (m,) one entry a measure; cells: (n,) type and municipality of each person. The other
    one of a swap is the person of the cell whose number is nearest to the case's.
    """
    numbers = np.bincount(persons, minlength=cells.size)
    holder = np.arange(cells.size)
    for row, name in told.items():
        same = np.setdiff1d(np.flatnonzero(cells == cells[row]), np.array([r for r in told if r != row]))
        other = same[np.abs(numbers[holder[same]] - CASES[name].measures).argmin()]
        holder[[row, other]] = holder[[other, row]]
    gives = np.argsort(holder)
    swapped: Ints = gives[persons]
    return swapped


def place_cases(limits: Ints, pattern: Ints, told: Mapping[int, str]) -> tuple[Ints, Ints]:
    """Give the quarters between which measures start, and the patterns, with those of the cases.

    limits: (n, 2) first and end quarter, from 0; pattern: (n,).
    """
    limits, pattern = limits.copy(), pattern.copy()
    for row, name in told.items():
        case = CASES[name]
        limits[row] = case.first - 1, case.last
        pattern[row] = THROUGHOUT if case.measures > 1 else LATE
    return limits, pattern


def give_kinds(persons: Ints, cells: Ints, kinds: Ints, told: Mapping[int, str]) -> Ints:
    """Swap kinds within a cell so that each case's measures are of its kind: (m,) kinds again.

    persons, cells, kinds: (m,) of each measure.
    """
    kinds = kinds.copy()
    of_case: Flags = np.isin(persons, list(told))
    for row, name in told.items():
        kind = CASES[name].kind
        if kind is None:
            continue
        wanted = KINDS.index(kind)
        own = np.flatnonzero((persons == row) & (kinds != wanted))
        cell = cells[persons == row][0]
        others = np.flatnonzero((cells == cell) & (kinds == wanted) & ~of_case)[: own.size]
        kinds[own], kinds[others] = kinds[others], kinds[own]
    return kinds


def lengths_of_cases(persons: Ints, days: Ints, told: Mapping[int, str]) -> Ints:
    """Give the lengths of measures in days: (m,), those of the cases as the study tells them."""
    lengths = days.copy()
    for row, name in told.items():
        lengths[persons == row] = CASES[name].weeks * 7
    return lengths
