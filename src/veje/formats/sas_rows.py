"""Rows of an unpacked SAS7BDAT file straight from its pages' bytes, a column's cells at once.

A row has the same length everywhere and a column the same place in it, so that thousands of columns
are cut out of a page as arrays; ReadStat makes a Python object of every cell. What is not plain
ASCII text or a number is left to ReadStat (`sas_stata`), as are packed files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from veje.condensed import jit
from veje.formats.sas_pages import Layout, Part, blocks_of

Bytes = NDArray[np.uint8]
Starts = NDArray[np.int64]
Views = NDArray[np.uint64]

INLINE = 12
"""Bytes of text that a string view holds itself; longer text is not read here."""

_ATTRIBUTES, _ROW_SIZE = 0xFFFFFFFC, 0xF7F7F7F7
_PACKED = (b"SASYZCRL", b"SASYZCR2")
_TEXT = 2
_BLOCK = 64
"""Rows whose bytes stay in the processor's cache while their columns are cut out."""


@dataclass(frozen=True)
class Field:
    """A column's place in a row, its width in bytes, and whether it is text."""

    start: int
    width: int
    text: bool


@dataclass(frozen=True)
class Fields:
    """Where each column lies in a row of `size` bytes."""

    of: Mapping[str, Field]
    size: int


def find_fields(layout: Layout, names: Sequence[str], texts: Sequence[bool]) -> Fields | None:
    """Find the columns' places in the pages that describe them; None for a file that is read otherwise.

    names, texts: the columns as ReadStat found them, and whether each is text. A packed file, and one
    whose description here is not what ReadStat found, is read by ReadStat alone.
    """
    if any(mark in page for page in layout.head[1:] for mark in _PACKED):
        return None
    size, found = 0, []
    for content in layout.head[1:]:
        shape = layout.shape
        (pointers,) = shape.unpack("H", content, shape.page_head - 4)
        for at, length, packed, _ in blocks_of(content, shape, pointers):
            signature = shape.unpack("I", content, at)[0]
            if signature == _ROW_SIZE:
                (size,) = shape.unpack("Q" if shape.wide else "I", content, at + (40 if shape.wide else 20))
            elif signature == _ATTRIBUTES and not packed:
                found += _attributes(content[at : at + length], layout)
    alike = [field.text for field in found] == list(texts)
    inside = all(field.width > 0 and field.start + field.width <= size for field in found)
    numbers = all(field.text or 3 <= field.width <= 8 for field in found)
    return Fields(dict(zip(names, found, strict=True)), size) if alike and inside and numbers else None


def _attributes(block: bytes, layout: Layout) -> list[Field]:
    """Read one block of columns' attributes: place, width and kind of each."""
    shape = layout.shape
    head, form, step, tail = (16, "QIHB", 16, 12) if shape.wide else (12, "IIHB", 12, 8)
    found = []
    for at in range(head, len(block) - tail - step + 1, step):
        start, width, _, kind = shape.unpack(form, block, at)
        found.append(Field(start, width, kind == _TEXT))
    return found


def rows_of(part: Part, fields: Fields) -> Bytes:
    """Cut the rows out of a part's pages: (rows, bytes of a row)."""
    assert part.counts is not None
    shape, most = part.layout.shape, int(part.counts.max())
    pages = np.frombuffer(part.pages, dtype=np.uint8).reshape(-1, shape.page_size)
    held = pages[:, shape.page_head : shape.page_head + most * fields.size]
    rows = held.reshape(len(pages), most, fields.size)
    return rows[np.arange(most) < part.counts[:, None]][: part.rows]


def read_texts(rows: Bytes, fields: Fields, names: Sequence[str]) -> dict[str, pl.Series]:
    """Read columns of short ASCII text, empty cells as null; leaves out columns with other bytes."""
    done: dict[str, pl.Series] = {}
    short = [name for name in names if fields.of[name].width <= INLINE]
    for width, group in _by_width(short, fields):
        starts = np.array([fields.of[name].start for name in group])
        views = np.empty((len(group), len(rows), 2), dtype=np.uint64)
        plain = np.ones(len(group), dtype=np.bool_)
        _cut(rows, starts, width, views, plain)
        texts = _as_text(views)
        for at, name in enumerate(group):
            if plain[at]:
                done[name] = texts.slice(at * len(rows), len(rows)).alias(name)
    return done


def read_numbers(rows: Bytes, fields: Fields, names: Sequence[str], order: str) -> dict[str, pl.Series]:
    """Read columns of numbers, missing ones as null; SAS cuts the last bytes off short ones."""
    done: dict[str, pl.Series] = {}
    for width, group in _by_width(names, fields):
        cells = _cells(rows, fields, group, width)
        whole = np.zeros((*cells.shape[:2], 8), dtype=np.uint8)
        whole[..., slice(8 - width, 8) if order == "<" else slice(0, width)] = cells
        numbers = pl.Series(whole.view(f"{order}f8").astype(np.float64).ravel()).fill_nan(None)
        done |= {name: numbers.slice(at * len(rows), len(rows)).alias(name) for at, name in enumerate(group)}
    return done


def _by_width(names: Sequence[str], fields: Fields) -> list[tuple[int, list[str]]]:
    ordered = sorted(names, key=lambda name: (fields.of[name].width, fields.of[name].start))
    return [(width, list(group)) for width, group in groupby(ordered, lambda name: fields.of[name].width)]


def _cells(rows: Bytes, fields: Fields, names: Sequence[str], width: int) -> Bytes:
    """Take the bytes of columns of one width: (columns, rows, width)."""
    starts = np.array([fields.of[name].start for name in names])
    if (np.diff(starts) == width).all():
        side = rows[:, starts[0] : starts[0] + len(names) * width].reshape(len(rows), len(names), width)
    else:
        side = rows[:, starts[:, None] + np.arange(width)]
    return np.ascontiguousarray(side.transpose(1, 0, 2))


def _as_text(views: Views) -> pl.Series:
    """Make one long column of text of string views; of no length are empty cells."""
    present = np.packbits((views[..., 0] & np.uint64(0xFFFFFFFF)).ravel() > 0, bitorder="little")
    buffers = [pa.py_buffer(present), pa.py_buffer(views)]
    cells = pa.Array.from_buffers(pa.string_view(), views.shape[0] * views.shape[1], buffers)
    return pl.Series(pl.from_arrow(cells))


@jit
def _cut(rows: Bytes, starts: Starts, width: int, views: Views, plain: NDArray[np.bool_]) -> None:
    """Cut text out of rows as Arrow's string views: the length, then up to 12 bytes, then zeros.

    rows: (n, bytes). starts: (k,) places of the columns. Fills views (k, n, 2) and marks in plain
    (k,) the columns with other bytes than printable ASCII. Spaces at the end are padding.
    """
    for first in range(0, len(rows), _BLOCK):
        for column in range(len(starts)):
            for row in range(first, min(first + _BLOCK, len(rows))):
                length, low, high = 0, np.uint64(0), np.uint64(0)
                for back in range(width):
                    at = width - 1 - back
                    byte = rows[row, starts[column] + at]
                    if byte < 0x20 or byte > 0x7E:
                        plain[column] = False
                    if length == 0 and byte != 0x20:
                        length = at + 1
                    if length and at < 4:
                        low |= np.uint64(byte) << np.uint64(32 + 8 * at)
                    elif length:
                        high |= np.uint64(byte) << np.uint64(8 * (at - 4))
                views[column, row, 0] = low | np.uint64(length)
                views[column, row, 1] = high
