"""DREAM: whose weeks stand in which row of the converted weekly files."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.contracts import RegisterContract
from veje.errors import BadInput
from veje.ingest.deliveries import ROW, Delivery, tell_apart
from veje.ingest.persons import Everyone
from veje.ingest.registers import FILE, PLACE, Read, Terms, read_rows
from veje.settings import Register
from veje.weeks import check_no_gap, is_week_column, week_of_column


def read_dream(
    deliveries: Sequence[Delivery],
    promise: RegisterContract,
    register: Register,
    checked: bool = False,
    *,
    wanted: pl.Series | None = None,
    everyone: Everyone | None = None,
) -> Read:
    """Find each person's row in the weekly files: person (text), position, source.

    deliveries: the files' columns other than weeks, with the names of their weeks. Raises
    `BadInput` for a missing or double week, and for files whose weeks differ: versions are never
    spliced. The other arguments, and faults, are those of `read_register`.
    """
    deliveries = tell_apart(deliveries)
    for delivery in deliveries:
        check_weeks(delivery)
    unlike = [d.file for d in deliveries if set(d.weeks) != set(deliveries[0].weeks)]
    if unlike:
        raise BadInput(f"{unlike[0]}: other weeks than {deliveries[0].file}: two versions are never spliced")
    read = read_rows(deliveries, Terms(promise, register, checked), wanted, everyone)
    sources = pl.Series("source", [delivery.source for delivery in deliveries], dtype=pl.String)
    frame = read.frame.with_columns(sources.gather(read.frame.get_column(FILE)))
    own = [name for name in frame.columns if name not in (FILE, PLACE, ROW, "source")]
    return Read(frame.select(*own, pl.col(PLACE).alias("position"), "source"), read.faults, read.rows)


def check_weeks(delivery: Delivery) -> None:
    """Raise `BadInput` for a file without weeks, or with a missing, double or impossible week."""
    weeks = [name for name in delivery.weeks if is_week_column(name)]
    if not weeks:
        raise BadInput(f"{delivery.file}: no week column of the form Y_YYWW")
    try:
        numbers = sorted(week_of_column(name) for name in weeks)
    except BadInput as error:
        raise BadInput(f"{delivery.file}: {error}") from None
    check_no_gap(numbers, delivery.file)
