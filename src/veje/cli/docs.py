"""Rim of `veje docs`: pages written from the settings and the registers' contracts themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from veje import io
from veje.cli.law_docs import law_page
from veje.contracts import names, register
from veje.settings import Section, Settings, sections

SCHEMA = Path("data_schema/config.schema.yaml")
PAGE = Path("config/README.md")
REGISTERS = Path("data_schema/registers/README.md")
LAW = Path("data_schema/law/README.md")

INTRODUCTION = """# The config: what each key is and what it changes in the results

Written from the code by `make docs`; edit the descriptions in `src/veje/settings.py`, `sections.py`,
`choices.py` and `dissimilarity.py`.

`config.yaml` is the shipped study on synthetic registers. To run on real registers, copy it, point
`registers` at the delivered files, set `synthetic: false`, write the register owner's rule under
`disclosure`, and run

    make run CONFIG=config/mine.yaml

A key that is not listed here stops the run before any work, with its name and the nearest known one.
A key without a default must be given. Paths are relative to the checkout.
"""

REGISTERS_INTRODUCTION = """# The registers: what each column is and how it is delivered

Written from the contracts in this folder by `make docs`; edit those.

A server's own names are mapped under `registers.<register>.columns` of the config, other date formats
under `formats`, other codes under `values`. Names are read in any case. A register may come as one file
or as yearly files. `years`: the years in which deliveries have the column; "not public" where no public
list says it. Of a yearly register (`ind`, `idap`) the file's name may say the year instead of a column:
then say `year: null` under `columns`. One register-year in two files stops the run.
"""
EMPTY = {
    "refused": "keeps the row aside",
    "unknown": "not known",
    "none": "there is none",
}
"""What the contracts' words for an empty cell mean."""
ABSENT = {False: "", True: "; may be declared absent", "undeclared": "; may be absent"}
"""What the contracts say of a column that need not be delivered."""


def schema() -> dict[str, Any]:
    """Give the config's JSON schema, closed at every level, with the unit of every key."""
    return Settings.model_json_schema(by_alias=True)


def page() -> str:
    """Write the page of all keys, a table a section."""
    blocks = [INTRODUCTION, _table(Settings)]
    for path, section in _walk(Settings, ""):
        blocks.append(f"## `{path}`\n\n{(section.__doc__ or '').strip()}\n\n{_table(section)}")
    return "\n".join(blocks)


def registers_page() -> str:
    """Write the page of all registers, a table of columns each, from their contracts."""
    return "\n".join([REGISTERS_INTRODUCTION, *(_register(name) for name in names("registers"))])


def _register(name: str) -> str:
    promise = register(name)
    rows = [
        "| column | delivered as | type | unit | empty cell | years | what it is | hvad det er |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for column, spec in promise.columns.items():
        optional = ABSENT[spec.get("optional", False)]
        kind = spec["type"] + (f" {spec['format']}" if "format" in spec else "")
        cells = [f"`{column}`", f"`{spec['delivered']}`", kind, spec["unit"], EMPTY[spec["empty"]] + optional]
        rows.append("| " + " | ".join([*cells, spec["years"], _meaning(spec), spec["da"]]) + " |")
    about = promise.about
    key = f" One row per {' and '.join(promise.key)}." if promise.key else ""
    source = f"Source: {about['source']} ({about['confidence']} confidence)."
    return "\n".join([f"## `{name}`", "", f"{about['en']}{key} {about['da']}", source, "", *rows, ""])


def _meaning(spec: Mapping[str, Any]) -> str:
    values = ", ".join(f"{code} {meaning}" for code, meaning in spec.get("values", {}).items())
    values += f", any other {spec['otherwise']}" if "otherwise" in spec else ""
    return f"{spec['en']} ({values})" if values else str(spec["en"])


def write() -> list[Path]:
    """Write all four files; gives their paths."""
    header = "# Written from src/veje/settings.py by `make docs`.\n"
    io.write_text(header + yaml.safe_dump(schema(), sort_keys=False, allow_unicode=True), SCHEMA)
    io.write_text(page(), PAGE)
    io.write_text(registers_page(), REGISTERS)
    io.write_text(law_page(), LAW)
    return [SCHEMA, PAGE, REGISTERS, LAW]


def _walk(model: type[Section], prefix: str) -> Iterator[tuple[str, type[Section]]]:
    """Give all sections with their paths; the registers share one description."""
    seen: set[type[Section]] = set()
    for name, section in sections(model).items():
        if section not in seen:
            many = [other for other, same in sections(model).items() if same is section]
            yield prefix + (name if len(many) == 1 else "<register>"), section
            yield from _walk(section, f"{prefix}{name}.")
        seen.add(section)


def _table(section: type[Section]) -> str:
    rows = ["| key | default | unit | what it changes |", "|---|---|---|---|"]
    for name, field in section.model_fields.items():
        extra = field.json_schema_extra
        unit = extra["unit"] if isinstance(extra, dict) else ""
        rows.append(f"| `{field.alias or name}` | {_default(field)} | {unit} | {field.description} |")
    return "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "required"
    if isinstance(field.default, Section):
        return "see below"
    if field.default is None:
        return "none"
    return f"`{yaml.safe_dump(field.default, default_flow_style=True).removesuffix('...' + chr(10)).strip()}`"
