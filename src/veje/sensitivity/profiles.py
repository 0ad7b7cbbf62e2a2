"""Mean quarters per state by municipality and type: those of a solution, and those that are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.lists import Alphabet
from veje.published import read_figures

Profiles = Mapping[tuple[str, str], Mapping[str, float]]
"""Mean quarters by state, of each municipality (area) and type that it has."""


@dataclass(frozen=True)
class Far:
    """How far profiles lie from the reference.

    distance: mean absolute difference in quarters over all states of all matched profiles, None
    when none is matched. matched: profiles that the reference has too.
    """

    distance: float | None
    matched: int


def profiles_of(sequences: pl.DataFrame, types: pl.DataFrame, alphabet: Alphabet) -> Profiles:
    """Compute each municipality's profiles by the types of its own clusters, as Bilag 1 has them.

    sequences, types: tables of those names.
    """
    joined = types.select("person", "area", "type_own").join(
        sequences.select("person", "states"), on="person", how="inner"
    )
    found: dict[tuple[str, str], Mapping[str, float]] = {}
    for (area, type_key), group in joined.group_by(["area", "type_own"]):
        states = np.array(group["states"].to_list(), dtype=np.uint8)
        mean = np.bincount(states.ravel(), minlength=len(alphabet.states)) / len(states)
        found[str(area), str(type_key)] = dict(zip(alphabet.states, mean.tolist(), strict=True))
    return found


def printed_profiles(areas: Sequence[str], alphabet: Alphabet) -> Profiles | None:
    """Read Bilag 1 of Caswell et al. 2012; None when it is about other municipalities or other states.

    areas: the municipalities' keys.
    """
    printed = read_figures("bilag_1").filter(measure="mean")
    strange = set(printed["key"]) - set(alphabet.states)
    if strange or not set(areas) <= set(printed["area"]):
        return None
    found: dict[tuple[str, str], dict[str, float]] = {}
    for area, type_key, state, value in printed.select("area", "type_key", "key", "value").iter_rows():
        if area in areas:
            found.setdefault((area, type_key), {})[state] = float(value)
    return found


def far_from(own: Profiles, reference: Profiles, area: str | None = None) -> Far:
    """Measure how far profiles lie from the reference, in one municipality or in all of them.

    A type of one side alone is left out: `matched` tells how many are not. States that the
    reference does not name are left out too.
    """
    both = [at for at in own if at in reference and area in (None, at[0])]
    apart: NDArray[np.float64] = np.array(
        [
            abs(own[at].get(state, 0.0) - value)
            for at in sorted(both)
            for state, value in reference[at].items()
        ]
    )
    return Far(float(apart.mean()) if apart.size else None, len(both))
