"""Rows that share a key, found among many in 8 bytes a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]


class Suspects:
    """Hashes of keys that were met more than once.

    Equal keys have equal hashes, so that no shared key is missed; two keys of one hash are suspects
    as well, and only the keys themselves tell (`keep_doubles`).
    """

    def __init__(self, key: Sequence[str]) -> None:
        self._key = list(key)
        self._met: list[Hashes] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Take the keys of some rows."""
        if self._key:
            self._met.append(hashes(rows, self._key))

    def find(self) -> Hashes:
        """Give the hashes that were met more than once, in ascending order."""
        met = np.concatenate([np.zeros(0, dtype=np.uint64), *self._met])
        met.sort()
        return np.unique(met[1:][met[1:] == met[:-1]])


def hashes(rows: pl.DataFrame, key: Sequence[str]) -> Hashes:
    """Give a 64-bit hash of each row's key; equal within a process only."""
    return rows.select(key).hash_rows().to_numpy()


def keep_suspects(rows: pl.DataFrame, key: Sequence[str], suspects: Hashes) -> pl.DataFrame:
    """Keep the rows whose key has one of the hashes."""
    return rows.filter(pl.Series(np.isin(hashes(rows, key), suspects)))


def keep_doubles(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Keep the rows that share their key with another row."""
    return rows.filter(pl.struct(key).is_duplicated())
