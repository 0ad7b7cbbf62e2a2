"""Rim of stage `background`."""

from __future__ import annotations

from veje import io
from veje.background import build_background
from veje.cli.files import Files
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read the cohort and the background registers, write covariates."""
    own = settings.background
    names = {
        "education": own.education_codes,
        "diagnoses": own.diagnosis_codes,
        "medicine": own.medicine_codes,
    }
    lists = {name: io.read_list(path, "codes") for name, path in names.items()}
    tables = ("bef", "education", "medicine", "parents", "grants", "income", "unemployment")
    registers = {name: inputs.table(name) for name in tables}
    given = frozenset(name for name, one in settings.registers if one is not None)
    outputs.write(build_background(inputs.table("cohort"), registers, lists, given, own), "background")
