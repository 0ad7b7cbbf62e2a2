"""Types within groups of regimes compared: which type before stands for which after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from veje.contracts import contract
from veje.lists import Alphabet
from veje.names import WITHHELD

Profiles = Mapping[str, NDArray[np.float64]]
"""Mean quarters by state (K,) of each type."""


def compare_groups(
    group_types: pl.DataFrame,
    sequences: pl.DataFrame,
    groups: Sequence[str],
    alphabet: Alphabet,
    limit: float,
) -> pl.DataFrame:
    """Match the types of each group with those of the next one: table `regime_matches`.

    group_types: person, group, type_key. sequences: table of that name. groups: in order; one that
    nobody is in is passed over. limit: quarters beyond which two types are no match.
    """
    joined = group_types.join(sequences.select("person", "states"), on="person", how="inner")
    found = {name: profiles_of(joined.filter(pl.col("group") == name), alphabet) for name in groups}
    there = [name for name in groups if found[name]]
    rows = [
        {"before": before, "after": after, "type_before": one, "type_after": other, "distance": far}
        for before, after in pairwise(there)
        for one, other, far in match_types(found[before], found[after], limit)
    ]
    return pl.DataFrame(rows, schema=dict(contract("regime_matches").types))


def match_types(
    before: Profiles, after: Profiles, limit: float
) -> list[tuple[str | None, str | None, float | None]]:
    """Match types one to one so that the sum of distances is least; those without a match stand alone.

    Distance: quarters that would have to change state. The assignment is Kuhn's (1955, Naval
    Research Logistics Quarterly 2); a pair further apart than the limit is two types without a match.
    """
    first, second = sorted(before), sorted(after)
    far = np.array([[np.abs(before[a] - after[b]).sum() / 2 for b in second] for a in first])
    pairs = [
        (first[i], second[j], float(far[i, j]))
        for i, j in zip(*linear_sum_assignment(far), strict=True)
        if far[i, j] <= limit
    ]
    gone = [(a, None, None) for a in first if a not in {pair[0] for pair in pairs}]
    new = [(None, b, None) for b in second if b not in {pair[1] for pair in pairs}]
    return [*pairs, *gone, *new]


def profiles_of(joined: pl.DataFrame, alphabet: Alphabet) -> Profiles:
    """Compute the mean quarters by state of each type; joined: type_key, states. Hidden types have none."""
    found = {}
    for (type_key,), own in joined.filter(pl.col("type_key") != WITHHELD).group_by(["type_key"]):
        states = np.array(own["states"].to_list(), dtype=np.uint8)
        found[str(type_key)] = np.bincount(states.ravel(), minlength=len(alphabet.states)) / len(states)
    return found


def hide_small(group_types: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Give types of too few persons of their group one neutral key: their names tell of their paths."""
    few = pl.len().over("group", "type_key") < threshold
    return group_types.with_columns(
        pl.when(few).then(pl.lit(WITHHELD)).otherwise("type_key").alias("type_key")
    )
