"""How distances become clusters, for whatever clusters again and again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from veje.clusters import cut, ward
from veje.condensed import Array

Clusterer = Callable[[Array, NDArray[np.float64], int], NDArray[np.int32]]
"""Condensed distances, persons per row and a number of clusters to labels from 0."""


def by_ward(d: Array, weights: NDArray[np.float64], k: int, variant: str = "D2") -> NDArray[np.int32]:
    """Cut Ward's tree of some rows into `k` clusters."""
    return cut(ward(d, weights, variant), k)
