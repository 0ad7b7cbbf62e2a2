"""Quality of a partition around medoids, from the distances to medoids alone.

Source: Studer, Sadeghi & Tochon 2024, Sequence analysis for large databases, LIVES Working Papers
(which indices suit partitions too large for all pairs); Van der Laan, Pollard & Bryan 2003, J Stat
Comput Simul 73(8), for AMS; Davies & Bouldin 1979, IEEE Trans Pattern Anal 1(2), for DB; Xie & Beni
1991, IEEE Trans Pattern Anal 13(8), for XB. In DB and XB a medoid stands where a mean does there.
"""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEARNESS = ("mean_distance", "AMS", "DB", "XB")
"""Mean distance to the medoid, average medoid silhouette, Davies-Bouldin, Xie-Beni."""


class Tally:
    """Sums over persons, block by block, of what the indices of `NEARNESS` need.

    near: (k,) distances to the own medoid, squared too. persons: (k,) weight of each cluster.
    """

    def __init__(self, k: int) -> None:
        self.near, self.squared, self.persons = np.zeros(k), np.zeros(k), np.zeros(k)
        self.silhouette = 0.0

    def add(self, apart: Floats, weights: Floats) -> NDArray[np.int32]:
        """Count one block; return the labels (m,) of its rows.

        apart: (m, k) distances to the medoids. weights: (m,) persons per row. A row goes to its
        nearest medoid, of tied ones the first.
        """
        k, rows = len(self.near), np.arange(len(apart))
        labels: NDArray[np.int32] = apart.argmin(axis=1).astype(np.int32)
        first = apart[rows, labels].astype(np.float64)
        self.near += np.bincount(labels, weights * first, k)
        self.squared += np.bincount(labels, weights * first**2, k)
        self.persons += np.bincount(labels, weights, k)
        if k > 1:
            second = np.partition(apart, 1, axis=1)[:, 1].astype(np.float64)
            width = np.divide(second - first, second, out=np.zeros_like(first), where=second > 0)
            self.silhouette += float(weights @ width)
        return labels

    def indices(self, between: Floats) -> dict[str, float]:
        """Return the indices by name; NaN where undefined, as all but the mean for one cluster.

        between: (k, k) distances of the medoids.
        """
        total, k = float(self.persons.sum()), len(self.near)
        found = {"mean_distance": float(self.near.sum()) / total}
        if k == 1:
            return found | dict.fromkeys(NEARNESS[1:], math.nan)
        spread = np.divide(self.near, self.persons, out=np.zeros(k), where=self.persons > 0)
        apart = between + np.diag(np.full(k, np.inf))
        least = float(apart.min())
        if least == 0:
            return found | {"AMS": self.silhouette / total, "DB": math.nan, "XB": math.nan}
        alike = (spread[:, None] + spread) / apart
        return found | {
            "AMS": self.silhouette / total,
            "DB": float(alike.max(axis=1).mean()),
            "XB": float(self.squared.sum()) / total / least**2,
        }
