"""The four case persons of the study, planted in the cohort with their own courses and measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.published import read_published
from veje.twin.law import AREAS, SICK, STATES, TYPES, UNEMP, WAGE, Ints, States


@dataclass(frozen=True)
class CasePerson:
    """What is planted of a case: its type and area, age in years, sex, diagnosis group, and measures.

    measures: how many, all of one kind when `kind` is given, each of so many `weeks`; they start in
    the quarters `first` to `last` (from 1).
    """

    type_key: str
    area: str
    age: float
    woman: bool
    diagnosis: str | None
    measures: int
    kind: str | None
    first: int
    last: int
    weeks: int


# ASSUME: the study tells no municipality of a case, and no type of Gitte; each is planted where its
# course is least unusual. Torben's age is the twin's. The grants lie in the study's window (T30).
CASES: Mapping[str, CasePerson] = {
    "torben": CasePerson(
        "long_term_cash_benefit", "herning", 47, False, "mental_disorder", 4, None, 2, 11, 8
    ),
    "laerke": CasePerson(
        "long_term_cash_benefit", "silkeborg", 28, True, "mental_disorder", 4, "special_projects", 13, 20, 24
    ),
    "gitte": CasePerson("commuter", "holstebro", 31, True, None, 1, "guidance", 19, 19, 17),
    "hanne": CasePerson("wage_earner_became_ill", "viborg", 54, True, None, 1, "guidance", 14, 18, 13),
}
# ASSUME: Gitte's first 13 quarters, which the study tells without lengths: changing work, unemployment
# benefit beside part-time work, sickness in pregnancy, work, and the sickness benefit that ran out. Her
# leave lies outside the alphabet and is told as the work that it interrupts.
UNTOLD: Mapping[str, tuple[int, ...]] = {
    "gitte": (*(WAGE,) * 3, *(UNEMP,) * 3, SICK, *(WAGE,) * 2, SICK, WAGE, *(SICK,) * 2),
}


def case_course(case: str) -> States:
    """Give a case's course of 20 states as the study would code it: (20,).

    Raises ValueError when a quarter is neither published nor assumed.
    """
    rows = read_published("case_test_sequences").filter(case=case).sort(pl.col("quarter_no").cast(pl.Int64))
    untold = UNTOLD.get(case, ())
    codes = [
        STATES.index(state) if state else untold[quarter]
        for quarter, state in enumerate(rows["state_key_report_coding"].fill_null(""))
    ]
    return np.array(codes, dtype=np.uint8)


def case_rows(types: Ints, areas: Ints) -> dict[int, str]:
    """Give the person that stands for each case: the first ones of its type and municipality.

    types, areas: (n,) of the cohort, positions in TYPES and AREAS.
    """
    rows: dict[int, str] = {}
    for name, case in CASES.items():
        same = (types == TYPES.index(case.type_key)) & (areas == list(AREAS).index(case.area))
        rows[next(int(row) for row in np.flatnonzero(same) if row not in rows)] = name
    return rows
