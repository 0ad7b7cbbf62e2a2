"""Rows that break their register's contract: which rule, in which file and row; never what stood there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput, OverLimit

COLUMNS = ["register", "file", "row", "rule", "column"]


@dataclass
class Faults:
    """The faults found in one register, and what each kind says of itself."""

    register: str
    _found: dict[tuple[str, str, str], list[NDArray[np.int64]]] = field(default_factory=dict)
    _told: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, rule: str, column: str, file: str, rows: pl.Series, told: str) -> None:
        """Note that rows (their numbers in the file) break a rule in a column."""
        if rows.is_empty():
            return
        self._told[rule, column] = told
        self._found.setdefault((file, rule, column), []).append(rows.cast(pl.Int64).to_numpy())

    def take(self, others: Faults) -> None:
        """Note the faults that were found in a part of the register."""
        self._told |= others._told
        for kind, rows in others._found.items():
            self._found.setdefault(kind, []).extend(rows)

    def table(self) -> pl.DataFrame:
        """Give all faults, one line a row and rule: table `quarantine`."""
        texts = sorted({self.register}.union(*self._found))
        kind = pl.Enum(texts)
        parts = [pl.DataFrame(schema=dict.fromkeys(COLUMNS, kind) | {"row": pl.Int64()})]
        for (file, rule, column), rows in self._found.items():
            kept = {"register": self.register, "file": file, "rule": rule, "column": column}
            texts_of = [pl.lit(text, dtype=kind).alias(name) for name, text in kept.items()]
            parts.append(pl.DataFrame({"row": _unique(rows)}).with_columns(texts_of).select(COLUMNS))
        # Sorted while a text is a number; the numbers have the order of the texts.
        return pl.concat(parts).sort(COLUMNS).with_columns(pl.col(kind).cast(pl.String))

    def rows(self, rule: str | None = None) -> int:
        """Count the rows with a fault, or with one of a rule."""
        by_file: dict[str, list[NDArray[np.int64]]] = {}
        for (file, own, _), rows in self._found.items():
            if rule in (None, own):
                by_file.setdefault(file, []).extend(rows)
        return sum(_unique(rows).size for rows in by_file.values())

    def rules(self) -> list[str]:
        """Name the rules that rows break, in order."""
        return sorted({rule for _, rule, _ in self._found})

    def lines(self) -> list[str]:
        """Tell every kind of fault in a clause: file, column, count, and the first row."""
        kinds = {kind: _unique(rows) for kind, rows in self._found.items()}
        ordered = sorted((file, int(rows[0]), rule, column) for (file, rule, column), rows in kinds.items())
        return [
            f"{file}: {_where(column)}{self._told[rule, column]} in "
            f"{kinds[file, rule, column].size:,} rows, the first is row {first:,}"
            for file, first, rule, column in ordered
        ]


def _unique(rows: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.unique(np.concatenate(rows))


def _where(column: str) -> str:
    return f"column '{column}': " if column else ""


def check_limit(faults: Faults, rows: int, limit: float) -> None:
    """Raise `OverLimit` when more of a register's rows than the limit break their contract.

    rows: the register's rows. limit: the share of them that may.
    """
    broken = faults.rows()
    # Not `limit * rows`: 0.29 * 100 is a little below 29.
    if broken and broken / rows > limit:
        told = "; ".join(faults.lines())
        raise OverLimit(
            f"{told} ({broken:,} of {rows:,} rows of {faults.register}, quarantine.limit is {limit:g})"
        )


def check_rows(register: str, rows: int, promised: int | None, files: Sequence[str]) -> None:
    """Raise `BadInput` when a register has other rows than its sender counted.

    rows: those read and those refused while reading. promised: None when nobody counted.
    """
    if promised is not None and rows != promised:
        told = files[0] if len(files) == 1 else f"{files[0]} .. {files[-1]} ({len(files)} files)"
        few = ": is a file truncated?" if rows < promised else ""
        raise BadInput(f"{told}: {rows:,} rows, but registers.{register}.rows says {promised:,}{few}")
