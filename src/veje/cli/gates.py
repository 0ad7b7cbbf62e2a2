"""The gate before a run is published that looks at its figures once more."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from veje import io
from veje.errors import Unsafe
from veje.names import CELL
from veje.settings import Disclosure
from veje.tables.derived import HEAD, add_derived


def withheld_are_withheld(staged: Path, private: Path, rules: Disclosure, n_states: int) -> None:
    """Raise `Unsafe` when a figure of too few persons stands among what is released.

    staged: the run to be published, whose tables must be those that went through disclosure control.
    private: the folder of the scenario, with the raw cells. n_states: of the alphabet.
    """
    cells = io.read_table(private / "tables/cells.parquet", "cells")
    released = io.read_table(private / "disclosure/released.parquet", "released")
    few = pl.col("persons").is_between(1, rules.threshold - 1) & (pl.col("measure") != "presence")
    counted = released.filter(pl.col("table") != HEAD["table"])
    # What has no cells must follow from released figures alone.
    if not add_derived(counted, n_states).equals(released):
        raise Unsafe(
            f"table {HEAD['table']} does not follow from the released figures; nothing was published"
        )
    both = counted.join(cells, on=list(CELL), how="left")
    shown = both.filter(few & pl.col("value").is_not_null()).height
    unknown = both["persons"].null_count()
    if shown or unknown:
        raise Unsafe(
            f"{shown:,} released figures are of too few persons and {unknown:,} of nobody known;"
            " nothing was published"
        )
    tables = released.group_by(["table"], maintain_order=True)
    strange = [str(table) for (table,), rows in tables if not _stands(staged, str(table), rows)]
    if strange:
        raise Unsafe(
            f"tables that did not go through disclosure control: {', '.join(sorted(strange))};"
            " nothing was published"
        )


def _stands(staged: Path, table: str, rows: pl.DataFrame) -> bool:
    """Tell whether a staged table shows the released figures and no others."""
    path = staged / "tables" / f"{table}.csv"
    if not path.is_file():
        return False
    shown = pl.read_csv(path, schema_overrides={"value": pl.Float64}, infer_schema=False, glob=False)
    return shown["value"].equals(rows["value"])


def audit_found_nothing(private: Path) -> None:
    """Raise `Unsafe` when the audit of the release left a small count that is told too closely."""
    narrow = io.read_json(private / "disclosure/summary.json")["too_narrow"]
    if narrow:
        raise Unsafe(f"the audit found {narrow:,} small counts told too closely; nothing was published")
