"""Swap single courses until the facts of a municipality hold.

Objective: the sum over all facts of ((mean of the chosen courses - printed) / step)^2. Facts are each
type's mean quarters per state (Bilag 1), its mean shifts and, where it is printed, its mean onset of
ledighedsydelse (section 7.2), and the municipality's shares of states in quarter 20 (table 6.4), to
which all its types add. A fact that lies within its step is fitted; swapping stops when all are, so
that what the draw gave beyond the facts stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from veje.twin.facts import LAST, Facts, last_of, onset_of, shifts_of
from veje.twin.law import STATES, Floats, Ints, States

STEP_QUARTERS, STEP_SHIFTS, STEP_ONSET, STEP_LAST = 0.08, 0.15, 0.3, 0.005
"""Quarters, shifts, quarters and share of persons: at most a third of what a reader would tolerate."""
TRIED, SWEEPS = 160, 2
OWN = len(STATES) + 2
"""Facts of a type alone; the last states are facts of all types together."""


@dataclass(frozen=True)
class Group:
    """A type's persons in a municipality: rows (n,), candidates, their weights, the choice (n,).

    held: (m, 20) courses of further persons of the group, which stay.
    """

    type_key: str
    rows: Ints
    pool: States
    weights: Floats
    chosen: Ints
    held: States

    @property
    def persons(self) -> int:
        """The number of persons whose courses the facts are means of."""
        return self.rows.size + len(self.held)


def features(courses: States) -> Floats:
    """Give what facts are means of: quarters per state, shifts, onset, last state: (n, 9 + 1 + 1 + 7)."""
    counts = [(courses == state).sum(axis=1) for state in range(len(STATES))]
    told = [*counts, shifts_of(courses), onset_of(courses), last_of(courses)]
    columns: Floats = np.column_stack(told).astype(float)
    return columns


def scale_of(group: Group, facts: Facts, everybody: int) -> Floats:
    """Give what one person's features weigh in the gaps, in steps: (18,), 0 for what is not printed."""
    steps = np.array([STEP_QUARTERS] * len(STATES) + [STEP_SHIFTS, STEP_ONSET])
    own = np.where(np.isnan(facts.of_type(group.type_key)), 0.0, 1 / (steps * group.persons))
    scale: Floats = np.append(own, np.full(len(LAST), 1 / (STEP_LAST * everybody)))
    return scale


def gaps_of(groups: Sequence[Group], scales: Sequence[Floats], facts: Facts) -> tuple[Floats, Floats]:
    """Give the gaps between choice and facts in steps: of each group (g, 11), of all together (7,)."""
    own, last = [], -facts.last / STEP_LAST
    for group, scale in zip(groups, scales, strict=True):
        total = features(np.concatenate([group.pool[group.chosen], group.held])).sum(axis=0) * scale
        target = np.nan_to_num(facts.of_type(group.type_key))
        own.append(total[:OWN] - target * group.persons * scale[:OWN])
        last = last + total[OWN:]
    return np.array(own), last


def visits(rng: np.random.Generator, groups: Sequence[Group]) -> Iterator[tuple[int, int]]:
    """Give group and place of every person, SWEEPS times, each time in another order."""
    group = np.repeat(np.arange(len(groups)), [g.rows.size for g in groups])
    place = np.concatenate([np.arange(g.rows.size) for g in groups])
    for _ in range(SWEEPS):
        for at in rng.permutation(group.size):
            yield int(group[at]), int(place[at])


def swap_courses(rng: np.random.Generator, groups: Sequence[Group], facts: Facts) -> list[Ints]:
    """Give each group's choice after the swaps: positions in its pool.

    A place is tried with TRIED fresh candidates at a time and takes the one that lowers the
    objective most, if any does.
    """
    scales = [scale_of(group, facts, sum(g.persons for g in groups)) for group in groups]
    scaled = [features(group.pool) * scale for group, scale in zip(groups, scales, strict=True)]
    own, last = gaps_of(groups, scales, facts)
    chosen = [group.chosen.copy() for group in groups]
    reach = [group.weights.cumsum() for group in groups]
    for g, k in visits(rng, groups):
        if max(np.abs(own).max(), np.abs(last).max()) < 1:
            break
        now = np.concatenate([own[g], last])
        fresh = np.searchsorted(reach[g], rng.random(TRIED) * reach[g][-1])
        moved = now + scaled[g][fresh] - scaled[g][chosen[g][k]]
        loss = np.square(moved).sum(axis=1)
        if loss.min() < np.square(now).sum():
            best = int(loss.argmin())
            chosen[g][k], own[g], last = fresh[best], moved[best, :OWN], moved[best, OWN:]
    return chosen
