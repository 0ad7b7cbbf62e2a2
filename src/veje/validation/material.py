"""What all checks of a typology work on: sequences, distances, labels and covariates as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.clusters import qualities
from veje.clusters.build import partitions
from veje.clusters.sampling import Measure
from veje.clusters.tree import numbered
from veje.condensed import Array
from veje.distances.build import build_distances
from veje.lists import Alphabet
from veje.settings import Clusters, Distances
from veje.uniques import Unique
from veje.validation.bands import Partition
from veje.validation.bootstrap import among
from veje.validation.clusterer import Clusterer


@dataclass(frozen=True, eq=False)
class Material:
    """The persons of one area, or a random part of them.

    persons: (n,) surrogate numbers, ascending. states: (u, L) unique sequences. index: (n,) the
    sequence of each person. weights: (u,) persons. d: condensed distances. labels: (u,) clusters of
    the area's chosen partition, renumbered when a part lacks one; clusters: (k,) their numbers there.
    """

    area: str
    persons: NDArray[np.int64]
    states: NDArray[np.uint8]
    index: NDArray[np.intp]
    weights: NDArray[np.float64]
    d: Array
    labels: NDArray[np.int32]
    clusters: NDArray[np.int64]

    @property
    def k(self) -> int:
        """The number of clusters."""
        return len(self.clusters)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The persons of each cluster: (k,)."""
        return np.rint(np.bincount(self.labels, self.weights, self.k)).astype(np.int64)

    def unique(self) -> Unique:
        """Give the sequences as the engine has them."""
        return Unique(self.states, self.index, self.weights)


def material_of(
    area: str,
    members: pl.DataFrame,
    unique: pl.DataFrame,
    partition: pl.DataFrame,
    distances: Array | Measure,
) -> Material:
    """Take an area's persons out of the tables.

    members: rows of table `sequences`. unique: that table. partition: sequence and cluster of the
    area's chosen partition. distances: condensed, of all unique sequences, or how to compute them.
    """
    ordered = members.sort("person")
    rows, index = np.unique(ordered["sequence"].to_numpy(), return_inverse=True)
    cluster = dict(partition.select("sequence", "cluster").iter_rows())
    found = np.array([cluster[row] for row in rows.tolist()], dtype=np.int64)
    labels = numbered(found)
    states = np.array(unique.sort("sequence")["states"].gather(rows).to_list(), dtype=np.uint8)
    if isinstance(distances, Measure):
        d: Array = distances.among(states)
    else:
        d = among(distances, rows.astype(np.intp), unique.height)
    return Material(
        area=area,
        persons=ordered["person"].to_numpy(),
        states=states,
        index=index.astype(np.intp),
        weights=np.bincount(index).astype(np.float64),
        d=d,
        labels=labels,
        clusters=found[np.unique(labels, return_index=True)[1]],
    )


def part_of(members: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """Draw `most` persons at random when there are more; the draw does not depend on their order."""
    if members.height <= most:
        return members
    chosen = np.random.default_rng(seed).permutation(members.height)[:most]
    return members.sort("person")[np.sort(chosen)]


def clusterer(settings: Clusters) -> Clusterer:
    """Give the way in which the run clusters."""

    def cluster(d: Array, weights: NDArray[np.float64], k: int) -> NDArray[np.int32]:
        return partitions(d, weights, [k], settings)[1][k]

    return cluster


def measure(
    unique: Unique, alphabet: Alphabet, settings: Distances, own: pl.DataFrame | None = None
) -> Array:
    """Compute costs and distances of sequences as the run does: condensed. own: the user's own costs."""
    frame = pl.DataFrame(
        {
            "sequence": np.arange(len(unique.states)),
            "weight": np.rint(unique.weights).astype(np.int64),
            "states": unique.states.tolist(),
        },
        schema_overrides={"states": pl.List(pl.UInt8)},
    )
    return build_distances(frame, alphabet, settings, own).distances


def partition_by(
    k: int,
    alphabet: Alphabet,
    distances: Distances,
    clusters: Clusters,
    own: pl.DataFrame | None = None,
) -> Partition:
    """Give the way from sequences to labels of `k` clusters, everything computed anew."""
    cluster = clusterer(clusters)
    return lambda unique: cluster(measure(unique, alphabet, distances, own), unique.weights, k)


def rate_by(
    ks: tuple[int, ...],
    alphabet: Alphabet,
    distances: Distances,
    clusters: Clusters,
    own: pl.DataFrame | None = None,
) -> Callable[[Unique], dict[int, dict[str, float]]]:
    """Give the way from sequences to quality indices for every number of clusters that they can have."""
    cluster = clusterer(clusters)

    def rate(unique: Unique) -> dict[int, dict[str, float]]:
        possible = [k for k in ks if k < len(unique.states)]
        if not possible:
            return {}
        d = measure(unique, alphabet, distances, own)
        return qualities(d, {k: cluster(d, unique.weights, k) for k in possible}, unique.weights)

    return rate
