"""Who is in a delivered register: distinct persons as hashes; no personal number is kept or shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.arrays import distinct
from veje.cli.predict import rate
from veje.formats import Problem, Source, batches_of
from veje.ingest.columns import read_column
from veje.settings import Register

SECONDS = 30
"""How long one file may take to count its persons, by the rate of its format; beyond it, `at least`."""

_WAITING = 4_000_000  # hashes that wait before doubles are dropped


@dataclass(frozen=True)
class Persons:
    """Distinct persons as 8-byte hashes in order. whole: False where a file was not read to its end."""

    hashes: NDArray[np.uint64]
    whole: bool = True

    def __len__(self) -> int:
        return len(self.hashes)

    def __or__(self, other: Persons) -> Persons:
        return Persons(np.union1d(self.hashes, other.hashes), self.whole and other.whole)

    def of(self, other: Persons) -> int:
        """Count those who are among others too."""
        return len(np.intersect1d(self.hashes, other.hashes, assume_unique=True))


NOBODY = Persons(np.empty(0, dtype=np.uint64))


def find_persons(
    source: Source, column: str, spec: Mapping[str, str], register: Register, checked: bool
) -> Persons:
    """Count the persons of a file by its identifier column, in batches.

    column: its name in lower case. Numbers are read and checked as ingest does: rows whose number
    is missing or impossible are nobody. Raises `BadInput` as reading does.
    """
    most = SECONDS * rate(source.format) / len(source.names)
    found, waiting, done = NOBODY, [NOBODY.hashes], 0
    problems: list[Problem] = []
    for batch in batches_of(source, columns=[column], problems=problems):
        values, broken = read_column(batch.get_column(column).alias("person"), spec, register, checked)
        rows = pl.DataFrame([values, *(one.rows.alias(one.rule) for one in broken)])
        known = rows.filter(~pl.any_horizontal(pl.lit(False), *(one.rule for one in broken)))
        waiting.append(known.get_column("person").drop_nulls().hash(seed=1).to_numpy())
        done += batch.height
        if sum(map(len, waiting)) > _WAITING:
            found, waiting = found | Persons(distinct(np.concatenate(waiting))), [NOBODY.hashes]
        if done > most and source.format != "parquet":
            return found | Persons(distinct(np.concatenate(waiting)), whole=done == source.rows)
    return found | Persons(distinct(np.concatenate(waiting)))
