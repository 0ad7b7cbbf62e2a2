"""What every section is written from: the release, settings, pictures, labels and texts of one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from veje.labels import Labels
from veje.lists import Alphabet
from veje.released import Cell, Released
from veje.report.blocks import Block, Row, Table, Text
from veje.report.comparison import Comparison
from veje.report.law import Law
from veje.report.texts import Texts
from veje.settings import Settings


@dataclass(frozen=True)
class Context:
    """One page's material.

    pictures: PNG bytes by name, in the page's language. deliveries: register, file, sha256, rows.
    audit: what the audit of the release found, as its summary names it.
    """

    released: Released
    costs: pl.DataFrame
    settings: Settings
    alphabet: Alphabet
    labels: Labels
    texts: Texts
    pictures: Mapping[str, bytes]
    deliveries: Sequence[Mapping[str, Any]]
    versions: Mapping[str, str]
    commit: str
    comparison: Comparison
    audit: Mapping[str, float]
    blank: str | None = None
    law: Law | None = None

    @property
    def measured(self) -> bool:
        """Tell whether a register of measures was delivered; without it nothing is said of measures."""
        return self.settings.registers.amfo is not None or self.settings.registers.offl is not None

    def blank_told(self) -> str:
        """Say what a blank week hides; `blank` is the state that it is read as."""
        own, t = self.settings.sequences, self.texts
        told = t("blank_state", state=self.labels.state(self.blank)) if self.blank else t("blank_any")
        if own.blank == "by_list":
            return told
        return f"{told} {t('blank_split', state=self.labels.state(own.self_supporting))}"

    def not_delivered(self, *registers: str) -> str:
        """Name what is not shown because a register was not delivered; empty when all were."""
        gone = [name for name in registers if getattr(self.settings.registers, name) is None]
        parts = [self.texts(f"not_{name}") for name in gone]
        return self.texts("sum_not_delivered", what="; ".join(parts)) if parts else ""

    def steps(self, bases: Iterable[Cell]) -> str:
        """Say that shares move in steps when one of their bases is below ten times the rounding."""
        base = self.settings.disclosure.rounding
        small = any(cell.value is not None and cell.value < 10 * base for cell in bases)
        return self.texts("small_groups", base=base) if small and base > 1 else ""

    def step_note(self, places: Iterable[tuple[str, str]]) -> list[Block]:
        """Give the note on steps below a picture of areas and types, if it needs one."""
        told = self.steps(self.released.persons(area, type_key) for area, type_key in places)
        return [Text(told, "note")] if told else []

    def base(self, table: str, area: str, type_key: str) -> Cell:
        """Give the number that a table's shares of an area and a type are of."""
        found = self.released.cell(table, area, type_key, "total", "count")
        if table != "bilag_1" and found.status != "absent":
            return found
        return self.released.persons(area, "" if table == "bilag_1" else type_key)

    def need(self, table: str, blocks: list[Block]) -> list[Block]:
        """Give blocks when their table is in the release, else a sentence that says so."""
        if self.released.has(table):
            return blocks
        return [Text(self.texts("no_table", title=self.labels.title(table)), "missing")]

    def cross(
        self,
        table: str,
        rows: Sequence[tuple[str, str, str, str]],
        columns: Sequence[tuple[str, str]],
        caption: str = "",
        corner: str = "",
        note: str | None = None,
        folded: bool = False,
    ) -> Table:
        """Cross rows with columns of one table.

        rows: (head, type, key, measure); an empty type is the column's. columns: (area, type).
        """
        names = self.columns(columns)
        made = []
        for head, type_key, key, measure in rows:
            cells = [self.released.cell(table, a, type_key or t, key, measure) for a, t in columns]
            if any(cell.status != "absent" for cell in cells):
                made.append(self.row(head, cells, key))
        told = self.labels.note(table) if note is None else note
        bases = [
            self.base(table, a, own or t) for _, own, _, kind in rows if kind == "share" for a, t in columns
        ]
        told = f"{told} {self.steps(bases)}".strip()
        return Table(caption or self.labels.title(table), corner, names, made, told, folded)

    def row(self, head: str, cells: Sequence[Cell], key: str = "") -> Row:
        """Make a row of figures; counts are set apart, and a state brings its colour."""
        strong = key in ("total", "n_sequences", "total_quarters")
        return Row(head, [self.texts.cell(cell) for cell in cells], strong, "", self.swatch(key))

    def swatch(self, key: str) -> str:
        """Name the class of a state's colour, empty for any other key."""
        return f"state-{self.alphabet.code(key)}" if key in self.alphabet.states else ""

    def columns(self, places: Sequence[tuple[str, str]]) -> list[str]:
        """Name columns by their areas, or by their types when they are `pooled_types`."""
        if places == self.pooled_types():
            return [self.labels.type(t) if t else self.texts("all_persons") for _, t in places]
        return [self.labels.area(area) for area, _ in places]

    def all_areas(self, type_key: str = "") -> list[tuple[str, str]]:
        """List the municipalities as columns, all of them together last."""
        known = self.released
        return [*[(area, type_key) for area in known.local()], (known.pooled, type_key)]

    def pooled_types(self) -> list[tuple[str, str]]:
        """List the pooled types as columns, all persons last."""
        known = self.released
        return [*[(known.pooled, t) for t in known.types(known.pooled)], (known.pooled, "")]
