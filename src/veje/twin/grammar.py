"""How the sequences of each type run: candidate courses of 20 quarters, before any fit to a municipality.

Each function draws n courses in the order that section 7.2 of Caswell et al. (2012) tells; shares
that the study does not print are marked. Arrays are (n, 20) uint8, quarter 1 first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from veje.twin.law import (
    CASH,
    FLEX,
    INTRO,
    LEDIG,
    QUARTERS,
    REHAB,
    SICK,
    UNEMP,
    WAGE,
    Flags,
    Floats,
    Ints,
    States,
)

Weights = Mapping[int, float]

# ASSUME: chances of the next state in the varied first part of the short-term course; the study
# gives the order only (unemployment -> sickness; sickness -> rehabilitation; wages -> either).
SHORT_START: Weights = {WAGE: 0.42, UNEMP: 0.25, SICK: 0.13, REHAB: 0.12, FLEX: 0.04, INTRO: 0.04}
SHORT_NEXT: Mapping[int, Weights] = {
    WAGE: {SICK: 0.45, REHAB: 0.27, UNEMP: 0.18, FLEX: 0.10},
    UNEMP: {SICK: 0.55, WAGE: 0.30, REHAB: 0.15},
    SICK: {REHAB: 0.55, WAGE: 0.30, UNEMP: 0.15},
    REHAB: {WAGE: 0.35, SICK: 0.25, UNEMP: 0.20, FLEX: 0.20},
    FLEX: {SICK: 0.45, WAGE: 0.30, REHAB: 0.15, LEDIG: 0.10},
    LEDIG: {SICK: 0.60, FLEX: 0.40},
    INTRO: {WAGE: 0.50, REHAB: 0.30, UNEMP: 0.20},
}
# ASSUME: what a commuter leaves sickness benefit for; a person returns to the same in three of five stays.
COMMUTER_HOME: Weights = {WAGE: 0.34, FLEX: 0.30, UNEMP: 0.15, REHAB: 0.08, LEDIG: 0.07, CASH: 0.06}
BREAKS: Weights = {WAGE: 0.55, UNEMP: 0.15, REHAB: 0.12, SICK: 0.12, FLEX: 0.06}
LONG_START: Weights = {WAGE: 0.42, UNEMP: 0.28, REHAB: 0.18, INTRO: 0.12}


def pick(rng: np.random.Generator, weights: Weights, n: int) -> Ints:
    """Draw n keys of a table of weights."""
    share = np.array(list(weights.values()))
    keys = np.array(list(weights), dtype=np.int64)
    chosen: Ints = keys[rng.choice(keys.size, n, p=share / share.sum())]
    return chosen


def lay(states: Ints, lengths: Ints) -> States:
    """Lay spells one after another from quarter 1; both (n, k). The last spell fills what is left."""
    ends = lengths.cumsum(axis=1)
    ends[:, -1] = QUARTERS
    spell = (np.arange(QUARTERS)[None, :, None] >= ends[:, None, :]).sum(axis=2)
    laid: States = np.take_along_axis(states, spell, axis=1).astype(np.uint8)
    return laid


def cover(course: States, start: Ints, length: Ints, state: Ints, when: Flags) -> States:
    """Overwrite quarters start .. start + length - 1 (from 0) where `when` holds."""
    quarter = np.arange(QUARTERS)
    inside = (quarter >= start[:, None]) & (quarter < (start + length)[:, None]) & when[:, None]
    covered: States = np.where(inside, state[:, None], course).astype(np.uint8)
    return covered


def spell(rng: np.random.Generator, mean: Floats | float, n: int, top: int = QUARTERS) -> Ints:
    """Draw n spell lengths of 1 .. top quarters with about this mean."""
    drawn = 1 + rng.poisson(np.maximum(np.asarray(mean, dtype=float) - 1, 0.05), n)
    length: Ints = np.minimum(drawn, top).astype(np.int64)
    return length


def wage_earner_became_ill(rng: np.random.Generator, n: int) -> States:
    """Draw one coherent spell of work, then sickness benefit to the grant."""
    ill = np.clip(np.round(rng.normal(5.6, 2.0, n)), 1, 11).astype(np.int64)
    course = np.full((n, QUARTERS), WAGE, dtype=np.uint8)
    starts_unemployed = rng.random(n) < 0.16
    zero = np.zeros(n, dtype=np.int64)
    course = cover(course, zero, spell(rng, 2.2, n, 5), np.full(n, UNEMP), starts_unemployed)
    early = rng.integers(2, 13, n)
    short = pick(rng, {SICK: 0.5, UNEMP: 0.2, FLEX: 0.08, CASH: 0.22}, n)
    course = cover(course, early, spell(rng, 1.2, n, 2), short, rng.random(n) < 0.22)
    course = cover(course, QUARTERS - ill, ill, np.full(n, SICK), np.ones(n, dtype=bool))
    back = QUARTERS - 1 - rng.integers(0, 2, n)
    course = cover(course, back, spell(rng, 1.5, n, 2), np.full(n, WAGE), rng.random(n) < 0.16)
    last = spell(rng, 1.8, n, 4)
    end = pick(rng, {CASH: 0.45, LEDIG: 0.30, REHAB: 0.20, FLEX: 0.05}, n)
    return cover(course, QUARTERS - last, last, end, rng.random(n) < 0.05)


def long_term_cash_benefit(rng: np.random.Generator, n: int) -> States:
    """Draw cash benefit all the way, for some after another start or with short contacts with work."""
    course = np.full((n, QUARTERS), CASH, dtype=np.uint8)
    zero = np.zeros(n, dtype=np.int64)
    # ASSUME: "many" never leave cash benefit, nearly one in three.
    leaves = rng.random(n) < 0.65
    first = spell(rng, 3.4, n, 8)
    course = cover(course, zero, first, pick(rng, LONG_START, n), leaves & (rng.random(n) < 0.60))
    for chance in (0.75, 0.60, 0.35):
        at = rng.integers(2, 18, n)
        breaks = leaves & (rng.random(n) < chance)
        course = cover(course, at, spell(rng, 1.3, n, 3), pick(rng, BREAKS, n), breaks)
    return course


def short_term_cash_benefit(rng: np.random.Generator, n: int) -> States:
    """Draw about ten quarters of varying support, then cash benefit to the grant."""
    states = np.empty((n, 10), dtype=np.int64)
    states[:, 0] = pick(rng, SHORT_START, n)
    for k in range(1, states.shape[1]):
        for state, following in SHORT_NEXT.items():
            at = np.flatnonzero(states[:, k - 1] == state)
            states[at, k] = pick(rng, following, at.size)
    mean = np.where(states == WAGE, 4.6, np.where(states == REHAB, 3.4, 2.8))
    lengths = np.stack([spell(rng, mean[:, k], n, 9) for k in range(states.shape[1])], axis=1)
    course = lay(states, lengths)
    last = np.clip(np.round(rng.normal(7.8, 1.9, n)), 4, 13).astype(np.int64)
    course = cover(course, QUARTERS - last, last, np.full(n, CASH), np.ones(n, dtype=bool))
    some = rng.random(n) < 0.30
    return cover(course, rng.integers(1, 9, n), spell(rng, 1.3, n, 2), np.full(n, CASH), some)


def commuter(rng: np.random.Generator, n: int) -> States:
    """Draw sickness benefit in turn with work, flexjob or another state, up to the last quarter."""
    home = pick(rng, COMMUTER_HOME, n)
    away = np.arange(12)[None, :] % 2 == (rng.random(n) < 0.45).astype(np.int64)[:, None]
    other = np.stack([pick(rng, COMMUTER_HOME, n) for _ in range(12)], axis=1)
    keeps = rng.random((n, 12)) < 0.6
    states = np.where(away, SICK, np.where(keeps, home[:, None], other))
    mean = np.where(away, 3.8, np.where(states == WAGE, 2.5, 3.7))
    lengths = np.stack([spell(rng, mean[:, k], n, 6) for k in range(12)], axis=1)
    course = lay(states, lengths)
    # ASSUME: flexjob and unemployment go over into sickness benefit before the grant (table 6.4).
    ill = np.isin(course[:, -1], (FLEX, UNEMP)) & (rng.random(n) < 0.85)
    last = spell(rng, 1.6, n, 3)
    return cover(course, QUARTERS - last, last, np.full(n, SICK), ill)


def flexjob_referred(rng: np.random.Generator, n: int) -> States:
    """Draw a start in work, flexjob or sickness, then sickness, then ledighedsydelse to the grant."""
    start = pick(rng, {WAGE: 0.34, FLEX: 0.22, SICK: 0.22, UNEMP: 0.10, REHAB: 0.12}, n)
    states = np.stack([start, np.full(n, SICK), np.full(n, LEDIG)], axis=1)
    lengths = np.stack([spell(rng, 3.4, n, 8), spell(rng, 4.0, n, 9), spell(rng, 9, n)], axis=1)
    course = lay(states, lengths)
    onset = np.minimum(lengths[:, :2].sum(axis=1), QUARTERS - 5)
    always = np.ones(n, dtype=bool)
    course = cover(course, onset, np.full(n, QUARTERS), np.full(n, LEDIG), always)
    for chance in (0.6, 0.4, 0.2):
        at = onset + 1 + np.floor(rng.random(n) * (QUARTERS - 2 - onset)).astype(np.int64)
        scattered = pick(rng, {FLEX: 0.86, SICK: 0.07, CASH: 0.07}, n)
        course = cover(course, at, spell(rng, 1.7, n, 4), scattered, rng.random(n) < chance)
    return course


GRAMMARS: Mapping[str, Callable[[np.random.Generator, int], States]] = {
    "short_term_cash_benefit": short_term_cash_benefit,
    "long_term_cash_benefit": long_term_cash_benefit,
    "commuter": commuter,
    "wage_earner_became_ill": wage_earner_became_ill,
    "flexjob_referred": flexjob_referred,
}
