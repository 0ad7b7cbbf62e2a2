"""Counts that lie within another one by definition, and what they leave of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from veje.audit.model import Builder
from veje.audit.structure import Structure
from veje.audit.sums import added_up, along, matching, members
from veje.errors import VejeError

RESTS = ("quantity", "area", "at", "truth")


def add_within(
    variables: pl.DataFrame, structure: Structure, pooled: str, builder: Builder, start: int, threshold: int
) -> pl.DataFrame:
    """Add that parts are no more than their whole, and variables of what they leave where that is few.

    start: the number of the first new variable. Returns them as rows of `variables` with area and `of`,
    the whole's number. Raises `VejeError` when true counts are not within: then the declaration is wrong.
    """
    parts = [one.with_columns(pl.lit(False).alias("open")) for one in _parts(variables, structure, pooled)]
    sums = pl.concat([added_up(one, variables) for one in parts]) if parts else pl.DataFrame()
    if sums.is_empty():
        return variables.clear().select("number", *RESTS).with_columns(pl.lit(None, pl.Int64).alias("of"))
    wrong = sums.filter(pl.col("truth") > pl.col("to_truth")).height
    if wrong:
        raise VejeError(f"data_schema/audit.yaml: {wrong} counts are not within what they are declared in")
    few = sums.filter(pl.col("to_truth") - pl.col("truth") < threshold)
    many = sums.filter(pl.col("to_truth") - pl.col("truth") >= threshold)
    builder.add_groups(*members(many), many["to"].cast(pl.Int64).to_numpy(), np.full(many.height, -np.inf))
    rests = _rests(few, variables, start)
    group, number = members(few)
    group = np.concatenate([group, np.arange(few.height)])
    number = np.concatenate([number, rests["number"].cast(pl.Int64).to_numpy()])
    builder.add_groups(group, number, few["to"].cast(pl.Int64).to_numpy(), np.zeros(few.height))
    return rests


def _parts(variables: pl.DataFrame, structure: Structure, pooled: str) -> Iterator[pl.DataFrame]:
    names = variables["quantity"].unique(maintain_order=True).to_list()
    for one in structure.within:
        yield along(variables.join(matching(names, one), on="quantity", how="inner"), one.over, pooled)


def _rests(few: pl.DataFrame, variables: pl.DataFrame, start: int) -> pl.DataFrame:
    """Number what is left of each whole: the columns of differences (see `build`)."""
    of = few["to"].cast(pl.Int64)
    whole = variables[of.to_numpy()]
    first = variables["quantity"].gather(few["number"].list.first())
    return pl.DataFrame(
        {
            "number": pl.Series(np.arange(start, start + few.height), dtype=variables.schema["number"]),
            "quantity": whole["quantity"] + " beside " + first,
            "area": few["to_area"],
            "at": whole["at"],
            "truth": few["to_truth"] - few["truth"],
            "of": of,
        }
    )
