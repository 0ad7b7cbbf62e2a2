"""The settings of how many jobs a stage is shared among; no result depends on them."""

from __future__ import annotations

from veje.sections import Section, key


class Jobs(Section):
    """How many jobs the heavy stages are shared among, on a cluster or one after another."""

    distances: int = key(
        1, "jobs", "The triangle of distances is computed in so many stretches.", ge=1, le=1_000
    )
    clusters: int = key(
        1, "jobs", "With `clusters.method: clara`: samples are shared among so many jobs.", ge=1, le=1_000
    )
    validation: int = key(
        1, "jobs", "Bootstrap samples and random sets are shared among so many jobs.", ge=1, le=1_000
    )
