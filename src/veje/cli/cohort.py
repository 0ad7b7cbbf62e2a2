"""Rim of stage `cohort`."""

from __future__ import annotations

from veje.cli.files import Files
from veje.cohort import build_cohort
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read grants and persons, write the cohort and the flow of exclusions."""
    result = build_cohort(inputs.table("grants"), inputs.table("bef"), settings.cohort)
    outputs.write(result.cohort, "cohort")
    outputs.write(result.flow, "flow")
