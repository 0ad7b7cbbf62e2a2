"""Rim of the drift table: a run's released tables against those of the last published run.

It lies among the private results: two releases side by side tell more of few persons than each alone, and
who holds one of them does not have the other from it.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from veje import io
from veje.contracts import check
from veje.drift import drift_between
from veje.names import CELL

TOLD = (*CELL[1:], "unit", "value", "status")


def write_drift(now: Path, before: Path | None, target: Path) -> dict[str, int]:
    """Write what moved between two runs' folders; gives the number of figures by what became of them.

    before: None for the first run, whose table is empty.
    """
    figures = _figures(now)
    drift = check(drift_between(_figures(before) if before else figures, figures), "drift")
    io.write_csv(drift, target)
    return {
        str(what): rows.height for (what,), rows in drift.sort("what").group_by("what", maintain_order=True)
    }


def _figures(folder: Path) -> pl.DataFrame:
    """Read the figures of all tables that are made of figures."""
    schema = dict.fromkeys(("table", *TOLD), pl.String()) | {"value": pl.Float64()}
    parts = [pl.DataFrame(schema=schema)]
    for path in sorted((folder / "tables").glob("*.csv")):
        frame = pl.read_csv(path, infer_schema=False)
        if set(TOLD) <= set(frame.columns):
            texts = frame.with_columns(pl.lit(path.stem).alias("table"), pl.col(CELL[1:]).fill_null(""))
            parts.append(texts.select("table", *TOLD).with_columns(pl.col("value").cast(pl.Float64)))
    return pl.concat([part.select(*schema) for part in parts])
