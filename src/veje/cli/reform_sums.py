"""What the audit must know of regimes and flags that hangs on a run's settings, as `audit.yaml` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

import polars as pl

from veje import io
from veje.cli.law import regimes_compared
from veje.flags import read_flags
from veje.flags.predicates import GROUP
from veje.flags.registry import regimes_of
from veje.names import EXPECTED
from veje.reform_choices import WIDENING, Flags
from veje.regimes import Regime
from veje.settings import Settings

Declared = dict[str, list[dict[str, str]]]
ROUTES = ("route_a", "route_b", "route_c")
QUANTITIES = {"route_c": "prior_scheme"}
"""Flags that are another one by definition."""
EARLY = ("scheme_before_2013", "prior_scheme")
"""Weeks of a scheme before the reform are of a scheme before the grant, where that flag holds."""


def reform_structure(settings: Settings, cells: pl.DataFrame) -> Declared:
    """Declare `sums` and `within` of data_schema/audit.yaml that hang on the run's settings.

    A group's grants are those of its regimes; the routes are all grants that have one, where all
    three are computed; who has a flag of no expected activation has the group's, and is left out of the
    timing; what one value of a parameter raises, a wider one does too.
    """
    if not cells.filter(table="regimes").height:
        return {"sums": [], "within": []}
    regimes, groups = regimes_compared(settings)
    flags = set(cells.filter(table="flags")["key"])
    asked = _regimes_in(cells)
    points = _points_in(cells)
    sums = [*_groups(groups), *_routes(flags), *_left_out(cells)]
    within = [*_straddling(regimes, settings.window.quarters), *_early(flags, asked, regimes)]
    for pairs in (_nested(points, settings.flags), _members(flags, points, asked, settings.flags)):
        for parts, whole, same in pairs:
            (sums if same else within).append({"parts": parts, "whole": whole})
    return {"sums": sums, "within": within}


def _groups(groups: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    for name, held in groups.items():
        yield {"parts": f"regime/{_any(held)}", "whole": f"group/{name}"}


def _routes(flags: set[str]) -> Iterator[dict[str, str]]:
    if set(ROUTES) <= flags:
        held = _any(_quantity(one) for one in ROUTES)
        yield {"parts": f"flag/{held}", "whole": "flag_known/prior_scheme"}
        yield {"parts": f"flag_in/{held}/(?P<at>.+)", "whole": "flag_known_in/prior_scheme/{at}"}


def _left_out(cells: pl.DataFrame) -> Iterator[dict[str, str]]:
    if cells.filter(table=EXPECTED).height:
        yield {"parts": "left_out", "whole": f"flag/{GROUP}"}
        yield {"parts": f"flag_known/{GROUP}", "whole": "persons"}


def _straddling(regimes: Sequence[Regime], quarters: int) -> Iterator[dict[str, str]]:
    """Say which regimes cannot have a window across a reform: all but those soon after one.

    A year of quarters is at most 366 days, and the window begins up to a quarter earlier.
    """
    long = timedelta(days=92 * (quarters + 1))
    starts = [one.start for one in regimes if one.reform and one.start]
    near = {
        one.name
        for one in regimes
        if any(one.end >= start and (one.start is None or one.start <= start + long) for start in starts)
    }
    far = [one.name for one in regimes if one.name not in near]
    yield {"parts": f"straddles|regime/{_any(far)}" if far else "straddles", "whole": "persons"}


def _early(flags: set[str], asked: Sequence[str], regimes: Sequence[Regime]) -> Iterator[dict[str, str]]:
    if set(EARLY) <= flags:
        spec = next(one for one in read_flags(io.read_list("flags", "law")) if one.name == EARLY[1])
        for regime in (one for one in asked if one in regimes_of(spec, regimes)):
            early, scheme = (f"flag_in/{one}/{regime}" for one in EARLY)
            yield {"parts": re.escape(early), "whole": scheme}


def _nested(points: Mapping[tuple[str, str], list[str]], rules: Flags) -> Iterator[tuple[str, str, bool]]:
    """Put the values of a parameter one within the next; the last: whether the parts are all of it.

    Against the run's own value the difference is a figure of its own: who gains the flag, or loses it.
    """
    for (flag, parameter), values in points.items():
        step = WIDENING.get(parameter)
        if step is None:
            continue
        numbers = sorted((int(one) for one in values), key=lambda one: step * one)
        held = [_at(flag, parameter, one) for one in numbers]
        for narrow, wide in pairwise(held):
            yield re.escape(f"{narrow}/held"), f"{wide}/held", False
        for number, point in zip(numbers, held, strict=True):
            own = f"flag/{_quantity(flag)}"
            if rules.nesting(parameter, number) == "wider":
                yield _any((own, f"{point}/gained")), f"{point}/held", True
            else:
                yield _any((f"{point}/held", f"{point}/lost")), own, True


def _members(
    flags: set[str], points: Mapping[tuple[str, str], list[str]], asked: Sequence[str], rules: Flags
) -> Iterator[tuple[str, str, bool]]:
    """Put each flag of no expected activation within the group's; one alone is the group's."""
    names = [one for one in rules.not_expected if one in flags]
    if GROUP not in flags:
        return
    places = [("flag/{}", "flag/{}")]
    places += [(f"flag_in/{{}}/{regime}", f"flag_in/{{}}/{regime}") for regime in asked]
    for name in names:
        for part, whole in places:
            yield re.escape(part.format(_quantity(name))), whole.format(GROUP), len(names) == 1
        for parameter, values in ((one, own) for (flag, one), own in points.items() if flag == GROUP):
            for value in values:
                moved = (name, parameter) in points
                own = f"{_at(name, parameter, value)}/held" if moved else f"flag/{_quantity(name)}"
                yield re.escape(own), f"{_at(GROUP, parameter, value)}/held", len(names) == 1


def _regimes_in(cells: pl.DataFrame) -> list[str]:
    """List the regimes that flags are shown within."""
    keys = cells.filter(table="flags_by_regime")["key"].unique().sort()
    return sorted({one.partition(".")[2] for one in keys})


def _points_in(cells: pl.DataFrame) -> dict[tuple[str, str], list[str]]:
    """List the values of each flag's parameters that were tried, by flag and parameter."""
    found: dict[tuple[str, str], list[str]] = {}
    for key in cells.filter(table="flag_variants")["key"].unique().sort():
        flag, point, part = key.split(".")
        parameter, _, value = point.partition("=")
        if part == "held":
            found.setdefault((flag, parameter), []).append(value)
    return found


def _at(flag: str, parameter: str, value: int | str) -> str:
    return f"flag_at/{flag}/{parameter}={value}"


def _quantity(flag: str) -> str:
    return QUANTITIES.get(flag, flag)


def _any(names: Iterator[str] | Sequence[str]) -> str:
    """Write a pattern of any of some names."""
    return f"(?:{'|'.join(re.escape(one) for one in names)})"
