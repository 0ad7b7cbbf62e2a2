"""CLARA: k-medoids of millions of persons from samples of them, and how far the samples agree.

Source: Kaufman & Rousseeuw 1990, Finding Groups in Data, chapter 3; Studer, Sadeghi & Tochon 2024,
Sequence analysis for large databases, LIVES Working Papers (samples by weight, Ward as a start,
stability); Hennig 2007, Comput Stat Data Anal 52(1), for the Jaccard index of a cluster.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.arrays import checked_sequences
from veje.clusters.agreement import adjusted_rand, jaccard
from veje.clusters.kmedoids import LEAST
from veje.clusters.sampling import Candidate, Codes, Measure, samples, solve
from veje.clusters.tree import numbered
from veje.condensed import checked_weights
from veje.distances import METHODS, Costs
from veje.distances.known import hang_together
from veje.uniques import Unique, unique_sequences


@dataclass(frozen=True, eq=False)
class Stability:
    """How far the samples' partitions of all persons agree with the best one.

    adjusted_rand: (samples,), 1 for the best itself. jaccard: (k,), of each cluster of the best, its
    mean over the other samples; NaN with a single sample. objectives: (samples,).
    """

    adjusted_rand: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    objectives: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Clara:
    """The best partition of all persons around medoids of one sample.

    labels: (n,) clusters from 0, of the persons in the order given. medoids: (k,) rows with the
    sequence in the middle of each cluster; a real person's, never released or printed. objective:
    the persons' distances to their medoids, summed. quality: see `compact.NEARNESS`.
    """

    labels: NDArray[np.int32]
    medoids: NDArray[np.intp] = field(repr=False)
    objective: float
    quality: dict[str, float]
    stability: Stability


def clara(seq: Codes, k: int, **options: Any) -> Clara:
    """Return `clara_range` for one number of clusters."""
    return clara_range(seq, [k], **options)[k]


def clara_range(
    seq: Codes,
    ks: Iterable[int],
    method: str = "OM",
    costs: Costs | None = None,
    norm: str | None = None,
    weights: ArrayLike | None = None,
    n_samples: int = 5,
    sample_size: int = 1000,
    seed: int = 0,
    **parameters: Any,
) -> dict[int, Clara]:
    """Return, for each number of clusters in `ks`, the best of `n_samples` samples' partitions.

    seq: (n, L) uint8 state codes of persons. method, costs, norm, parameters: as in `pairwise`.
    weights: (n,). sample_size: persons in a sample, drawn by weight with replacement; when there
    are no more unique sequences than that, all are the only sample, which is exact. seed: of the
    draws. The result depends neither on the order of rows nor on the number of threads; memory
    grows with n, not with n². Raises ValueError for bad sequences, weights, samples or seed, a k
    beyond the unique sequences, and a method whose distances depend on the rows at hand.
    """
    seq = checked_sequences(seq)
    unique = unique_sequences(seq, checked_weights(weights, len(seq)))
    numbers = _checked_numbers(ks, len(unique.states))
    _check_samples(n_samples, sample_size, seed, max(numbers))
    measure = Measure(_fixed(method, costs, parameters), costs, norm, parameters)
    drawn = samples(unique, n_samples, sample_size, seed)
    tried = [solve(unique, counts, numbers, measure) for counts in drawn]
    return {k: _best([found[k] for found in tried], unique, measure) for k in numbers}


def _checked_numbers(ks: Iterable[int], unlike: int) -> list[int]:
    """Return `ks` as a list; ValueError unless whole numbers from 1 to the unlike sequences."""
    numbers = list(ks)
    if not numbers:
        raise ValueError("ks holds no number of clusters")
    for k in numbers:
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= unlike:
            raise ValueError(f"k must be 1 to {unlike}, the number of unique sequences, but it is {k}")
    return numbers


def _check_samples(n_samples: int, sample_size: int, seed: int, most: int) -> None:
    """Raise ValueError for samples that cannot be drawn."""
    if n_samples < 1:
        raise ValueError(f"n_samples must be 1 or more, but it is {n_samples}")
    if sample_size < max(2, most):
        raise ValueError(f"sample_size must be {max(2, most)} or more, but it is {sample_size}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, but it is {seed}")


def _fixed(method: str, costs: Costs | None, parameters: dict[str, Any]) -> str:
    """Return `method`; ValueError when the distance of two sequences depends on other rows."""
    if method in METHODS and hang_together(method, costs, parameters):
        raise ValueError(
            f"method {method} takes its scale from the rows at hand, so that samples have none in common"
        )
    return method


def _best(tried: list[Candidate], unique: Unique, measure: Measure) -> Clara:
    """Return the partition with the lowest objective, of equally low ones the first sample's."""
    # Here, because few who load the clusters draw samples, and this takes a quarter of a second to load.
    from scipy.spatial.distance import squareform

    objectives = np.array([one.objective for one in tried])
    at = int(np.argmax(objectives <= objectives.min() * (1 + LEAST)))
    best, k = tried[at], len(tried[at].rows)
    labels = numbered(best.labels[unique.index])
    name = np.empty(k, np.int32)
    name[best.labels[unique.index]] = labels
    person = np.full(len(unique.states), len(labels))
    np.minimum.at(person, unique.index, np.arange(len(labels)))
    medoids = np.empty(k, np.intp)
    medoids[name] = person[best.rows]
    between = squareform(measure.among(unique.states[best.rows])) if k > 1 else np.zeros((1, 1))
    found = best.tally.indices(between.astype(np.float64))
    return Clara(labels, medoids, best.objective, found, _stability(tried, at, unique, name, objectives))


def _stability(
    tried: list[Candidate],
    at: int,
    unique: Unique,
    name: NDArray[np.int32],
    objectives: NDArray[np.float64],
) -> Stability:
    """Compare each sample's partition of all persons with the best one, whose clusters are named."""
    best = tried[at].labels
    rand = [adjusted_rand(best, one.labels, unique.weights) for one in tried]
    others = [jaccard(best, one.labels, unique.weights) for i, one in enumerate(tried) if i != at]
    alike = np.full(len(name), np.nan)
    alike[name] = np.mean(others, axis=0) if others else np.nan
    return Stability(np.array(rand), alike, objectives)
