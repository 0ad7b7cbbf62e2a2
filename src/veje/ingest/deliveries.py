"""Delivered files as ingest sees them: names folded, rows part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl

from veje.errors import BadInput, shown

ROW = "_row"
"""The column with a row's number in its file; without it rows count from 2, after a header."""

PART = 100_000
"""Rows of a part of a frame in memory; files come in the parts that they are written in."""


class Rows(Protocol):
    """Cells as text that are read part by part, as often as asked for."""

    @property
    def columns(self) -> list[str]:
        """The delivered names."""

    @property
    def height(self) -> int:
        """The number of rows."""

    def parts(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Read some columns of all rows, part by part in their order."""


@dataclass(frozen=True)
class Delivery:
    """One delivered file: its name for messages, its cells as text, and rows refused while reading.

    refused: (rule, row) of rows with more or fewer cells than the header. weeks, source: of a DREAM
    file, the names of its weekly columns and of the converted file that holds them.
    """

    file: str
    frame: pl.DataFrame | Rows
    refused: tuple[tuple[str, int], ...] = ()
    weeks: tuple[str, ...] = ()
    source: str = ""

    @property
    def rows(self) -> int:
        """The rows delivered, those refused among them."""
        return self.frame.height + len(self.refused)

    def parts(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Read some columns of all rows, part by part in their order."""
        if isinstance(self.frame, pl.DataFrame):
            return self.frame.select(columns).iter_slices(PART)
        return self.frame.parts(columns)


def tell_apart(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Number files of one name, as yearly folders have them: a fault is known by file and row."""
    names = [delivery.file for delivery in deliveries]
    counts = [names[: at + 1].count(name) for at, name in enumerate(names)]
    told = [name if count == 1 else f"{name} ({count})" for name, count in zip(names, counts, strict=True)]
    return [replace(delivery, file=file) for delivery, file in zip(deliveries, told, strict=True)]


def fold(delivery: Delivery) -> dict[str, str]:
    """Give the delivered name of each name in lower case; two that fold to one are bad input."""
    names = [name.lower() for name in delivery.frame.columns]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise BadInput(f"{delivery.file}: columns that differ in case only: '{shown(double[0])}'")
    return dict(zip(names, delivery.frame.columns, strict=True))
