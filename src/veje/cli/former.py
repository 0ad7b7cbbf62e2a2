"""Reads the last published release, to audit the next one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel

from veje import io
from veje.audit import Structure
from veje.audit.former import Former
from veje.cli.files import Files
from veje.cli.record import read_record
from veje.names import CELL
from veje.provenance import without_folders
from veje.settings import Disclosure, Settings

DEFINING = (
    *("seed", "window", "cohort", "sequences", "distances", "clusters", "typology", "timing"),
    *("timing_depth", "background", "validation", "sensitivity", "reforms", "flags", "not_granted"),
)
"""Settings that decide what a figure counts; of the deliveries the hashes are compared."""


def read_former(
    folders: Sequence[Path], settings: Settings, inputs: Files, structure: Structure
) -> Former | None:
    """Read the release in a folder if its figures count what this run's do; None: there is none such.

    Raises `BadInput` naming the folder when something lies in it that veje did not publish.
    """
    if not folders or not any(folders[0].glob("*")):
        return None
    record = read_record(folders[0])
    ours = {name: without_folders(_plain(getattr(settings, name)), name) for name in DEFINING}
    defined = all(record["settings"].get(name) == ours[name] for name in DEFINING)
    hashes = sorted(one["sha256"] for one in io.read_json(inputs.one("deliveries")))
    if not defined or hashes != sorted(one["sha256"] for one in record["inputs"]):
        return None
    rules = Disclosure.model_validate(record["settings"]["disclosure"])
    return Former(_figures(folders[0] / "tables", structure), rules)


def _plain(setting: Any) -> Any:
    return setting.model_dump(mode="json", by_alias=True) if isinstance(setting, BaseModel) else setting


def _figures(folder: Path, structure: Structure) -> pl.DataFrame:
    """Read the released figures of all tables that are declared: CELL, value, status."""
    parts = [
        pl.read_csv(folder / f"{table}.csv", infer_schema=False)
        .with_columns(pl.lit(table).alias("table"), pl.col("type_key").fill_null(""))
        .select(*CELL, pl.col("value").cast(pl.Float64), "status")
        for table in sorted(structure.lines)
        if (folder / f"{table}.csv").is_file()
    ]
    names = dict.fromkeys([*CELL, "status"], pl.String())
    empty = pl.DataFrame(schema={**names, "value": pl.Float64()}).select(*CELL, "value", "status")
    return pl.concat([empty, *parts])
