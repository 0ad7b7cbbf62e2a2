"""What every format has in common: a delivered file that was opened, and the batches it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from veje.errors import BadInput, shown

ROW = "_row"
"""The column that every batch has besides the delivered ones: the row's number in the source."""

CELLS = 2_000_000
"""Cells in a batch: a cell that is a Python object takes some 70 bytes, so a batch stays near 150 MB."""

MOST_ROWS = 100_000

Encoding = Literal["utf-8", "latin-1", "windows-1252"]
Rule = Literal["short_row", "long_row"]


@dataclass(frozen=True)
class Problem:
    """A row that cannot be read into the file's columns: the rule it breaks and its number in the source."""

    rule: Rule
    row: int


Report = Callable[[Problem], None]


@dataclass(frozen=True)
class Declared:
    """What the config says of a text delivery; other formats say it themselves."""

    encoding: Encoding = "utf-8"
    separator: str = ","


@dataclass(frozen=True)
class Source:
    """A delivered file whose head was read.

    names: as delivered, in order. rows: None when only reading to the end tells.
    encoding: the one that is used. read: takes delivered names, rows a batch and a report of bad
    rows; gives frames with these columns as text and `_row`.
    """

    path: Path
    format: str
    names: tuple[str, ...]
    rows: int | None
    encoding: str
    read: Callable[[Sequence[str], int, Report], Iterator[pl.DataFrame]]

    @property
    def folded(self) -> list[str]:
        """The names in lower case."""
        return [name.strip().lower() for name in self.names]


def check_names(source: Source) -> None:
    """Fail on a header that names a column twice, in the same case or in another."""
    folded = source.folded
    double = sorted(name for name, count in Counter(folded).items() if count > 1)
    if double:
        exact = len({n.strip() for n in source.names if n.strip().lower() == double[0]}) == 1
        how = "stands twice in the header" if exact else "differs from another in case only"
        raise BadInput(f"{source.path}: column '{shown(double[0])}' {how} ({len(double):,} such names)")
    if ROW in folded:
        raise BadInput(f"{source.path}: column '{ROW}' is a name that veje keeps for itself")
