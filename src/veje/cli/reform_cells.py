"""Rim of the reforms' figures: read when stage `reforms` was run, else none."""

from __future__ import annotations

import polars as pl

from veje.cli.files import Files
from veje.cli.law import regimes_compared
from veje.cli.lists import alphabet_of, types_of
from veje.regimes import OUTSIDE, regimes_between, uncovered
from veje.settings import Settings
from veje.tables.build import places_of
from veje.tables.reforms import Reform, Scope, reform_figures


def reform_cells(settings: Settings, inputs: Files) -> list[pl.DataFrame]:
    """Count the figures of regimes and flags; none when the workflow did not ask for them."""
    if not inputs.many("grant_regimes"):
        return []
    found = Reform(**{name: inputs.table(name) for name in Reform.__dataclass_fields__})
    areas = settings.cohort.areas
    return reform_figures(
        found,
        inputs.table("sequences"),
        inputs.table("timing"),
        places_of(inputs.table("types"), areas, types_of(settings)),
        alphabet_of(settings.sequences),
        scope_of(settings),
        areas[0],
    )


def scope_of(settings: Settings) -> Scope:
    """Give the regimes that the cohort's days lie in, and their groups, in order.

    Days that no regime holds are a row of their own, whoever is found on them.
    """
    regimes, groups = regimes_compared(settings)
    held = regimes_between(regimes, settings.cohort.from_, settings.cohort.to)
    without = [OUTSIDE] if uncovered(regimes, settings.cohort.from_, settings.cohort.to) else []
    return Scope([*held, *without], [name for name, own in groups.items() if set(own) & set(held)])
