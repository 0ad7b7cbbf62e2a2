"""Rim of stage `timing`."""

from __future__ import annotations

from dataclasses import fields

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.lists import meanings, read_kinds
from veje.settings import Settings
from veje.spells import Source, check_change
from veje.timing import build_timing
from veje.timing.depth import Material, build_depth


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read measure spells and the cohort, write activity, joined spells and timing in depth."""
    own = settings.timing
    kinds = meanings(io.read_list(own.codes, "codes"), "kind", own.codes)
    measures, cohort, later = inputs.table("measures"), inputs.table("cohort"), None
    if settings.registers.offl:
        listed = read_kinds(io.read_list(own.offl_codes, "codes"), own.switches, own.offl_codes)
        later = Source(inputs.table("later_measures"), listed)
        check_change(measures, later.records, own.offl_from)
    result = build_timing(measures, cohort, kinds, own, settings.window, later)
    outputs.write(result.timing, "timing")
    outputs.write(result.spells, "spells")
    outputs.write(result.spell_flow, "spell_flow")
    outputs.write(result.spell_rules, "spell_rules")
    material = Material(
        timing=result.timing,
        spells=result.spells,
        cohort=cohort,
        sequences=inputs.table("sequences"),
        grants=inputs.table("grants"),
        alphabet=alphabet_of(settings.sequences),
    )
    depth = build_depth(material, own, settings.timing_depth, settings.window)
    for field in fields(depth):
        outputs.write(getattr(depth, field.name), field.name)
