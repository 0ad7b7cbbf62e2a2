"""Clusters by their mean quarters per state, and their numbers and names kept from run to run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.matching import match_profiles

PLACE = ("area", "cluster")
Profiles = tuple[list[int], NDArray[np.float64]]


def profiles_of(
    partitions: pl.DataFrame,
    quality: pl.DataFrame,
    sequences: pl.DataFrame,
    states: Sequence[str],
    pooled: str,
) -> pl.DataFrame:
    """Give each cluster of the chosen partitions its mean quarters per state: area, cluster, state, quarters.

    partitions, quality, sequences: tables of those names. A state that nobody holds has 0 quarters.
    """
    chosen = partitions.join(quality.filter("chosen").select("area", "k"), on=["area", "k"], how="semi")
    everyone = pl.concat([sequences.with_columns(area=pl.lit(pooled)), sequences])
    placed = everyone.join(chosen.select(*PLACE, "sequence"), on=["area", "sequence"])
    persons = placed.group_by(PLACE).agg(persons=pl.len())
    held = placed.explode("states").group_by(*PLACE, code="states").agg(held=pl.len())
    codes = pl.DataFrame({"code": range(len(states)), "state": states}, schema_overrides={"code": pl.UInt8})
    every = persons.join(codes, how="cross").join(held, on=[*PLACE, "code"], how="left")
    # One division, of whole numbers.
    quarters = pl.col("held").fill_null(0) / pl.col("persons")
    return every.sort(*PLACE, "code").select(*PLACE, "state", quarters.alias("quarters"))


def with_former_numbers(
    partitions: pl.DataFrame,
    quality: pl.DataFrame,
    now: pl.DataFrame,
    former: pl.DataFrame,
    limit: float,
) -> pl.DataFrame:
    """Give the clusters of the chosen partitions the numbers that they had in the former run.

    now, former: profiles, of this run and the last published one. A cluster keeps its number when its
    profile is paired with the former one's and lies within `limit` quarters of it; another one takes the
    lowest number that neither run has. Partitions into other numbers of clusters stay as they are.
    """
    rows = [
        {"area": area, "cluster": cluster, "kept": number}
        for area in now["area"].unique(maintain_order=True)
        for cluster, number in _numbers(now, former, area, limit).items()
    ]
    schema = {"area": pl.String, "cluster": pl.Int64, "kept": pl.Int64}
    chosen = quality.filter("chosen").select("area", "k", taken=pl.lit(True))
    joined = partitions.join(chosen, on=["area", "k"], how="left", maintain_order="left")
    joined = joined.join(pl.DataFrame(rows, schema), on=list(PLACE), how="left", maintain_order="left")
    number = pl.when("taken").then("kept").otherwise("cluster")
    return joined.with_columns(cluster=number).select(partitions.columns)


def kept_names(now: pl.DataFrame, former: pl.DataFrame, limit: float) -> dict[tuple[str, int], str]:
    """Give the former type of each cluster whose profile lies within `limit` quarters of its former one.

    now: profiles, numbered as in the former run. former: table `profiles`.
    """
    names = {(area, cluster): name for area, cluster, name in former.select(*PLACE, "type_key").iter_rows()}
    paired = now.join(former.drop("type_key"), on=[*PLACE, "state"], suffix="_former")
    apart = paired.group_by(PLACE).agg(
        apart=(pl.col("quarters") - pl.col("quarters_former")).abs().sum() / 2, states=pl.len()
    )
    near = apart.filter(pl.col("apart") <= limit, pl.col("states") == now["state"].n_unique())
    return {(area, cluster): names[area, cluster] for area, cluster in near.select(PLACE).iter_rows()}


def _numbers(now: pl.DataFrame, former: pl.DataFrame, area: str, limit: float) -> dict[int, int]:
    """Give the new number of each cluster of an area."""
    states = now["state"].unique(maintain_order=True).to_list()
    ours, here = _matrix(now, area, states)
    theirs, there = _matrix(former, area, states)
    match, apart = match_profiles(here, there)
    kept = {
        cluster: theirs[match[row]]
        for row, cluster in enumerate(ours)
        if match[row] >= 0 and apart[row] <= limit
    }
    free = (number for number in count() if number not in theirs)
    return {cluster: kept[cluster] if cluster in kept else next(free) for cluster in ours}


def _matrix(profiles: pl.DataFrame, area: str, states: list[str]) -> Profiles:
    """Lay an area's profiles out: its clusters, and their quarters by state (k, K)."""
    own = profiles.filter(pl.col("area") == area)
    clusters = sorted(set(own["cluster"].to_list()))
    cells = {
        (cluster, state): q for cluster, state, q in own.select("cluster", "state", "quarters").iter_rows()
    }
    rows = [[cells.get((cluster, state), 0.0) for state in states] for cluster in clusters]
    return clusters, np.array(rows, dtype=np.float64).reshape(len(clusters), len(states))
