"""Rim of stage `cohort`."""

from __future__ import annotations

from veje import io
from veje.applications import build_applications
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
    municipalities = io.read_list("municipalities", "codes")
    grants, own = inputs.table("grants"), settings.cohort
    applications = build_applications(grants, result.granted, bef, own, municipalities)
    outputs.write(applications, "applications")
    unknown, all_persons = result.cohort["age"].null_count(), result.cohort.height
    delivered = bef["birth_date"].null_count() < bef.height
    if unknown and delivered:
        return [f"{unknown:,} of {all_persons:,} persons have no birth date in bef; their age is unknown"]
    return []
