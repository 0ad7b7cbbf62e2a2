"""Draws that belong to a person, not to the order of drawing: each is a hash of seed, step and person.

So a person's register rows are the same however the population is cut into chunks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.twin.law import Floats, Ints

Bits = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Lot:
    """A source of draws: the same seed, step and person always give the same draw.

    Source: Steele, Lea & Flood 2014, OOPSLA (the mixing function of SplitMix64).
    """

    seed: int

    def bits(self, step: str, ids: Ints) -> Bits:
        """Give 64 random bits for each id: (n,)."""
        digest = hashlib.blake2b(f"veje:{self.seed}:{step}".encode(), digest_size=8).digest()
        z = (ids.astype(np.uint64) + np.uint64(1)) * GOLDEN + np.uint64(int.from_bytes(digest, "little"))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed: Bits = z ^ (z >> np.uint64(31))
        return mixed

    def unit(self, step: str, ids: Ints) -> Floats:
        """Give a number in [0, 1) for each id: (n,)."""
        share: Floats = (self.bits(step, ids) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return share

    def whole(self, step: str, ids: Ints, low: int, high: int) -> Ints:
        """Give an integer low .. high - 1 for each id: (n,)."""
        drawn: Ints = low + np.floor(self.unit(step, ids) * (high - low)).astype(np.int64)
        return drawn

    def pick(self, step: str, ids: Ints, shares: Floats) -> Ints:
        """Give a position in `shares` for each id: (n,)."""
        cumulated = np.cumsum(shares) / np.sum(shares)
        position: Ints = np.searchsorted(cumulated, self.unit(step, ids), side="right").astype(np.int64)
        return np.minimum(position, cumulated.size - 1)
