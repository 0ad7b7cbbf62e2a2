"""Samples of persons: each is clustered alone, and its medoids then gather all other persons."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from veje.clusters.compact import Tally
from veje.clusters.kmedoids import k_medoids_range
from veje.distances import Costs, pairwise
from veje.uniques import Unique

# Unique sequences whose distances to medoids are held at once: it bounds memory, nothing else.
BLOCK = 50_000

Codes = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measure:
    """The dissimilarity of all samples: `pairwise` with its parameters."""

    method: str
    costs: Costs | None
    norm: str | None
    parameters: dict[str, Any]

    def among(self, states: Codes) -> NDArray[Any]:
        """Return the condensed distances of sequences."""
        return pairwise(states, self.method, self.costs, self.norm, **self.parameters)

    def to(self, states: Codes, others: Codes) -> NDArray[Any]:
        """Return the distances (n, m) of sequences to others."""
        return pairwise(states, self.method, self.costs, self.norm, to=others, **self.parameters)


@dataclass(frozen=True, eq=False)
class Candidate:
    """One sample's solution for one number of clusters, brought to all unique sequences."""

    rows: NDArray[np.intp]
    labels: NDArray[np.int32]
    tally: Tally

    @property
    def objective(self) -> float:
        """Return the distances of persons to their medoids, summed."""
        return float(self.tally.near.sum())


def samples(unique: Unique, number: int, size: int, seed: int) -> list[Floats]:
    """Return, for each sample, the persons (u,) drawn of each unique sequence."""
    if len(unique.states) <= size:
        return [unique.weights]
    share = unique.weights / unique.weights.sum()
    draws = np.random.default_rng(seed)
    return [draws.multinomial(size, share).astype(np.float64) for _ in range(number)]


def solve(unique: Unique, counts: Floats, ks: list[int], measure: Measure) -> dict[int, Candidate]:
    """Cluster one sample of `counts` (u,) persons, and bring its medoids to all unique sequences."""
    drawn = np.flatnonzero(counts)
    if len(drawn) < max(ks):
        raise ValueError(
            f"sample_size is too low: {len(drawn)} unlike sequences in a sample, but {max(ks)} clusters"
        )
    if len(drawn) == 1:
        found = {1: drawn}
    else:
        apart = measure.among(unique.states[drawn])
        solved = k_medoids_range(apart, ks, counts[drawn])
        found = {k: drawn[solved[k].medoids] for k in ks}
    return assigned(unique, found, measure)


def assigned(unique: Unique, found: dict[int, NDArray[np.intp]], measure: Measure) -> dict[int, Candidate]:
    """Give all unique sequences to their nearest medoids, block by block."""
    middle = np.unique(np.concatenate(list(found.values())))
    columns = {k: np.searchsorted(middle, rows) for k, rows in found.items()}
    tallies = {k: Tally(k) for k in found}
    labels = {k: np.empty(len(unique.states), np.int32) for k in found}
    for at in range(0, len(unique.states), BLOCK):
        block = slice(at, at + BLOCK)
        apart = measure.to(unique.states[block], unique.states[middle])
        for k, tally in tallies.items():
            labels[k][block] = tally.add(apart[:, columns[k]], unique.weights[block])
    return {k: Candidate(rows, labels[k], tallies[k]) for k, rows in found.items()}
