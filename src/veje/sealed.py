"""Parquet files whose footer is under a seal, so that no bit of a file can change unnoticed.

Parquet's own checksums cover the pages only: a flipped bit in the footer gives another column name
or another code without a word. The footer holds the SHA-256 of itself, computed with zeros in that place.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq

SEAL, BLANK = "veje.seal", "0" * 64
"""The footer's key and what a file is written with before it is sealed."""

_TAIL = 8  # the footer's length in four bytes, and PAR1
# Key and value as Thrift's compact protocol writes them: field, length, text.
_IN_FOOTER = re.compile(SEAL.encode() + rb"\x18\x40([0-9a-f]{64})")


def seal(file: BinaryIO) -> None:
    """Put the seal into the footer of a finished Parquet file that has `BLANK` under `SEAL`."""
    file.flush()
    begin, footer = _footer(file)
    place = _IN_FOOTER.search(footer)
    if place is None or place[1] != BLANK.encode():
        raise ValueError("the Parquet file has no place for a seal")
    file.seek(begin + place.start(1))
    file.write(_sum(footer, place).encode())
    file.seek(0, os.SEEK_END)


def open_sealed(path: Path) -> pq.ParquetFile:
    """Open a sealed Parquet file, with its pages' checksums on.

    Raises `OSError` or `pyarrow.ArrowException` for a file that is damaged, cut or not sealed.
    """
    with path.open("rb") as file:
        _, footer = _footer(file)
    place = _IN_FOOTER.search(footer)
    if place is None or place[1] != _sum(footer, place).encode():
        raise OSError("the footer is not as it was written")
    return pq.ParquetFile(path, page_checksum_verification=True)


def _footer(file: BinaryIO) -> tuple[int, bytes]:
    """Give where the footer begins, and all from there to the end of the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    length = int.from_bytes(file.read(4), "little")
    begin = max(0, size - _TAIL - length)
    file.seek(begin)
    return begin, file.read()


def _sum(footer: bytes, place: re.Match[bytes]) -> str:
    blank = footer[: place.start(1)] + BLANK.encode() + footer[place.end(1) :]
    return hashlib.sha256(blank).hexdigest()
