"""Rim of stage `replication`: exact figures stay private, the comparison of released ones is a candidate."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.published import compared_tables, read_published, read_rules
from veje.replicate import Publication, nothing, replicate
from veje.replication import printed_figures
from veje.settings import Settings
from veje.timing_claims import read_claims

COMPARED = {
    "replication_released": "replication",
    "replication_by_table": "replication_by_table",
    "claims": "claims",
    "timing_claims": "timing_claims",
}
"""The released tables, and the names of their CSV files."""


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read raw and released figures, write what the publication's figures beside them give.

    Without a publication the tables have no rows, and a table without rows has no CSV.
    """
    named = settings.replication.publication
    cells, released = inputs.table("cells"), inputs.table("released")
    made = replicate(read_publication(), cells, released, settings.disclosure) if named else nothing()
    outputs.write(made.replication, "replication")
    outputs.write(made.replication_released, "replication_released", "replication")
    outputs.write(made.replication_by_table, "replication_by_table")
    outputs.write(made.claims, "claims")
    outputs.write(made.timing_claims, "timing_claims")
    folder = outputs.one("csv")
    io.clear_folder(folder)
    for table, file in COMPARED.items():
        frame: pl.DataFrame = getattr(made, table)
        if named and frame.height:
            empty = [name for name in ("area", "type_key", "inconsistency") if name in frame.columns]
            io.write_csv(frame.with_columns(pl.col(empty).replace("", None)), folder / f"{file}.csv")


def read_publication() -> Publication:
    """Read the printed figures, the claims in words, and the rules of comparison."""
    return Publication(
        printed=printed_figures(compared_tables()),
        claims=read_published("text_claims"),
        tests=read_rules("claims"),
        timing=read_claims(),
        tolerances=read_rules("tolerances"),
        errata=read_rules("errata"),
    )
