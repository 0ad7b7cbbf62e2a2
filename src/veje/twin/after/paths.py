"""The paths that are planted: what a person lives on in the years before the grant, and DREAM's codes for it.

# ASSUME: shares, ages and lengths are the twin's own; no statistic of the years after 2013 is copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

STATES: Mapping[str, Mapping[str, float]] = {
    "wage": {"": 1},
    "unemployment": {"111": 6, "211": 1, "213": 2, "217": 1},
    "sickness": {"890": 8, "893": 2, "899": 1},
    "cash": {"130": 3, "730": 6, "733": 2, "737": 1},
    "education_help": {"720": 5, "723": 2, "727": 1},
    "clarification": {"785": 1},
    "scheme": {"810": 6, "813": 2, "817": 2},
    "rehabilitation": {"760": 3, "763": 2, "767": 1},
    "ledighedsydelse": {"740": 4, "743": 1, "747": 1},
    "flexjob": {"771": 1},
    "integration": {"710": 3, "713": 1},
    "parental": {"881": 1},
    "student": {"651": 1},
    "pension": {"783": 1},
    "old_age": {"998": 1},
    "abroad": {"997": 1},
    "dead": {"999": 1},
}
"""DREAM's codes of each state, and how often each is used."""

NAMES = tuple(STATES)

BEGINS: Mapping[str, tuple[date, str]] = {
    "scheme": (date(2013, 1, 1), "cash"),
    "clarification": (date(2014, 7, 1), "sickness"),
    "education_help": (date(2014, 1, 1), "cash"),
}
"""States that came with a reform: their first day, and what a person has in their place before it."""


@dataclass(frozen=True)
class Path:
    """A path: its share of the grants, the ages at the grant, and its phases, the last one first.

    phases: state and the fewest and most weeks in it. measures: mean number of measures.
    """

    name: str
    share: float
    ages: tuple[float, float]
    phases: tuple[tuple[str, int, int], ...]
    measures: float


PATHS = (
    Path("scheme_from_cash", 0.20, (23, 46), (("scheme", 60, 200), ("cash", 60, 220)), 5.0),
    Path(
        "scheme_from_clarification",
        0.14,
        (34, 59),
        (("scheme", 52, 160), ("clarification", 40, 104), ("sickness", 22, 52)),
        5.0,
    ),
    Path("clarification", 0.12, (41, 63), (("clarification", 60, 150), ("sickness", 22, 60)), 3.0),
    Path("long_cash", 0.16, (22, 58), (("cash", 200, 400),), 3.0),
    Path("wage_earner_ill", 0.15, (45, 64), (("sickness", 20, 90),), 1.0),
    Path(
        "flexjob",
        0.11,
        (40, 63),
        (("ledighedsydelse", 20, 104), ("flexjob", 80, 300), ("sickness", 22, 52)),
        2.0,
    ),
    Path("rehabilitated", 0.05, (28, 50), (("sickness", 20, 60), ("rehabilitation", 60, 190)), 3.0),
    Path("turning_18", 0.04, (18.0, 18.7), (("education_help", 0, 25),), 0.0),
    Path("several_schemes", 0.03, (30, 58), (("scheme", 275, 330), ("cash", 20, 60)), 6.0),
)
"""The planted paths. Before its first phase a person works, with spells of unemployment."""

MEASURES: Mapping[str, float] = {"1030": 2, "1040": 6, "1520": 2, "1550": 3, "1560": 3, "1570": 2, "4010": 1}
"""Codes of OFFL's measures, and how often each is used."""

ACTIVE = ("scheme", "clarification", "cash", "rehabilitation", "ledighedsydelse", "sickness")
"""States in which a measure may begin."""

ROLES = {"existing_basis": 0.06, "terminal": 0.03, "senior": 0.03, "abroad": 0.025, "early_scheme": 0.003}
"""What is planted beside the path, and in which share of the grants; early_scheme is an error in the data."""
