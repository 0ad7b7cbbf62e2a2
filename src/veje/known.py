"""Many identifiers in little memory: a sorted 64-bit key each, by length, with a filter in front of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.arrays import distinct

SHORTEST = 6
"""Characters. # ASSUME: a shorter identifier cannot be told from a figure by its digits; one with
letters counts as a whole word, in text only."""
STRIPPED = 8
"""Digits. # ASSUME: a number that has fewer without its leading zeros looks like any count of rows."""

_LONGEST = 18  # digits that a 64-bit key holds; a longer number is looked for as a word
_BLOCK = 1 << 20
_PART = 200_000
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_STEP = 0xD6E8FEB86659FD93
_BACK = pow(_STEP, -1, 1 << 64)
_LETTERS = np.random.default_rng(2012).integers(0, 1 << 64, size=256, dtype=np.uint64)

Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Sought:
    """Identifiers of one length: their sorted keys, and a bit table that most other keys are not in."""

    width: int
    keys: Keys
    bits: NDArray[np.uint8]

    def hits(self, values: Keys) -> NDArray[np.bool_]:
        """Tell which values are the key of an identifier."""
        slot = _slot(values, 8 * len(self.bits))
        hit: NDArray[np.bool_] = (
            self.bits[slot >> np.uint64(3)] >> (slot & np.uint64(7)).astype(np.uint8) & 1
        ).astype(bool)
        maybe = np.flatnonzero(hit)
        at = np.searchsorted(self.keys, values[maybe])
        hit[maybe] = self.keys[np.minimum(at, len(self.keys) - 1)] == values[maybe]
        return hit


@dataclass(frozen=True)
class Known:
    """Identifiers by how they are looked for.

    numbers: of 6 to 18 digits; the key is the number. words: of other characters or longer; the key
    is a 64-bit hash: of 7 million words and 100 million places, one is found that is not there with a
    chance of 4 in 100,000. short: words of fewer than six characters. zeros: whether a number begins
    with a zero, which a program may lose.
    """

    numbers: tuple[Sought, ...]
    words: tuple[Sought, ...]
    short: frozenset[bytes]
    zeros: bool

    @cached_property
    def fewest_digits(self) -> int:
        """The length of the shortest run of digits that can hold a number."""
        least = min((one.width for one in self.numbers), default=SHORTEST)
        return min(least, STRIPPED) if self.zeros else least

    @cached_property
    def shortest(self) -> int:
        """The length of the shortest identifier but for the short ones."""
        widths = [one.width for one in self.words] + ([self.fewest_digits] if self.numbers else [])
        return min(widths, default=SHORTEST)

    def holds(self, word: bytes) -> bool:
        """Tell whether a whole word is an identifier that is looked for as one."""
        return any(count_words(word, one) for one in self.words if one.width == len(word))


def know(identifiers: pl.Series) -> Known:
    """Take identifiers (text, one a row) in."""
    length, numeric = identifiers.str.len_bytes(), identifiers.str.contains(r"^[0-9]+$")
    number = numeric & length.is_between(SHORTEST, _LONGEST)
    word = ~number & (length >= SHORTEST)
    numbers = identifiers.filter(number)
    return Known(
        tuple(_sought(width, group.cast(pl.UInt64).to_numpy()) for width, group in _by_length(numbers)),
        tuple(
            _sought(width, np.concatenate([*_hashes(group, width)]))
            for width, group in _by_length(identifiers.filter(word))
        ),
        frozenset(one.encode() for one in identifiers.filter(~numeric & (length < SHORTEST))),
        bool(numbers.str.starts_with("0").any()),
    )


def count_numbers(runs: bytes, sought: Sought) -> int:
    """Count the places in runs of digits, a line each, at which a number stands."""
    return sum(int(sought.hits(_values(part, sought.width)).sum()) for part in _parts(runs, sought.width))


def count_values(values: Iterable[bytes], sought: Sought) -> int:
    """Count the texts of digits that are a number that is sought, or would be with zeros before them."""
    numbers = np.array([int(one) for one in values], dtype=np.uint64)
    return int(sought.hits(numbers).sum()) if len(numbers) else 0


def count_words(runs: bytes, sought: Sought) -> int:
    """Count the places in runs of characters, a line each, at which a word stands."""
    return sum(int(sought.hits(_rolled(part, sought.width)).sum()) for part in _parts(runs, sought.width))


def _parts(runs: bytes, width: int) -> Iterator[NDArray[np.uint8]]:
    """Give the bytes in parts that overlap by what an identifier needs."""
    whole = np.frombuffer(runs, dtype=np.uint8)
    for at in range(0, len(whole) - width + 1, _BLOCK):
        yield whole[at : at + _BLOCK + width - 1]


def _values(part: NDArray[np.uint8], width: int) -> Keys:
    """Read the number at every place that has enough digits."""
    count = len(part) - width + 1
    digits = part.astype(np.uint64) - np.uint64(ord("0"))
    found = np.zeros(count, dtype=np.uint64)
    for at in range(width):
        found = found * np.uint64(10) + digits[at : at + count]
    ends = np.concatenate([[0], np.cumsum(part < ord("0"))])
    inside: NDArray[np.bool_] = ends[width:] == ends[:count]
    return found[inside]


def _rolled(part: NDArray[np.uint8], width: int) -> Keys:
    """Hash the characters at every place: a polynomial modulo 2^64, from sums up to each place.

    Karp & Rabin 1987, IBM J Res Dev 31(2), section 3, with a random number for each character.
    """
    count = len(part) - width + 1
    sums: Keys = np.concatenate([[np.uint64(0)], np.cumsum(_LETTERS[part] * _powers(_STEP, len(part)))])
    hashed: Keys = (sums[width:] - sums[:count]) * _powers(_BACK, count)
    return hashed


def _powers(base: int, count: int) -> Keys:
    powers = np.full(count, base, dtype=np.uint64)
    powers[0] = 1
    powered: Keys = np.cumprod(powers, dtype=np.uint64)
    return powered


def _hashes(words: pl.Series, width: int) -> Iterator[Keys]:
    """Hash words of one length, a part at a time."""
    powers = _powers(_STEP, width)
    for part in words.to_frame().iter_slices(_PART):
        letters = np.frombuffer("".join(part.to_series()).encode(), dtype=np.uint8)
        yield (_LETTERS[letters.reshape(-1, width)] * powers).sum(axis=1, dtype=np.uint64)


def _by_length(identifiers: pl.Series) -> Iterator[tuple[int, pl.Series]]:
    lengths = identifiers.str.len_bytes()
    for width in lengths.unique().sort():
        yield width, identifiers.filter(lengths == width)


def _sought(width: int, keys: Keys) -> Sought:
    keys = distinct(keys)
    # Sixteen bits a key: one in sixteen of other keys passes the table and is looked up.
    table = np.zeros(1 << max(int(len(keys) * 16).bit_length(), 13), dtype=np.bool_)
    table[_slot(keys, len(table))] = True
    bits = np.packbits(table, bitorder="little")
    return Sought(width, keys, bits)


def _slot(values: Keys, size: int) -> Keys:
    """Give each value's bit in a table: the highest bits of a product (Knuth's multiplicative hashing)."""
    product: Keys = values * _SPREAD
    return product >> np.uint64(65 - size.bit_length())
