"""Cells of any type as plain text, and the check that no text was read in the wrong encoding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from veje.errors import BadInput, shown

# Bytes 80 to BF follow C3 in UTF-8's æ, ø, å, é, ö and the like; read as latin-1 they are U+0080 to
# U+00BF, read as windows-1252 the first 32 of them are the signs listed here.
_FOLLOWERS = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"

GARBLED = f"Ã[{_FOLLOWERS}]"
CONTROLS = "[\u0080-\u009f]"
LOST = "\ufffd"

_LARGEST_EXACT = 2**53
_DAYS = (-719_162, 2_932_896)  # 0001-01-01 and 9999-12-31, in days since 1970


def in_one(columns: Sequence[pl.Series], change: Callable[[pl.Series], pl.Series]) -> list[pl.Series]:
    """Change columns of one type and length by way of one long column.

    A batch of a wide file has thousands of columns and few rows: a call a column is mostly overhead.
    """
    if not columns:
        return []
    height = len(columns[0])
    changed = change(pl.concat(columns, rechunk=True))
    return [changed.slice(place * height, height).alias(c.name) for place, c in enumerate(columns)]


def as_text(column: pl.Series, path: Path) -> pl.Series:
    """Write a typed column as text: dates as ISO, whole numbers without a point, empty cells as null."""
    kind = column.dtype
    if kind.is_float():
        return numbers(column)
    if kind == pl.Date:
        return column.dt.strftime("%Y-%m-%d")
    if isinstance(kind, pl.Datetime):
        return moments(column)
    if kind == pl.Boolean:
        column = column.cast(pl.Int8)
    elif not (kind.is_numeric() or kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)):
        raise BadInput(f"{path}: column '{shown(column.name)}' holds {kind}, which is not text or number")
    return blank_as_null(column.cast(pl.String))


def blank_as_null(column: pl.Series) -> pl.Series:
    """Write empty cells as null; spaces stay, for the register's null rule decides on them."""
    return column.set(column == "", None) if (column == "").any() else column


def numbers(column: pl.Series) -> pl.Series:
    """Write numbers as text: 111 and 20060317 as whole numbers, 0.5 with a decimal point, NaN as null."""
    values = column.cast(pl.Float64).fill_nan(None)
    whole = (values == values.floor()) & (values.abs() < _LARGEST_EXACT)
    integers = values.set(~whole, None).cast(pl.Int64).cast(pl.String)
    if whole.all():
        return integers
    return integers.zip_with(whole.fill_null(True), values.cast(pl.String))


def days(column: pl.Series, epoch: int) -> pl.Series:
    """Write numbers of days as ISO dates; what no date can be stays a number.

    epoch: the day that 0 means, in days since 1970.
    """
    since = column.cast(pl.Float64).floor() + epoch
    sane = since.is_between(*_DAYS)
    text = since.set(~sane, None).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d")
    return text if sane.all() else text.zip_with(sane.fill_null(True), numbers(column))


def seconds(column: pl.Series, epoch: int, per_second: int = 1) -> pl.Series:
    """Write numbers of seconds (or of parts of one) as ISO date and time.

    epoch: the day that 0 means, in days since 1970. Midnight is written as 00:00:00.
    """
    since = column.cast(pl.Float64) / per_second + epoch * 86_400
    sane = since.is_between(_DAYS[0] * 86_400, (_DAYS[1] + 1) * 86_400 - 1)
    whole = (since * 1_000).round().set(~sane, None).cast(pl.Int64).cast(pl.Datetime("ms"))
    text = moments(whole)
    return text if sane.all() else text.zip_with(sane.fill_null(True), numbers(column))


def moments(column: pl.Series) -> pl.Series:
    """Write date and time as `2009-03-31 12:30:00`, with a fraction only where there is one."""
    text = column.dt.strftime("%Y-%m-%d %H:%M:%S%.f")
    return text.str.replace(r"\.0+$", "")


def check_text(columns: Sequence[pl.Series], path: Path, encoding: str) -> None:
    """Fail when text shows that it was read, here or before, in another encoding than its own."""
    if not columns or not pl.concat(columns).str.contains(f"{GARBLED}|{CONTROLS}|{LOST}").any():
        return
    for pattern in (GARBLED, CONTROLS, LOST):
        for column in columns:
            count = int(column.str.contains(pattern).sum())
            if count:
                where = f"column '{shown(column.name)}', {count:,} cells"
                raise BadInput(f"{path}: {where}: {wrong_encoding(pattern, encoding)}")


def wrong_encoding(pattern: str, encoding: str) -> str:
    """Say what a pattern that no rightly read text holds means."""
    if pattern == LOST:
        return "holds U+FFFD: letters were lost before the file was delivered"
    if pattern == CONTROLS:
        return f"holds control characters: is it windows-1252, and not {encoding}?"
    if encoding.lower() == "utf-8":
        return "holds 'Ã¦', 'Ã¸' or the like: UTF-8 was taken for latin-1 when the file was written"
    return f"holds 'Ã¦', 'Ã¸' or the like: the file looks like UTF-8, but {encoding} is declared"
