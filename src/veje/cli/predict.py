"""What converting deliveries will take: seconds and memory, from rows and columns.

Fitted to benchmarks/bench_check.py and bench_import.py on two cores, rounded to the safe side: the
time grows with the cells and, for narrow files, with the rows; the memory is that of one batch, whose
cells are limited, so that it stops growing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from veje.formats.source import CELLS, MOST_ROWS

CELLS_A_SECOND = {"sas7bdat": 1.5e6, "dta": 1.4e6, "csv": 6.5e6, "csv.gz": 5.5e6, "parquet": 7e6}
"""By format, of wide files."""

ROWS_A_SECOND = 2e6
"""Of narrow files: what a row costs beside its cells."""

START_SECONDS = 0.5
START_MB = 300
"""A process that has loaded its libraries and read nothing."""

BYTES_A_CELL = 270
"""In a batch: text, numbers and what is being written, at once."""


@dataclass(frozen=True)
class Predicted:
    """Seconds of all conversions one after another, and the most memory that one of them takes."""

    seconds: float
    megabytes: float


def rate(form: str) -> float:
    """Give the cells a second of a format; of one that was not measured, the slowest."""
    return CELLS_A_SECOND.get(form, min(CELLS_A_SECOND.values()))


def predict(files: Iterable[tuple[str, int, int]]) -> Predicted:
    """Predict the conversion of files. files: format, rows, columns of each."""
    seconds, most = 0.0, float(START_MB)
    for form, rows, columns in files:
        seconds += START_SECONDS + rows * columns / rate(form) + rows / ROWS_A_SECOND
        batch = min(rows, MOST_ROWS) * columns
        most = max(most, START_MB + min(batch, CELLS) * BYTES_A_CELL / 1e6)
    return Predicted(seconds, most)
