"""Tables that are computed from released figures alone: they tell nothing that those do not tell."""

from __future__ import annotations

import numpy as np
import polars as pl

from veje.contracts import contract
from veje.disclosure import HALF_UP, INDEX_DECIMALS
from veje.indicators import normalised_entropy
from veje.names import CELL


def add_derived(released: pl.DataFrame, n_states: int) -> pl.DataFrame:
    """Add the entropy of each quarter to the table `released`."""
    columns = list(contract("released").types)
    return pl.concat([released.select(columns), entropy(released, n_states).select(columns)]).sort(CELL)


def entropy(released: pl.DataFrame, n_states: int) -> pl.DataFrame:
    """Give the entropy of the published shares of states in each quarter, 0 to 1, for every place.

    # ASSUME: what is withheld or lost to rounding counts as one state, because its parts are not
    known; the true entropy may lie a little higher. A quarter with less than `COVERED` percent
    published has none.
    Source: Gabadinho et al. 2011, J Stat Softw 40(4), section 5.
    """
    shares = released.filter(table="state_distribution").with_columns(pl.col("key").str.slice(0, 3))
    place = ["area", "type_key", "key"]
    rows = [
        (*at, _entropy(own["value"].drop_nulls().to_numpy(), n_states))
        for at, own in shares.group_by(place, maintain_order=True)
    ]
    found = pl.DataFrame(
        rows, schema=[*((name, pl.String) for name in place), ("value", pl.Float64)], orient="row"
    )
    hidden = pl.col("value").is_null()
    return found.with_columns(
        pl.col("value").round(INDEX_DECIMALS, mode=HALF_UP),
        *(pl.lit(told).alias(name) for name, told in HEAD.items()),
        pl.when(hidden).then(pl.lit("withheld")).otherwise(pl.lit("published")).alias("status"),
    )


COVERED = 90.0
"""Percent of persons in published shares; of fewer, too much of the entropy would be guessed."""

HEAD = {"table": "entropy", "base": "persons", "measure": "index", "unit": "index"}


def _entropy(shares: np.ndarray, n_states: int) -> float | None:
    """Give the normalised entropy of percentages; the rest to 100 is one state more."""
    if shares.sum() < COVERED:
        return None
    parts = np.append(shares, max(0.0, 100.0 - float(shares.sum())))
    return float(normalised_entropy(parts / parts.sum(), n_states))
