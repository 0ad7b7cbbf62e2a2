"""Rim of stage `sensitivity`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.cli.road import Road
from veje.config import varied
from veje.contracts import contract
from veje.errors import VejeError
from veje.sensitivity import Solution, build_sensitivity
from veje.settings import Settings
from veje.validation.material import part_of


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Compute every variant of the config anew from the weekly codes, write how far each moves."""
    rules = settings.sensitivity
    if not rules.variants:
        outputs.write(contract("sensitivity").empty(), "sensitivity")
        return ["no variants in the config"]
    cohort = part_of(inputs.table("cohort"), rules.most_persons, settings.seed)
    changed = {name: varied(settings, overrides) for name, overrides in rules.variants.items()}
    road = Road(inputs, cohort, [settings, *changed.values()])
    base, alphabet = road.solve(settings), alphabet_of(settings.sequences)
    made = build_sensitivity(base, _solved(road, changed), alphabet, settings.cohort.areas)
    outputs.write(made, "sensitivity")
    return _note_part(cohort, inputs.table("cohort"))


def _solved(road: Road, changed: Mapping[str, Settings]) -> Iterator[tuple[str, Solution]]:
    """Solve each variant in turn; a fault in one is told with its name."""
    for name, settings in changed.items():
        try:
            yield name, road.solve(settings)
        except VejeError as error:
            raise type(error)(f"sensitivity.variants.{name}: {error}") from None


def _note_part(part: pl.DataFrame, cohort: pl.DataFrame) -> list[str]:
    if part.height == cohort.height:
        return []
    return [f"variants are compared on {part.height:,} of {cohort.height:,} persons, drawn at random"]
