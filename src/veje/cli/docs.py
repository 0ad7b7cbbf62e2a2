"""Rim of `veje docs`: the config's schema and its page, written from the settings themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from veje import io
from veje.settings import Section, Settings, sections

SCHEMA = Path("data_schema/config.schema.yaml")
PAGE = Path("config/README.md")

INTRODUCTION = """# The config: what each key is and what it changes in the results

Written from the code by `make docs`; edit the descriptions in `src/veje/settings.py`, `sections.py`
and `dissimilarity.py`.

`config.yaml` is the shipped study on synthetic registers. To run on real registers, copy it, point
`registers` at the delivered files, set `synthetic: false`, write the register owner's rule under
`disclosure`, and run

    make run CONFIG=config/mine.yaml

A key that is not listed here stops the run before any work, with its name and the nearest known one.
A key without a default must be given. Paths are relative to the checkout.
"""


def schema() -> dict[str, Any]:
    """Give the config's JSON schema, closed at every level, with the unit of every key."""
    return Settings.model_json_schema(by_alias=True)


def page() -> str:
    """Write the page of all keys, a table a section."""
    blocks = [INTRODUCTION, _table(Settings)]
    for path, section in _walk(Settings, ""):
        blocks.append(f"## `{path}`\n\n{(section.__doc__ or '').strip()}\n\n{_table(section)}")
    return "\n".join(blocks)


def write() -> list[Path]:
    """Write both files; gives their paths."""
    header = "# Written from src/veje/settings.py by `make docs`.\n"
    io.write_text(header + yaml.safe_dump(schema(), sort_keys=False, allow_unicode=True), SCHEMA)
    io.write_text(page(), PAGE)
    return [SCHEMA, PAGE]


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
