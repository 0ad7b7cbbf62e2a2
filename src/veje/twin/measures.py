"""How many measures each person with a grant has, and of which kinds (tables 6.7, 7.3 to 7.7).

The integers are those recovered from the printed percentages, with the two corrected totals
(355 in table 7.5 Holstebro, 588 in table 7.4 Viborg): 5,805 measures of 1,045 persons.
"""

from __future__ import annotations

import numpy as np

from veje.published import figures
from veje.twin.law import AREAS, TYPES, Floats, Ints

KINDS = (
    "guidance",
    "special_projects",
    "education",
    "special_activation",
    "intensive_job_search",
    "work_placement",
    "wage_subsidy",
    "flexjob",
    "danish_teaching",
    "other",
)
MOST = 31
"""Table 6.7 ends with 26 to 31 measures."""
# ASSUME: spread of measures over persons within a type and municipality (gamma shape); table 6.7 has
# classes by municipality only.
SHAPE = 2.0


def kind_counts() -> Ints:
    """Give (type, area, kind) numbers of measures."""
    printed = figures("measure_counts", "count", "type_key", "area", "key")
    cells = [[[printed.get((t, a, k), 0.0) for k in KINDS] for a in AREAS] for t in TYPES]
    return np.array(cells).astype(np.int64)


def shares_active(persons: Ints) -> Floats:
    """Give (type, area) shares of persons with a measure, so that each area has its printed number.

    persons: (type, area) numbers. The share is 1 - exp(-c rate), c by bisection within the area.
    """
    # ASSUME: the study prints persons with a measure by municipality, not by type.
    per_class = figures("measures_per_person", "count", "area", "key")
    wanted = [sum(v for (area, _), v in per_class.items() if area == a) for a in AREAS]
    rate = kind_counts().sum(axis=2) / np.maximum(persons, 1)
    low, high = np.zeros(len(AREAS)), np.full(len(AREAS), 50.0)
    for _ in range(60):
        middle = (low + high) / 2
        reached = (persons * (1 - np.exp(-middle * rate))).sum(axis=0)
        low, high = np.where(reached < wanted, middle, low), np.where(reached < wanted, high, middle)
    shares: Floats = 1 - np.exp(-high * rate)
    return shares


def round_to_sum(values: Floats, total: int) -> Ints:
    """Round down and give the rest to the largest remainders."""
    whole = np.floor(values).astype(np.int64)
    order = np.argsort(-(values - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def share_out(rng: np.random.Generator, active: int, total: int) -> Ints:
    """Share `total` measures out to `active` persons, at least one and at most 31 each."""
    weights = rng.gamma(SHAPE, size=active)
    numbers = 1 + rng.multinomial(total - active, weights / weights.sum())
    while numbers.max(initial=0) > MOST:
        numbers[numbers.argmax()] -= 1
        numbers[rng.integers(0, active)] += 1
    return numbers.astype(np.int64)


def draw_numbers(rng: np.random.Generator, types: Ints, areas: Ints, exact: bool) -> tuple[Ints, Ints]:
    """Draw for each person the number of measures, and the kinds of all of them by cell.

    Returns persons (m,) and kinds (m,), one entry a measure; the kinds are in random order within a
    cell. `exact` gives each cell its published integers; else the cell's law scaled to its persons.
    """
    cells = kind_counts()
    cohort = figures("bilag_1", "count", "type_key", "area", "key")
    base = np.array([[cohort.get((t, a, "n_sequences"), 0) for a in AREAS] for t in TYPES]).astype(np.int64)
    shares = shares_active(base)
    active = np.array([round_to_sum(column, round(column.sum())) for column in (shares * base).T]).T
    persons, kinds = [], []
    for t, a in np.argwhere(base > 0):
        here = rng.permutation(np.flatnonzero((types == t) & (areas == a)))
        scale = 1.0 if exact else here.size / base[t, a]
        of_kind = cells[t, a] if exact else rng.poisson(cells[t, a] * scale)
        n = min(round(active[t, a] * scale), int(of_kind.sum()))
        if n == 0:
            continue
        persons.append(np.repeat(here[:n], share_out(rng, n, int(of_kind.sum()))))
        kinds.append(rng.permutation(np.repeat(np.arange(len(KINDS)), of_kind)))
    return np.concatenate(persons), np.concatenate(kinds)
