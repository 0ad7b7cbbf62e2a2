"""What a config and the law's lists ask of a run, read before any work: a fault in them is told then."""

from __future__ import annotations

from veje import io
from veje.errors import BadInput
from veje.flags.registry import FlagSpec, choose_flags, read_flags
from veje.regimes import Regime, groups_of, read_regimes, regimes_between
from veje.settings import Settings


def reforms_asked(settings: Settings) -> bool:
    """Tell whether a run gives grants regimes and flags: the setting asks, or several regimes hold.

    Raises `BadInput` where clusters come from samples: types within regimes need all distances.
    """
    own = settings.reforms
    asked = own.chapter == "always"
    if own.chapter == "several":
        regimes = regimes_listed(settings)
        asked = len(regimes_between(regimes, settings.cohort.from_, settings.cohort.to)) > 1
    if asked and settings.clusters.sampled:
        raise BadInput(
            "config: types within regimes need all distances, which clusters.method: clara has not;"
            " set reforms.chapter: never"
        )
    return asked


def regimes_listed(settings: Settings) -> list[Regime]:
    """Read the list of regimes."""
    name = settings.reforms.regimes
    return list(read_regimes(io.read_list(name, "law"), name))


def regimes_compared(settings: Settings) -> tuple[list[Regime], dict[str, list[str]]]:
    """Read the list of regimes, and the groups of them that are compared."""
    regimes = regimes_listed(settings)
    return regimes, groups_of(settings.reforms.groups, regimes, "reforms.groups")


def flags_of(settings: Settings) -> tuple[list[FlagSpec], list[FlagSpec]]:
    """Read the registry of flags; gives all of them, and those that the run computes."""
    specs = read_flags(io.read_list("flags", "law"))
    return specs, choose_flags(specs, settings.flags, delivered(settings))


def delivered(settings: Settings) -> list[str]:
    """Name the registers that are delivered."""
    return [name for name, one in settings.registers if one is not None]


def check_law(settings: Settings) -> None:
    """Raise `BadInput` for lists and settings that stage `reforms` could not work with."""
    if reforms_asked(settings):
        regimes_compared(settings)
        flags_of(settings)
