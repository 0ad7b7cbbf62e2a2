"""Bytes that are packed in other bytes: UTF-16, base64, compressed streams, and Parquet footers.

Streams are found by their first bytes wherever they begin, so that a text in a PNG chunk, a member
of a ZIP or a page of a Parquet file is unpacked as a file of its own would be.
"""

from __future__ import annotations

import binascii
import bz2
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

DEPTH = 4
"""Packings within each other. # ASSUME: nobody packs a table five times."""
SHORTEST = 6
"""Bytes. Shorter runs of base64 or UTF-16 hold no identifier that is looked for."""

_STEP = 1 << 14
# The first byte of a big-endian character falls away at a run's begin, the last one has no zero after it.
_WIDE = re.compile(rb"(?:[ -~\xa0]\x00){%d,}[ -~]?" % (SHORTEST - 1))
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]+)*")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ZLIB_METHODS, _PRESET = range(0x08, 0x79, 0x10), 0x20
_ZLIB_FLAGS = sorted(
    {f for m in _ZLIB_METHODS for f in range(256) if (m * 256 + f) % 31 == 0 and not f & _PRESET}
)
_STREAM = re.compile(
    rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|BZh[1-9]|\xfd7zXZ\x00|PK\x03\x04|[%s][%s]"
    % (re.escape(bytes(_ZLIB_METHODS)), re.escape(bytes(_ZLIB_FLAGS)))
)
_PARQUET = b"PAR1"


class _Unpacker(Protocol):
    """What zlib's, bz2's and lzma's decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def layers(content: bytes, depth: int = DEPTH) -> Iterator[tuple[bytes, bool]]:
    """Give the bytes themselves and all that is packed in them, to a depth, each with whether it may be text.

    Base64 is decoded at all four places at which a group of four may begin, of which three give
    nonsense: what is found there by chance is too short to be an identifier, and it is no text.
    """
    yield content, b"\0" not in content
    if not depth:
        return
    for text in filter(None, (wide(content), footer(content))):
        yield from layers(text, depth - 1)
    for stream in streams(content):
        yield from layers(stream, depth - 1)
    for part, _ in layers(base64(content), depth - 1) if _BASE64.search(content) else ():
        yield part, False


def wide(content: bytes) -> bytes:
    """Give the text that stands in bytes as UTF-16 of either order, a line a run."""
    if b"\0" not in content:
        return b""
    return b"\n".join(run.replace(b"\0", b"") for run in _WIDE.findall(content))


def base64(content: bytes) -> bytes:
    """Decode every run of base64, plain or URL-safe and over line ends, at each of four places."""
    decoded = []
    for run in _BASE64.findall(content):
        letters = run.translate(_URL_SAFE, b"\r\n")
        for at in range(4):
            part = letters[at:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            decoded.append(binascii.a2b_base64(part + b"=" * (-len(part) % 4)))
    return b"\n".join(decoded)


def streams(content: bytes) -> Iterator[bytes]:
    """Unpack every stream of gzip, zlib, zstd, bzip2, xz and ZIP that begins in some bytes.

    A damaged stream gives what comes before the damage.
    """
    begin = 0
    for match in _STREAM.finditer(content):
        at = match.start()
        if at < begin:
            continue
        unpacked, end = _unpack(content, at, match.group())
        if unpacked:
            yield unpacked
        begin = max(begin, end)


def footer(content: bytes) -> bytes:
    """Write what a Parquet file's footer says as text: numbers stand there in binary."""
    if not (content.startswith(_PARQUET) and content.endswith(_PARQUET)):
        return b""
    try:
        found = pq.read_metadata(io.BytesIO(content))
    except (OSError, pa.ArrowException):
        return b""
    return f"{found.to_dict()} {found.metadata} {found.schema}".encode()


def _unpack(content: bytes, at: int, begin: bytes) -> tuple[bytes, int]:
    """Unpack the stream that begins at a place; gives it, and where it ends (the place when it is none)."""
    if begin == b"\x28\xb5\x2f\xfd":
        return _zstd(content, at)
    if begin == b"PK\x03\x04":
        names = int.from_bytes(content[at + 26 : at + 28], "little")
        more = int.from_bytes(content[at + 28 : at + 30], "little")
        return _run(zlib.decompressobj(-zlib.MAX_WBITS), content, at + 30 + names + more)
    known: dict[bytes, Callable[[], _Unpacker]] = {
        b"\x1f\x8b\x08": lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),
        b"BZh": bz2.BZ2Decompressor,
        b"\xfd7z": lzma.LZMADecompressor,
    }
    if begin[:3] in known:
        return _run(known[begin[:3]](), content, at)
    # The two bytes of a zlib header are a multiple of 31.
    return _run(zlib.decompressobj(), content, at) if not int.from_bytes(begin) % 31 else (b"", at)


def _run(unpacker: _Unpacker, content: bytes, at: int) -> tuple[bytes, int]:
    """Feed a stream in steps until it ends, is damaged, or the bytes end."""
    done, place = [], at
    while place < len(content) and not unpacker.eof:
        # Small first steps: most places that look like a stream are none.
        step = content[place : place + min(_STEP, 64 + place - at)]
        place += len(step)
        try:
            done.append(unpacker.decompress(step))
        except (zlib.error, OSError, lzma.LZMAError):
            return b"".join(done), at
    return b"".join(done), place - len(unpacker.unused_data)


def _zstd(content: bytes, at: int) -> tuple[bytes, int]:
    end = _zstd_end(content, at)
    done = []
    with pa.CompressedInputStream(pa.BufferReader(content[at:end]), "zstd") as stream:
        try:
            while part := stream.read(_STEP):
                done.append(part)
        except OSError:
            return b"".join(done), at
    return b"".join(done), end


def _zstd_end(content: bytes, at: int) -> int:
    """Find where a zstd frame ends (RFC 8878, 3.1.1): after it other bytes may follow."""
    if at + 5 > len(content):
        return len(content)
    head = content[at + 4]
    single, checksum = head >> 5 & 1, head >> 2 & 1
    size = (0, 2, 4, 8)[head >> 6] or single
    place = at + 5 + (not single) + (0, 1, 2, 4)[head & 3] + size
    last = 0
    while not last and place + 3 <= len(content):
        block = int.from_bytes(content[place : place + 3], "little")
        last, repeated = block & 1, block >> 1 & 3 == 1
        place += 3 + (1 if repeated else block >> 3)
    return min(place + 4 * checksum, len(content))
