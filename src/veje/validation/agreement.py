"""How far two partitions of the same persons agree: adjusted Rand index, and Jaccard by cluster."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.partition import checked_labels


def crossed(a: ArrayLike, b: ArrayLike, weights: ArrayLike | None = None) -> NDArray[np.float64]:
    """Count the persons in each cluster of one partition and each of another: (ka, kb).

    a, b: (n,) labels from 0. weights: (n,) persons per row, 0 for a row that is left out. Raises
    ValueError for unsound labels or weights.
    """
    first = checked_labels(a, np.asarray(a).size)
    second = checked_labels(b, first.size)
    person = np.ones(first.size) if weights is None else np.asarray(weights, np.float64)
    if person.shape != first.shape or not np.isfinite(person).all() or (person < 0).any():
        raise ValueError(f"weights must be {first.size} finite numbers of 0 or more")
    wide = int(second.max()) + 1
    at = first.astype(np.intp) * wide + second
    counts = np.bincount(at, person, minlength=(int(first.max()) + 1) * wide)
    return counts.reshape(-1, wide).astype(np.float64)


def adjusted_rand(a: ArrayLike, b: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the adjusted Rand index of two partitions: 1 when equal, about 0 when unrelated.

    a, b, weights: as in `crossed`. Two partitions that are both one whole, or both all single
    persons, are equal. Source: Hubert & Arabie 1985, J Classif 2, equation 5.
    """
    counts = crossed(a, b, weights)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    together, first, second = (float((n * (n - 1)).sum()) / 2 for n in (counts, rows, columns))
    total = float(counts.sum())
    pairs = total * (total - 1) / 2
    expected = first * second / pairs if pairs > 0 else 0.0
    highest = (first + second) / 2
    return 1.0 if highest == expected else (together - expected) / (highest - expected)


def jaccard(a: ArrayLike, b: ArrayLike, weights: ArrayLike | None = None) -> NDArray[np.float64]:
    """Return, for each cluster of `a`, its Jaccard index with the cluster of `b` most like it: (ka,).

    NaN for a cluster of which no person counts. Source: Hennig 2007, Comput Stat Data Anal 52(1),
    section 2: persons in both over persons in either.
    """
    both = crossed(a, b, weights)
    sizes = both.sum(axis=1, keepdims=True)
    either = sizes + both.sum(axis=0, keepdims=True) - both
    share = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    best = share.max(axis=1)
    best[sizes[:, 0] == 0] = np.nan
    found: NDArray[np.float64] = best
    return found
