"""DREAM: whose weeks stand in which row of the converted weekly files."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from veje.contracts import RegisterContract
from veje.errors import BadInput
from veje.ingest.faults import Faults
from veje.ingest.registers import ROW, Delivery, Read, check_map, drop_broken, read_file, tell_apart
from veje.settings import Register
from veje.weeks import check_no_gap, is_week_column, week_of_column


def read_dream(
    deliveries: Sequence[Delivery], promise: RegisterContract, register: Register, checked: bool = False
) -> Read:
    """Find each person's row in the weekly files: person (text), source, position.

    deliveries: the files' columns other than weeks, with the names of their weeks. Raises
    `BadInput` for a missing or double week, and for files whose weeks differ: versions are never
    spliced. Faults and `checked` are those of `read_register`.
    """
    check_map(promise, register)
    faults = Faults(promise.name)
    deliveries = tell_apart(deliveries)
    parts = []
    for delivery in deliveries:
        check_weeks(delivery)
        frame = read_file(delivery, promise, register, faults, checked)
        position = pl.int_range(frame.height, dtype=pl.Int64, eager=True)
        parts.append(frame.with_columns(position.alias("position"), pl.lit(delivery.source).alias("source")))
    unlike = [d.file for d in deliveries if set(d.weeks) != set(deliveries[0].weeks)]
    if unlike:
        raise BadInput(f"{unlike[0]}: other weeks than {deliveries[0].file}: two versions are never spliced")
    good = drop_broken(pl.concat(parts), promise, register, faults)
    rows = sum(d.frame.height + len(d.refused) for d in deliveries)
    return Read(good.drop("_file", ROW), faults, rows)


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
