"""The registry of flags: what each is, what it is computed from, and which a run can compute."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from veje.errors import BadInput, near
from veje.flags.predicates import GROUP, PREDICATES
from veje.reform_choices import Flags
from veje.regimes import Regime

MEASURES = ("amfo", "offl")
"""The registers that `measures` stands for: either will do."""

KINDS = ("hard", "rule", "route", "proxy", "group")


@dataclass(frozen=True)
class FlagSpec:
    """A flag as the registry has it; `registers` are those it cannot do without."""

    name: str
    kind: str
    registers: tuple[str, ...]
    parameters: tuple[str, ...]
    first_regime: str

    def absent(self, given: Collection[str]) -> list[str]:
        """Name the registers that the flag needs and that are not delivered."""
        return [
            name
            for name in self.registers
            if name not in given and not (name == "measures" and set(MEASURES) & set(given))
        ]


def read_flags(table: pl.DataFrame) -> list[FlagSpec]:
    """Read the registry, in its order. Raises `BadInput` when it and the predicates are not the same."""
    found = [
        FlagSpec(
            row["flag"], row["kind"], _words(row["registers"]), _words(row["parameters"]), row["first_regime"]
        )
        for row in table.to_dicts()
    ]
    names = {one.name for one in found}
    unlike = sorted(names ^ {*PREDICATES, GROUP})
    if unlike or len(names) < len(found):
        raise BadInput(f"list flags: not the flags that can be computed: {', '.join(unlike) or 'one twice'}")
    strange = [one.name for one in found if one.kind not in KINDS]
    if strange:
        raise BadInput(f"list flags: kind of {strange[0]} is not one of {', '.join(KINDS)}")
    return found


def choose_flags(specs: Sequence[FlagSpec], rules: Flags, given: Collection[str]) -> list[FlagSpec]:
    """Choose the flags to compute: those asked for, or all whose registers are delivered.

    given: names of the delivered registers. Raises `BadInput` in one line for a flag that is not
    known, and for one asked for whose register is not delivered.
    """
    known = {one.name: one for one in specs}
    for key, names in (("wanted", rules.wanted), ("not_expected", rules.not_expected)):
        for name in names:
            if name not in known or (key == "not_expected" and name == GROUP):
                raise BadInput(f"config: flags.{key}: no flag '{name}': {near(name, known)}")
    for name in rules.wanted:
        absent = known[name].absent(given)
        if absent:
            told = " and registers.".join(absent)
            raise BadInput(f"config: flags.wanted: flag '{name}' needs registers.{told}")
    wanted = rules.wanted or list(known)
    return [one for one in specs if one.name in wanted and not one.absent(given)]


def notes_on(
    specs: Sequence[FlagSpec], chosen: Sequence[FlagSpec], rules: Flags, given: Collection[str]
) -> list[str]:
    """Say of each flag left out, when none was asked for by name, which register it lacks."""
    left = [one for one in specs if one not in chosen and not rules.wanted]
    return [
        f"flag {one.name} is left out: registers.{' and registers.'.join(one.absent(given))} is not delivered"
        for one in left
    ]


def regimes_of(spec: FlagSpec, regimes: Sequence[Regime]) -> list[str]:
    """Name the regimes that a flag's rule holds in: its first one and all later ones."""
    names = [one.name for one in regimes]
    if spec.first_regime not in names:
        raise BadInput(
            f"list flags: {spec.name}: no regime '{spec.first_regime}': {near(spec.first_regime, names)}"
        )
    return names[names.index(spec.first_regime) :]


def _words(cell: str | None) -> tuple[str, ...]:
    return tuple((cell or "").split())
