"""Sequences in the forms STS (a column a quarter) and SPELL (a row a spell), and what to compare with.

Source of the forms: Gabadinho et al. 2011, J Stat Softw 40(4), section 3, table 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.dissimilarity import WITH_COSTS
from veje.errors import BadInput
from veje.lists import Alphabet
from veje.settings import Clusters, Distances


@dataclass(frozen=True, eq=False)
class Export:
    """What is written by file name: tables as CSV, texts; and the distances, 64-bit and little-endian."""

    tables: Mapping[str, pl.DataFrame]
    texts: Mapping[str, str]
    distances: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Run:
    """The tables of a run by the names of their contracts, its distances, and how they were made."""

    sequences: pl.DataFrame
    unique: pl.DataFrame
    costs: pl.DataFrame
    partitions: pl.DataFrame
    quality: pl.DataFrame
    trees: pl.DataFrame
    distances: NDArray[np.floating]
    alphabet: Alphabet
    how: Distances
    clusters: Clusters
    pooled: str


def build_export(run: Run) -> Export:
    """Lay a run out for TraMineR: persons, unique sequences with weights, and veje's results.

    Raises `BadInput` when the pooled sequences were not divided, and for DHD, whose costs vary by
    position.
    """
    if run.how.method == "DHD":
        raise BadInput("export: DHD's costs vary by position: there is no script for them")
    chosen = run.quality.filter(pl.col("area") == run.pooled, pl.col("chosen"))["k"].item()
    if chosen < 2:
        raise BadInput("export: the pooled sequences are one cluster: there is nothing to compare")
    unique = run.unique.sort("sequence")
    clusters = run.partitions.filter(pl.col("area") == run.pooled, pl.col("k") == chosen)
    heights = run.trees.filter(pl.col("area") == run.pooled).sort("step").select("height")
    tables = {
        "sts.csv": sts(run.sequences.sort("person"), ["person", "area"], run.alphabet),
        "spell.csv": spells(run.sequences.sort("person"), run.alphabet),
        "unique.csv": sts(unique, ["sequence", "weight"], run.alphabet),
        "alphabet.csv": _alphabet(run.alphabet),
        "costs.csv": _matrix(run.costs, run.alphabet),
        "clusters.csv": clusters.sort("sequence").select("sequence", "cluster"),
        "heights.csv": heights,
        "settings.csv": _settings(run, int(chosen)),
    }
    texts = {
        name: files("veje.traminer").joinpath(name).read_text("utf-8") for name in ("check.R", "README.txt")
    }
    return Export(tables, texts, run.distances.astype("<f8"))


def sts(frame: pl.DataFrame, keys: list[str], alphabet: Alphabet) -> pl.DataFrame:
    """Give a row a sequence: its keys, and the state's name in each quarter in columns q01, q02, ..."""
    states = np.array(frame["states"].to_list(), dtype=np.uint8)
    names = np.array(alphabet.states)[states]
    columns = {f"q{at + 1:02d}": names[:, at].tolist() for at in range(states.shape[1])}
    return frame.select(keys).with_columns(pl.Series(name, values) for name, values in columns.items())


def spells(sequences: pl.DataFrame, alphabet: Alphabet) -> pl.DataFrame:
    """Give a row a spell: person, spell (from 1), from and to (quarters from 1, both within), state."""
    states = np.array(sequences["states"].to_list(), dtype=np.uint8)
    begins = np.ones(states.shape, np.bool_)
    begins[:, 1:] = states[:, 1:] != states[:, :-1]
    row, start = np.nonzero(begins)
    length = states.shape[1]
    last = np.append(row[1:] != row[:-1], True)
    end = np.where(last, length, np.append(start[1:], length))
    return pl.DataFrame(
        {
            "person": sequences["person"].to_numpy()[row],
            "spell": np.cumsum(begins, axis=1)[row, start],
            "from": start + 1,
            "to": end,
            "state": np.array(alphabet.states)[states[row, start]].tolist(),
        }
    )


def _alphabet(alphabet: Alphabet) -> pl.DataFrame:
    labels = [alphabet.labels[state]["en"] for state in alphabet.states]
    return pl.DataFrame({"state": alphabet.states, "label": labels, "colour": alphabet.colours})


def _matrix(costs: pl.DataFrame, alphabet: Alphabet) -> pl.DataFrame:
    """Give a row and a column of substitution costs a state, in the alphabet's order, and indel costs."""
    known = {(a, b): cost for a, b, cost in costs.select("from", "to", "cost").iter_rows()}
    indel = dict(costs.select("from", "indel").iter_rows())
    if not known:
        return pl.DataFrame(schema=dict.fromkeys([*alphabet.states, "indel"], pl.Float64))
    square = {b: [known[a, b] for a in alphabet.states] for b in alphabet.states}
    return pl.DataFrame(square | {"indel": [indel[a] for a in alphabet.states]})


def _settings(run: Run, k: int) -> pl.DataFrame:
    """Give what the script calls TraMineR with; costs are read where it has no method for them."""
    how = run.how
    derived = how.costs not in ("FEATURES", "OWN") and how.miss_cost is None
    costs = "none" if how.method not in WITH_COSTS else how.costs if derived else "read"
    values = {
        "method": how.method,
        "costs": costs,
        "cval": "auto" if how.cval is None else str(how.cval),
        "lag": str(how.lag),
        "indel": "auto" if how.indel is None else str(how.indel),
        "norm": how.norm or "none",
        "ward": run.clusters.ward if run.clusters.method == "ward" else "none",
        "k": str(k),
        **{f"parameter.{name}": str(value) for name, value in how.parameters.given().items()},
    }
    return pl.DataFrame({"key": list(values), "value": list(values.values())})
