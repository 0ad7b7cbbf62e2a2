"""Choose courses so that types and municipalities carry the published facts about sequences.

Candidates come from each type's grammar; only those count that look more like their own type than
like another (`keep_typical`). They are tilted (maximum entropy: weights exp(lambda . x) whose mean
is the target) and drawn. Then `fit.swap_courses` swaps single courses, for all types of a
municipality at once, until the printed facts hold. Its objective is in `fit`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from veje.twin.facts import area_facts, profiles, shifts_of
from veje.twin.fit import Group, swap_courses
from veje.twin.grammar import GRAMMARS
from veje.twin.law import AREAS, QUARTERS, STATES, TYPES, Floats, Ints, States

POOL = 4000
NEARER = 0.65
"""How far a candidate may be from its own type's printed profile: this share of the way to another's."""
BETWEEN, NOT_FARTHER = 0.04, 0.9
"""Share of candidates that may lie between two types, and how far those may be."""


def quarters_per_state(courses: States) -> Floats:
    """Count quarters per state: (n, 20) -> (n, 9)."""
    counts = [(courses == state).sum(axis=1) for state in range(len(STATES))]
    counted: Floats = np.stack(counts, axis=1).astype(float)
    return counted


def tilt(counts: Floats, target: Floats, steps: int = 60) -> Floats:
    """Give weights of candidates whose weighted mean count is the target (damped Newton, ridge)."""
    scale = np.zeros(counts.shape[1])
    weights: Floats = np.full(counts.shape[0], 1 / counts.shape[0])
    for _ in range(steps):
        centred = counts - weights @ counts
        spread = (centred * weights[:, None]).T @ centred + 1e-2 * np.eye(counts.shape[1])
        step = np.linalg.solve(spread, target - weights @ counts)
        scale += step / max(1.0, float(np.abs(step).max()) / 0.5)
        weights = np.exp(np.clip(counts @ scale - (counts @ scale).max(), -40, 0))
        weights /= weights.sum()
    return weights


def keep_typical(counts: Floats, type_key: str, area: str) -> Ints:
    """Keep candidates that lie clearly nearer to their type's printed profile than to any other: positions.

    counts: (n, 9) quarters per state. The distance is the quarters that would have to change state.
    A few candidates between two types are kept beside them.
    """
    # ASSUME: few persons lie between two types. The study prints no spread within a type; real courses
    # may overlap more, so that recovering the planted types is easier here than on real registers.
    known = profiles(area)
    far = {key: np.abs(counts - profile).sum(axis=1) / 2 for key, profile in known.items()}
    other = np.min([far[key] for key in far if key != type_key], axis=0)
    clear = np.flatnonzero(far[type_key] <= NEARER * other)
    between = np.flatnonzero((far[type_key] > NEARER * other) & (far[type_key] <= NOT_FARTHER * other))
    some = round(BETWEEN / (1 - BETWEEN) * clear.size)
    kept: Ints = np.concatenate([clear, between[:some]])
    return kept


def draw_courses(
    rng: np.random.Generator, types: Ints, areas: Ints, held: Mapping[int, States] | None = None
) -> States:
    """Draw a course of 20 quarters for each person, by type and municipality.

    types, areas: (n,) positions in TYPES and AREAS. held: courses that are known beforehand, by
    person; they count in the facts and stay. Returns (n, 20) states.
    """
    courses = np.zeros((types.size, QUARTERS), dtype=np.uint8)
    known = np.zeros(types.size, dtype=bool)
    for person, course in (held or {}).items():
        courses[person], known[person] = course, True
    pools = [GRAMMARS[type_key](rng, POOL) for type_key in TYPES]
    for a, area in enumerate(AREAS):
        groups = []
        for t in np.unique(types[areas == a]):
            here = (types == t) & (areas == a)
            own = courses[here & known]
            groups.append(draw_group(rng, pools[t], TYPES[t], area, np.flatnonzero(here & ~known), own))
        for group, chosen in zip(groups, swap_courses(rng, groups, area_facts(area)), strict=True):
            courses[group.rows] = group.pool[chosen]
    return courses


def draw_group(
    rng: np.random.Generator, pool: States, type_key: str, area: str, rows: Ints, held: States
) -> Group:
    """Draw the first choice of a type's persons in a municipality from its tilted candidates."""
    facts, counts = area_facts(area), quarters_per_state(pool)
    typical = keep_typical(counts, type_key, area)
    told = np.column_stack([counts, shifts_of(pool)])[typical]
    weights = tilt(told, np.append(facts.quarters[type_key], facts.shifts[type_key]))
    chosen = rng.choice(typical.size, rows.size, p=weights)
    return Group(type_key, rows, pool[typical], weights, chosen, held)
