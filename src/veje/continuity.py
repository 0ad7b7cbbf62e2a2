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
