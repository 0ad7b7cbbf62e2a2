"""Releases as they are often made: exact, with small cells blanked, from the same private tables as ours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.attacks.released import CELL, FIGURE
from veje.clusters import ward


def exact_release(cells: pl.DataFrame, least: int, rounding: int = 1) -> pl.DataFrame:
    """Show every figure of the private cells exactly, except those of fewer than `least` persons, or of zero.

    Shares are of exact counts; this is the rule "no cell below five" and nothing else, but for the
    rounding of all counts where a base is given.
    """
    half = rounding // 2
    above, below = ((pl.col(one) + half) // rounding * rounding for one in ("numerator", "denominator"))
    value = (
        pl.when(pl.col("measure").is_in(["share", "mean", "total"]))
        .then((above / below).fill_nan(None))
        .when(pl.col("measure") == "index")
        .then("index")
        .otherwise(above.cast(pl.Float64))
    )
    percent = pl.when(pl.col("measure") == "share").then(100).otherwise(1)
    shown = pl.when(pl.col("persons") >= least).then(value * percent)
    return cells.with_columns(shown.alias("value")).select(FIGURE)


def as_released(figures: pl.DataFrame) -> pl.DataFrame:
    """Give figures as the table `released` from which pictures are drawn."""
    status = pl.when(pl.col("value").is_null()).then(pl.lit("withheld")).otherwise(pl.lit("published"))
    return figures.with_columns(status.alias("status"))


def medoids(sequences: pl.DataFrame, types: pl.DataFrame) -> list[tuple[int, ...]]:
    """Choose of each type's persons the one that differs least from all others, by quarters (Hamming)."""
    placed = sequences.join(types.select("person", "type_pooled"), on="person").sort("person")
    chosen = []
    for _, group in placed.group_by("type_pooled", maintain_order=True):
        states = np.array(group["states"].to_list(), dtype=np.int64)
        apart = (states[:, None, :] != states[None, :, :]).sum(axis=(1, 2))
        chosen.append(tuple(int(code) for code in states[apart.argmin()]))
    return chosen


def spelled(sequence: Sequence[int], states: Sequence[str]) -> str:
    """Write a sequence as spells with their lengths: `(wage_earner,12)-(sickness_benefit,8)`."""
    return "-".join(f"({states[code]},{len(list(group))})" for code, group in groupby(sequence))


def whole_tree(distances: NDArray[np.float32], sequences: pl.DataFrame) -> pl.DataFrame:
    """Tell every node of Ward's tree with its persons, down to single sequences: way, parent, low, high.

    distances: condensed, between unique sequences in the order of their numbers.
    """
    persons = sequences.group_by("sequence").len().sort("sequence")["len"].to_numpy()
    held, parents = dict(enumerate(persons.tolist())), {}
    for step, pair in enumerate(ward(distances, weights=persons.astype(float))[:, :2].astype(int).tolist()):
        held[len(persons) + step] = sum(held[node] for node in pair)
        parents |= dict.fromkeys(pair, len(persons) + step)
    rows = [(str(node), str(parents[node]) if node in parents else None, held[node]) for node in held]
    frame = pl.DataFrame(rows, schema={"way": pl.String, "parent": pl.String, "low": pl.Int64}, orient="row")
    return frame.with_columns(pl.col("low").alias("high"))


def own_cells(
    person: int,
    sequences: pl.DataFrame,
    timing: pl.DataFrame,
    types: pl.DataFrame,
    pooled: str,
    states: Sequence[str],
) -> pl.DataFrame:
    """List the cells of states and classes that one person is counted in: CELL."""
    own = types.row(by_predicate=pl.col("person") == person, named=True)
    places = [(pooled, ""), (pooled, own["type_pooled"]), (own["area"], ""), (own["area"], own["type_own"])]
    held = sequences.row(by_predicate=pl.col("person") == person, named=True)["states"]
    keys = [("state_distribution", f"q{at:02d}_{states[code]}") for at, code in enumerate(held, start=1)]
    scenario = timing.row(by_predicate=pl.col("person") == person, named=True)["scenario"]
    keys += [("timing", scenario), ("timing", "total")]
    rows = [(table, area, type_key, key) for area, type_key in places for table, key in keys]
    return pl.DataFrame(rows, schema=dict.fromkeys(CELL, pl.String), orient="row")


def less_one(cells: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Count the cells of states and classes without a person who is in the given ones."""
    here = cells.filter(pl.col("table").is_in(["state_distribution", "timing"]))
    there = own.select("area", "type_key").unique().with_columns(whole=pl.lit(1))
    marked = here.join(own.with_columns(part=pl.lit(1)), on=CELL, how="left")
    both = marked.join(there, on=["area", "type_key"], how="left").with_columns(
        pl.col("part", "whole").fill_null(0)
    )
    base = pl.when(pl.col("denominator") > 0).then("whole").otherwise(0)
    return both.with_columns(
        *(pl.col(one) - pl.col("part") for one in ("numerator", "persons")),
        pl.col("denominator") - base,
        pl.col("base_persons") - pl.col("whole"),
    ).select(cells.columns)
