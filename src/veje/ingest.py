"""Stage 1: register files as delivered become typed tables keyed by a surrogate number.

Deliveries arrive as text frames with the delivered names. Here names are mapped, codes and dates
read, and every personal number replaced. Messages name file, column, row number and count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.contracts import RegisterContract, contract
from veje.errors import BadInput, near, shown
from veje.settings import Register
from veje.weeks import check_no_gap, is_week_column, week_of_column

CPR_LENGTH = 10


@dataclass(frozen=True)
class Delivery:
    """One delivered file: its name for messages, and its cells as text."""

    file: str
    frame: pl.DataFrame


def read_register(
    deliveries: Sequence[Delivery], promise: RegisterContract, register: Register
) -> pl.DataFrame:
    """Bring the files of a register to one frame with canonical names and typed columns.

    Identifiers stay text here. Raises `BadInput` for a missing column, an empty required cell, an
    unreadable date, a code without meaning, or a person twice where the contract promises one row.
    """
    for name in register.columns:
        if name not in promise.columns:
            raise BadInput(f"config: registers.{promise.name}.columns.{name}: {near(name, promise.columns)}")
    frames = [_read_file(d, promise, register) for d in deliveries]
    frame = pl.concat(frames)
    _check_key(frame, promise, ", ".join(d.file for d in deliveries))
    return frame


def read_dream(deliveries: Sequence[Delivery], promise: RegisterContract, register: Register) -> pl.DataFrame:
    """Turn DREAM's wide weekly columns into spells of equal codes.

    Returns person (text), code, week_from, week_to. Blank weeks are spells with an empty code, so
    that the weeks a version covers stay known. Raises `BadInput` for a missing or double week.
    """
    parts, persons = [], []
    for delivery in deliveries:
        frame = _fold(delivery)
        person = _read_file(Delivery(delivery.file, frame), promise, register).get_column("person")
        columns = [name for name in frame.columns if is_week_column(name)]
        if not columns:
            raise BadInput(f"{delivery.file}: no week column of the form Y_YYWW")
        try:
            columns.sort(key=week_of_column)
        except BadInput as error:
            raise BadInput(f"{delivery.file}: {error}") from None
        weeks = [week_of_column(name) for name in columns]
        check_no_gap(weeks, delivery.file)
        parts.append(_spells(person, frame.select(columns), weeks[0]))
        persons.append(person)
    _check_key(pl.concat(persons).to_frame(), promise, ", ".join(d.file for d in deliveries))
    return pl.concat(parts)


def number_persons(identifiers: Iterable[pl.Series], seed: int) -> pl.DataFrame:
    """Give every personal number a surrogate number: table `keys`.

    Numbers are ranks of a salted hash: the same for the same deliveries, and without the order of
    birth that ranks of the numbers themselves would keep.
    """
    everyone: set[str] = set()
    for series in identifiers:
        everyone.update(series.drop_nulls().unique().to_list())
    salt = f"veje:{seed}:".encode()
    ordered = sorted(everyone, key=lambda pnr: hashlib.sha256(salt + pnr.encode()).digest())
    return pl.DataFrame(
        {"pnr": ordered, "person": range(1, len(ordered) + 1)},
        schema={"pnr": pl.String, "person": pl.Int64},
    )


def replace_identifiers(frame: pl.DataFrame, promise: RegisterContract, keys: pl.DataFrame) -> pl.DataFrame:
    """Replace every identifier column by surrogate numbers and order the rows by all columns."""
    for name, spec in promise.columns.items():
        if spec["type"] == "identifier":
            numbers = keys.rename({"pnr": name, "person": "_number"})
            frame = frame.join(numbers, on=name, how="left", maintain_order="left")
            frame = frame.drop(name).rename({"_number": name})
    table = contract(promise.table)
    return frame.select(list(table.types)).sort(list(table.types))


def identifier_columns(promise: RegisterContract) -> list[str]:
    """Name the columns of a register that hold personal numbers."""
    return [name for name, spec in promise.columns.items() if spec["type"] == "identifier"]


def _fold(delivery: Delivery) -> pl.DataFrame:
    """Fold names to lower case; two names that fold to one are bad input."""
    names = [name.lower() for name in delivery.frame.columns]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise BadInput(f"{delivery.file}: columns that differ in case only: '{shown(double[0])}'")
    return delivery.frame.rename(dict(zip(delivery.frame.columns, names, strict=True)))


def _read_file(delivery: Delivery, promise: RegisterContract, register: Register) -> pl.DataFrame:
    frame = _fold(delivery)
    columns = []
    for name, spec in promise.columns.items():
        delivered = register.columns.get(name, spec["delivered"]).lower()
        if delivered in frame.columns:
            text = frame.get_column(delivered)
            columns.append(
                _read_column(text.alias(name), spec, register, f"{delivery.file}: column '{delivered}'")
            )
        elif spec.get("optional") and name not in register.columns:
            columns.append(pl.Series(name, [None] * frame.height, dtype=_dtype(spec)))
        else:
            raise BadInput(
                f"{delivery.file}: no column '{delivered}' for {name}: {near(delivered, frame.columns)}"
            )
    return pl.DataFrame(columns)


def _dtype(spec: Mapping[str, object]) -> type[pl.Date] | type[pl.String]:
    return pl.Date if spec["type"] == "date" else pl.String


def _read_column(text: pl.Series, spec: Mapping[str, str], register: Register, where: str) -> pl.Series:
    """Read one column of text by its contract."""
    values = text.str.strip_chars().replace(["", "."], [None, None])
    required = not (spec.get("optional") or spec.get("nullable"))
    if required and values.null_count():
        raise BadInput(f"{where}: empty in {_rows(values.is_null())}")
    if spec["type"] == "date":
        return _read_dates(values, register.formats.get(text.name, spec["format"]), where)
    if spec["type"] == "identifier":
        again = (values.str.to_lowercase() == spec["delivered"].lower()).fill_null(False)
        if again.any():
            raise BadInput(f"{where}: the header again in {_rows(again)}")
        return _restore_zeros(values)
    # A code column that held an empty cell comes as a float: "657.0" is the municipality 657.
    values = values.str.replace(r"^(\d+)\.0+$", "$1")
    meanings = register.values.get(text.name, spec.get("values"))
    return _read_meanings(values, dict(meanings), where) if isinstance(meanings, Mapping) else values


def _read_dates(values: pl.Series, form: str, where: str) -> pl.Series:
    # A number column arrives as "20080131.0" from a float, a timestamp as "2008-01-31 00:00:00".
    tidy = values.str.replace(r"(\.0+| 00:00:00(\.0+)?)$", "")
    dates = tidy.str.to_date(form, strict=False, exact=True)
    bad = dates.is_null() & values.is_not_null()
    if bad.any():
        raise BadInput(f"{where}: not a date of the form {form} in {_rows(bad)}")
    return dates


def _restore_zeros(values: pl.Series) -> pl.Series:
    """Restore the leading zero of personal numbers that went through a number column."""
    tidy = values.str.replace(r"\.0+$", "")
    lost = tidy.str.contains(r"^\d+$") & (tidy.str.len_chars() == CPR_LENGTH - 1)
    return tidy.zip_with(~lost.fill_null(False), tidy.str.zfill(CPR_LENGTH))


def _read_meanings(values: pl.Series, meanings: dict[str, str], where: str) -> pl.Series:
    unknown = values.is_not_null() & ~values.is_in(list(meanings))
    if unknown.any():
        raise BadInput(
            f"{where}: code without a meaning in {_rows(unknown)}: known codes {', '.join(meanings)}"
        )
    return values.replace_strict(meanings, default=None, return_dtype=pl.String)


def _rows(bad: pl.Series) -> str:
    """Count the bad rows and name the first by its number in the file (the header is row 1)."""
    first = bad.arg_true()[0] + 2
    return f"{int(bad.sum()):,} rows, the first is row {first:,}"


def _check_key(frame: pl.DataFrame, promise: RegisterContract, files: str) -> None:
    if not promise.key:
        return
    double = frame.height - frame.select(promise.key).n_unique()
    if double:
        raise BadInput(
            f"{files}: {double:,} rows too many: one row per {' and '.join(promise.key)} is promised"
        )


def _spells(person: pl.Series, weeks: pl.DataFrame, first_week: int) -> pl.DataFrame:
    """Run-length encode a wide frame of codes, row by row."""
    codes, matrix = _code_matrix(weeks)
    changes = np.ones(matrix.shape, dtype=bool)
    changes[:, 1:] = matrix[:, 1:] != matrix[:, :-1]
    row, start = np.nonzero(changes)
    end = np.empty_like(start)
    end[:-1] = np.where(row[1:] == row[:-1], start[1:] - 1, matrix.shape[1] - 1)
    end[-1:] = matrix.shape[1] - 1
    return pl.DataFrame(
        {
            "person": person.gather(row),
            "code": codes.gather(matrix[row, start]),
            "week_from": pl.Series(start + first_week, dtype=pl.Int32),
            "week_to": pl.Series(end + first_week, dtype=pl.Int32),
        }
    )


def _code_matrix(weeks: pl.DataFrame) -> tuple[pl.Series, NDArray[np.int32]]:
    """Give the distinct tidy codes and, for every person and week, the number of its code."""
    raw: set[str] = set()
    filled = weeks.select(pl.all().fill_null(""))
    for column in filled.iter_columns():
        raw.update(column.unique().to_list())
    delivered = sorted(raw)
    tidied = [_tidy_code(code) for code in delivered]
    codes = sorted(set(tidied))
    number = np.array([codes.index(code) for code in tidied], dtype=np.int32)
    names = pl.Enum(delivered)
    matrix = np.empty((weeks.height, weeks.width), dtype=np.int32)
    for position, column in enumerate(filled.iter_columns()):
        matrix[:, position] = number[column.cast(names).to_physical().to_numpy()]
    return pl.Series(codes, dtype=pl.String), matrix


def _tidy_code(code: str) -> str:
    """Write a weekly code as plain text: "111.0" and " 111" are 111; ".", "NaN" and blanks are none."""
    tidy = code.strip().removesuffix(".0")
    return "" if tidy.lower() in {"", ".", "nan"} else tidy
