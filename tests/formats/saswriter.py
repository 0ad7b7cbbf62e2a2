"""Writing SAS7BDAT files for tests: ReadStat's own writer, which pyreadstat carries but does not offer."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyreadstat._readstat_writer as carrier

from veje.formats.sas_pages import read_layout

_STRING, _DOUBLE = 0, 5
_SINK = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_LIB = ctypes.CDLL(carrier.__file__)
for _name in ("readstat_writer_init", "readstat_add_variable"):
    getattr(_LIB, _name).restype = ctypes.c_void_p


def write_sas(
    path: Path,
    columns: Sequence[tuple[str, int, str]],
    rows: Iterable[Sequence[object]],
    *,
    count: int,
    packed: bool = False,
    wide: bool = True,
) -> Path:
    """Write rows. columns: name, width of text (0 for a number), SAS format. Text is UTF-8."""
    with path.open("wb") as file:

        @_SINK
        def sink(data, size, _context):
            file.write(ctypes.string_at(data, size))
            return size

        writer = ctypes.c_void_p(_LIB.readstat_writer_init())
        _LIB.readstat_set_data_writer(writer, sink)
        _LIB.readstat_writer_set_file_format_is_64bit(writer, int(wide))
        _LIB.readstat_writer_set_compression(writer, int(packed))
        variables = [_variable(writer, *column) for column in columns]
        _done(_LIB.readstat_begin_writing_sas7bdat(writer, None, ctypes.c_long(count)))
        for row in rows:
            _done(_LIB.readstat_begin_row(writer))
            for variable, cell in zip(variables, row, strict=True):
                _insert(writer, variable, cell)
            _done(_LIB.readstat_end_row(writer))
        _done(_LIB.readstat_end_writing(writer))
        _LIB.readstat_writer_free(writer)
    return path


def _variable(writer: ctypes.c_void_p, name: str, width: int, form: str) -> ctypes.c_void_p:
    kind = _STRING if width else _DOUBLE
    variable = _LIB.readstat_add_variable(writer, name.encode(), kind, ctypes.c_size_t(width or 8))
    variable = ctypes.c_void_p(variable)
    if form:
        _LIB.readstat_variable_set_format(variable, form.encode())
    return variable


def _insert(writer, variable, cell) -> None:
    if cell is None:
        _done(_LIB.readstat_insert_missing_value(writer, variable))
    elif isinstance(cell, str):
        _done(_LIB.readstat_insert_string_value(writer, variable, cell.encode()))
    else:
        _done(_LIB.readstat_insert_double_value(writer, variable, ctypes.c_double(cell)))


def _done(code: int) -> None:
    assert code == 0, f"ReadStat's writer gave {code}"


def grown(source: Path, target: Path, times: int) -> int:
    """Write a file whose pages of rows alone stand so many times; gives its rows. Only 64-bit."""
    layout = read_layout(source)
    shape, head = layout.shape, bytearray(b"".join(layout.head))
    assert shape.wide
    body = source.read_bytes()[shape.header_size + int(layout.pages[0]) * shape.page_size :]
    rows = layout.head_rows + int(layout.rows.sum()) * times
    pages = len(layout.head) - 1 + len(body) // shape.page_size * times
    struct.pack_into("<Q", head, shape.count_at, pages)
    struct.pack_into("<Q", head, head.index(b"\xf7" * 4, shape.header_size) + 48, rows)
    with target.open("wb") as file:
        file.write(head)
        for _ in range(times):
            file.write(body)
    return rows
