"""Covariates of persons as codes: small categories put together, so that none tells of a few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from veje.errors import BadInput, near
from veje.validation.splits import Covariate

UNKNOWN, OTHER = "unknown", "other"
SCALES = ("age_group", "income_group", "unemployment_group")


def covariates_of(
    background: pl.DataFrame, persons: pl.DataFrame, names: Sequence[str], smallest: int
) -> list[Covariate]:
    """Give the covariates that distinguish persons, in the order of `names`.

    background: table of that name. persons: their numbers, in order. A value that is not known is
    `unknown`. Categories of fewer than `smallest` persons are `other` together, with the next
    smallest ones while those are too few; a covariate with fewer than two categories is left out.
    Raises `BadInput` for a name that is no column.
    """
    strange = [name for name in names if name not in background.columns or name == "person"]
    if strange:
        known = [name for name in background.columns if name != "person"]
        told = near(strange[0], known)
        raise BadInput(f"config: validation.covariates: no covariate '{strange[0]}': {told}")
    joined = persons.select("person").join(background, on="person", how="left", maintain_order="left")
    made = [_covariate(name, _values(joined[name]), smallest) for name in names]
    return [one for one in made if len(one.categories) > 1]


def _values(column: pl.Series) -> list[str]:
    if column.dtype == pl.Boolean:
        column = column.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String, default=None)
    return column.cast(pl.String).fill_null(UNKNOWN).to_list()


def _covariate(name: str, values: list[str], smallest: int) -> Covariate:
    counts = {value: values.count(value) for value in sorted(set(values))}
    few = _few(counts, smallest)
    told = [OTHER if value in few else value for value in values]
    categories = tuple(sorted(set(told), key=_place))
    codes = {category: code for code, category in enumerate(categories)}
    scale = name in SCALES and not few and UNKNOWN not in categories
    return Covariate(name, np.array([codes[value] for value in told], np.intp), categories, scale)


def _few(counts: dict[str, int], smallest: int) -> set[str]:
    """Choose the categories that become one: the small ones, and more of the smallest while too few."""
    few = {value for value, count in counts.items() if count < smallest}
    if not few:
        return few
    if OTHER in counts:
        few.add(OTHER)
    rest = sorted((count, value) for value, count in counts.items() if value not in few)
    while rest and sum(counts[value] for value in few) < smallest:
        few.add(rest.pop(0)[1])
    return few


def _place(category: str) -> tuple[int, str]:
    """Sort groups of a number by their lowest one (`under_26`, `26_35`), others by name."""
    digits = category.split("_")[0]
    return (int(digits) if digits.isdigit() else -1, category)
