"""An area's persons, the numbers of clusters that are tried on them, and the one that is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.criteria import choose_k
from veje.settings import Clusters

Tree = NDArray[np.float64]
Labels = dict[int, NDArray[np.int32]]


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


class Area(Protocol):
    """An area's unique sequences, as a method clusters them and rates what came out."""

    def unlike(self) -> int:
        """Return the number of unlike sequences."""

    def partitions(self, ks: Sequence[int]) -> tuple[Tree, Labels]:
        """Return the tree (empty where none is grown) and the labels (m,) for each number of clusters."""

    def rate(self, labels: Labels) -> dict[int, dict[str, float]]:
        """Return the quality of each partition."""


@dataclass(frozen=True, eq=False)
class Members:
    """An area's persons: ascending numbers of its unique sequences (m,), persons (m,), clusters asked for."""

    area: str
    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    fixed: int | str


def members(sequences: pl.DataFrame, areas: Sequence[str], settings: Clusters) -> Iterator[Members]:
    """Give the persons of each area that has any, the pooled one first."""
    present = set(sequences["area"])
    for area in [areas[0], *(area for area in areas[1:] if area in present)]:
        persons = sequences if area == areas[0] else sequences.filter(pl.col("area") == area)
        counted = persons.group_by("sequence").len().sort("sequence")
        fixed = settings.k if area == areas[0] else settings.k_by_area.get(area, "auto")
        weights = counted["len"].to_numpy().astype(np.float64)
        yield Members(area, counted["sequence"].to_numpy(), weights, fixed)


def numbers_tried(unlike: int, fixed: int | str, settings: Clusters) -> tuple[int, list[int]]:
    """Return the numbers tried, after the unlike sequences where too few for the fixed one, else 0."""
    short = unlike if isinstance(fixed, int) and fixed > unlike else 0
    if short or unlike == 1:
        return short, []
    tried = {*range(settings.k_min, min(settings.k_max, unlike - 1) + 1)}
    return 0, sorted(tried | ({fixed} if isinstance(fixed, int) else set()))


def solve_area(one: Members, how: Area, settings: Clusters, rate_fixed: bool = True) -> AreaSolution:
    """Partition one area's sequences into every number of clusters, and choose one.

    An area in which every number of clusters leaves one with fewer persons than `smallest` stays whole, and
    so does one with fewer unlike sequences than the number fixed.
    """
    unlike, whole = how.unlike(), {1: np.zeros(len(one.rows), dtype=np.int32)}
    short, tried = numbers_tried(unlike, one.fixed, settings)
    if short or unlike == 1:
        return AreaSolution(one.area, one.rows, np.empty((0, 4)), whole, {}, [], 1, short)
    tree, labels = how.partitions(tried)
    rated = labels and (rate_fixed or one.fixed == "auto")
    table = how.rate(labels) if rated else {k: {} for k in labels}
    large = {
        k: table[k] for k in table if rated and np.bincount(labels[k], one.weights).min() >= settings.smallest
    }
    fixed = one.fixed
    chosen = fixed if isinstance(fixed, int) else choose_k(large, settings.criteria) if large else 1
    return AreaSolution(one.area, one.rows, tree, whole | labels, table, list(large), chosen)
