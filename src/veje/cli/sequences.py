"""Rim of stage `sequences`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.lists import read_codes
from veje.sequences import build_sequences, find_rows, needed_weeks
from veje.settings import Settings
from veje.versions import dream_version
from veje.weekfile import read_weekly


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read DREAM's weeks and the cohort, write quarter states and unique sequences; notes unknown codes."""
    own = settings.sequences
    alphabet = alphabet_of(own)
    table = io.read_list(own.codes, "codes")
    version = dream_version(settings.registers.dream.files, settings.registers.dream.version)
    codes = read_codes(table, own.state_column, alphabet, version, own.codes, own.switches)
    cohort = inputs.table("cohort")
    rows = find_rows(inputs.table("dream"), cohort)
    files = {path.stem: path for path in inputs.many("dream_weeks")}
    weekly = read_weekly(files, rows, *needed_weeks(cohort, settings.window))
    result = build_sequences(weekly, cohort, codes, alphabet, own, settings.window)
    outputs.write(result.sequences, "sequences")
    outputs.write(result.unique, "unique")
    outputs.write(result.week_codes, "week_codes")
    unknown = result.week_codes.filter(result.week_codes["state"].is_null())
    if unknown.height:
        return [
            f"{unknown['weeks'].sum():,} weeks have one of {unknown.height:,} codes that are not in the list"
        ]
    return []
