"""Rim of stage `tables`: the raw figures of every table, which stay private."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of, types_of
from veje.cli.reform_cells import reform_cells
from veje.contracts import register
from veje.names import CELL
from veje.settings import Settings
from veje.tables import Rows, Sources, build_cells, periods_of
from veje.tables.nongrants import nongrant_figures


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read all stages' tables, write the raw cells."""
    names = list(Sources.__dataclass_fields__)
    sources = Sources(**{name: inputs.table(name) for name in names})
    areas, alphabet = settings.cohort.areas, alphabet_of(settings.sequences)
    own = build_cells(sources, alphabet, rows_of(settings), areas, settings.timing)
    beside: list[pl.DataFrame] = []
    if inputs.many("not_granted"):
        beside = nongrant_figures(inputs.table("not_granted"), sources.types, areas, types_of(settings))
    cells = pl.concat([own, *reform_cells(settings, inputs), *beside]).sort(CELL)
    outputs.write(cells, "cells")


def rows_of(settings: Settings) -> Rows:
    """Read the rows of tables from the code lists, the register's contract and the study's dates."""
    measures = [settings.timing.codes, *([settings.timing.offl_codes] if settings.registers.offl else [])]
    own, promised = settings.background, register("grants").columns
    return Rows(
        kinds=_other_last(_listed(measures, "kind")),
        types=types_of(settings),
        bases=_meanings(promised, settings, "basis"),
        referrals=_meanings(promised, settings, "referral"),
        diagnoses=_other_last(_listed([own.diagnosis_codes], "group")),
        levels=_listed([own.education_codes], "level"),
        groups=_listed([own.medicine_codes], "group"),
        periods=periods_of(settings.cohort.from_, settings.cohort.to),
        least=settings.disclosure.threshold,
    )


def _listed(lists: list[str], column: str) -> list[str]:
    values = [io.read_list(name, "codes").get_column(column) for name in lists]
    return pl.concat(values).unique(maintain_order=True).to_list()


def _meanings(promised: Mapping[str, Mapping[str, Any]], settings: Settings, column: str) -> list[str]:
    spec = promised[column]
    named = settings.registers.grants.values.get(column, spec["values"])
    return list(dict.fromkeys([*named.values(), spec["otherwise"]]))


def _other_last(keys: list[str]) -> list[str]:
    return [key for key in keys if key != "other"] + ["other"]
