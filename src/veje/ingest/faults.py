"""Rows that break their register's contract: which rule, in which file and row; never what stood there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from veje.errors import BadInput, OverLimit

COLUMNS = ["register", "file", "row", "rule", "column"]


@dataclass
class Faults:
    """The faults found in one register, and what each kind says of itself."""

    register: str
    _found: list[pl.DataFrame] = field(default_factory=list)
    _told: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, rule: str, column: str, file: str, rows: pl.Series, told: str) -> None:
        """Note that rows (their numbers in the file) break a rule in a column."""
        if rows.is_empty():
            return
        self._told[rule, column] = told
        self._found.append(
            pl.DataFrame({"row": rows.cast(pl.Int64)}).select(
                pl.lit(self.register).alias("register"),
                pl.lit(file).alias("file"),
                "row",
                pl.lit(rule).alias("rule"),
                pl.lit(column).alias("column"),
            )
        )

    def table(self) -> pl.DataFrame:
        """Give all faults, one line a row and rule: table `quarantine`."""
        empty = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String()) | {"row": pl.Int64()})
        return pl.concat([empty, *self._found]).unique().sort(COLUMNS)

    def lines(self) -> list[str]:
        """Tell every kind of fault in a clause: file, column, count, and the first row."""
        kinds = self.table().group_by("file", "rule", "column", maintain_order=True)
        counted = kinds.agg(pl.len(), pl.col("row").min())
        return [
            f"{r['file']}: {_where(r['column'])}{self._told[r['rule'], r['column']]} in "
            f"{r['len']:,} rows, the first is row {r['row']:,}"
            for r in counted.to_dicts()
        ]


def _where(column: str) -> str:
    return f"column '{column}': " if column else ""


def check_limit(faults: Faults, rows: int, limit: float) -> None:
    """Raise `OverLimit` when more of a register's rows than the limit break their contract.

    rows: the register's rows. limit: the share of them that may.
    """
    broken = faults.table().select("file", "row").n_unique()
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
