"""Rim of stage `disclosure`: the only way of figures to the candidate, and what is withheld on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from veje import io
from veje.audit import (
    Audited,
    Structure,
    audit_release,
    count_withheld,
    declare,
    mark_absent,
    read_structure,
    summary,
)
from veje.cli.files import Files
from veje.cli.former import read_former
from veje.cli.lists import alphabet_of, types_of
from veje.cli.reform_sums import reform_structure
from veje.contracts import data_schema
from veje.disclosure import judge, public
from veje.errors import Unsafe, some
from veje.names import SHOWN
from veje.settings import Settings
from veje.tables.derived import add_derived


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read the raw cells, audit what they would release, write the released figures and one CSV a table.

    What the audit found is written to a folder of its own (`audit`) before a stop, to be looked at
    after it. Raises `Unsafe` naming the tables whose small counts the release would tell.
    """
    raw = inputs.table("cells")
    structure = structure_of(settings, raw)
    rules, pooled = settings.disclosure, settings.cohort.pooled
    cells = mark_absent(declare(raw, structure), rules, pooled)
    former = read_former(inputs.many("former"), settings, inputs, structure)
    audited = audit_release(judge(cells, rules), structure, rules, pooled, former)
    utility = count_withheld(audited.judged, audited.repairs, structure)
    folder = outputs.one("audit")
    io.write_table(audited.protected, folder / "protected.parquet", "protected")
    io.write_csv(audited.repairs, folder / "repairs.csv")
    stop_unsafe(audited, settings, folder, former is not None)
    states = len(alphabet_of(settings.sequences).states)
    released = add_derived(public(audited.judged, rules, types_of(settings)), states)
    outputs.write(released, "released")
    outputs.write(utility, "utility")
    io.write_json(summary(audited, utility), outputs.one("summary"))
    write_tables(released, outputs.one("csv"))
    return [_told(audited, utility)]


def structure_of(settings: Settings, cells: pl.DataFrame) -> Structure:
    """Read what the release's figures are counts of, with this run's quarters, points of the grid and groups.

    cells: table of that name.
    """
    declared = yaml.safe_load((data_schema() / "audit.yaml").read_text(encoding="utf-8"))
    own = settings.timing.model_dump(mode="json")
    points = [f"{name}={float(own[name])}" for name in settings.timing_depth.grid if name in own]
    names = {
        "last": f"q{settings.window.quarters:02d}",
        "own": "|".join(re.escape(point) for point in points) or "(?!)",
    }
    for name, more in reform_structure(settings, cells).items():
        declared[name] += more
    return read_structure(declared, names)


def stop_unsafe(audited: Audited, settings: Settings, folder: Path, beside: bool) -> None:
    """Raise `Unsafe` when a protected count is told too well, or was before a repair that is not applied.

    beside: the last published release was held beside this one.
    """
    propose = settings.disclosure.repair == "propose"
    narrow = audited.protected.filter("narrow_before" if propose else "narrow")
    if narrow.is_empty():
        return
    counts = narrow.group_by("table").len().sort("table")
    tables = some([f"{table} ({count})" for table, count in counts.iter_rows()])
    more = f"{audited.repairs.height} figures to withhold besides are proposed in {folder / 'repairs.csv'}"
    hint = f"; {more}: `disclosure.repair: apply` withholds them" if propose else ""
    former = " together with the last published one" if beside else ""
    raise Unsafe(
        f"{narrow.height} of {audited.protected.height} protected counts can be computed too closely from "
        f"the release{former}: {tables}; nothing was published{hint}"
    )


def write_tables(released: pl.DataFrame, folder: Path) -> None:
    """Write one CSV a table."""
    io.clear_folder(folder)
    for (table,), rows in released.group_by(["table"], maintain_order=True):
        shown = rows.select(SHOWN).with_columns(pl.col("type_key").replace("", None))
        io.write_csv(shown, folder / f"{table}.csv")


def _told(audited: Audited, utility: pl.DataFrame) -> str:
    numbers: Mapping[str, Any] = summary(audited, utility)
    return (
        f"{numbers['protected_counts']:,} protected counts, {numbers['too_narrow']} told too closely; "
        f"{numbers['figures_withheld']:,} of {numbers['figures']:,} figures withheld, "
        f"{numbers['figures_withheld_by_audit']:,} of them by the audit, with "
        f"{numbers['percent_of_persons_in_withheld_figures']} % of persons"
    )
