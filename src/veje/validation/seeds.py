"""Random numbers of many replications from one seed, the same whatever runs first."""

from __future__ import annotations

import numpy as np


def spawned(seed: int, replications: int) -> list[np.random.Generator]:
    """Return one independent generator a replication, all spawned from one seed.

    The first ones do not change when more are asked for. Raises ValueError for a negative seed.
    """
    children = np.random.SeedSequence(seed).spawn(replications)
    return [np.random.Generator(np.random.PCG64(child)) for child in children]
