"""Which counts add up to which: keys to their whole, types to their area, municipalities to all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from veje.audit.model import Builder, Ints
from veje.audit.structure import Chain, Structure, Sum
from veje.errors import VejeError

COHORT = "persons"
GROUPS = {"quantity": pl.String(), "group": pl.Int64(), "whole": pl.String(), "whole_at": pl.String()}


def add_sums(variables: pl.DataFrame, structure: Structure, pooled: str, builder: Builder) -> None:
    """Add every declared sum that holds between variables; pooled: the area of all municipalities.

    Raises `VejeError` when the true counts do not add up: then the declaration is wrong.
    """
    names = variables["quantity"].unique(maintain_order=True).to_list()
    for one in structure.sums:
        parts = along(variables.join(matching(names, one), on="quantity", how="inner"), one.over, pooled)
        _add(_named(parts) if one.found else parts, variables, builder, one.parts.pattern)
    for over in ("types", "areas"):
        added = [name for name in names if not any(one.fullmatch(name) for one in structure.alone)]
        own = pl.DataFrame({"quantity": added, "group": range(len(added)), "whole": added})
        parts = variables.join(
            own.with_columns(pl.lit(None, dtype=pl.String).alias("whole_at")), on="quantity"
        )
        # Only figures of all types are added over municipalities: each has types of its own.
        parts = parts.filter(pl.col("at") == "", _municipal(variables)) if over == "areas" else parts
        _add(along(parts, over, pooled), variables, builder, f"all quantities over {over}")


def _municipal(variables: pl.DataFrame) -> pl.Expr:
    """Tell the areas that the cohort is divided into; a region or the other population is no part of it."""
    own = variables.filter(pl.col("quantity") == COHORT)["area"].unique()
    return pl.col("area").is_in(own.implode())


def matching(names: list[str], one: Sum) -> pl.DataFrame:
    """Give the quantities that are parts of a sum, numbered by sum, with the whole's name and type."""
    groups: dict[tuple[str, ...], int] = {}
    rows = []
    for name in names:
        match = one.parts.fullmatch(name)
        if match:
            known = match.groupdict()
            group = groups.setdefault(tuple(known.values()), len(groups))
            at = None if one.at is None else one.at.format(**known)
            rows.append(
                {"quantity": name, "group": group, "whole": one.whole.format(**known), "whole_at": at}
            )
    return pl.DataFrame(rows, schema=GROUPS)


def _named(parts: pl.DataFrame) -> pl.DataFrame:
    """Mark the sums of lists of what was found that name fewer than another place does (`open`).

    Such a list (the groups of the profile) names nothing that reaches the threshold nowhere: its names
    do not say that there is no other. One name alone does not say so anywhere.
    """
    names = pl.col("quantity").n_unique()
    fewer = names.over("group", "to_area", "to_at") < names.over("group")
    return parts.with_columns((fewer | (names.over("group") == 1)).alias("open"))


def along(parts: pl.DataFrame, over: str, pooled: str) -> pl.DataFrame:
    """Say of every part where its whole is: columns to_area, to_at."""
    at = pl.coalesce("whole_at", "at")
    if over == "areas":
        return parts.filter(pl.col("area") != pooled).with_columns(
            pl.lit(pooled).alias("to_area"), at.alias("to_at")
        )
    if over == "types":
        return parts.filter(pl.col("at") != "").with_columns(
            pl.col("area").alias("to_area"), pl.lit("").alias("to_at")
        )
    return parts.with_columns(pl.col("area").alias("to_area"), at.alias("to_at"))


def _add(parts: pl.DataFrame, variables: pl.DataFrame, builder: Builder, name: str) -> None:
    """Add the sums whose whole is a variable, one for every place of parts."""
    parts = parts if "open" in parts.columns else parts.with_columns(pl.lit(False).alias("open"))
    sums = added_up(parts, variables)
    missing = pl.when("open").then(pl.col("truth") > pl.col("to_truth"))
    wrong = sums.filter(missing.otherwise(pl.col("truth") != pl.col("to_truth"))).height
    if wrong:
        raise VejeError(f"data_schema/audit.yaml: {wrong} sums of {name} do not hold")
    if sums.height:
        least = np.where(sums["open"].to_numpy(), -np.inf, 0.0)
        builder.add_groups(*members(sums), sums["to"].cast(pl.Int64).to_numpy(), least)


def added_up(parts: pl.DataFrame, variables: pl.DataFrame) -> pl.DataFrame:
    """Give the sums whose whole is a variable: group, to, number (list), truth, to_truth, open, to_area.

    parts: of `along`, with `open`.
    """
    wholes = variables.select(
        pl.col("quantity").alias("whole"), pl.col("area").alias("to_area"), pl.col("at").alias("to_at"),
        pl.col("number").alias("to"), pl.col("truth").alias("to_truth"),
    )  # fmt: skip
    found = parts.join(wholes, on=["whole", "to_area", "to_at"], how="inner")
    return found.group_by("group", "to", maintain_order=True).agg(
        "number",
        pl.col("truth").sum(),
        pl.col("to_truth").first(),
        pl.col("open").first(),
        pl.col("to_area").first(),
    )


def members(sums: pl.DataFrame) -> tuple[Ints, Ints]:
    """Give the parts of all sums one after another: the sum's place, and the variable's number."""
    long = sums.select(pl.int_range(pl.len()).alias("row"), "number").explode("number")
    return long["row"].cast(pl.Int64).to_numpy(), long["number"].cast(pl.Int64).to_numpy()


def add_steps(variables: pl.DataFrame, chain: Chain, builder: Builder) -> Iterator[tuple[str, int, int, int]]:
    """Give the differences between consecutive steps: area, both variables' numbers and the true difference.

    Adds that the last step is what the chain declares of it.
    """
    numbers = {
        name: match["n"] for name in variables["quantity"].unique() if (match := chain.steps.fullmatch(name))
    }
    steps = variables.filter(pl.col("quantity").is_in(list(numbers)))
    for (area, at), own in steps.group_by("area", "at", maintain_order=True):
        rows = sorted(own.iter_rows(named=True), key=lambda row: int(numbers[row["quantity"]]))
        for before, after in pairwise(rows):
            if not chain.same_persons.fullmatch(after["quantity"]):
                yield after["area"], before["number"], after["number"], before["truth"] - after["truth"]
        for end in variables.filter(quantity=chain.last or "", area=area, at=at).iter_rows(named=True):
            if end["truth"] != rows[-1]["truth"]:
                raise VejeError(f"data_schema/audit.yaml: the last of the steps is not {chain.last}")
            builder.add([np.array([rows[-1]["number"]]), np.array([end["number"]])], [1.0, -1.0], 0.0, 0.0)
