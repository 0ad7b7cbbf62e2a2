"""Persons outside the cohort placed on its types: each on that of the nearest medoid."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.clusters.medoids import medoids
from veje.distances.pairs import pairwise
from veje.distances.pricing import parameters_of, price_of
from veje.distances.registry import METHODS
from veje.distances.substitution import Costs
from veje.errors import BadInput
from veje.lists import Alphabet
from veje.settings import Distances

Codes = NDArray[np.uint8]


def place_on_types(
    states: Codes,
    unique: pl.DataFrame,
    clusters: pl.DataFrame,
    distances: NDArray[np.floating],
    alphabet: Alphabet,
    settings: Distances,
    own: pl.DataFrame | None = None,
) -> list[str]:
    """Give each row of states (n, Q) the type of the cluster whose medoid is nearest, of ties the first.

    unique: table `unique`. clusters: sequence, cluster_pooled, type_pooled, one row a unique sequence.
    distances: of the run. own: the user's table of costs or features. The distance is the run's, with
    the costs of its cohort. Raises `BadInput` for a dissimilarity that a person outside the cohort
    would change.
    """
    if "weights" in METHODS[settings.method].parameters:
        raise BadInput(f"config: distances.method: {settings.method} depends on who is compared with whom")
    placed, people = clusters.sort("sequence"), unique.sort("sequence")
    _, labels = np.unique(placed["cluster_pooled"].to_numpy(), return_inverse=True)
    weights = people["weight"].to_numpy().astype(np.float64)
    known = np.array(people["states"].to_list(), dtype=np.uint8)
    centres = medoids(distances, labels, weights)
    names = [placed["type_pooled"][int(row)] for row in centres]
    if len(centres) == 1:
        return names * len(states)
    price = price_of(known, weights, alphabet, settings, own)
    far = _to_centres(states, known, weights, centres, price, settings)
    return [names[at] for at in far.argmin(axis=1)]


def _to_centres(
    states: Codes,
    known: Codes,
    weights: NDArray[np.float64],
    centres: NDArray[np.intp],
    price: Costs | None,
    settings: Distances,
) -> NDArray[np.floating]:
    """Give the distances (n, k) of rows to the medoids, which stand among them, so that there are two."""
    far = pairwise(
        np.vstack([known[centres], states]),
        settings.method,
        costs=price,
        norm=settings.norm,
        to=known[centres],
        **parameters_of(settings, weights),
    )
    return far[len(centres) :]
