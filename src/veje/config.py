"""Reading a config: YAML or JSON text to checked `Settings`, with one clear line on failure."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError
from yaml.constructor import ConstructorError

from veje import crosscheck
from veje.choices import Overrides, merged
from veje.errors import BadInput, near, shown
from veje.settings import Section, Settings, sections

MOST_ALIASES, MOST_BYTES = 100, 1_000_000
"""Of a config: nine lines of aliases of aliases are a thousand million keys."""

_KIND = re.compile(r"literal\[|constrained-|\[key\]$|int$")


class _Once(yaml.SafeLoader):
    """YAML's safe loader that refuses a key given twice, of which it would silently keep the last.

    All that it refuses has a line: also what looks like a date and is none.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            self._aliases = getattr(self, "_aliases", 0) + 1
            if self._aliases > MOST_ALIASES:
                mark = self.current_event.start_mark
                raise ConstructorError(None, None, f"more than {MOST_ALIASES} aliases", mark)
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            kind = "a date that does not exist" if node.tag.endswith(":timestamp") else "not readable"
            raise ConstructorError(None, None, f"{kind} ({error})", node.start_mark) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for name_node, _ in node.value:
            name = self.construct_object(name_node, deep=True)
            mark = name_node.start_mark
            if not isinstance(name, Hashable):
                raise ConstructorError(None, None, "a list or mapping where a key belongs", mark)
            if name in seen:
                again = f"key '{shown(str(name))}' stands twice, again"
                raise ConstructorError(None, None, again, mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def parse(data: Mapping[str, Any], source: str = "config") -> Settings:
    """Check a config's content and give it as frozen settings.

    data: the nested mapping as YAML gives it. Raises `BadInput` that names the source, the key
    with its path and, for an unknown key, the nearest known ones; all faults in one line.
    """
    unknown = _unknown_keys(data, Settings, "")
    if unknown:
        raise BadInput(f"{source}: " + "; ".join(unknown))
    try:
        settings = Settings.model_validate(dict(data))
    except ValidationError as error:
        faults = [_fault(e["loc"], e["type"], e["msg"]) for e in error.errors()]
        raise BadInput(f"{source}: " + "; ".join(dict.fromkeys(faults))) from None
    strange = crosscheck.faults(settings)
    if strange:
        raise BadInput(f"{source}: " + "; ".join(strange))
    for name, overrides in settings.sensitivity.variants.items():
        parse(merged(dump(settings), overrides), f"{source}: key 'sensitivity.variants.{name}'")
    return settings


def load(text_or_path: str) -> Settings:
    """Read settings from a config file, or from JSON text that begins with `{`."""
    if text_or_path.lstrip().startswith("{"):
        return parse(_from_json(text_or_path))
    path = Path(text_or_path)
    if not path.is_file():
        raise BadInput(f"{path}: no such config file")
    if path.stat().st_size > MOST_BYTES:
        raise BadInput(f"{path}: no config has more than {MOST_BYTES:,} bytes")
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Once)
    except RecursionError:
        raise BadInput(f"{path}: nested too deeply") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        told = error.problem if isinstance(error, ConstructorError) else "not readable as YAML"
        raise BadInput(f"{path}: {told}{where}") from None
    if not isinstance(data, dict):
        raise BadInput(f"{path}: no keys found")
    return parse(data, str(path))


def dump(settings: Settings) -> dict[str, Any]:
    """Give settings as the plain mapping that `parse` reads back to an equal object."""
    data: dict[str, Any] = settings.model_dump(mode="json", by_alias=True)
    return data


def varied(settings: Settings, overrides: Overrides) -> Settings:
    """Give the settings of a stage with a variant's keys in place of its own; the others stay.

    settings: those of `part`, whole sections. Raises pydantic's `ValidationError`, which `load` has
    ruled out.
    """
    hints = get_type_hints(Settings, include_extras=True)
    changed = merged(
        {name: getattr(settings, name).model_dump(by_alias=True) for name in overrides}, overrides
    )
    now: dict[str, Any] = {
        name: TypeAdapter(hints[name]).validate_python(changed[name]) for name in overrides
    }
    return settings.model_copy(update=now)


def _from_json(text: str) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"config: not readable as JSON at line {error.lineno}") from None
    return data


def _unknown_keys(data: Mapping[str, Any], model: type[Section], prefix: str) -> list[str]:
    """Name each key that the closed model does not have, with near names."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    faults = [f"unknown key '{prefix}{name}': {near(str(name), known)}" for name in data if name not in known]
    for name, inner in sections(model).items():
        below = data.get(name)
        if isinstance(below, Mapping):
            faults += _unknown_keys(below, inner, f"{prefix}{name}.")
    return faults


def _fault(location: tuple[int | str, ...], kind: str, message: str) -> str:
    """Write pydantic's fault as the dotted key of the config and the reason."""
    # A key that may be of several kinds has the kind as the last part of its place.
    parts = [str(part) for part in location if not _KIND.match(str(part))]
    if kind == "missing":
        reason = "is required"
    elif "[key]" in location:
        reason = "a code must stand in quotes, or YAML reads it as a number"
    else:
        reason = message.removeprefix("Value error, ")
        reason = reason[0].lower() + reason[1:]
    return f"key '{'.'.join(parts)}': {reason}" if parts else reason


def part(text_or_path: str, names: tuple[str, ...]) -> Settings:
    """Read only the named settings, from a whole config or from JSON that holds no others.

    A stage sees the settings that it declares and no more: reading another one fails, so that the
    workflow can rerun exactly the stages that a changed setting concerns.
    """
    as_json = text_or_path.lstrip().startswith("{")
    data = _from_json(text_or_path) if as_json else dump(load(text_or_path))
    absent = [name for name in names if name not in data]
    if absent:
        raise BadInput(f"config: key '{absent[0]}': is required")
    hints = get_type_hints(Settings, include_extras=True)
    values = {name: TypeAdapter(hints[name]).validate_python(data[name]) for name in names}
    settings = Settings.model_construct(_fields_set=set(names), **values)
    # Pydantic fills in defaults: a stage that reads what it does not declare would silently get one.
    for name in set(Settings.model_fields) - set(names):
        settings.__dict__.pop(name, None)
    return settings
