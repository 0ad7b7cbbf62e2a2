"""Rim of stage `cohort`."""

from __future__ import annotations

from veje.cli.files import Files
from veje.cohort import build_cohort
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read grants and persons, write the cohort and the flow of exclusions; notes persons of no known age."""
    bef = inputs.table("bef")
    given = settings.registers
    deaths = inputs.table("deaths") if given.deaths else None
    migration = inputs.table("migration") if given.migration else None
    result = build_cohort(
        inputs.table("grants"),
        bef,
        settings.cohort,
        inputs.table("dream"),
        deaths=deaths,
        migration=migration,
    )
    outputs.write(result.cohort, "cohort")
    outputs.write(result.flow, "flow")
    unknown, all_persons = result.cohort["age"].null_count(), result.cohort.height
    delivered = bef["birth_date"].null_count() < bef.height
    if unknown and delivered:
        return [f"{unknown:,} of {all_persons:,} persons have no birth date in bef; their age is unknown"]
    return []
