"""The data dictionary: what every column of every released file is, and the rule under which it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl
import yaml

from veje.contracts import data_schema
from veje.errors import VejeError
from veje.settings import Disclosure

COLUMNS = (
    *("table", "column", "type", "unit", "description_en", "description_da"),
    *("disclosure_en", "disclosure_da"),
)
LANGUAGES = ("en", "da")


def build_dictionary(tables: Mapping[str, pl.DataFrame], rules: Disclosure) -> pl.DataFrame:
    """Describe every column of the released tables, a row each: the columns named in `COLUMNS`.

    tables: the files' frames by name. Raises `VejeError` for a column that nothing describes.
    """
    rows: list[tuple[str, ...]] = []
    for table, frame in tables.items():
        own = dictionary()["tables"].get(table)
        describe = _common if own is None else _own
        rows += [describe(table, column, frame, rules) for column in frame.columns]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String()), orient="row")


def heading(key: str, language: str) -> str:
    """Give a heading of the workbook in one language."""
    return str(dictionary()["headings"][key][language])


def _common(table: str, column: str, frame: pl.DataFrame, rules: Disclosure) -> tuple[str, ...]:
    """Describe a column of a table of figures."""
    spec = _spec(dictionary()["columns"], table, column)
    names = ["rows" if column == "key" else "none"]
    if column == "key" and table in dictionary()["found"]:
        names = ["found"]
    unit = ""
    if column == "value":
        derived = table in dictionary()["derived"]
        names = ["derived"] if derived else sorted(set(frame["measure"]))
        unit = ", ".join(sorted(set(frame["unit"])))
    return _row(table, column, spec, unit, names, rules)


def _own(table: str, column: str, frame: pl.DataFrame, rules: Disclosure) -> tuple[str, ...]:
    """Describe a column of a table of another form; a number's unit stands in the row where it has one."""
    spec = _spec(dictionary()["tables"][table], table, column)
    unit = "unit" if "unit" in frame.columns and spec["type"] == "number" else ""
    return _row(table, column, spec, unit, [spec["rule"]], rules)


def _spec(specs: Mapping[str, Any], table: str, column: str) -> Mapping[str, Any]:
    if column not in specs:
        raise VejeError(f"data_schema/dictionary.yaml: column '{column}' of table {table} is not described")
    spec: Mapping[str, Any] = specs[column]
    return spec


def _row(
    table: str, column: str, spec: Mapping[str, Any], unit: str, names: Sequence[str], rules: Disclosure
) -> tuple[str, ...]:
    told = dictionary()["rules"]
    values = {
        "threshold": rules.threshold,
        "rounding": rules.rounding,
    }
    shown = [
        " ".join((f"{name}: " if len(names) > 1 else "") + told[name][language] for name in names)
        for language in LANGUAGES
    ]
    descriptions = [str(spec[language]) for language in LANGUAGES]
    return (table, column, str(spec["type"]), unit, *descriptions, *(one.format(**values) for one in shown))


@cache
def dictionary() -> dict[str, Any]:
    """Read `data_schema/dictionary.yaml`."""
    text = (data_schema() / "dictionary.yaml").read_text(encoding="utf-8")
    spec: dict[str, Any] = yaml.safe_load(text)
    return spec
