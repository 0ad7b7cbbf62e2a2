"""The settings of what a run takes over from the one before it."""

from __future__ import annotations

from veje.sections import Section, key


class Continuity(Section):
    """What a run takes over from the last published one; nothing where there is none."""

    distances: bool = key(
        False,
        "yes or no",
        "Keep the distances of unlike sequences among the private results, and compute only new pairs; no "
        "result depends on it. It helps where costs do not come from the sequences: others change each time.",
    )
    names: bool = key(
        False,
        "yes or no",
        "A cluster that is found again keeps the number and the type that it has in the last published run.",
    )
    limit: float = key(
        2.0,
        "quarters",
        "With `names`: a cluster is found again when its mean quarters per state moved no further.",
        gt=0,
    )
