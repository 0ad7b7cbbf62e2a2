"""Choose courses so that each type and municipality has about its published mean quarters per state.

Candidates come from the type's grammar. They are tilted (maximum entropy: weights exp(lambda . x)
whose mean is the target), drawn, and then single courses are swapped until the means lie near.
"""

from __future__ import annotations

import numpy as np

from veje.published import figures
from veje.twin.grammar import GRAMMARS
from veje.twin.law import AREAS, QUARTERS, STATES, TYPES, Floats, Ints, States

POOL = 4000
NEAR = 0.08
"""Quarters: swapping stops when every state's mean is this near to the printed one."""


def target_quarters(type_key: str, area: str) -> Floats:
    """Give the printed mean quarters per state, in the alphabet's order, scaled to sum to 20."""
    printed = figures("bilag_1", "mean", "area", "type_key", "key")
    mean = np.array([printed[area, type_key, state] for state in STATES])
    scaled: Floats = mean * (20.0 / mean.sum())
    return scaled


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


def swap_near(
    rng: np.random.Generator, counts: Floats, target: Floats, chosen: Ints, weights: Floats
) -> Ints:
    """Swap single chosen candidates for freshly drawn ones while that brings the means nearer."""
    fresh = rng.choice(counts.shape[0], 600, p=weights)
    places = rng.integers(0, chosen.size, 600)
    gap = counts[chosen].mean(axis=0) - target
    for candidate, place in zip(fresh, places, strict=True):
        if np.abs(gap).max() < NEAR:
            break
        moved = gap + (counts[candidate] - counts[chosen[place]]) / chosen.size
        if np.square(moved).sum() < np.square(gap).sum():
            chosen[place], gap = candidate, moved
    return chosen


def draw_courses(rng: np.random.Generator, types: Ints, areas: Ints) -> States:
    """Draw a course of 20 quarters for each person, by type and municipality.

    types, areas: (n,) positions in TYPES and AREAS. Returns (n, 20) states.
    """
    courses = np.zeros((types.size, QUARTERS), dtype=np.uint8)
    for t, type_key in enumerate(TYPES):
        pool = GRAMMARS[type_key](rng, POOL)
        counts = quarters_per_state(pool)
        for a, area in enumerate(AREAS):
            here = np.flatnonzero((types == t) & (areas == a))
            if here.size == 0:
                continue
            target = target_quarters(type_key, area)
            weights = tilt(counts, target)
            chosen = rng.choice(POOL, here.size, p=weights)
            courses[here] = pool[swap_near(rng, counts, target, chosen, weights)]
    return courses
