"""The config's page and schema are those of the code, and the shipped configs are valid."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from veje import config
from veje.cli import docs
from veje.contracts import names, register
from veje.settings import Section, Settings, sections

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "config").glob("*.yaml"))


def every_key(model: type[Section], prefix: str = "") -> list[tuple[str, str, str]]:
    """Give path, unit and description of every key, at every level."""
    keys = []
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        unit = str(extra["unit"]) if isinstance(extra, dict) else ""
        keys.append((prefix + (field.alias or name), unit, field.description or ""))
    for name, inner in sections(model).items():
        keys += every_key(inner, f"{prefix}{name}.")
    return keys


def test_every_key_has_a_description_and_a_unit() -> None:
    keys = every_key(Settings)
    assert len(keys) > 80
    assert [path for path, unit, what in keys if not unit or not what] == []


def test_the_page_is_written_from_the_code() -> None:
    assert (ROOT / "config/README.md").read_text(encoding="utf-8") == docs.page(), "run `make docs`"


def test_the_schema_is_written_from_the_code() -> None:
    assert yaml.safe_load((ROOT / docs.SCHEMA).read_text(encoding="utf-8")) == docs.schema(), (
        "run `make docs`"
    )


def test_the_registers_page_is_written_from_the_contracts() -> None:
    page = (ROOT / docs.REGISTERS).read_text(encoding="utf-8")
    assert page == docs.registers_page(), "run `make docs`"
    for name in names("registers"):
        for spec in register(name).columns.values():
            assert f"`{spec['delivered']}`" in page


def test_every_level_of_the_schema_is_closed() -> None:
    schema = docs.schema()
    objects = [schema, *schema["$defs"].values()]
    assert [one.get("title") for one in objects if one.get("additionalProperties") is not False] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_configs_keep_the_schema_and_the_code(path: Path) -> None:
    settings = config.load(str(path))
    data = config.dump(settings)
    jsonschema.validate(data, docs.schema())
    assert config.parse(data) == settings
