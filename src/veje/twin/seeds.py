"""One random stream a step, so that a change in one part leaves the other parts as they were."""

from __future__ import annotations

import numpy as np

STEPS = (
    "cases",
    "courses",
    "births",
    "numbers",
    "weeks",
    "codes",
    "others",
    "decisions",
    "measures",
    "records",
    "partners",
    "parents",
    "population",
    "education",
    "medicine",
    "diagnoses",
    "order",
    "other_courses",
    "other_measures",
    "industry",
    "income",
    "unemployment",
    "departures",
    "applications",
)
"""Append only: a stream is the n-th child of the seed, and moving one moves its figures."""


def stream(seed: int, step: str) -> np.random.Generator:
    """Give the generator of one step: the child of the seed that `SeedSequence.spawn` would give."""
    child = np.random.SeedSequence(entropy=seed, spawn_key=(STEPS.index(step),))
    return np.random.default_rng(child)
