"""The persons with a grant: the planted cohort, and those who must not enter it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.law import AREAS, FROM, NEIGHBOURS, TO, TYPES, Ints

Days = NDArray[np.datetime64]

PERIODS = {
    "2007_q3_q4": (date(2007, 7, 1), date(2007, 12, 31)),
    "2008_q1_q4": (date(2008, 1, 1), date(2008, 12, 31)),
    "2009_q1": (date(2009, 1, 1), date(2009, 3, 31)),
}
TOO_EARLY = (date(2003, 1, 1), date(2007, 6, 30))
TOO_LATE = (date(2009, 4, 1), date(2009, 12, 31))
N_EARLY, N_LATE, N_ELSEWHERE, N_BEFORE = 900, 300, 800, 40


def work_days(rng: np.random.Generator, first: date, last: date, n: int) -> Days:
    """Draw n days of decision, Monday to Friday, both ends included."""
    days = np.arange(np.datetime64(first), np.datetime64(last + timedelta(days=1)))
    chosen: Days = rng.choice(days[np.is_busday(days)], n)
    return chosen


def cohort_counts() -> list[tuple[int, int, int]]:
    """Give (type, area, persons) for every type that a municipality has (Bilag 1)."""
    printed = figures("bilag_1", "count", "area", "type_key", "key")
    return [
        (t, a, int(printed[area, key, "n_sequences"]))
        for t, key in enumerate(TYPES)
        for a, area in enumerate(AREAS)
        if (area, key, "n_sequences") in printed
    ]


def cohort_days(rng: np.random.Generator, areas: Ints) -> Days:
    """Draw index dates so that each municipality has its printed grants per period (table 4.1)."""
    printed = figures("table_4_1", "count", "area", "key")
    days = np.empty(areas.size, dtype="datetime64[D]")
    for a, area in enumerate(AREAS):
        drawn = [work_days(rng, *ends, int(printed[area, key])) for key, ends in PERIODS.items()]
        days[areas == a] = rng.permutation(np.concatenate(drawn))
    return days


def draw_cases(rng: np.random.Generator) -> pl.DataFrame:
    """Draw everybody with a grant: role, type and area of the law, municipality, day of the grant.

    Roles: cohort (1,553), early and late (in the four municipalities outside the window),
    elsewhere (in the window, other municipalities), before (granted before the window and again
    inside it). Columns: role, t, a, type, area, kom, day.
    """
    counts = cohort_counts()
    pairs = np.repeat(np.array([(t, a) for t, a, _ in counts]), [n for *_, n in counts], axis=0)
    extra = {"early": N_EARLY, "late": N_LATE, "elsewhere": N_ELSEWHERE, "before": N_BEFORE}
    ends = {"early": TOO_EARLY, "late": TOO_LATE, "elsewhere": (FROM, TO), "before": TOO_EARLY}
    like = {role: pairs[rng.integers(0, len(pairs), n)] for role, n in extra.items()}
    days = [cohort_days(rng, pairs[:, 1])] + [work_days(rng, *ends[r], n) for r, n in extra.items()]
    roles = ["cohort"] * len(pairs) + [r for r, n in extra.items() for _ in range(n)]
    both = np.concatenate([pairs, *like.values()])
    codes = np.array(list(AREAS.values()))[both[:, 1]]
    away = np.array(roles) == "elsewhere"
    codes[away] = rng.choice(np.array(NEIGHBOURS), int(away.sum()))
    return pl.DataFrame(
        {
            "role": roles,
            "t": both[:, 0],
            "a": both[:, 1],
            "type": np.array(TYPES)[both[:, 0]],
            "area": np.array(list(AREAS))[both[:, 1]],
            "kom": codes,
            "day": np.concatenate(days),
        }
    )
