"""The files of one register: names mapped, columns read, broken rows kept aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from veje.contracts import RegisterContract
from veje.errors import BadInput, near, shown
from veje.ingest.columns import read_column
from veje.ingest.faults import Faults
from veje.settings import Register

ROW = "_row"
"""The column with a row's number in its file; without it rows count from 2, after a header."""

_KINDS = {"date": pl.Date, "number": pl.Float64}


@dataclass(frozen=True)
class Delivery:
    """One delivered file: its name for messages, its cells as text, and rows refused while reading.

    refused: (rule, row) of rows with more or fewer cells than the header. weeks, source: of a DREAM
    file, the names of its weekly columns and of the converted file that holds them.
    """

    file: str
    frame: pl.DataFrame
    refused: tuple[tuple[str, int], ...] = ()
    weeks: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Read:
    """A register as read: its good rows with canonical typed columns, its faults, and its rows in all."""

    frame: pl.DataFrame
    faults: Faults
    rows: int


def read_register(
    deliveries: Sequence[Delivery], promise: RegisterContract, register: Register, checked: bool = False
) -> Read:
    """Bring the files of a register to one frame with canonical names and typed columns.

    checked: personal numbers are CPR numbers, and are checked. Identifiers stay text here. Raises
    `BadInput` for a missing column. Rows that break a rule are left out and noted as faults; of
    rows that share a key that the contract promises once, all copies are.
    """
    check_map(promise, register)
    faults = Faults(promise.name)
    deliveries = tell_apart(deliveries)
    frame = pl.concat([read_file(d, promise, register, faults, checked) for d in deliveries])
    rows = sum(d.frame.height + len(d.refused) for d in deliveries)
    good = drop_broken(frame, promise, register, faults)
    return Read(good.drop("_file", ROW), faults, rows)


def check_map(promise: RegisterContract, register: Register) -> None:
    """Raise `BadInput` for a column of the config's name map that the register does not have."""
    for name in register.columns:
        if name not in promise.columns:
            raise BadInput(f"config: registers.{promise.name}.columns.{name}: {near(name, promise.columns)}")


def tell_apart(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Number files of one name, as yearly folders have them: a fault is known by file and row."""
    names = [delivery.file for delivery in deliveries]
    counts = [names[: at + 1].count(name) for at, name in enumerate(names)]
    told = [name if count == 1 else f"{name} ({count})" for name, count in zip(names, counts, strict=True)]
    return [replace(delivery, file=file) for delivery, file in zip(deliveries, told, strict=True)]


def read_file(
    delivery: Delivery, promise: RegisterContract, register: Register, faults: Faults, checked: bool
) -> pl.DataFrame:
    """Read one file: canonical typed columns, with `_file` and `_row`; notes the faults of its cells."""
    frame = fold(delivery)
    if ROW not in frame.columns:
        frame = frame.with_row_index(ROW, offset=2)
    rows = frame.get_column(ROW).cast(pl.Int64)
    for rule in sorted({rule for rule, _ in delivery.refused}):
        numbers = pl.Series([row for name, row in delivery.refused if name == rule], dtype=pl.Int64)
        faults.add(rule, "", delivery.file, numbers, "more or fewer cells than the header")
    columns = [pl.Series("_file", [delivery.file] * frame.height, dtype=pl.String), rows.alias(ROW)]
    for name, spec in promise.columns.items():
        delivered = find_column(name, spec, register, frame, delivery.file)
        if delivered is None:
            columns.append(pl.Series(name, [None] * frame.height, dtype=_KINDS.get(spec["type"], pl.String)))
            continue
        values, broken = read_column(frame.get_column(delivered).alias(name), spec, register, checked)
        columns.append(values)
        for one in broken:
            faults.add(one.rule, delivered, delivery.file, rows.filter(one.rows), one.told)
    return pl.DataFrame(columns)


def find_column(
    name: str, spec: Mapping[str, str], register: Register, frame: pl.DataFrame, file: str
) -> str | None:
    """Give the delivered name of a column; None for one that the config says is not delivered.

    An optional column must be declared absent: without the kind of decision, say, refusals would
    count as grants.
    """
    if spec.get("optional") and name in register.columns and register.columns[name] is None:
        return None
    delivered = delivered_name(name, spec, register)
    if delivered in frame.columns:
        return delivered
    hint = near(delivered, [column for column in frame.columns if column != ROW])
    absent = f"; if it is not delivered, say `{name}: null` under columns" if spec.get("optional") else ""
    raise BadInput(f"{file}: no column '{delivered}' for {name}: {hint}{absent}")


def delivered_name(name: str, spec: Mapping[str, str], register: Register) -> str:
    """Give the name under which a column is delivered, in lower case."""
    return (register.columns.get(name) or spec["delivered"]).lower()


def drop_broken(
    frame: pl.DataFrame, promise: RegisterContract, register: Register, faults: Faults
) -> pl.DataFrame:
    """Leave out rows with a fault, then those that are reversed or share a key; notes the latter."""
    good = frame.join(faults.table().select(_file="file", _row="row").unique(), on=["_file", ROW], how="anti")
    names = {name: delivered_name(name, spec, register) for name, spec in promise.columns.items()}
    if promise.order:
        first, last = promise.order
        reversed_rows = pl.col(first) > pl.col(last)
        _note(good.filter(reversed_rows), "spell_reversed", names[last], faults, f"{last} before {first}")
        good = good.filter(~reversed_rows.fill_null(False))
    if promise.key:
        double = pl.struct(promise.key).is_duplicated()
        once = f"one row per {' and '.join(promise.key)} is promised"
        told = f"{extra(good, promise.key):,} rows too many, {once}; all copies,"
        _note(good.filter(double), "duplicate", names[promise.key[0]], faults, told)
        good = good.filter(~double)
    return good


def extra(frame: pl.DataFrame, key: Sequence[str]) -> int:
    """Count the rows beyond the first of each key."""
    return frame.height - frame.select(key).n_unique()


def fold(delivery: Delivery) -> pl.DataFrame:
    """Fold names to lower case; two names that fold to one are bad input."""
    names = [name.lower() for name in delivery.frame.columns]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise BadInput(f"{delivery.file}: columns that differ in case only: '{shown(double[0])}'")
    return delivery.frame.rename(dict(zip(delivery.frame.columns, names, strict=True)))


def _note(rows: pl.DataFrame, rule: str, column: str, faults: Faults, told: str) -> None:
    for (file,), part in rows.group_by(["_file"], maintain_order=True):
        faults.add(rule, column, str(file), part.get_column(ROW), told)
