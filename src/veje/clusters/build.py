"""Stage 5: partitions and their quality, pooled and for each municipality alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.clusters.kmedoids import k_medoids_range, unlike_rows
from veje.clusters.linkage import linkage
from veje.clusters.quality import qualities
from veje.clusters.tree import cut
from veje.criteria import best_numbers, choose_k
from veje.errors import BadInput
from veje.names import INDICES
from veje.settings import Clusters

Tree = NDArray[np.float64]
Labels = dict[int, NDArray[np.int32]]


@dataclass(frozen=True)
class ClustersResult:
    """Tables `partitions`, `quality` and `trees`.

    notes: the municipalities that are too small for the number of clusters fixed for them, a line each.
    """

    partitions: pl.DataFrame
    quality: pl.DataFrame
    trees: pl.DataFrame
    notes: list[str]


@dataclass(frozen=True)
class AreaSolution:
    """One area's tree, its partitions by number of clusters, their quality, and the number chosen.

    tree: empty for a method that grows none. large: the numbers that leave no cluster too small.
    short: unlike sequences of an area that has fewer than the clusters fixed for it, else 0.
    """

    area: str
    sequences: NDArray[np.int64]
    tree: Tree
    labels: Labels
    quality: dict[int, dict[str, float]]
    large: list[int]
    chosen: int
    short: int = 0


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
    area that raises `BadInput`.
    """
    solutions, notes = [], []
    present = set(sequences["area"])
    for area in [areas[0], *(area for area in areas[1:] if area in present)]:
        persons = sequences if area == areas[0] else sequences.filter(pl.col("area") == area)
        counted = persons.group_by("sequence").len().sort("sequence")
        fixed = settings.k if area == areas[0] else settings.k_by_area.get(area, "auto")
        own = counted["sequence"].to_numpy()
        weights = counted["len"].to_numpy().astype(np.float64)
        solutions.append(solve_area(area, own, weights, distances, fixed, settings, rate_fixed))
        if short := solutions[-1].short:
            told = f"{area} has {short} unlike sequences, too few for {fixed} clusters"
            if area == areas[0]:
                raise BadInput(f"clusters: {told}")
            notes.append(f"{told}: it stays whole")
    return ClustersResult(
        partitions=pl.concat([_partitions(s) for s in solutions]),
        quality=pl.concat([_quality(s, settings.criteria) for s in solutions]),
        trees=pl.concat([_tree(s) for s in solutions]),
        notes=notes,
    )


def solve_area(
    area: str,
    sequences: NDArray[np.int64],
    weights: NDArray[np.float64],
    distances: NDArray[Any],
    fixed: int | str,
    settings: Clusters,
    rate_fixed: bool = True,
) -> AreaSolution:
    """Partition one area's sequences into every number of clusters, and choose one.

    sequences: (m,) ascending numbers of the area's unique sequences. weights: (m,) persons. An area
    in which every number of clusters leaves one with fewer persons than `smallest` stays whole, and
    so does one with fewer unlike sequences than the number fixed.
    """
    own = subset(distances, sequences)
    unlike = unlike_rows(own, len(sequences))
    short = unlike if isinstance(fixed, int) and fixed > unlike else 0
    if short or unlike == 1:
        alone = np.zeros(len(sequences), dtype=np.int32)
        return AreaSolution(area, sequences, np.empty((0, 4)), {1: alone}, {}, [], 1, short)
    tried = {*range(settings.k_min, min(settings.k_max, unlike - 1) + 1)}
    tried |= {fixed} if isinstance(fixed, int) else set()
    tree, labels = partitions(own, weights, sorted(tried), settings)
    rated = labels and (rate_fixed or fixed == "auto")
    table = qualities(own, labels, weights) if rated else {k: {} for k in labels}
    large = {
        k: table[k] for k in table if rated and np.bincount(labels[k], weights).min() >= settings.smallest
    }
    chosen = fixed if isinstance(fixed, int) else choose_k(large, settings.criteria) if large else 1
    whole = {1: np.zeros(len(sequences), dtype=np.int32)}
    return AreaSolution(area, sequences, tree, whole | labels, table, list(large), chosen)


def partitions(
    d: NDArray[Any], weights: NDArray[np.float64], ks: Sequence[int], settings: Clusters
) -> tuple[Tree, Labels]:
    """Return the tree (empty for k_medoids) and the labels (m,) for each number of clusters."""
    if settings.method == "k_medoids":
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
            "area": solution.area,
            "step": np.arange(len(solution.tree), dtype=np.int64),
            "left": solution.tree[:, :2].min(axis=1).astype(np.int64),
            "right": solution.tree[:, :2].max(axis=1).astype(np.int64),
            "height": solution.tree[:, 2],
        }
    )
