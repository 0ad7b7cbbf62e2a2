"""Stage `sensitivity`: each variant's solution beside the run's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.clusters.agreement import adjusted_rand
from veje.contracts import contract
from veje.lists import Alphabet
from veje.names import BASE
from veje.sensitivity.profiles import Far, far_from, printed_profiles, profiles_of

Row = dict[str, object]


@dataclass(frozen=True)
class Solution:
    """What one set of choices gives: tables `sequences`, `quality` and `types` of the same persons."""

    sequences: pl.DataFrame
    quality: pl.DataFrame
    types: pl.DataFrame


def build_sensitivity(
    base: Solution, variants: Iterable[tuple[str, Solution]], alphabet: Alphabet, areas: Sequence[str]
) -> pl.DataFrame:
    """Compare each variant with the run's own choices: table `sensitivity`.

    variants: by name, in order. alphabet: the run's; a variant may have another. areas: the pooled
    area first. Profiles are compared with Bilag 1 where it is about these municipalities and states,
    else with the run's own.
    """
    printed = printed_profiles(areas[1:], alphabet)
    own = profiles_of(base.sequences, base.types, alphabet)
    reference = own if printed is None else printed
    far_key = "profile_distance" if printed is None else "bilag_1_distance"
    rows: list[Row] = []
    for order, (name, solution) in enumerate([(BASE, base), *variants]):
        profiles = profiles_of(solution.sequences, solution.types, alphabet)
        far = {area: far_from(profiles, reference, area) for area in areas[1:]}
        far |= {areas[0]: far_from(profiles, reference)}
        found = [*_compared(base, solution, far, far_key, areas), *_sizes(solution, areas[0])]
        rows += [{"variant": name, "order": order} | row for row in found]
    return pl.DataFrame(rows, schema=dict(contract("sensitivity").types))


def _compared(
    base: Solution, other: Solution, far: Mapping[str, Far], far_key: str, areas: Sequence[str]
) -> list[Row]:
    """Compare one variant in every area: agreement, number of clusters, distance of the profiles."""
    rows: list[Row] = []
    for area in areas:
        pooled = area == areas[0]
        which = "pooled" if pooled else "own"
        pairs = _pairs(base.types, other.types, None if pooled else area)
        chosen = other.quality.filter(pl.col("area") == area, pl.col("chosen"))["k"]
        values = _agreement(pairs, which) | {
            far_key: far[area].distance,
            "matched_profiles": float(far[area].matched),
            "unlike_sequences": float(_here(other, area, pooled)["sequence"].n_unique()),
            "clusters": float(chosen.item()) if chosen.len() else None,
        }
        head: Row = {"area": area, "type_key": "", "persons": pairs.height}
        rows += [head | {"key": key, "value": value} for key, value in values.items()]
    return rows


def _here(solution: Solution, area: str, pooled: bool) -> pl.DataFrame:
    return solution.sequences if pooled else solution.sequences.filter(pl.col("area") == area)


def _pairs(base: pl.DataFrame, other: pl.DataFrame, area: str | None) -> pl.DataFrame:
    """Put the two solutions' rows of each person beside each other, of one municipality or of all."""
    here = base if area is None else base.filter(pl.col("area") == area)
    return here.join(other, on="person", how="inner", suffix="_other")


def _agreement(pairs: pl.DataFrame, which: str) -> dict[str, float | None]:
    """Compute the adjusted Rand index of clusters, and of the types that they are named as."""
    found: dict[str, float | None] = {}
    for key, column in (("adjusted_rand", f"cluster_{which}"), ("adjusted_rand_types", f"type_{which}")):
        labels = [
            np.unique(pairs[name].to_numpy(), return_inverse=True)[1] for name in (column, f"{column}_other")
        ]
        found[key] = adjusted_rand(labels[0], labels[1]) if pairs.height > 1 else None
    return found


def _sizes(solution: Solution, pooled: str) -> list[Row]:
    """Count the persons of each pooled type."""
    counted = solution.types.group_by("type_pooled").len().sort("type_pooled")
    return [
        {"area": pooled, "type_key": type_key, "key": "persons", "persons": persons, "value": None}
        for type_key, persons in counted.iter_rows()
    ]
