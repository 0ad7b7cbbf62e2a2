"""What every figure is a count of, as `data_schema/audit.yaml` declares it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any, Literal

import polars as pl

from veje.errors import VejeError

FILE = "data_schema/audit.yaml"
FIGURE = ["table", "measure", "unit", "key", "type_key", "base"]
FITS = {"unit": "unit", "key": "key", "type": "type_key", "base": "base"}
"""What a line's patterns are of: their names in the file, and the columns."""
PLACED: dict[str, pl.DataType] = {
    "quantity": pl.String(),
    "at": pl.String(),
    "of": pl.String(),
    "of_at": pl.String(),
    "amount": pl.Boolean(),
    "released_sum": pl.Boolean(),
    "structural": pl.Boolean(),
}
"""What a line adds to a figure; no quantity: it is not a count."""


@dataclass(frozen=True)
class Line:
    """A line of a table: which figures it is of, and what they count."""

    measure: str
    fits: Mapping[str, re.Pattern[str]]
    quantity: str | None
    at: str
    of: str | None
    of_at: str
    amount: bool
    released_sum: bool
    structural: bool


@dataclass(frozen=True)
class Sum:
    """Quantities that add up to another one."""

    parts: re.Pattern[str]
    whole: str
    at: str | None
    over: Literal["keys", "types", "areas"]
    found: bool
    """The parts are named by what was found: where fewer are named, others may be there."""


@dataclass(frozen=True)
class Chain:
    """Steps of which each keeps some of the one before; group n: their number."""

    steps: re.Pattern[str]
    same_persons: re.Pattern[str]
    """Steps that by definition leave no person out."""
    last: str | None
    """What the last step's count is besides."""


@dataclass(frozen=True)
class Structure:
    """All that is declared: lines by table, sums, chains of steps, and quantities that are not added.

    within: parts that are apart from each other and together no more than the whole.
    """

    lines: Mapping[str, tuple[Line, ...]]
    sums: tuple[Sum, ...]
    within: tuple[Sum, ...]
    chains: tuple[Chain, ...]
    alone: tuple[re.Pattern[str], ...]


def read_structure(declared: Mapping[str, Any], names: Mapping[str, str]) -> Structure:
    """Read the declared structure; names: what stands for each `${name}` in it."""

    def pattern(text: str) -> re.Pattern[str]:
        return re.compile(Template(text).safe_substitute(names))

    def line(one: Mapping[str, Any]) -> Line:
        texts = {
            name: Template(one[name]).safe_substitute(names) for name in ("quantity", "of") if name in one
        }
        if (texts.get("quantity") is None) == (one.get("open") is None):
            raise VejeError(f"{FILE}: a line of measure {one['measure']} has not one of quantity and open")
        at = one.get("at", "{type}")
        flags = {name: bool(one.get(name)) for name in ("amount", "released_sum", "structural")}
        fits = {column: pattern(one.get(name, ".*")) for name, column in FITS.items()}
        of_at = one.get("of_at", at)
        return Line(one["measure"], fits, texts.get("quantity"), at, texts.get("of"), of_at, **flags)

    def added(one: Mapping[str, Any]) -> Sum:
        over, found = one.get("over", "keys"), bool(one.get("found"))
        return Sum(pattern(one["parts"]), one["whole"], one.get("at"), over, found)

    return Structure(
        {table: tuple(line(one) for one in lines) for table, lines in declared["tables"].items()},
        tuple(added(one) for one in declared["sums"]),
        tuple(added(one) for one in declared.get("within", ())),
        tuple(
            Chain(pattern(one["steps"]), pattern(one["same_persons"]), one.get("last"))
            for one in declared["chains"]
        ),
        tuple(pattern(one) for one in declared["alone"]),
    )


def place_cells(cells: pl.DataFrame, structure: Structure) -> pl.DataFrame:
    """Add to each figure of `cells` what it counts, where, and of what (columns PLACED).

    Raises `VejeError` that names the tables with figures that no line declares.
    """
    found: list[dict[str, Any]] = []
    strange: dict[str, int] = {}
    for row in cells.select(FIGURE).unique(maintain_order=True).iter_rows(named=True):
        told = _place(row, structure)
        if told is None:
            strange[row["table"]] = strange.get(row["table"], 0) + 1
        else:
            found.append(row | told)
    if strange:
        told_of = ", ".join(f"{table} ({count} figures)" for table, count in sorted(strange.items()))
        raise VejeError(f"{FILE} does not declare what is counted in: {told_of}")
    schema = {name: cells.schema[name] for name in FIGURE} | PLACED
    lines = pl.DataFrame(found, schema=schema).rename({"structural": "declared"})
    cells = cells.drop(*(name for name in PLACED if name != "structural"), strict=False)
    placed = cells.join(lines, on=FIGURE, how="left", maintain_order="left")
    # What was marked besides the declaration stays so.
    either = pl.col("structural").fill_null(False) | pl.col("declared").fill_null(False)
    return placed.with_columns(either.alias("structural")).drop("declared")


def declare(cells: pl.DataFrame, structure: Structure) -> pl.DataFrame:
    """Fill in what is declared of each figure of `cells`: structural, released_sum, and who has amounts.

    Raises `VejeError` naming tables whose sums of amounts were made without their largest amounts.
    """
    placed = place_cells(cells, structure)
    amount = pl.col("amount").fill_null(False)
    lacking = placed.filter(amount & (pl.col("persons") > 0) & pl.col("largest").is_null())
    if lacking.height:
        tables = ", ".join(lacking["table"].unique().sort())
        raise VejeError(f"{FILE} declares amounts whose largest were not counted: {tables}")
    largest = [pl.when(amount).then(name).alias(name) for name in ("largest", "second")]
    flags = [pl.col(name).fill_null(False) for name in ("structural", "released_sum")]
    return placed.with_columns(*largest, *flags).select(cells.columns)


def _place(row: Mapping[str, str], structure: Structure) -> dict[str, Any] | None:
    for line in structure.lines.get(row["table"], ()):
        matches = [one.fullmatch(row[column]) for column, one in line.fits.items()]
        if line.measure != row["measure"] or None in matches:
            continue
        known = {"type": row["type_key"], "base": row["base"]}
        for match in matches:
            known |= match.groupdict() if match else {}
        return {
            "quantity": line.quantity and line.quantity.format(**known),
            "at": line.at.format(**known),
            "of": line.of and line.of.format(**known),
            "of_at": line.of_at.format(**known),
            "amount": line.amount,
            "released_sum": line.released_sum,
            "structural": line.structural,
        }
    return None
