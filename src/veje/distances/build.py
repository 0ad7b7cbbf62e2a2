"""Stage 4: substitution costs from all persons, and distances between the unique sequences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.distances.known import Known, extended, hang_together, key_of
from veje.distances.own import oddities
from veje.distances.pairs import pairwise
from veje.distances.pricing import parameters_of, price_of
from veje.distances.stretches import laid_out, stretch
from veje.distances.substitution import Costs
from veje.errors import BadInput
from veje.lists import Alphabet
from veje.settings import Distances


@dataclass(frozen=True)
class DistancesResult:
    """Table `costs`, and the condensed float32 distances of the unique sequences in SciPy's order.

    notes: what is odd in a user's own costs, a line each. computed: pairs that no former run had.
    """

    costs: pl.DataFrame
    distances: NDArray[np.floating]
    notes: list[str]
    computed: int


def build_distances(
    unique: pl.DataFrame, alphabet: Alphabet, settings: Distances, own: pl.DataFrame | None = None
) -> DistancesResult:
    """Compute costs and distances of the unique sequences.

    unique: table `unique`; its weights count in transition rates. own: the user's table of features
    or costs, as text, where the config names one. The missing state is a state, unless it has a
    cost of its own. Raises `BadInput` when all persons have the same sequence, or when the settings
    do not fit the sequences.

    # ASSUME: the municipalities' own solutions use the costs of the pooled sequences, so that one
    distance between two sequences holds everywhere; the study does not say.
    """
    made = priced(unique, alphabet, settings, own)
    return _result(made, alphabet, settings, _told(pairwise, made, settings))


def build_costs(
    unique: pl.DataFrame, alphabet: Alphabet, settings: Distances, own: pl.DataFrame | None = None
) -> DistancesResult:
    """Compute the costs alone, for a run that holds no distances of all pairs; those are of length zero.

    Raises `BadInput` as `build_distances` does, and for a method whose distances depend on all sequences.
    """
    made = priced(unique, alphabet, settings, own)
    if hang_together(settings.method, made.price, made.parameters):
        raise BadInput(
            f"distances: with {settings.method} each distance depends on all sequences, so that samples have "
            "none in common; clusters.method: clara goes with another one"
        )
    return _result(made, alphabet, settings, np.empty(0, np.float32))


def build_onto(
    unique: pl.DataFrame,
    alphabet: Alphabet,
    settings: Distances,
    own: pl.DataFrame | None,
    version: str,
    read: Callable[[str], Known | None],
) -> tuple[DistancesResult, str]:
    """Compute what `build_distances` does from the distances that a former run kept.

    version: of the code that computes. read: gives what was kept under a key. Also gives this run's key;
    an empty one when a distance depends on other sequences too, so that none can be kept.
    """
    made = priced(unique, alphabet, settings, own)
    if hang_together(settings.method, made.price, made.parameters):
        return build_distances(unique, alphabet, settings, own), ""
    more = f"{alphabet.states} {version}"
    key = key_of(settings.method, made.price, settings.norm, made.parameters, more)
    computed = 0

    def compute(states: NDArray[np.uint8], **given: Any) -> NDArray[np.floating]:
        nonlocal computed
        distances, computed = extended(states, read(key), **given)
        return distances

    distances = _told(compute, made, settings)
    return replace(_result(made, alphabet, settings, distances), computed=computed), key


def build_stretch(
    unique: pl.DataFrame,
    alphabet: Alphabet,
    settings: Distances,
    own: pl.DataFrame | None,
    part: int,
    parts: int,
) -> NDArray[np.floating]:
    """Compute one of `parts` stretches of the distances (see `distances.stretches`); part: from 0."""
    made = priced(unique, alphabet, settings, own)
    return _told(partial(stretch, part=part, parts=parts), made, settings)


def build_from_stretches(
    unique: pl.DataFrame,
    alphabet: Alphabet,
    settings: Distances,
    own: pl.DataFrame | None,
    stretches: Sequence[NDArray[np.floating]],
) -> DistancesResult:
    """Lay all stretches end to end; compute the costs that they were made with."""
    made = priced(unique, alphabet, settings, own)
    try:
        distances = laid_out(made.states, stretches)
    except ValueError as error:
        raise BadInput(f"distances: {error}") from None
    return _result(made, alphabet, settings, distances)


@dataclass(frozen=True, eq=False)
class Priced:
    """Sequences, and what their distances are computed with."""

    states: NDArray[np.uint8]
    price: Costs | None
    parameters: dict[str, Any]


def priced(unique: pl.DataFrame, alphabet: Alphabet, settings: Distances, own: pl.DataFrame | None) -> Priced:
    """Compute the costs of the unique sequences, and no distance."""
    if unique.height < 2:
        raise BadInput(f"distances: all {unique['weight'].sum():,} persons have the same sequence")
    states = np.array(unique["states"].to_list(), dtype=np.uint8)
    weights = unique["weight"].to_numpy().astype(np.float64)
    try:
        price = price_of(states, weights, alphabet, settings, own)
        return Priced(states, price, parameters_of(settings, weights))
    except ValueError as error:
        raise BadInput(f"distances: {error}") from None


def _told(
    compute: Callable[..., NDArray[np.floating]], made: Priced, settings: Distances
) -> NDArray[np.floating]:
    """Compute distances; a fault is told as one of the settings."""
    try:
        return compute(
            made.states, method=settings.method, costs=made.price, norm=settings.norm, **made.parameters
        )
    except ValueError as error:
        raise BadInput(f"distances: {error}") from None


def _result(
    made: Priced, alphabet: Alphabet, settings: Distances, distances: NDArray[np.floating]
) -> DistancesResult:
    price = made.price
    notes = oddities(price, alphabet.states) if price is not None and settings.costs == "OWN" else []
    return DistancesResult(_costs_table(price, alphabet), distances, notes, distances.size)


def _costs_table(price: Costs | None, alphabet: Alphabet) -> pl.DataFrame:
    """Return costs by pair of states, their mean where they vary by position; none without costs."""
    if price is None:
        return pl.DataFrame(schema={"from": str, "to": str, "cost": float, "indel": float})
    sub = price.sub if price.sub.ndim == 2 else price.sub.mean(axis=0)
    indels = np.broadcast_to(np.asarray(price.indel, dtype=np.float64), (len(alphabet.states),))
    rows = [
        {"from": a, "to": b, "cost": float(sub[i, j]), "indel": float(indels[i])}
        for i, a in enumerate(alphabet.states)
        for j, b in enumerate(alphabet.states)
    ]
    return pl.DataFrame(rows)
