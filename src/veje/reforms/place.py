"""The regime and the group of regimes of each grant, and which windows straddle a reform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from veje.regimes import Regime, regime_at, straddling
from veje.settings import Window
from veje.weeks import window_edges


def place_grants(
    cohort: pl.DataFrame, regimes: Sequence[Regime], groups: Mapping[str, Sequence[str]], window: Window
) -> pl.DataFrame:
    """Give each grant its regime by the day of decision: table `grant_regimes`.

    cohort: table of that name. groups: regimes by the name of their group; a regime in none has the
    empty group.
    """
    ordered = cohort.sort("person")
    edges = window_edges(ordered["index_date"], window.anchor, window.quarters, window.weeks_per_quarter)
    group = {regime: name for name, own in groups.items() for regime in own}
    return ordered.select(
        "person",
        "area",
        regime_at("index_date", regimes).alias("regime"),
        regime_at("index_date", regimes).replace_strict(group, default="").alias("group"),
        straddling(ordered["index_date"], edges[:, 0].tolist(), regimes),
    )


def of_group(sequences: pl.DataFrame, placed: pl.DataFrame, group: str) -> pl.DataFrame:
    """Take the sequences of one group's grants, with the group for an area."""
    own = placed.filter(pl.col("group") == group).select("person")
    return sequences.join(own, on="person", how="semi", maintain_order="left").with_columns(
        pl.lit(group).alias("area")
    )
