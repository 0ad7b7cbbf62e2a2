"""What the gate costs: the figures and the persons in figures that are withheld."""

from __future__ import annotations

from typing import Any

import polars as pl

from veje.audit.build import Audited
from veje.audit.structure import Structure, place_cells

DECIMALS = 2
OF_REGISTERS = ("rows", "weeks")
"""Units of figures that persons do not stand behind one by one."""


def count_withheld(judged: pl.DataFrame, repairs: pl.DataFrame, structure: Structure) -> pl.DataFrame:
    """Count by table what is withheld: table `utility`, with all tables under the name `all`.

    A figure's persons are those above its line, and a person is counted in every figure that they
    stand in. Indices and flags, and rows of registers, are left out. beside: withheld by the audit.
    """
    counted = place_cells(judged, structure).filter(
        pl.col("quantity").is_not_null(), ~pl.col("unit").is_in(OF_REGISTERS)
    )
    marked = counted.join(
        repairs.with_columns(pl.lit(True).alias("beside")),
        on=["table", "area", "type_key", "key", "measure", "base"],
        how="left",
    )
    both = pl.concat([marked, marked.with_columns(pl.lit("all").alias("table"))])
    hidden = ~pl.col("shown")
    persons = pl.col("persons").sum()
    share = 100 * pl.col("persons").filter(hidden).sum() / pl.when(persons > 0).then(persons)
    return (
        both.group_by("table")
        .agg(
            pl.len().cast(pl.Int64).alias("figures"),
            hidden.sum().cast(pl.Int64).alias("withheld"),
            pl.col("beside").fill_null(False).sum().cast(pl.Int64).alias("beside"),
            share.fill_null(0.0).round(DECIMALS).alias("persons_withheld"),
        )
        .sort("table")
    )


def summary(audited: Audited, utility: pl.DataFrame) -> dict[str, Any]:
    """Tell in numbers what was audited, for the record of the release."""
    whole = utility.filter(table="all").row(0, named=True)
    return {
        "protected_counts": audited.protected.height,
        "too_narrow": int(audited.protected["narrow"].sum()),
        "too_narrow_before_repair": int(audited.protected["narrow_before"].sum()),
        "figures": whole["figures"],
        "figures_withheld": whole["withheld"],
        "figures_withheld_by_audit": whole["beside"],
        "percent_of_persons_in_withheld_figures": whole["persons_withheld"],
    }
