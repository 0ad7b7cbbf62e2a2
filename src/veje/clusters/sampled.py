"""Clusters of an area from samples of its persons (CLARA), so that no distances of all pairs are held.

Each sample gives medoids; those whose persons are nearest to them in all gather everyone. The indices are
those of the best sample's own persons (Kaufman & Rousseeuw 1990, Finding Groups in Data, chapter 3, for
the silhouette). Several jobs may share the samples: which are drawn depends on the seed alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.clusters.kmedoids import LEAST
from veje.clusters.quality import qualities
from veje.clusters.sampling import Codes, Floats, Measure, assigned, samples, solve
from veje.clusters.tree import numbered
from veje.contracts import contract
from veje.uniques import Unique

Labels = dict[int, NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Sampling:
    """What is sampled, and how: all unique sequences (u, L), what is between them, and the draws."""

    states: Codes
    measure: Measure
    number: int
    size: int
    seed: int


class Sampled:
    """An area's persons, of whom samples are clustered.

    rows: (m,) ascending numbers of the area's unique sequences. weights: (m,) persons. given: rows of
    table `samples` that other jobs computed; without them they are computed here.
    """

    def __init__(
        self,
        area: str,
        rows: NDArray[np.int64],
        weights: Floats,
        sampling: Sampling,
        given: pl.DataFrame | None = None,
    ) -> None:
        self._area, self._rows, self._sampling, self._given = area, rows, sampling, given
        self._unique = Unique(sampling.states[rows], np.arange(len(rows)), weights)
        self._taken: dict[int, int] = {}

    def unlike(self) -> int:
        """Return the number of unlike sequences."""
        return len(self._rows)

    def medoids(self, ks: Sequence[int], part: int = 0, parts: int = 1) -> pl.DataFrame:
        """Cluster every `parts`-th sample, from number `part` on: rows of table `samples`."""
        drawn = self._drawn()
        found = [contract("samples").empty()]
        for number in range(part, len(drawn), parts):
            for k, one in solve(self._unique, drawn[number], list(ks), self._sampling.measure).items():
                told = {"area": self._area, "sample": number, "k": k, "objective": one.objective}
                rows = [
                    {**told, "cluster": cluster, "sequence": sequence}
                    for cluster, sequence in enumerate(self._rows[one.rows].tolist())
                ]
                found.append(pl.DataFrame(rows, schema=contract("samples").types))
        return pl.concat(found)

    def partitions(self, ks: Sequence[int]) -> tuple[Floats, Labels]:
        """Return no tree, and the labels (m,) around the best sample's medoids by number of clusters."""
        table = self.medoids(ks) if self._given is None else self._whole(self._given, ks)
        best = {k: self._best(table.filter(k=k)) for k in ks}
        gathered = assigned(self._unique, best, self._sampling.measure) if ks else {}
        return np.empty((0, 4)), {k: numbered(one.labels) for k, one in gathered.items()}

    def rate(self, labels: Labels) -> dict[int, dict[str, float]]:
        """Return the quality of each partition among the persons of the sample that it comes from."""
        drawn = self._drawn()
        found: dict[int, dict[str, float]] = {}
        for number in sorted({self._taken[k] for k in labels}):
            here = np.flatnonzero(drawn[number])
            apart = self._sampling.measure.among(self._unique.states[here])
            own = {k: part[here] for k, part in labels.items() if self._taken[k] == number}
            found |= qualities(apart, own, drawn[number][here])
        return {k: found[k] for k in labels}

    def _whole(self, given: pl.DataFrame, ks: Sequence[int]) -> pl.DataFrame:
        """Return the area's rows; ValueError when a share of the samples is missing or comes twice."""
        own = given.filter(area=self._area)
        asked = sum(ks) * len(self._drawn())
        if own.height != asked or own.select("sample", "k", "cluster").n_unique() != asked:
            raise ValueError(f"{own.height:,} medoids of {self._area} are given, not {asked:,}")
        return own

    def _drawn(self) -> list[Floats]:
        one = self._sampling
        return samples(self._unique, one.number, one.size, one.seed)

    def _best(self, tried: pl.DataFrame) -> NDArray[np.intp]:
        """Return which of the area's sequences are the medoids of the lowest objective, or the first such."""
        first = tried.filter(pl.col("objective") <= pl.col("objective").min() * (1 + LEAST))["sample"].min()
        chosen = tried.filter(sample=first).sort("cluster")
        self._taken[int(chosen["k"][0])] = int(chosen["sample"][0])
        return np.searchsorted(self._rows, chosen["sequence"].to_numpy())
