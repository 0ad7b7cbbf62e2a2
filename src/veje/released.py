"""Looking things up in the table `released`: a cell, the tables there are, and the orders to show them in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from veje.names import ALL_TYPES, CELL


@dataclass(frozen=True)
class Cell:
    """A figure of the release: its value and unit; no value when it is withheld or not there at all."""

    value: float | None
    status: Literal["published", "withheld", "absent"]
    unit: str = ""
    measure: str = ""


ABSENT = Cell(None, "absent")


def type_picture(type_key: str) -> str:
    """Give the name of a type's picture; anything but letters, digits and `_` in its key becomes `_`."""
    return "type_" + re.sub(r"[^a-z0-9_]", "_", type_key.lower())


class Released:
    """The release by table, area, type, key and measure, and by base where a table has two.

    frame: table `released`. areas: the pooled area first, then the municipalities in their order;
    others that the release holds (regions, the other population) are `compared`.
    """

    def __init__(self, frame: pl.DataFrame, areas: Sequence[str]) -> None:
        self.frame = frame
        columns = [*CELL, "value", "status", "unit"]
        self._cells: dict[tuple[str, ...], Cell] = {}
        self._based: dict[tuple[str, ...], Cell] = {}
        self._keys: dict[str, dict[str, None]] = {}
        for *at, value, status, unit in frame.select(columns).iter_rows():
            # A withheld figure has no value; this holds even if a table should carry one.
            shown = value if status == "published" else None
            cell = Cell(shown, status, unit, at[4])
            self._cells.setdefault(tuple(at[:-1]), cell)
            self._based[tuple(at)] = cell
            self._keys.setdefault(at[0], {})[at[3]] = None
        self._sizes = [
            (at[1], at[2], cell)
            for at, cell in self._cells.items()
            if (at[0], *at[3:]) == ("bilag_1", "n_sequences", "count")
        ]
        found = set(frame["area"])
        self.areas = [area for area in areas if area in found]
        self.compared = sorted(found - set(areas))
        self.pooled = areas[0]

    def has(self, table: str) -> bool:
        """Tell whether the release holds a table."""
        return table in self._keys

    def shows(self, table: str) -> bool:
        """Tell whether any figure of a table is published."""
        return any(cell.value is not None for at, cell in self._cells.items() if at[0] == table)

    def tables(self) -> list[str]:
        """List the tables of the release."""
        return sorted(self._keys)

    def keys(self, table: str) -> list[str]:
        """List the rows of a table, in its own order."""
        return list(self._keys.get(table, {}))

    def cell(
        self, table: str, area: str, type_key: str, key: str, measure: str, base: str | None = None
    ) -> Cell:
        """Give one figure; `ABSENT` when the release does not hold it.

        base: needed where a table shows two bases at one place; without it the first one is taken.
        """
        at = (table, area, type_key, key, measure)
        return self._cells.get(at, ABSENT) if base is None else self._based.get((*at, base), ABSENT)

    def value(self, table: str, area: str, type_key: str, key: str, measure: str) -> float:
        """Give the value of a figure, 0 when there is none to show."""
        return self.cell(table, area, type_key, key, measure).value or 0.0

    def local(self) -> list[str]:
        """List the municipalities that the release knows, in order."""
        return [area for area in self.areas if area != self.pooled]

    def types(self, area: str | None = None) -> list[str]:
        """List the types, the one with most persons pooled first, then by name.

        area: only those whose number of persons is shown there; the pooled area is the pooled
        clusters' types.
        """
        sizes: dict[str, float] = {}
        for at, type_key, cell in self._sizes:
            if area not in (None, at) or (area is not None and cell.value is None):
                continue
            pooled = self.value("bilag_1", self.pooled, type_key, "n_sequences", "count")
            sizes[type_key] = pooled or (cell.value or 0.0) / 1e6
        return sorted(sizes, key=lambda name: (-sizes[name], name))

    def persons(self, area: str, type_key: str = "") -> Cell:
        """Give the number of persons of an area, of one type when it is named."""
        if type_key:
            return self.cell("bilag_1", area, type_key, "n_sequences", "count")
        return self.cell("table_7_2", area, ALL_TYPES, "total", "count")

    def last_quarter(self) -> int:
        """Give the number of the last quarter, 0 when there is no distribution of states."""
        return max((int(key[1:].split("_")[0]) for key in self.keys("state_distribution")), default=0)

    def withheld(self) -> pl.DataFrame:
        """Count the figures and the withheld ones by table: table, figures, withheld."""
        hidden = (pl.col("status") == "withheld").sum().cast(pl.Int64).alias("withheld")
        return (
            self.frame.group_by("table").agg(pl.len().cast(pl.Int64).alias("figures"), hidden).sort("table")
        )
