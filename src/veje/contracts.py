"""Tables' and registers' contracts: what `data_schema/` promises, and the check of a frame against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml

from veje.errors import BadInput, VejeError
from veje.schemas import broken, schema

_TYPES: dict[str, pl.DataType] = {
    "int64": pl.Int64(),
    "int32": pl.Int32(),
    "uint8": pl.UInt8(),
    "float64": pl.Float64(),
    "string": pl.String(),
    "date": pl.Date(),
    "bool": pl.Boolean(),
    "states": pl.List(pl.UInt8),
    "weeks": pl.List(pl.Int64),
}


@dataclass(frozen=True)
class Contract:
    """A table's promise: its columns in order with their types, and its key."""

    name: str
    stage: str
    description: str
    types: Mapping[str, pl.DataType]
    key: tuple[str, ...]
    columns: Mapping[str, Mapping[str, Any]]

    def empty(self) -> pl.DataFrame:
        """Give a table of this contract without rows."""
        return pl.DataFrame(schema=dict(self.types))


@dataclass(frozen=True)
class RegisterContract:
    """A register's promise: canonical columns, how they are delivered, and the typed table they give."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Mapping[str, Any]]
    table: str
    order: tuple[str, str] | None = None
    """Two columns of which the first may not lie after the second."""
    of: str | None = None
    """The register of whose persons alone rows are kept: a national file's others are nobody's covariates."""
    year: str | None = None
    """The column with the year of a yearly register; without it the file's name says the year."""
    about: Mapping[str, str] = field(default_factory=dict)
    """What a row is (en, da), where that is known from (source), and how surely (confidence)."""


def data_schema() -> Path:
    """Give the folder `data_schema/`, beside the package when installed, else in the checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "data_schema"
    return inside if inside.is_dir() else here.parents[1] / "data_schema"


@cache
def contract(name: str) -> Contract:
    """Load the contract of a table by name from `data_schema/tables`."""
    spec = _spec("tables", name)
    columns: dict[str, dict[str, Any]] = spec["columns"]
    key = tuple(spec.get("key", []))
    types = {column: _TYPES[c["type"]] for column, c in columns.items()}
    return Contract(name, spec["stage"], spec["description"], types, key, columns)


@cache
def register(name: str) -> RegisterContract:
    """Load the contract of a register by name from `data_schema/registers`."""
    spec = _spec("registers", name)
    order = spec.get("order")
    key = tuple(spec.get("key", []))
    pair = tuple(order) if order else None
    about = {word: spec[word] for word in ("en", "da", "source", "confidence")}
    more: dict[str, Any] = {"of": spec.get("of"), "year": spec.get("year"), "about": about}
    return RegisterContract(name, key, spec["columns"], spec["table"], pair, **more)


def check(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Give a frame back when it keeps its contract, with the columns in the contract's order.

    Raises `VejeError` naming table, column or rule and the count of rows that break it.
    """
    promise = contract(name)
    for column, wanted in promise.types.items():
        found = frame.schema.get(column)
        if found is None:
            raise VejeError(f"table {name}: column '{column}' is missing")
        if found != wanted:
            raise VejeError(f"table {name}: column '{column}' is {found}, not {wanted}")
    frame = frame.select(list(promise.types))
    failures = broken(frame, _schema(name))
    if failures:
        told = ", ".join(f"{rule} ({count} rows)" for rule, count in sorted(failures.items()))
        raise VejeError(f"table {name}: rules broken: {told}")
    return frame


def names(kind: Literal["tables", "registers"]) -> list[str]:
    """List the contracts there are."""
    return sorted(path.stem for path in (data_schema() / kind).glob("*.yaml"))


@cache
def _schema(name: str) -> Any:
    promise = contract(name)
    return schema(name, promise.columns, promise.key)


def _spec(kind: str, name: str) -> dict[str, Any]:
    path = data_schema() / kind / f"{name}.yaml"
    if not path.is_file():
        raise BadInput(f"data_schema/{kind}: no contract '{name}'")
    text = path.read_text(encoding="utf-8")
    # A stage reads some thirty contracts, and LibYAML does so seven times as fast.
    spec: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return spec
