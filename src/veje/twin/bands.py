"""How many measures each active person has: the classes of table 6.7 and the sums of the types."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from veje.published import figures
from veje.twin.law import Ints

BANDS: Mapping[str, tuple[int, int]] = {
    "n_1_5": (1, 5),
    "n_6_10": (6, 10),
    "n_11_15": (11, 15),
    "n_16_20": (16, 20),
    "n_21_25": (21, 25),
    "n_26_31": (26, 31),
}
SWAPS = 20_000
NEAR = 3
"""Measures: swapping stops when every type's sum is this near; single measures are moved then."""


def persons_by_band(area: str) -> Ints:
    """Give the persons of a municipality in each class of measures per person: (6,)."""
    printed = figures("measures_per_person", "count", "area", "key")
    return np.array([printed[area, key] for key in BANDS]).astype(np.int64)


def draw_in_bands(rng: np.random.Generator, persons: Ints, total: int) -> tuple[Ints, Ints, Ints]:
    """Draw numbers of measures that keep the persons of each class and add to `total`.

    persons: (6,). Returns numbers with the least and the most of each one's class. Raises
    ValueError when the classes cannot add to the total.
    """
    low, high = (np.repeat([ends[side] for ends in BANDS.values()], persons) for side in (0, 1))
    if not low.sum() <= total <= high.sum():
        raise ValueError(f"{persons.sum():,} persons in these classes cannot have {total:,} measures")
    # ASSUME: within a class fewer measures are likelier than more.
    numbers = low + np.minimum(rng.geometric(0.3, low.size) - 1, high - low)
    while (gap := total - int(numbers.sum())) != 0:
        step = 1 if gap > 0 else -1
        free = np.flatnonzero(numbers < high) if gap > 0 else np.flatnonzero(numbers > low)
        numbers[rng.permutation(free)[: abs(gap)]] += step
    return numbers.astype(np.int64), low.astype(np.int64), high.astype(np.int64)


def deal_to_types(
    rng: np.random.Generator, active: Ints, totals: Ints, drawn: tuple[Ints, Ints, Ints]
) -> list[Ints]:
    """Deal numbers to types so that each type has its persons and its sum.

    active, totals: (types,). drawn: `draw_in_bands`. Two persons of unlike types swap their numbers
    while that brings the sums nearer; the rest is moved one by one within the classes.
    """
    order = rng.permutation(drawn[0].size)
    numbers, low, high = (part[order] for part in drawn)
    owner = np.repeat(np.arange(active.size), active)
    gap = np.bincount(owner, weights=numbers, minlength=active.size).astype(np.int64) - totals
    for i, j in rng.integers(0, numbers.size, (SWAPS, 2)):
        if np.abs(gap).max() <= NEAR:
            break
        more, a, b = numbers[i] - numbers[j], owner[i], owner[j]
        # The sum of squared gaps changes by 2 more (more - gap[a] + gap[b]) when the two swap.
        if a != b and more * (more - gap[a] + gap[b]) < 0:
            for part in (numbers, low, high):
                part[i], part[j] = part[j], part[i]
            gap[a], gap[b] = gap[a] - more, gap[b] + more
    while gap.any():
        a, b = int(gap.argmax()), int(gap.argmin())
        numbers[rng.choice(np.flatnonzero((owner == a) & (numbers > low)))] -= 1
        numbers[rng.choice(np.flatnonzero((owner == b) & (numbers < high)))] += 1
        gap[a], gap[b] = gap[a] - 1, gap[b] + 1
    return [numbers[owner == t] for t in range(active.size)]
