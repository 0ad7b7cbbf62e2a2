"""Where the rows of a SAS7BDAT file lie, so that it can be read in parts in one pass.

ReadStat skips rows by reading the file from its beginning: reading in parts with it alone takes a
time that grows with the square of the size. Here the pages are counted once, and each part is given
to ReadStat as a small SAS file of its own: the header, the pages that describe the columns, and the
part's pages of rows.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from veje.errors import BadInput

_MAGIC = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_UNDECLARED = (0, 204)
_DATA, _MIX, _KIND, _DELETED, _INDEX = 0x100, 0x200, 0x0F00, 0x80, 0x9000
_ROW_SIZE = 0xF7F7F7F7
_METADATA = {_ROW_SIZE, 0xF6F6F6F6, 0xFFFFFC00, 0xFFFFFBFE}


@dataclass(frozen=True)
class Shape:
    """The measures of a file's pages; `wide` files have 8-byte counts."""

    wide: bool
    order: str
    count_at: int
    header_size: int
    page_size: int
    page_count: int
    declares_encoding: bool

    @property
    def page_head(self) -> int:
        """Bytes before a page's content."""
        return 40 if self.wide else 24

    def unpack(self, form: str, data: bytes, at: int) -> tuple[int, ...]:
        """Read numbers in the file's byte order."""
        return struct.unpack_from(self.order + form, data, at)


@dataclass(frozen=True)
class Layout:
    """Where the rows are.

    head: the header and the pages that describe columns. head_rows: rows in these. pages, rows: the
    numbers of the other pages with rows, and how many rows each has. total: as the header says.
    """

    path: Path
    shape: Shape
    head: tuple[bytes, ...]
    head_rows: int
    pages: NDArray[np.int64]
    rows: NDArray[np.int64]
    total: int

    def file(self, pages: bytes = b"") -> io.BytesIO:
        """Make a SAS file of the head and some pages."""
        header = bytearray(self.head[0])
        count = len(self.head) - 1 + len(pages) // self.shape.page_size
        form = "Q" if self.shape.wide else "I"
        struct.pack_into(self.shape.order + form, header, self.shape.count_at, count)
        return io.BytesIO(b"".join([header, *self.head[1:], pages]))


@dataclass(frozen=True)
class Part:
    """Some rows of a file: as a file of its own skip `skip` rows, then read `rows`.

    pages, counts: the pages that hold them and how many each holds; none for rows beside the columns'
    descriptions.
    """

    layout: Layout
    skip: int
    rows: int
    pages: bytes = b""
    counts: NDArray[np.int64] | None = None

    @property
    def file(self) -> io.BytesIO:
        """A SAS file of these rows."""
        return self.layout.file(self.pages)


def read_layout(path: Path) -> Layout:
    """Count the rows of every page. Raises `BadInput` when pages or rows are missing."""
    head_rows, total, mix_rows = 0, -1, 0
    numbers: list[int] = []
    rows: list[int] = []
    with path.open("rb") as file:
        header, shape = _read_shape(file, path)
        head = [header]
        for number in range(shape.page_count):
            page = _Page.read(file, shape, number, path)
            if page.described:
                if rows and page.rows:
                    raise BadInput(f"{path}: page {number:,} describes columns after the rows")
                total, mix_rows = page.totals or (total, mix_rows)
                head_rows += page.rows + (min(mix_rows, total) if page.mixed else 0)
                head.append(page.content)
            elif page.rows:
                numbers.append(number)
                rows.append(page.rows)
    _check_total(path, head_rows + sum(rows), total)
    places = np.array(numbers, dtype=np.int64), np.array(rows, dtype=np.int64)
    return Layout(path, shape, tuple(head), min(head_rows, total), *places, total)


def _check_total(path: Path, held: int, total: int) -> None:
    if total < 0:
        raise BadInput(f"{path}: no number of rows in the header: damaged, or not a SAS file")
    if held < total:
        raise BadInput(f"{path}: cut short: {held:,} of the {total:,} rows that the header says")


def parts(layout: Layout, rows: int) -> Iterator[Part]:
    """Give the file in order in parts of about so many rows, at least one page each."""
    left = layout.total
    if layout.head_rows:
        yield Part(layout, 0, layout.head_rows)
        left -= layout.head_rows
    with layout.path.open("rb") as file:
        begin = 0
        while left > 0:
            reach = np.cumsum(layout.rows[begin : begin + rows])
            end = begin + max(1, int(np.searchsorted(reach, rows, side="right")))
            count = min(left, int(layout.rows[begin:end].sum()))
            content = _read_pages(file, layout.shape, layout.pages[begin:end])
            yield Part(layout, layout.head_rows, count, content, layout.rows[begin:end])
            left -= count
            begin = end


def _read_pages(file: BinaryIO, shape: Shape, numbers: NDArray[np.int64]) -> bytes:
    """Read pages, neighbours at once."""
    breaks = np.flatnonzero(np.diff(numbers) != 1) + 1
    found = []
    for run in np.split(numbers, breaks):
        file.seek(shape.header_size + int(run[0]) * shape.page_size)
        found.append(file.read(len(run) * shape.page_size))
    return b"".join(found)


def _read_shape(file: BinaryIO, path: Path) -> tuple[bytes, Shape]:
    start = file.read(288)
    if len(start) < 288 or not start.startswith(_MAGIC):
        raise BadInput(f"{path}: not a SAS7BDAT file, or cut short in its header")
    wide, order = start[32:33] == b"3", "<" if start[37] == 1 else ">"
    at = 196 + (4 if start[35:36] == b"3" else 0)
    header_size, page_size = struct.unpack_from(order + "II", start, at)
    (page_count,) = struct.unpack_from(order + ("Q" if wide else "I"), start, at + 8)
    size, promised = path.stat().st_size, header_size + page_size * page_count
    if page_size < 1024 or size < promised:
        raise BadInput(f"{path}: cut short: {size:,} bytes, the header says {promised:,}")
    file.seek(0)
    shape = Shape(wide, order, at + 8, header_size, page_size, page_count, start[70] not in _UNDECLARED)
    return file.read(header_size), shape


@dataclass(frozen=True)
class _Page:
    """A page's part in the file; `totals` are the file's rows and a mixed page's, where it says them."""

    rows: int = 0
    described: bool = False
    mixed: bool = False
    totals: tuple[int, int] | None = None
    content: bytes = b""

    @classmethod
    def read(cls, file: BinaryIO, shape: Shape, number: int, path: Path) -> _Page:
        at = shape.header_size + number * shape.page_size
        file.seek(at)
        start = file.read(shape.page_head)
        kind, blocks, pointers = shape.unpack("HHH", start, shape.page_head - 8)
        if kind & _DELETED and kind & _KIND in (_DATA, _MIX):
            raise BadInput(f"{path}: holds rows marked as deleted: write the data set anew in SAS")
        if kind & _KIND == _DATA:
            return cls(rows=blocks)
        if kind & _INDEX:
            return cls()
        content = start + file.read(shape.page_size - shape.page_head)
        if shape.page_head + pointers * (24 if shape.wide else 12) > shape.page_size:
            raise BadInput(f"{path}: page {number:,} is damaged")
        return cls._described(content, shape, pointers, kind & _KIND == _MIX)

    @classmethod
    def _described(cls, content: bytes, shape: Shape, pointers: int, mixed: bool) -> _Page:
        """Walk a page's pointers: some lead to descriptions, in a packed file others to rows."""
        rows, described, totals = 0, mixed, None
        for at, _, packed, of_row in blocks_of(content, shape, pointers):
            (signature,) = shape.unpack("I", content, at)
            if packed or (of_row and not _is_metadata(signature)):
                rows += 1
                continue
            described = True
            if signature == _ROW_SIZE:
                form_of, places = ("Q", (48, 120)) if shape.wide else ("I", (24, 60))
                totals = tuple(shape.unpack(form_of, content, at + place)[0] for place in places)
        return cls(rows, described, mixed, totals, content if described else b"")  # type: ignore[arg-type]


def blocks_of(content: bytes, shape: Shape, pointers: int) -> Iterator[tuple[int, ...]]:
    """Walk a page's pointers: place, length, way of packing and whether it is a row, of each block."""
    form, step = ("QQBB", 24) if shape.wide else ("IIBB", 12)
    for pointer in range(pointers):
        at, length, packed, of_row = shape.unpack(form, content, shape.page_head + pointer * step)
        if length and packed != 1 and at + length <= len(content):
            yield at, length, packed, of_row


def _is_metadata(signature: int) -> bool:
    return signature in _METADATA or signature & 0xFFFFFFF8 == 0xFFFFFFF8
