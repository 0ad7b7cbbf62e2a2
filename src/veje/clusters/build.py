"""Stage 5: partitions and their quality, pooled and for each municipality alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.clusters.area import AreaSolution, Labels, Tree, members, numbers_tried, solve_area
from veje.clusters.kmedoids import k_medoids_range, unlike_rows
from veje.clusters.linkage import linkage
from veje.clusters.quality import qualities
from veje.clusters.sampled import Sampled, Sampling
from veje.clusters.tree import cut
from veje.contracts import contract
from veje.criteria import best_numbers
from veje.errors import BadInput
from veje.names import INDICES
from veje.settings import Clusters


@dataclass(frozen=True)
class ClustersResult:
    """Tables `partitions`, `quality` and `trees`.

    notes: the municipalities that are too small for the number of clusters fixed for them, a line each.
    """

    partitions: pl.DataFrame
    quality: pl.DataFrame
    trees: pl.DataFrame
    notes: list[str]


class Pairs:
    """An area of which the distances of all pairs are held.

    d: condensed distances of the area's sequences. weights: (m,) persons.
    """

    def __init__(self, d: NDArray[Any], weights: NDArray[np.float64], settings: Clusters) -> None:
        self._d, self._weights, self._settings = d, weights, settings

    def unlike(self) -> int:
        """Return the number of unlike sequences."""
        return unlike_rows(self._d, len(self._weights))

    def partitions(self, ks: Sequence[int]) -> tuple[Tree, Labels]:
        """Return the tree and the labels."""
        return partitions(self._d, self._weights, ks, self._settings)

    def rate(self, labels: Labels) -> dict[int, dict[str, float]]:
        """Return the quality of each partition."""
        return qualities(self._d, labels, self._weights)


def build_clusters(
    distances: NDArray[Any],
    sequences: pl.DataFrame,
    areas: Sequence[str],
    settings: Clusters,
    rate_fixed: bool = True,
) -> ClustersResult:
    """Cluster the unique sequences of each area, weighted by the area's persons.

    rate_fixed: compute quality also where the number of clusters is fixed, so that no choice asks for it.
    distances: condensed, of all unique sequences. sequences: table of that name. areas: the pooled
    area first, then municipalities, each once; one without persons is left out. A municipality with
    fewer unlike sequences than the clusters fixed for it stays whole, with a note; of the pooled
    area that raises `BadInput`. With `clara` all pairs are looked at, as there are few enough.
    """
    return _result(
        [
            solve_area(one, Pairs(subset(distances, one.rows), one.weights, settings), settings, rate_fixed)
            for one in members(sequences, areas, settings)
        ],
        areas,
        settings,
    )


def build_sampled(
    sampling: Sampling,
    sequences: pl.DataFrame,
    areas: Sequence[str],
    settings: Clusters,
    given: pl.DataFrame | None = None,
) -> ClustersResult:
    """Cluster as `build_clusters` does, from samples. given: table `samples` that other jobs computed."""
    return _result(
        [
            solve_area(one, Sampled(one.area, one.rows, one.weights, sampling, given), settings)
            for one in members(sequences, areas, settings)
        ],
        areas,
        settings,
    )


def build_samples(
    sampling: Sampling,
    sequences: pl.DataFrame,
    areas: Sequence[str],
    settings: Clusters,
    part: int,
    parts: int,
) -> pl.DataFrame:
    """Cluster every `parts`-th sample of each area, from number `part` on: table `samples`."""
    found = [contract("samples").empty()]
    for one in members(sequences, areas, settings):
        short, tried = numbers_tried(len(one.rows), one.fixed, settings)
        if tried and not short:
            area = Sampled(one.area, one.rows, one.weights, sampling)
            found.append(area.medoids(tried, part, parts))
    return pl.concat(found)


def partitions(
    d: NDArray[Any], weights: NDArray[np.float64], ks: Sequence[int], settings: Clusters
) -> tuple[Tree, Labels]:
    """Return the tree (empty around medoids) and the labels (m,) for each number of clusters."""
    if settings.method in ("k_medoids", "clara"):
        found = k_medoids_range(d, ks, weights) if ks else {}
        return np.empty((0, 4)), {k: one.labels for k, one in found.items()}
    method = f"ward_{settings.ward.lower()}" if settings.method == "ward" else settings.method
    tree = linkage(d, method, weights)
    return tree, {k: cut(tree, k) for k in ks}


def subset(distances: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[Any]:
    """Take the distances among some rows (ascending) out of a condensed vector."""
    n = round((1 + np.sqrt(1 + 8.0 * distances.size)) / 2)
    if len(rows) == n:
        return distances
    first, second = np.triu_indices(len(rows), 1)
    i, j = rows[first], rows[second]
    taken: NDArray[Any] = distances[i * (2 * n - i - 3) // 2 - 1 + j]
    return taken


def _result(solutions: Sequence[AreaSolution], areas: Sequence[str], settings: Clusters) -> ClustersResult:
    notes = []
    for one in solutions:
        if one.short:
            fixed = settings.k if one.area == areas[0] else settings.k_by_area[one.area]
            told = f"{one.area} has {one.short} unlike sequences, too few for {fixed} clusters"
            if one.area == areas[0]:
                raise BadInput(f"clusters: {told}")
            notes.append(f"{told}: it stays whole")
    return ClustersResult(
        partitions=pl.concat([_partitions(s) for s in solutions]),
        quality=pl.concat([_quality(s, settings.criteria) for s in solutions]),
        trees=pl.concat([_tree(s) for s in solutions]),
        notes=notes,
    )


def _partitions(solution: AreaSolution) -> pl.DataFrame:
    parts = [
        pl.DataFrame({"sequence": solution.sequences, "cluster": part}).select(
            pl.lit(solution.area).alias("area"),
            pl.lit(k, dtype=pl.Int64).alias("k"),
            pl.col("sequence").cast(pl.Int64),
            pl.col("cluster").cast(pl.Int64),
        )
        for k, part in solution.labels.items()
    ]
    return pl.concat(parts)


def _quality(solution: AreaSolution, criteria: Sequence[str]) -> pl.DataFrame:
    whole: dict[int, dict[str, float]] = {} if solution.chosen > 1 else {1: {}}
    best = best_numbers({k: solution.quality[k] for k in solution.large})
    rows = [
        {"area": solution.area, "k": k, **found} | (_votes(best, k, criteria) if k in solution.large else {})
        for k, found in (whole | solution.quality).items()
    ]
    values = dict.fromkeys(INDICES, pl.Float64())
    schema = {"area": pl.String(), "k": pl.Int64(), **values, "best_by": pl.String(), "votes": pl.Int64()}
    frame = pl.DataFrame(rows, schema=schema).with_columns(pl.col(INDICES).fill_nan(None))
    return frame.with_columns((pl.col("k") == solution.chosen).alias("chosen"))


def _votes(best: dict[str, int], k: int, criteria: Sequence[str]) -> dict[str, Any]:
    """Name the indices that are best at `k` clusters, and count the criterion's among them."""
    names = [name for name in INDICES if best.get(name) == k]
    return {"best_by": " ".join(names), "votes": len(set(names) & set(criteria))}


def _tree(solution: AreaSolution) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "area": pl.Series([solution.area] * len(solution.tree), dtype=pl.String),
            "step": np.arange(len(solution.tree), dtype=np.int64),
            "left": solution.tree[:, :2].min(axis=1).astype(np.int64),
            "right": solution.tree[:, :2].max(axis=1).astype(np.int64),
            "height": solution.tree[:, 2],
        }
    )
