"""Flags of grants, and how they move with the parameters that the law leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from pydantic import ValidationError

from veje.contracts import contract
from veje.errors import BadInput
from veje.flags.predicates import GROUP, PREDICATES
from veje.flags.registry import FlagSpec, regimes_of
from veje.reform_choices import Flags
from veje.regimes import Regime


@dataclass(frozen=True)
class FlagsResult:
    """Tables `flags` (a row a person and flag) and `flag_variants` (a row a parameter, value and flag)."""

    flags: pl.DataFrame
    flag_variants: pl.DataFrame


def build_flags(
    facts: pl.DataFrame, specs: Sequence[FlagSpec], regimes: Sequence[Regime], rules: Flags
) -> FlagsResult:
    """Compute the flags of every grant, and again with each parameter made otherwise.

    facts: of `build_facts`. specs: the flags to compute. A flag is null for grants of a regime
    before its rule, and where its inputs do not tell.
    """
    wide = raise_flags(facts, specs, regimes, rules)
    names = [spec.name for spec in specs]
    long = pl.concat([facts["person"].to_frame(), wide], how="horizontal").unpivot(
        names, index="person", variable_name="flag", value_name="value"
    )
    own = list(contract("flags").types)
    rows = [
        row
        for parameter, value, other in varied(rules)
        for row in _moved(parameter, value, wide, raise_flags(facts, specs, regimes, other), specs, rules)
    ]
    variants = pl.DataFrame(rows, schema=dict(contract("flag_variants").types))
    return FlagsResult(long.select(own).sort("person", "flag"), variants)


def raise_flags(
    facts: pl.DataFrame, specs: Sequence[FlagSpec], regimes: Sequence[Regime], rules: Flags
) -> pl.DataFrame:
    """Compute the flags, a column each, in the order of `specs`."""
    plain = facts.select(
        pl.when(pl.col("regime").is_in(regimes_of(spec, regimes)))
        .then(PREDICATES[spec.name](rules))
        .alias(spec.name)
        for spec in specs
        if spec.name != GROUP
    )
    members = [name for name in rules.not_expected if name in plain.columns]
    if all(spec.name != GROUP for spec in specs):
        return plain
    if not members:
        return plain.with_columns(pl.lit(None, dtype=pl.Boolean).alias(GROUP))
    # What a register does not tell of a grant does not keep it out of a denominator.
    held = pl.any_horizontal(pl.col(name).fill_null(False) for name in members)
    return plain.with_columns(held.alias(GROUP))


def varied(rules: Flags) -> Iterator[tuple[str, str, Flags]]:
    """Give each parameter made otherwise: its name, the value as text, and the rules with it.

    Raises `BadInput` for a value that the parameter cannot have.
    """
    for parameter, values in rules.alternatives.items():
        for value in values:
            try:
                changed = {**rules.model_dump(), "alternatives": {}, parameter: value}
                other = Flags.model_validate(changed)
            except ValidationError as error:
                told = error.errors()[0]["msg"].lower()
                raise BadInput(f"config: flags.alternatives.{parameter}: {value}: {told}") from None
            yield parameter, str(value), other


def _moved(
    parameter: str,
    value: str,
    before: pl.DataFrame,
    after: pl.DataFrame,
    specs: Sequence[FlagSpec],
    rules: Flags,
) -> list[dict[str, object]]:
    """Count, for each flag that the parameter is one of, whom it holds, and of those whom it held before."""
    names = [spec.name for spec in specs if parameter in spec.parameters]
    return [
        {
            "parameter": parameter,
            "value": value,
            "flag": name,
            "nested": rules.nesting(parameter, value),
            "persons": int(after[name].sum()),
            "kept": int((after[name] & before[name]).sum()),
            "gained": int((after[name] & ~before[name].fill_null(False)).sum()),
            "lost": int((before[name] & ~after[name].fill_null(False)).sum()),
            "known": after.height - after[name].null_count(),
        }
        for name in names
    ]
