"""Reads the record of a published release, and whether its files are as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from veje import io
from veje.errors import BadInput


def read_record(folder: Path) -> dict[str, Any]:
    """Read the provenance of a release.

    Raises `BadInput` naming the folder and a count when it has none, or files that are not as it says.
    """
    file = folder / "provenance.json"
    if not file.is_file():
        raise BadInput(f"{folder}: not a release that veje published (no provenance.json); move it away")
    record: dict[str, Any] = io.read_json_or(file, {})
    told = record.get("outputs") if isinstance(record, dict) else None
    if not isinstance(told, dict) or not {"settings", "inputs"} <= set(record):
        raise BadInput(f"{file}: not the record of a release that veje published; move the folder away")
    found = {str(path.relative_to(folder)): io.digest(path) for path in visible_files(folder) if path != file}
    strange = sum(found.get(name) != told.get(name) for name in set(found) | set(told))
    if strange:
        raise BadInput(f"{folder}: {strange} files are not as veje published them; move the folder away")
    return record


def visible_files(folder: Path) -> list[Path]:
    """List all files below a folder but hidden ones: Snakemake leaves a time stamp."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
