"""Surrogate numbers for personal numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.contracts import RegisterContract, contract

_BLOCK, _BUCKETS = 100_000, 16


class Everyone:
    """All personal numbers that were met, each once.

    A number of up to twelve characters takes 16 bytes. Numbers are compared bucket by bucket, and
    those that wait are never many beside those that are known: memory follows the persons and not
    the rows.
    """

    def __init__(self, identifiers: Iterable[pl.Series] = ()) -> None:
        self._known = [pl.Series(dtype=pl.String)] * _BUCKETS
        self._waiting: list[pl.Series] = []
        self._count = 0
        for series in identifiers:
            self.add(series.to_frame())

    def add(self, identifiers: pl.DataFrame) -> None:
        """Take the cells of columns that hold personal numbers."""
        for column in identifiers.iter_columns():
            own = column.drop_nulls().unique()
            self._waiting.append(own.alias(""))
            self._count += len(own)
        if self._count > max(sum(map(len, self._known)) // 2, _BLOCK * 10):
            self._join()

    def take(self) -> pl.Series:
        """Give every number once, in no order, and forget them."""
        self._join()
        known, self._known = self._known, [pl.Series(dtype=pl.String)] * _BUCKETS
        return pl.concat(known)

    def _join(self) -> None:
        if not self._waiting:
            return
        waiting = pl.concat(self._waiting)
        self._waiting, self._count = [], 0
        bucket = waiting.hash() % _BUCKETS
        for at, known in enumerate(self._known):
            self._known[at] = pl.concat([known, waiting.filter(bucket == at)]).unique()


def number_persons(everyone: Everyone, seed: int) -> pl.DataFrame:
    """Give every personal number a surrogate number: table `keys`. `everyone` is empty afterwards.

    Numbers are ranks of a salted hash: the same for the same deliveries, and without the order of
    birth that ranks of the numbers themselves would keep.
    """
    numbers = everyone.take().alias("pnr")
    hashed = pl.Series("hash", _hashes(numbers, f"veje:{seed}:".encode()))
    order = hashed.arg_sort()
    in_order = hashed.gather(order)
    if (in_order == in_order.shift(1)).any():
        # By number where two have one hash: an order that does not depend on the deliveries'.
        numbers = pl.DataFrame([numbers, hashed]).sort("hash", "pnr").get_column("pnr")
    else:
        numbers = numbers.gather(order)
    ranks = pl.int_range(1, len(numbers) + 1, dtype=pl.Int64, eager=True)
    return pl.DataFrame([numbers, ranks.alias("person")])


def _hashes(numbers: pl.Series, salt: bytes) -> NDArray[np.uint64]:
    """Give the first 8 bytes of each number's salted SHA-256, in blocks: a digest is a Python object."""
    found = np.empty(len(numbers), dtype=np.uint64)
    for start in range(0, len(numbers), _BLOCK):
        block = numbers.slice(start, _BLOCK).cast(pl.Binary).to_list()
        joined = b"".join([hashlib.sha256(salt + number).digest() for number in block])
        found[start : start + _BLOCK] = np.frombuffer(joined, dtype=">u8")[::4]
    return found


def replace_identifiers(frame: pl.DataFrame, promise: RegisterContract, keys: pl.DataFrame) -> pl.DataFrame:
    """Replace every identifier column by surrogate numbers and order the rows by all columns."""
    for name in identifier_columns(promise):
        own = frame.select(pl.col(name).alias("pnr"))
        # The few that are needed first: a join with all keys would build a table of everyone.
        numbers = keys.join(own, on="pnr", how="semi").rename({"pnr": name, "person": "_number"})
        frame = frame.join(numbers, on=name, how="left", maintain_order="left")
        frame = frame.drop(name).rename({"_number": name})
    table = contract(promise.table)
    return frame.select(list(table.types)).sort(list(table.types))


def identifier_columns(promise: RegisterContract) -> list[str]:
    """Name the columns of a register that hold personal numbers."""
    return [name for name, spec in promise.columns.items() if spec["type"] == "identifier"]
