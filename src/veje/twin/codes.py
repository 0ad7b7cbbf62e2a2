"""DREAM's three-digit codes for the states: several codes a state, so that a code list has work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from veje.twin.law import (
    ABROAD,
    CASH,
    DEAD,
    DREAM_FIRST,
    EARLY,
    FLEX,
    INTRO,
    LEDIG,
    OLD_AGE,
    PARENTAL,
    PENSION,
    REHAB,
    SICK,
    SICK_IN_FLEXJOB,
    STUDENT,
    UNEMP,
    WAGE,
    Flags,
    States,
)
from veje.twin.weekly import N_WEEKS
from veje.weeks import column_of, week_of

# ASSUME: shares of the codes within a state are the twin's own. All codes were in use before 2010.
# Introduction benefit has no code of its own in public lists: 710 and 713 are inferred (confidence low).
CODES: Mapping[int, Mapping[str, float]] = {
    WAGE: {"": 250, "121": 2, "122": 2, "123": 2},
    UNEMP: {"111": 130, "112": 40, "113": 28, "124": 4, "211": 12, "213": 24, "214": 8, "216": 10},
    SICK: {"890": 185, "893": 30, "897": 9, "898": 6, "899": 26},
    CASH: {"130": 56, "131": 15, "136": 9, "730": 110, "731": 15, "733": 30, "736": 10, "737": 11},
    REHAB: {"750": 25, "753": 25, "757": 16, "760": 70, "763": 40, "764": 50, "765": 14, "768": 16},
    LEDIG: {"740": 190, "741": 10, "743": 36, "747": 10, "748": 10},
    INTRO: {"710": 150, "713": 106},
    FLEX: {"771": 246, "412": 5, "511": 5},
    PENSION: {"783": 1},
    DEAD: {"999": 1},
    ABROAD: {"997": 1},
    PARENTAL: {"881": 1},
    STUDENT: {"651": 220, "652": 36},
    OLD_AGE: {"998": 1},
    EARLY: {"621": 1},
    SICK_IN_FLEXJOB: {"890": 106, "893": 20, "774": 130},
}
SPAN = 6
"""Weeks for which a person keeps one code of a state."""
ALL_CODES = ["", *sorted({code for codes in CODES.values() for code in codes if code})]


def code_table() -> States:
    """Give (17, 256) positions in ALL_CODES: the code of a state for a random byte."""
    table = np.zeros((17, 256), dtype=np.uint8)
    for state, codes in CODES.items():
        share = np.array(list(codes.values())).cumsum()
        chosen = np.searchsorted(share / share[-1] * 256, np.arange(256), side="right")
        position = np.array([ALL_CODES.index(code) for code in codes])
        table[state] = position[np.minimum(chosen, position.size - 1)]
    return table


def week_columns() -> list[str]:
    """Give the names of the weekly columns, oldest first."""
    first = week_of(date.fromisocalendar(*DREAM_FIRST, 1))
    return [column_of(first + k) for k in range(N_WEEKS)]


def code_frame(rng: np.random.Generator, numbers: pl.Series, weeks: States) -> pl.DataFrame:
    """Give the DREAM register: PNR and one text column a week, blank weeks null.

    weeks: (n, N_WEEKS) states.
    """
    spans = -(-N_WEEKS // SPAN)
    byte = rng.integers(0, 256, (weeks.shape[0], spans), dtype=np.uint8)
    flexible: Flags = np.logical_or.reduce(np.isin(weeks, (FLEX, LEDIG)), axis=1, keepdims=True)
    weeks = np.where(flexible & (weeks == SICK), np.uint8(SICK_IN_FLEXJOB), weeks)
    coded = code_table()[weeks, np.repeat(byte, SPAN, axis=1)[:, :N_WEEKS]]
    texts = pl.Series([None, *ALL_CODES[1:]], dtype=pl.String)
    by_week = np.ascontiguousarray(coded.T)
    columns = [texts.gather(by_week[k]).alias(name) for k, name in enumerate(week_columns())]
    return pl.DataFrame([numbers, *columns])
