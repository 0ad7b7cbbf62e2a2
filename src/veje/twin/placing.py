"""When the measures of a person with a grant fall: early, late or throughout, by type (section 7.2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from veje.twin.grammar import pick
from veje.twin.law import (
    FLEX,
    QUARTERS,
    TYPES,
    WAGE,
    WEEKS_PER_QUARTER,
    WINDOW,
    Flags,
    Floats,
    Ints,
    States,
)
from veje.twin.measures import KINDS

EARLY, THROUGHOUT, LATE = range(3)
SLOT = 5
"""Weeks of a slot: a person starts at most one measure in each."""
MOST_IN_HALF = 24
"""Measures that find room in half of the course."""

# ASSUME: shares of the patterns; type_timing and timing_scenarios print words only ("a large part", "to a
# lesser degree"). Herning and Viborg keep all types active, Silkeborg and Holstebro almost only those
# in flexjob; Holstebro stands for measures at the beginning or the end (sections 7.2 and 7.3).
ALL_TYPES: Mapping[str, Mapping[int, float]] = {
    "short_term_cash_benefit": {LATE: 0.74, THROUGHOUT: 0.20, EARLY: 0.06},
    "long_term_cash_benefit": {LATE: 0.44, EARLY: 0.26, THROUGHOUT: 0.30},
    "commuter": {THROUGHOUT: 0.86, LATE: 0.08, EARLY: 0.06},
    "wage_earner_became_ill": {LATE: 0.80, THROUGHOUT: 0.16, EARLY: 0.04},
    "flexjob_referred": {THROUGHOUT: 0.84, LATE: 0.16},
}
FLEXJOB_ONLY: Mapping[str, Mapping[int, float]] = {
    "short_term_cash_benefit": {LATE: 0.94, EARLY: 0.06},
    "long_term_cash_benefit": {LATE: 0.66, EARLY: 0.31, THROUGHOUT: 0.03},
    "commuter": {THROUGHOUT: 0.78, LATE: 0.14, EARLY: 0.08},
    "wage_earner_became_ill": {LATE: 0.95, EARLY: 0.05},
    "flexjob_referred": {THROUGHOUT: 0.84, LATE: 0.16},
}
FIRST_OR_LAST: Mapping[str, Mapping[int, float]] = {
    "short_term_cash_benefit": {LATE: 0.86, EARLY: 0.14},
    "long_term_cash_benefit": {LATE: 0.51, EARLY: 0.46, THROUGHOUT: 0.03},
    "commuter": {THROUGHOUT: 0.72, LATE: 0.13, EARLY: 0.15},
    "wage_earner_became_ill": {LATE: 0.88, EARLY: 0.12},
    "flexjob_referred": {THROUGHOUT: 0.80, LATE: 0.20},
}
PATTERNS: Mapping[str, Mapping[str, Mapping[int, float]]] = {
    "herning": ALL_TYPES,
    "holstebro": FIRST_OR_LAST,
    "silkeborg": FLEXJOB_ONLY,
    "viborg": ALL_TYPES,
}
ACTIVE_BY_FLEXJOB = ("holstebro", "silkeborg")
"""Where who is active throughout is so in a flexjob."""
# ASSUME: how late each kind tends to fall (0 first, 1 last); guidance documents lack of work capacity.
LATENESS: Mapping[str, float] = {
    "guidance": 0.95,
    "special_projects": 0.75,
    "education": 0.40,
    "special_activation": 0.60,
    "intensive_job_search": 0.20,
    "work_placement": 0.45,
    "wage_subsidy": 0.35,
    "flexjob": 0.50,
    "danish_teaching": 0.15,
    "other": 0.50,
}


def draw_patterns(rng: np.random.Generator, types: Ints, areas: Ints, numbers: Ints) -> Ints:
    """Draw a pattern a person: (n,). Who has more measures is rather active throughout.

    types, areas, numbers: (n,) type, municipality and number of measures. Only persons with a
    measure are shared out by the patterns.
    """
    pattern: Ints = np.full(types.size, LATE, dtype=np.int64)
    for area, by_type in enumerate(PATTERNS.values()):
        for t, key in enumerate(TYPES):
            here = np.flatnonzero((types == t) & (areas == area) & (numbers > 0))
            drawn = pick(rng, by_type[key], here.size)
            # ASSUME: one measure in 20 quarters is no activity throughout; several can be.
            order = np.argsort(-np.log(numbers[here]) - rng.gumbel(0, 0.6, here.size), kind="stable")
            rest = rng.permutation(drawn[drawn != THROUGHOUT])
            throughout = np.full(here.size - rest.size, THROUGHOUT)
            pattern[here[order]] = np.concatenate([throughout, rest])
    pattern[(numbers > MOST_IN_HALF) & (pattern != THROUGHOUT)] = THROUGHOUT
    return pattern


def bounds(rng: np.random.Generator, types: Ints, courses: States, numbers: Ints, pattern: Ints) -> Ints:
    """Give the first and the end quarter (from 0) between which measures start: (n, 2).

    Late measures of wage earners follow the sickness spell; of the others they begin between quarter
    10 and 12. Windows widen for persons with many measures.
    """
    n = types.size
    from_wage = QUARTERS - 1 - (courses[:, ::-1] == WAGE).argmax(axis=1) + 1
    ill_from = np.where((courses == WAGE).any(axis=1), from_wage, 10)
    earned = types == TYPES.index("wage_earner_became_ill")
    late = np.where(earned, np.clip(ill_from, 11, 17), rng.integers(9, 12, n))
    early = np.where(rng.random(n) < 0.7, 7, 10)
    need = np.ceil(numbers * SLOT * 1.15 / WEEKS_PER_QUARTER).astype(np.int64)
    first = np.where(pattern == LATE, np.minimum(late, QUARTERS - need), 0)
    end = np.where(pattern == EARLY, np.maximum(early, need), QUARTERS)
    limits: Ints = np.clip(np.stack([first, end], axis=1), 0, QUARTERS).astype(np.int64)
    return limits


def draw_starts(rng: np.random.Generator, persons: Ints, limits: Ints, pattern: Ints) -> Ints:
    """Draw the week of the window (0..259) in which each measure starts: (m,), in order per person.

    persons: (m,) sorted positions; limits: (n, 2) quarters; pattern: (n,).
    """
    numbers = np.bincount(persons, minlength=limits.shape[0])
    starts = np.empty(persons.size, dtype=np.int64)
    at = 0
    for person in np.flatnonzero(numbers):
        k = int(numbers[person])
        first = -(-limits[person, 0] * WEEKS_PER_QUARTER // SLOT)
        end = limits[person, 1] * WEEKS_PER_QUARTER // SLOT
        if pattern[person] == THROUGHOUT and k > 1:
            even = (np.arange(k) + rng.uniform(0.15, 0.85, k)) * (end - first) / k
            slots = first + np.unique(np.floor(even).astype(np.int64))
        else:
            slots = np.arange(0)
        if slots.size < k:
            slots = np.sort(first + rng.choice(end - first, k, replace=False))
        starts[at : at + k] = slots * SLOT
        at += k
    moved: Ints = np.minimum(starts + rng.integers(0, 2, starts.size), WINDOW - 1)
    return moved


def wish_flexjob(rng: np.random.Generator, persons: Ints, states: Ints, keeps: Flags) -> Floats:
    """Give how near each measure is to being a flexjob: (m,), the higher the nearer.

    Of measures of persons in `keeps`, whose activity throughout is a flexjob, each person's nearest
    come first, then their second ones, and so on; of the others those begun in the state of a flexjob.
    """
    near = (states == FLEX) + rng.random(states.size) * 0.9
    order = np.lexsort((-near, persons))
    first = np.flatnonzero(np.r_[True, np.diff(persons[order]) != 0])
    rank = np.empty(order.size)
    rank[order] = np.arange(order.size) - np.repeat(first, np.diff(np.r_[first, order.size]))
    wish: Floats = np.where(keeps, 100.0 - rank + near / 2, near)
    return wish


def deal_kinds(rng: np.random.Generator, cells: Ints, kinds: Ints, starts: Ints, near: Floats) -> Ints:
    """Deal each cell's kinds to its measures: flexjob where it is near, guidance late.

    cells, kinds, starts, near: (m,) cell, kind, week, and `wish_flexjob`. Returns (m,) kinds; every
    cell keeps its numbers.
    """
    lateness = np.array([LATENESS[kind] for kind in KINDS])
    flexjob = KINDS.index("flexjob")
    dealt = np.empty_like(kinds)
    for cell in np.unique(cells):
        here = np.flatnonzero(cells == cell)
        hand = kinds[here]
        taken = np.argsort(-near[here], kind="stable")[: int((hand == flexjob).sum())]
        dealt[here[taken]] = flexjob
        rest = np.delete(here, taken)
        left = hand[hand != flexjob]
        wish: Floats = lateness[left] + rng.normal(0, 0.35, left.size)
        place = starts[rest] / WINDOW + rng.normal(0, 0.2, rest.size)
        dealt[rest[np.argsort(place, kind="stable")]] = left[np.argsort(wish, kind="stable")]
    return dealt
