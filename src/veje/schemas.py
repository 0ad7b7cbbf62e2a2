"""Schemas that check a frame in one pass, by dataframely, from the columns of a table's contract.

Apart from `contracts`, because a process that only reads tables does without dataframely.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

import polars as pl


@contextmanager
def _without(package: str) -> Iterator[None]:
    """Let what is imported here find a package not installed, unless it is imported already."""
    known = package in sys.modules
    if not known:
        # Python's own sign that an import of this name fails.
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not known:
            del sys.modules[package]


@cache
def dataframely() -> Any:
    """Import dataframely without its optional part for databases.

    It loads SQLAlchemy wherever that is installed, as it is beside Snakemake: a quarter of a second
    in each of the workflow's jobs, for what veje does not use.
    """
    with _without("sqlalchemy"):
        return import_module("dataframely")


def schema(name: str, columns: Mapping[str, Mapping[str, Any]], key: tuple[str, ...]) -> Any:
    """Build the schema of a table by its contract's columns: types, nulls, bounds, codes and the key."""
    members = {column: _column(spec, column in key) for column, spec in columns.items()}
    return type(name.title().replace("_", ""), (dataframely().Schema,), members)


def broken(frame: pl.DataFrame, checked_by: Any) -> dict[str, int]:
    """Count the rows that break each rule of a schema; no rule without such a row."""
    counts: dict[str, int] = checked_by.filter(frame).failure.counts()
    return counts


def _column(spec: Mapping[str, Any], in_key: bool) -> Any:
    """Build dataframely's column from a contract's line."""
    dy = dataframely()
    options: dict[str, Any] = {"nullable": bool(spec.get("nullable", False))}
    if in_key:
        options = {"nullable": False, "primary_key": True}
    options |= {name: spec[name] for name in ("min", "max") if name in spec}
    if spec["type"] == "states":
        return dy.List(dy.UInt8(nullable=False), nullable=options["nullable"])
    if spec["type"] == "weeks":
        return dy.List(dy.Int64(nullable=False), nullable=options["nullable"])
    if spec["type"] == "string" and "in" in spec:
        options["regex"] = "^(" + "|".join(spec["in"]) + ")$"
    return getattr(dy, _COLUMNS[spec["type"]])(**options)


_COLUMNS = {
    "int64": "Int64",
    "int32": "Int32",
    "uint8": "UInt8",
    "float64": "Float64",
    "string": "String",
    "date": "Date",
    "bool": "Bool",
}
"""dataframely's column by a contract's type."""
