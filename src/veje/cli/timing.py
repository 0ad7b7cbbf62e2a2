"""Rim of stage `timing`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.lists import meanings
from veje.settings import Settings
from veje.timing import build_timing


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read measure spells and the cohort, write activity, joined spells and their flow."""
    own = settings.timing
    kinds = meanings(io.read_list(own.codes, "codes"), "kind", own.codes)
    result = build_timing(inputs.table("measures"), inputs.table("cohort"), kinds, own, settings.window)
    outputs.write(result.timing, "timing")
    outputs.write(result.spells, "spells")
    outputs.write(result.spell_flow, "spell_flow")
