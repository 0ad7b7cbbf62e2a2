"""Rim of stage `tables`: raw figures stay private, released ones go to the candidate."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.disclosure import release
from veje.settings import Settings
from veje.tables import Sources, build_cells
from veje.timing_claims import any_computable, judge_claims, read_claims

SHOWN = ["area", "type_key", "key", "measure", "unit", "value", "status", "base"]


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read all stages' tables, write the raw cells, the released figures, and one CSV a table."""
    names = list(Sources.__dataclass_fields__)
    sources = Sources(**{name: inputs.table(name) for name in names})
    lists = [settings.timing.codes, *([settings.timing.offl_codes] if settings.registers.offl else [])]
    listed = [io.read_list(name, "codes").get_column("kind") for name in lists]
    kinds = pl.concat(listed).unique(maintain_order=True).to_list()
    kinds = [kind for kind in kinds if kind != "other"] + ["other"]
    areas, alphabet = settings.cohort.areas, alphabet_of(settings.sequences)
    cells = build_cells(sources, alphabet, kinds, areas, settings.timing)
    released = release(cells, settings.disclosure)
    outputs.write(cells, "cells")
    outputs.write(released, "released")
    folder = outputs.one("csv")
    io.clear_folder(folder)
    for (table,), rows in released.group_by(["table"], maintain_order=True):
        shown = rows.select(SHOWN).with_columns(pl.col("type_key").replace("", None))
        io.write_csv(shown, folder / f"{table}.csv")
    claims = judge_claims(released, read_claims())
    if any_computable(claims):
        io.write_csv(claims, folder / "timing_claims.csv")
