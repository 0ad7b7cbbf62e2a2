"""Persons without a grant drawn for the grants, within cells of the same traits."""

from __future__ import annotations

import numpy as np
import polars as pl

CELL = ["area", "sex", "age_band", "first_state"]


def add_cells(persons: pl.DataFrame, age_band: int) -> pl.DataFrame:
    """Add the band of age, by its first year; persons: area, sex, age, first_state."""
    return persons.with_columns((pl.col("age") // age_band * age_band).alias("age_band"))


def match_grants(
    grants: pl.DataFrame, candidates: pl.DataFrame, per_grant: int, seed: int
) -> tuple[pl.DataFrame, int]:
    """Draw in each cell `per_grant` persons for each grant in it, without replacement, while there are any.

    grants, candidates: person and the columns of `CELL`. Returns the drawn persons with their weight,
    sorted by person, and the number of grants in cells without any candidate. The persons of a cell
    are dealt out in turn to those drawn of it, so that weights are whole persons and add up to the cell.
    An unknown sex or age is a value of its own.
    """
    wanted = grants.group_by(CELL).len("grants")
    order = np.random.default_rng(seed).permutation(candidates.height)
    shuffled = candidates.sort("person").with_columns(pl.Series("order", order))
    beside = shuffled.join(wanted, on=CELL, how="inner", nulls_equal=True)
    rank = pl.col("order").rank("ordinal").over(CELL).cast(pl.Int64)
    size = pl.len().over(CELL).cast(pl.Int64)
    number = pl.min_horizontal(size, per_grant * pl.col("grants").cast(pl.Int64))
    dealt = size // number + (rank <= size % number).cast(pl.Int64)
    kept = beside.with_columns((rank <= number).alias("drawn"), dealt.alias("weight")).filter("drawn")
    alone = grants.join(candidates.select(CELL).unique(), on=CELL, how="anti", nulls_equal=True).height
    return kept.select(*candidates.columns, "weight").sort("person"), alone
