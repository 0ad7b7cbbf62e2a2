"""Stage 4: substitution costs from all persons, and distances between the unique sequences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.distances.pairs import pairwise
from veje.distances.substitution import Costs, costs
from veje.errors import BadInput
from veje.lists import Alphabet
from veje.settings import Distances


@dataclass(frozen=True)
class DistancesResult:
    """Table `costs`, and the condensed float32 distances of the unique sequences in SciPy's order."""

    costs: pl.DataFrame
    distances: NDArray[np.floating]


def build_distances(unique: pl.DataFrame, alphabet: Alphabet, settings: Distances) -> DistancesResult:
    """Compute costs and distances of the unique sequences.

    unique: table `unique`; its weights count in transition rates. The missing state is a state.
    Raises `BadInput` when all persons have the same sequence.

    # ASSUME: the municipalities' own solutions use the costs of the pooled sequences, so that one
    distance between two sequences holds everywhere; the study does not say.
    """
    if unique.height < 2:
        raise BadInput(f"distances: all {unique['weight'].sum():,} persons have the same sequence")
    states = np.array(unique["states"].to_list(), dtype=np.uint8)
    weights = unique["weight"].to_numpy().astype(np.float64)
    price = costs(states, settings.costs, n_states=len(alphabet.states), weights=weights, cval=settings.cval)
    if settings.indel is not None:
        price = Costs(price.sub, settings.indel)
    distances = pairwise(states, settings.method, costs=price, norm=settings.norm)
    return DistancesResult(_costs_table(price, alphabet), distances)


def _costs_table(price: Costs, alphabet: Alphabet) -> pl.DataFrame:
    indels = np.broadcast_to(np.asarray(price.indel, dtype=np.float64), (len(alphabet.states),))
    rows = [
        {"from": a, "to": b, "cost": float(price.sub[i, j]), "indel": float(indels[i])}
        for i, a in enumerate(alphabet.states)
        for j, b in enumerate(alphabet.states)
    ]
    return pl.DataFrame(rows)
