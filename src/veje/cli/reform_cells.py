"""Rim of the reforms' figures: read when stage `reforms` was run, else none."""

from __future__ import annotations

import re

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of, types_of
from veje.regimes import OUTSIDE, groups_of, read_regimes, regimes_between, uncovered
from veje.settings import Settings
from veje.tables.build import places_of
from veje.tables.reforms import Reform, Scope, reform_figures

GROUPS_KEY = "reforms.groups"
"""The config's key that groups of regimes stand under."""


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


def reform_sums(settings: Settings, cells: pl.DataFrame) -> list[dict[str, str]]:
    """Declare the sums that hang on the run's settings, as `sums` of data_schema/audit.yaml.

    A group's grants are those of its regimes; the routes are all grants that have one, where all
    three are computed.
    """
    if not cells.filter(table="regimes").height:
        return []
    own = settings.reforms
    groups = groups_of(own.groups, read_regimes(io.read_list(own.regimes, "law"), own.regimes), GROUPS_KEY)
    sums = [
        {"parts": f"regime/(?:{'|'.join(re.escape(one) for one in held)})", "whole": f"group/{name}"}
        for name, held in groups.items()
    ]
    computed = set(cells.filter(table="flags")["key"])
    if not {"route_a", "route_b", "route_c"} <= computed:
        return sums
    routes = "route_a|route_b|prior_scheme"
    return [
        *sums,
        {"parts": f"flag/(?:{routes})", "whole": "flag_known/prior_scheme"},
        {"parts": f"flag_in/(?:{routes})/(?P<at>.+)", "whole": "flag_known_in/prior_scheme/{at}"},
    ]


def scope_of(settings: Settings) -> Scope:
    """Give the regimes that the cohort's days lie in, and their groups, in order.

    Days that no regime holds are a row of their own, whoever is found on them.
    """
    own = settings.reforms
    regimes = read_regimes(io.read_list(own.regimes, "law"), own.regimes)
    held = regimes_between(regimes, settings.cohort.from_, settings.cohort.to)
    groups = groups_of(own.groups, regimes, GROUPS_KEY)
    without = [OUTSIDE] if uncovered(regimes, settings.cohort.from_, settings.cohort.to) else []
    return Scope([*held, *without], [name for name, own in groups.items() if set(own) & set(held)])
