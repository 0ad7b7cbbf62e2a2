"""Snakemake's records of its jobs: a damaged one is noticed, and what it told of is made anew.

Snakemake passes over a record that it cannot read, and with it over every later change of the settings
and the code that the record told of; one that is no text ends it. So each is under a digest of veje's,
together with the time it was written: Snakemake gives a record a new one, damage to a disk does not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from veje import io
from veje.seals import seal, unsealed

RECORDS, UNFINISHED = Path(".snakemake/metadata"), Path(".snakemake/incomplete")
"""Where Snakemake keeps its records, and its marks of outputs that a job did not finish."""
NAME = "private/records.json"

_NEEDED = {"rule": str, "input": list, "params": list, "record_format_version": int}
"""What of a record decides on reruns, and its type."""


def keep(results: Path) -> int:
    """Mark what damaged records told of as unfinished, and remember all others; gives how many were damaged.

    To be called before Snakemake reads them and after it wrote them, in the folder it works in.
    """
    wrong = damaged(results)
    for name in wrong:
        io.write_json({"external_jobid": None}, UNFINISHED / name)
        (RECORDS / name).unlink(missing_ok=True)
    now = _look()
    if now != _remembered(results):
        io.write_json(seal({"records": now}), results / NAME)
    return len(wrong)


def damaged(results: Path) -> list[str]:
    """Name the records that cannot be read, are gone, or are not as they were written."""
    known, now = _remembered(results), _look()
    changed = {
        name
        for name, told in known.items()
        if name not in now or (told["written"] == now[name]["written"] and told != now[name])
    }
    return sorted(changed | {name for name in now if not _readable(RECORDS / name)})


def _remembered(results: Path) -> dict[str, Any]:
    told = unsealed(io.read_json_or(results / NAME, None)) or {}
    known: dict[str, Any] = told.get("records", {})
    return known


def _look() -> dict[str, Any]:
    """Give the time and the digest of each record by its place below the records' folder."""
    return {
        path.relative_to(RECORDS).as_posix(): {"written": path.stat().st_mtime_ns, "sha256": io.digest(path)}
        for path in sorted(RECORDS.rglob("*"))
        if path.is_file()
    }


def _readable(path: Path) -> bool:
    """Tell whether a record says what Snakemake compares."""
    try:
        told = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(told, dict) and all(isinstance(told.get(key), kind) for key, kind in _NEEDED.items())
