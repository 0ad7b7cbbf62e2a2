"""Stage 6: clusters get the names of pathway types, by the nearest published profile of mean quarters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput
from veje.lists import Alphabet
from veje.settings import Typology

UNMATCHED = "unmatched"


@dataclass(frozen=True)
class TypologyResult:
    """Tables `types` (a row a person) and `named_clusters` (a row a cluster)."""

    types: pl.DataFrame
    named_clusters: pl.DataFrame


@dataclass(frozen=True)
class Profile:
    """Mean quarters per state of a named type in an area."""

    area: str
    type_key: str
    quarters: NDArray[np.float64]


def build_typology(
    partitions: pl.DataFrame,
    quality: pl.DataFrame,
    sequences: pl.DataFrame,
    reference: list[Profile],
    alphabet: Alphabet,
    settings: Typology,
    pooled: str,
    kept: Mapping[tuple[str, int], str] = MappingProxyType({}),
) -> TypologyResult:
    """Name every cluster of the chosen partitions and give every person a pooled and an own type.

    partitions, quality, sequences: tables of those names. The own type comes from the solution of
    the person's municipality alone. kept: the type that a cluster (area, number) had in the run before,
    which it keeps: without reference profiles always, with them while the type's lies within the limit.
    """
    chosen = partitions.join(quality.filter("chosen").select("area", "k"), on=["area", "k"], how="inner")
    named = []
    for (area,), part in chosen.sort("area", "sequence").group_by(["area"], maintain_order=True):
        persons = sequences if area == pooled else sequences.filter(pl.col("area") == area)
        placed = persons.join(part.select("sequence", "cluster"), on="sequence", how="inner")
        named += [
            _name_cluster(str(area), c, g, reference, alphabet, settings, kept.get((str(area), int(str(c)))))
            for (c,), g in placed.sort("cluster", "person").group_by(["cluster"], maintain_order=True)
        ]
    clusters = _mark_merged(pl.DataFrame(named, infer_schema_length=None))
    return TypologyResult(_types(chosen, sequences, clusters, pooled), clusters)


def read_reference(table: pl.DataFrame, alphabet: Alphabet, pooled: str) -> list[Profile]:
    """Read reference profiles (area, type_key, state, quarters, persons) and add each type's pooled one.

    The pooled profile is the mean over areas weighted by persons. A state outside the alphabet is
    bad input.
    """
    unknown = set(table["state"]) - set(alphabet.states)
    if unknown:
        raise BadInput(f"reference profiles: states not in the alphabet: {', '.join(sorted(unknown))}")
    cells: dict[tuple[str, str], NDArray[np.float64]] = {}
    persons: dict[tuple[str, str], float] = {}
    for row in table.to_dicts():
        profile = cells.setdefault((row["type_key"], row["area"]), np.zeros(len(alphabet.states)))
        profile[alphabet.code(row["state"])] = float(row["quarters"])
        persons[row["type_key"], row["area"]] = float(row["persons"])
    profiles = [Profile(area, type_key, quarters) for (type_key, area), quarters in cells.items()]
    for type_key in sorted({type_key for type_key, _ in cells}):
        own = [at for at in cells if at[0] == type_key]
        weights = np.array([persons[at] for at in own])
        profiles.append(
            Profile(pooled, type_key, np.average([cells[at] for at in own], axis=0, weights=weights))
        )
    return profiles


def profile_distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give the quarters that would have to change state to turn one profile into the other.

    a, b: (K,) mean quarters per state. Half the sum of absolute differences.
    """
    return float(np.abs(a - b).sum() / 2)


def nearest(profile: NDArray[np.float64], reference: list[Profile]) -> list[tuple[float, Profile]]:
    """Give the nearest reference profile of each type with its distance, nearest first."""
    best: dict[str, tuple[float, Profile]] = {}
    for known in reference:
        found = (profile_distance(profile, known.quarters), known)
        if known.type_key not in best or found[0] < best[known.type_key][0]:
            best[known.type_key] = found
    return sorted(best.values(), key=lambda pair: (pair[0], pair[1].type_key))


def dominant_name(states: NDArray[np.uint8], alphabet: Alphabet, least: float) -> str:
    """Name a cluster by its dominant states in the order in which they come.

    states: (n, L) state codes. A state is dominant with a mean of at least `least` quarters, or
    when it is the commonest; the order is that of the mean quarter in which each is held.
    """
    length = states.shape[1]
    counts = np.bincount(states.ravel(), minlength=len(alphabet.states))
    mean = counts / len(states)
    positions = [np.nonzero(states == code)[1] for code in range(len(mean))]
    held = [code for code in range(len(mean)) if mean[code] >= least or code == int(mean.argmax())]
    held.sort(key=lambda code: (float(positions[code].mean()) if counts[code] else length, code))
    return "_then_".join(alphabet.states[code].lower() for code in held)


def _name_cluster(
    area: str,
    cluster: object,
    group: pl.DataFrame,
    reference: list[Profile],
    alphabet: Alphabet,
    settings: Typology,
    kept: str | None,
) -> Mapping[str, object]:
    states = np.array(group["states"].to_list(), dtype=np.uint8)
    named: dict[str, object] = {"area": area, "cluster": cluster, "persons": group.height}
    blank = {"reference_area": None, "distance": None, "second_type": None, "second_distance": None}
    if not reference:
        return (
            named | blank | {"type_key": kept or dominant_name(states, alphabet, settings.dominant_quarters)}
        )
    profile = np.bincount(states.ravel(), minlength=len(alphabet.states)) / len(states)
    ranked = nearest(profile, reference)
    # Stable: the others stay in the order of their distance.
    ranked.sort(key=lambda pair: pair[1].type_key != kept or pair[0] > settings.limit)
    distance, first = ranked[0]
    second = (
        {"second_type": ranked[1][1].type_key, "second_distance": ranked[1][0]} if len(ranked) > 1 else {}
    )
    key = first.type_key if distance <= settings.limit else UNMATCHED
    return named | blank | {"type_key": key, "reference_area": first.area, "distance": distance} | second


def _mark_merged(clusters: pl.DataFrame) -> pl.DataFrame:
    several = pl.len().over("area", "type_key") > 1
    merged = (several & (pl.col("type_key") != UNMATCHED)).alias("merged")
    return clusters.with_columns(
        merged,
        pl.col("cluster").cast(pl.Int64),
        pl.col("reference_area", "second_type").cast(pl.String),
        pl.col("distance", "second_distance").cast(pl.Float64),
    ).sort("area", "cluster")


def _types(
    chosen: pl.DataFrame, sequences: pl.DataFrame, clusters: pl.DataFrame, pooled: str
) -> pl.DataFrame:
    named = chosen.join(clusters, on=["area", "cluster"], how="left").select(
        "area", "sequence", "cluster", "type_key"
    )
    whole = named.filter(pl.col("area") == pooled).drop("area")
    whole = whole.rename({"cluster": "cluster_pooled", "type_key": "type_pooled"})
    own = named.filter(pl.col("area") != pooled).rename({"cluster": "cluster_own", "type_key": "type_own"})
    persons = sequences.select("person", "area", "sequence")
    return (
        persons.join(whole, on="sequence", how="left")
        .join(own, on=["area", "sequence"], how="left")
        .sort("person")
    )
