"""SAS and Stata deliveries as text, in parts, through pyreadstat."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import polars as pl
import pyreadstat

from veje.errors import BadInput
from veje.formats import text
from veje.formats.sas_pages import Part, parts, read_layout
from veje.formats.sas_rows import Fields, find_fields, read_numbers, read_texts, rows_of
from veje.formats.source import ROW, Declared, Report, Source

_ICONV = {"utf-8": "UTF-8", "latin-1": "ISO-8859-1", "windows-1252": "WINDOWS-1252"}
_EPOCH = -3653  # 1960-01-01, day 0 of SAS and Stata, in days since 1970
_SELF_ENCODED = 118  # the first Stata format that is always UTF-8

# The formats by which SAS marks a number as a date; their widths and decimals come after the name.
_SAS_DATE = re.compile(
    r"(DATE|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|WEEKDATE|WEEKDATX|DTDATE|(IS|[BE])8601DA|EURDFD[DE]|NLDATE)[\d.]*"
)
_SAS_MOMENT = re.compile(r"(DATETIME|DATEAMPM|MDYAMPM|(IS|[BE])8601D[TN]|NLDATM|EURDFDT)[\d.]*")

Kind = Literal["text", "number", "date", "seconds", "milliseconds"]
Cells = Mapping[str, list[Any]]


def open_sas(path: Path, declared: Declared) -> Source:
    """Open a SAS7BDAT delivery: count its rows page by page, and read names and formats.

    The file's own encoding is used; the declared one only where the file has none.
    """
    layout = read_layout(path)
    encoding = None if layout.shape.declares_encoding else _ICONV[declared.encoding]
    head = _call(path, pyreadstat.read_sas7bdat, layout.file(), encoding=encoding, metadataonly=True)[1]
    used = _python_name(encoding or head.file_encoding)
    kinds = {name: _sas_kind(head, name) for name in head.column_names}
    fields = find_fields(layout, head.column_names, [kind == "text" for kind in kinds.values()])

    def read(wanted: Sequence[str], rows: int, report: Report) -> Iterator[pl.DataFrame]:  # noqa: ARG001
        first, own = 1, _Wanted(wanted, kinds, used)
        for part in parts(layout, rows):
            done = _direct(part, fields, own) if fields and part.pages else {}
            others = [name for name in wanted if name not in done]
            cells = _by_readstat(path, part, encoding, others) if others else {}
            yield _frame(path, cells, own, first, part.rows, done)
            first += part.rows

    return Source(path, "sas7bdat", tuple(head.column_names), layout.total, used, read)


def _by_readstat(path: Path, part: Part, encoding: str | None, names: Sequence[str]) -> Cells:
    """Read columns of a part of a SAS file, a Python object a cell."""
    window = {"usecols": list(names), "row_offset": part.skip, "row_limit": part.rows}
    return _call(path, pyreadstat.read_sas7bdat, part.file, encoding=encoding, **window)[0]


def open_stata(path: Path, declared: Declared) -> Source:
    """Open a Stata delivery: read names and formats. Files before Stata 14 have the declared encoding."""
    encoding = None if _stata_release(path) >= _SELF_ENCODED else _ICONV[declared.encoding]
    head = _call(path, pyreadstat.read_dta, str(path), encoding=encoding, metadataonly=True)[1]
    used = _python_name(encoding or "UTF-8")
    kinds = {name: _stata_kind(head, name) for name in head.column_names}

    def read(wanted: Sequence[str], rows: int, report: Report) -> Iterator[pl.DataFrame]:  # noqa: ARG001
        for done in range(0, head.number_rows, rows):
            count = min(rows, head.number_rows - done)
            cells, _ = _call(
                path,
                pyreadstat.read_dta,
                str(path),
                encoding=encoding,
                usecols=list(wanted),
                row_offset=done,
                row_limit=count,
            )
            yield _frame(path, cells, _Wanted(wanted, kinds, used), done + 1, count)

    return Source(path, "dta", tuple(head.column_names), head.number_rows, used, read)


def _call(path: Path, read: Callable[..., tuple[Any, Any]], file: Any, **options: Any) -> tuple[Cells, Any]:
    """Call pyreadstat; its message may hold a cell, so only known ones are told in our words."""
    try:
        return read(file, output_format="dict", disable_datetime_conversion=True, **options)
    except UnicodeError:
        raise BadInput(f"{path}: text that is not valid in the file's encoding") from None
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise BadInput(f"{path}: {_reason(str(error))}") from None


def _reason(message: str) -> str:
    if "encoding" in message:
        return "text that is not valid in the file's encoding"
    if "compression" in message:
        return "packed in a way that cannot be read: write it with COMPRESS=NO or COMPRESS=CHAR"
    return "damaged or cut short"


@dataclass(frozen=True)
class _Wanted:
    """The columns that are read, what their cells are, and the text's encoding."""

    names: Sequence[str]
    kinds: Mapping[str, Kind]
    encoding: str


def _direct(part: Part, fields: Fields, wanted: _Wanted) -> dict[str, pl.Series]:
    """Read what can be read straight from the pages: short ASCII text, and numbers as text."""
    rows = rows_of(part, fields)
    done = read_texts(rows, fields, [name for name in wanted.names if wanted.kinds[name] == "text"])
    for kind in sorted({wanted.kinds[name] for name in wanted.names} - {"text"}):
        names = [name for name in wanted.names if wanted.kinds[name] == kind]
        numbers = read_numbers(rows, fields, names, part.layout.shape.order)
        columns = text.in_one(list(numbers.values()), partial(_number_text, kind=kind))
        done |= {column.name: column for column in columns}
    return done


def _frame(
    path: Path,
    cells: Cells,
    wanted: _Wanted,
    first: int,
    count: int,
    ready: Mapping[str, pl.Series] = MappingProxyType({}),
) -> pl.DataFrame:
    """Put a part together: columns that are ready as text, and cells that ReadStat gave."""
    if any(len(column) != count for column in cells.values()):
        raise BadInput(f"{path}: damaged or cut short: no rows after row {first - 1:,}")
    done = dict(ready)
    for kind in sorted({wanted.kinds[name] for name in cells}):
        names = [name for name in wanted.names if name in cells and wanted.kinds[name] == kind]
        joined = _joined(cells, names, kind)
        found = {name: joined.slice(at * count, count).alias(name) for at, name in enumerate(names)}
        if kind == "text":
            text.check_text(list(found.values()), path, wanted.encoding)
        done |= found
    numbers = pl.int_range(first, first + count, dtype=pl.Int64, eager=True)
    return pl.DataFrame({name: done[name] for name in wanted.names} | {ROW: numbers})


def _joined(cells: Cells, names: Sequence[str], kind: Kind) -> pl.Series:
    """Write the cells of all columns of a kind as one long column of text.

    A batch of a wide file has thousands of columns and few rows: a call a column is mostly overhead.
    """
    together = list(chain.from_iterable(cells[name] for name in names))
    if kind == "text":
        return text.blank_as_null(pl.Series(together, dtype=pl.String))
    return _number_text(pl.Series(together, dtype=pl.Float64, strict=False), kind)


def _number_text(numbers: pl.Series, kind: Kind) -> pl.Series:
    """Write numbers as text by what they mean: dates, moments, or numbers."""
    if kind == "date":
        return text.days(numbers, _EPOCH)
    if kind == "number":
        return text.numbers(numbers)
    return text.seconds(numbers, _EPOCH, per_second=1000 if kind == "milliseconds" else 1)


def _sas_kind(head: Any, name: str) -> Kind:
    if head.readstat_variable_types[name] == "string":
        return "text"
    form = (head.original_variable_types[name] or "").upper()
    if _SAS_DATE.fullmatch(form):
        return "date"
    return "seconds" if _SAS_MOMENT.fullmatch(form) else "number"


def _stata_kind(head: Any, name: str) -> Kind:
    if head.readstat_variable_types[name] == "string":
        return "text"
    form = head.original_variable_types[name] or ""
    if re.match(r"%-?t?d", form):
        return "date"
    return "milliseconds" if re.match(r"%-?tc", form) else "number"


def _stata_release(path: Path) -> int:
    with path.open("rb") as file:
        start = file.read(40)
    tagged = re.match(rb"<stata_dta><header><release>(\d{3})<", start)
    return int(tagged[1]) if tagged else start[0]


def _python_name(iconv: str) -> str:
    """Name an encoding as the config does."""
    return {"UTF-8": "utf-8", "ISO-8859-1": "latin-1", "WINDOWS-1252": "windows-1252"}.get(iconv, iconv)
