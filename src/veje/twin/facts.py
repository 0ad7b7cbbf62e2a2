"""The printed facts about sequences that the twin's courses are fitted to, by municipality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from veje.published import figures, read_published
from veje.twin.law import FLEX, INTRO, LEDIG, QUARTERS, SELF, STATES, TYPES, Floats, Ints, States

LAST: tuple[tuple[str, tuple[int, ...]], ...] = (
    *((state, (code,)) for code, state in enumerate(STATES) if code not in (INTRO, SELF, FLEX)),
    ("unknown", (INTRO, SELF, FLEX)),
)
"""Rows of table 6.4 and their states; three that it does not name are inside `unknown` (T29)."""
# ASSUME: the study prints no shifts of these two types.
SHIFTS: Mapping[str, float] = {"wage_earner_became_ill": 2.0, "flexjob_referred": 3.5}


@dataclass(frozen=True)
class Facts:
    """What is printed for a municipality: by type quarters per state, shifts and onset; and table 6.4.

    quarters: (9,) means each, scaled to sum to 20; shifts: by type, of all municipalities; onset:
    mean quarter (from 1) of the first ledighedsydelse, for types of which it is printed; last: (7,)
    shares of persons by LAST.
    """

    quarters: Mapping[str, Floats]
    shifts: Mapping[str, float]
    onset: Mapping[str, float]
    last: Floats

    def of_type(self, type_key: str) -> Floats:
        """Give a type's facts as `features` orders them: (11,), NaN for an onset that is not printed."""
        onset = self.onset.get(type_key, np.nan)
        facts: Floats = np.append(self.quarters[type_key], [self.shifts[type_key], onset])
        return facts


@cache
def printed_shifts() -> Mapping[str, float]:
    """Give mean shifts of state by type (section 7.2): 4.4, 2.8, 5.3, and what is assumed."""
    rows = read_published("type_profiles").filter(indicator="mean_benefit_shifts").drop_nulls("value")
    return {**SHIFTS, **{row["type_key"]: float(row["value"]) for row in rows.to_dicts()}}


@cache
def area_facts(area: str) -> Facts:
    """Read a municipality's facts from Bilag 1, section 7.2 and table 6.4."""
    printed = figures("table_6_4", "share", "area", "key")
    last = np.array([printed[area, row] for row, _ in LAST])
    return Facts(profiles(area), printed_shifts(), printed_onset(area), last / last.sum())


def printed_onset(area: str) -> Mapping[str, float]:
    """Give the mean quarter in which a type passes to ledighedsydelse, where section 7.2 prints one.

    The printed quarters of Holstebro leave less room than its own 9.4 quarters need (N25): the
    onset is then the latest that Bilag 1 allows with one quarter away from it.
    """
    rows = read_published("type_profiles").filter(indicator="transition_to_ledighedsydelse", scope=area)
    room = {key: QUARTERS - float(mean[LEDIG]) for key, mean in profiles(area).items()}
    return {
        row["type_key"]: min((float(row["value"]) + float(row["value_high"])) / 2, room[row["type_key"]])
        for row in rows.to_dicts()
    }


@cache
def profiles(area: str) -> Mapping[str, Floats]:
    """Give each type's printed mean quarters per state in a municipality (Bilag 1): (9,) that sum to 20."""
    printed = figures("bilag_1", "mean", "area", "type_key", "key")
    known = [key for key in TYPES if (area, key, STATES[0]) in printed]
    mean = {key: np.array([printed[area, key, state] for state in STATES]) for key in known}
    return {key: row * (20.0 / row.sum()) for key, row in mean.items()}


def shifts_of(courses: States) -> Ints:
    """Count changes of state between consecutive quarters: (n, 20) -> (n,)."""
    shifts: Ints = (courses[:, 1:] != courses[:, :-1]).sum(axis=1).astype(np.int64)
    return shifts


def onset_of(courses: States) -> Ints:
    """Give the quarter (from 1) of the first ledighedsydelse, 21 for none: (n, 20) -> (n,)."""
    held = courses == LEDIG
    onset: Ints = np.where(held.any(axis=1), held.argmax(axis=1), QUARTERS) + 1
    return onset


def last_of(courses: States) -> Floats:
    """Tell the row of table 6.4 that each course ends in: (n, 20) -> (n, 7) of 0 and 1."""
    marks: Floats = np.stack([np.isin(courses[:, -1], states) for _, states in LAST], axis=1).astype(float)
    return marks
