"""Unique personal numbers for millions of persons: a permutation of birth days and serial numbers.

Person i gets the i-th pair of a permuted list of all (birth day, serial) pairs, so that no two
persons share a number and nobody has to remember which ones are gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput
from veje.twin.hashed import Lot
from veje.twin.law import Ints

Days = NDArray[np.datetime64]

SERIALS = 4000
"""Serial numbers of a birth day: 0000 to 3999 for 1900 to 1999, 4000 to 7999 for 2000 to 2036."""
ROUNDS = 4
CENTURY = np.datetime64("2000-01-01")


def number_text(born: Days, serial: Ints) -> pl.Series:
    """Give ten-digit numbers DDMMYYSSSS with day + 60, as text; serial: 0 .. 3999, even for women."""
    months = born.astype("datetime64[M]")
    day = (born - months).astype(np.int64) + 61
    month = months.astype(np.int64) % 12 + 1
    year = (born.astype("datetime64[Y]").astype(np.int64) + 1970) % 100
    last = serial + np.where(born >= CENTURY, SERIALS, 0)
    return pl.Series("PNR", (day * 10_000 + month * 100 + year) * 10_000 + last).cast(pl.String)


@dataclass(frozen=True)
class Numbering:
    """Birth days and serials of persons 0 .. n - 1; `swapped` persons take the pairs of `spares`."""

    lot: Lot
    first: np.datetime64
    days: int
    swapped: Ints
    spares: Ints

    def pairs(self, ids: Ints) -> tuple[Days, Ints]:
        """Give birth days and serials: (n,) each."""
        moved = ids.copy()
        _, of_ids, of_swapped = np.intersect1d(ids, self.swapped, assume_unique=True, return_indices=True)
        moved[of_ids] = self.spares[of_swapped]
        day, serial = permute(self.lot, moved, self.days)
        return self.first + day.astype("timedelta64[D]"), serial


def permute(lot: Lot, ids: Ints, days: int) -> tuple[Ints, Ints]:
    """Turn ids below days x SERIALS into pairs of a day and a serial, one to one (a Feistel network)."""
    day, serial = ids // SERIALS, ids % SERIALS
    for step in range(ROUNDS):
        day = (day + lot.whole(f"day{step}", serial, 0, days)) % days
        serial = (serial + lot.whole(f"serial{step}", day, 0, SERIALS)) % SERIALS
    return day, serial


def unpermute(lot: Lot, day: Ints, serial: Ints, days: int) -> Ints:
    """Give the ids whose pairs these are; the inverse of `permute`."""
    for step in reversed(range(ROUNDS)):
        serial = (serial - lot.whole(f"serial{step}", day, 0, SERIALS)) % SERIALS
        day = (day - lot.whole(f"day{step}", serial, 0, days)) % days
    ids: Ints = day * SERIALS + serial
    return ids


def make_numbering(lot: Lot, n: int, years: tuple[int, int], taken: pl.Series) -> Numbering:
    """Prepare the numbers of n persons born in years[0] .. years[1] who share no number with `taken`.

    taken: numbers of births 1900 to 1999, as text. Raises `BadInput` when there are too few numbers.
    """
    first = np.datetime64(f"{years[0]}-01-01")
    days = int((np.datetime64(f"{years[1] + 1}-01-01") - first).astype(np.int64))
    if n + taken.len() > days * SERIALS:
        raise BadInput(f"twin: {n:,} persons, but only {days * SERIALS:,} personal numbers for these years")
    born, serial = read_pairs(taken)
    day = (born - first).astype(np.int64)
    inside = (day >= 0) & (day < days)
    gone = np.unique(unpermute(lot, day[inside], serial[inside], days))
    swapped = gone[gone < n]
    beyond = np.arange(n, n + gone.size + swapped.size)
    spares = np.setdiff1d(beyond, gone)[: swapped.size]
    return Numbering(lot, first, days, swapped, spares)


def read_pairs(numbers: pl.Series) -> tuple[Days, Ints]:
    """Read birth days and serials back from numbers of births 1900 to 1999."""
    value = numbers.cast(pl.Int64).to_numpy()
    date_part, serial = value // 10_000, value % 10_000
    day, month, year = date_part // 10_000 - 60, date_part // 100 % 100, date_part % 100
    months = ((1900 - 1970 + year) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]"), serial
