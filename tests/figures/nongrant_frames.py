"""The small study's neighbours without a grant: two for each grant, of whom few walk one of the paths."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from veje.contracts import contract
from veje.tables import Sources
from veje.tables.nongrants import nongrant_figures


def nongrant_blocks(sources: Sources, areas: list[str], looked_for: Sequence[str]) -> list[pl.DataFrame]:
    """Count the figures of persons without a grant."""
    return nongrant_figures(neighbours(sources.types), sources.types, areas, looked_for)


def neighbours(types: pl.DataFrame) -> pl.DataFrame:
    """Give each grant two neighbours who stand for seven; all but three of one path walk the others."""
    kinds = types["type_pooled"].unique().sort().to_list()
    rows = []
    for at, (person, area) in enumerate(types.sort("person").select("person", "area").iter_rows()):
        for weight in (3, 4):
            own = kinds[0] if at < 2 and weight == 3 else kinds[1 + (at + weight) % (len(kinds) - 1)]
            rows.append(
                (1_000 * weight + person, date(2008, 7, 1), area, "man", 48, "wage_earner", own, weight)
            )
    return pl.DataFrame(rows, schema=dict(contract("not_granted").types), orient="row")
