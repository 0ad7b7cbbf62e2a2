"""Surrogate numbers for personal numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import polars as pl

from veje.contracts import RegisterContract, contract


def number_persons(identifiers: Iterable[pl.Series], seed: int) -> pl.DataFrame:
    """Give every personal number a surrogate number: table `keys`.

    Numbers are ranks of a salted hash: the same for the same deliveries, and without the order of
    birth that ranks of the numbers themselves would keep.
    """
    everyone: set[str] = set()
    for series in identifiers:
        everyone.update(series.drop_nulls().unique().to_list())
    salt = f"veje:{seed}:".encode()
    ordered = sorted(everyone, key=lambda pnr: hashlib.sha256(salt + pnr.encode()).digest())
    return pl.DataFrame(
        {"pnr": ordered, "person": range(1, len(ordered) + 1)},
        schema={"pnr": pl.String, "person": pl.Int64},
    )


def replace_identifiers(frame: pl.DataFrame, promise: RegisterContract, keys: pl.DataFrame) -> pl.DataFrame:
    """Replace every identifier column by surrogate numbers and order the rows by all columns."""
    for name in identifier_columns(promise):
        numbers = keys.rename({"pnr": name, "person": "_number"})
        frame = frame.join(numbers, on=name, how="left", maintain_order="left")
        frame = frame.drop(name).rename({"_number": name})
    table = contract(promise.table)
    return frame.select(list(table.types)).sort(list(table.types))


def identifier_columns(promise: RegisterContract) -> list[str]:
    """Name the columns of a register that hold personal numbers."""
    return [name for name, spec in promise.columns.items() if spec["type"] == "identifier"]
