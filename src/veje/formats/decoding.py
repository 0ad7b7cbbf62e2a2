"""A stream of bytes in the declared encoding as UTF-8, checked as it passes and never repaired."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from veje.errors import BadInput
from veje.formats.source import Encoding
from veje.formats.text import CONTROLS, GARBLED, LOST, wrong_encoding

_PYTHON_NAMES = {"utf-8": "utf-8", "latin-1": "latin-1", "windows-1252": "cp1252"}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLOCK = 1 << 20


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked when its name ends in `.gz`."""
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


class CheckedText(io.RawIOBase):
    """Text of a declared encoding as UTF-8 bytes, read once from front to end.

    Raises `BadInput` with the line for bytes that the encoding does not have or that show another
    one, for zero bytes, and at the end for a last line without an end and for an open quotation.
    """

    def __init__(self, raw: BinaryIO, path: Path, encoding: Encoding) -> None:
        super().__init__()
        self._raw = raw
        self._path = path
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(_PYTHON_NAMES[encoding])("strict")
        self._ready = memoryview(b"")
        self._lines = 0
        self._quotes = 0
        self._last = ""
        self._ended = False
        self._begun = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with the next bytes; 0 at the end."""
        while not self._ready and not self._ended:
            self._ready = memoryview(self._next())
        size = min(len(target), len(self._ready))
        target[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _next(self) -> bytes:
        block = self._unpacked()
        if not self._begun:
            self._begun = True
            block = self._without_mark(block)
        if b"\0" in block:
            self._fail("holds zero bytes: damaged, or not text", block[: block.index(b"\0")])
        self._ended = not block
        if not block:
            self._check_end()
        text = self._decoded(block)
        self._lines += block.count(b"\n")
        self._quotes += block.count(b'"')
        self._last = text[-1:] or self._last
        return block if self._encoding == "utf-8" else text.encode("utf-8")

    def _unpacked(self) -> bytes:
        try:
            return self._raw.read(_BLOCK)
        except EOFError:
            raise BadInput(f"{self._path}: the gzip file is cut short") from None
        except (gzip.BadGzipFile, zlib.error):
            raise BadInput(f"{self._path}: damaged, or not a gzip file") from None

    def _without_mark(self, block: bytes) -> bytes:
        """Drop UTF-8's byte order mark; another encoding's, or one where none belongs, is a fault."""
        if block.startswith(_UTF16):
            raise BadInput(f"{self._path}: is UTF-16: save it as UTF-8")
        if not block.startswith(codecs.BOM_UTF8):
            return block
        if self._encoding != "utf-8":
            raise BadInput(f"{self._path}: begins with UTF-8's mark, but {self._encoding} is declared")
        return block[len(codecs.BOM_UTF8) :]

    def _decoded(self, block: bytes) -> str:
        try:
            text = self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            return self._fail(f"a byte that is not {self._encoding}, as is declared", before)
        if not text.isascii():
            # With the letter before, for a pair may lie across two blocks.
            self._check_letters(self._last + text)
        return text

    def _check_letters(self, text: str) -> None:
        for pattern in (GARBLED, CONTROLS, LOST):
            found = re.search(pattern, text)
            if found:
                self._fail(wrong_encoding(pattern, self._encoding), text[: found.start()].encode())

    def _check_end(self) -> None:
        if self._last not in ("", "\n"):
            raise BadInput(f"{self._path}: the last line has no end: is the file truncated?")
        if self._quotes % 2:
            raise BadInput(f"{self._path}: {self._quotes:,} quotation marks: one is opened and not closed")

    def _fail(self, what: str, before: bytes) -> str:
        line = self._lines + before.count(b"\n") + 1
        raise BadInput(f"{self._path}: line {line:,}: {what}")
