"""Bytes that are packed in other bytes: UTF-16, base64, hexadecimal, compressed streams, and Parquet footers.

Streams are found by their first bytes wherever they begin, so that a text in a PNG chunk, a member
of a ZIP or a page of a Parquet file is unpacked as a file of its own would be.
"""

from __future__ import annotations

import binascii
import bz2
import io
import lzma
import re
import string
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from veje.clean import Clean

DEPTH = 4
"""Packings within each other. # ASSUME: nobody packs a table five times."""

MOST = 1 << 28
"""Bytes that one stream may unpack to: what is looked at fits in memory."""

_STEP = 1 << 14
_FEWEST = 6  # UTF-16 letters in a row that are looked at
# The first byte of a big-endian letter falls away at a run's begin, the last one has no zero after it.
_WIDE = re.compile(rb"(?:[ -~\xa0]\x00){%d,}[ -~]?" % (_FEWEST - 1))
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]+)*")
_HEX = re.compile(rb"[0-9A-Fa-f]+")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_PRESET = 0x20  # in a zlib header: a dictionary is needed that is not there
_MAGIC = {
    "gzip": b"\x1f\x8b\x08",
    "zstd": b"\x28\xb5\x2f\xfd",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ\0",
    "zip": b"PK\3\4",
}
_PARQUET = b"PAR1"


def _begins() -> dict[str, list[re.Pattern[bytes]]]:
    """Give the patterns of streams' first bytes; each begins with a fixed byte, which makes it fast."""
    found = {kind: [re.compile(re.escape(begin))] for kind, begin in _MAGIC.items()}
    found["zlib"] = []
    for first in range(0x08, 0x79, 0x10):
        # RFC 1950: the two bytes are a multiple of 31.
        flags = [f for f in range(256) if (first * 256 + f) % 31 == 0 and not f & _PRESET]
        found["zlib"].append(re.compile(re.escape(bytes([first])) + b"[" + re.escape(bytes(flags)) + b"]"))
    return found


_BEGINS = _begins()


def kinds_of(letters: str) -> bytes:
    """Give a translation of bytes to kinds, as `runs` takes it: a letter is 1, zero 2, any other 0."""
    table = bytearray(256)
    for letter in letters.encode("latin-1"):
        table[letter] = 1
    table[0] = 2
    return bytes(table)


_IN_BASE64 = kinds_of(string.ascii_letters + string.digits + "+/_-")
_IN_HEX = kinds_of(string.hexdigits)
_IN_WIDE = kinds_of("".join(map(chr, range(0x20, 0x7F))) + "\xa0")


class TooLarge(Exception):
    """A stream that unpacks to more than `MOST` bytes."""

    def __init__(self) -> None:
        super().__init__(f"a stream in it unpacks to more than {MOST // (1 << 20)} MB")


class _Unpacker(Protocol):
    """What zlib's, bz2's and lzma's decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def runs(content: bytes, kinds: bytes, fewest: int, whole: re.Pattern[bytes]) -> Iterator[bytes]:
    """Give what matches where so many bytes of a kind stand in a row.

    whole: matches a run of the kind to its end, or farther. A pattern that looks for the places itself
    reads some 50 MB/s, this twenty times as many: most bytes hold nothing to look for.
    """
    coded, begin = content.translate(kinds), b"\1" * fewest
    at = coded.find(begin)
    while at >= 0 and (found := whole.match(content, at)):
        yield found.group()
        at = coded.find(begin, found.end())


def layers(
    content: bytes, shortest: int, clean: Clean, depth: int = DEPTH, text: bool = True
) -> Iterator[tuple[bytes, bool]]:
    """Give the bytes themselves and all that is packed in them, each with whether it may be text.

    shortest: bytes of what is looked for. clean: streams that are passed over. Base64 is decoded at
    all four places at which a group of four may begin, of which three give nonsense; it is not
    called text.
    """
    yield content, text and b"\0" not in content
    if not depth:
        return
    for part in filter(None, (wide(content), footer(content))):
        yield from layers(part, shortest, clean, depth - 1, text)
    for stream in streams(content):
        if not clean.has(stream, depth - 1, text):
            yield from layers(stream, shortest, clean, depth - 1, text)
    for decoded in filter(None, (base64(content, shortest), hexadecimal(content, shortest))):
        yield from layers(decoded, shortest, clean, depth - 1, text=False)


def wide(content: bytes) -> bytes:
    """Give the text that stands in bytes as UTF-16 of either order, a line a run."""
    if b"\0" not in content or b"\1\2" * (_FEWEST - 1) not in content.translate(_IN_WIDE):
        return b""
    return b"\n".join(run.replace(b"\0", b"") for run in _WIDE.findall(content))


def base64(content: bytes, shortest: int) -> bytes:
    """Decode every run of base64, plain or URL-safe and over line ends, at each of four places."""
    decoded = []
    for run in runs(content, _IN_BASE64, -(-4 * shortest // 3), _BASE64):
        letters = run.translate(_URL_SAFE, b"\r\n")
        for at in range(4):
            part = letters[at:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            decoded.append(binascii.a2b_base64(part + b"=" * (-len(part) % 4)))
    return b"\n".join(decoded)


def hexadecimal(content: bytes, shortest: int) -> bytes:
    """Decode every run of hexadecimal digits at both places at which a pair may begin."""
    found = runs(content, _IN_HEX, 2 * shortest, _HEX)
    pairs = (run[at : len(run) - (len(run) - at) % 2] for run in found for at in (0, 1))
    return b"\n".join(map(binascii.unhexlify, pairs))


def streams(content: bytes) -> Iterator[bytes]:
    """Unpack every stream of gzip, zlib, zstd, bzip2, xz and ZIP that begins in some bytes.

    A damaged stream gives what comes before the damage.
    """
    begins = [
        (m.start(), kind) for kind, many in _BEGINS.items() for one in many for m in one.finditer(content)
    ]
    reached = 0
    for at, kind in sorted(begins):
        if at >= reached:
            unpacked, reached = _unpack(content, at, kind)
            if unpacked:
                yield unpacked


def footer(content: bytes) -> bytes:
    """Write what a Parquet file's footer says as text: numbers stand there in binary."""
    if not (content.startswith(_PARQUET) and content.endswith(_PARQUET)):
        return b""
    try:
        found = pq.read_metadata(io.BytesIO(content))
    except (OSError, pa.ArrowException):
        return b""
    return f"{found.to_dict()} {found.metadata} {found.schema}".encode()


def _unpack(content: bytes, at: int, kind: str) -> tuple[bytes, int]:
    """Unpack the stream that begins at a place; gives it, and where it ends (the place when it is none)."""
    if kind == "zstd":
        return _zstd(content, at)
    if kind == "zip":
        names = int.from_bytes(content[at + 26 : at + 28], "little")
        more = int.from_bytes(content[at + 28 : at + 30], "little")
        return _run(zlib.decompressobj(-zlib.MAX_WBITS), content, at + 30 + names + more)
    known: dict[str, Callable[[], _Unpacker]] = {
        "gzip": partial(zlib.decompressobj, 16 + zlib.MAX_WBITS),
        "zlib": zlib.decompressobj,
        "bzip2": bz2.BZ2Decompressor,
        "xz": lzma.LZMADecompressor,
    }
    return _run(known[kind](), content, at)


def _run(unpacker: _Unpacker, content: bytes, at: int) -> tuple[bytes, int]:
    """Feed a stream in steps until it ends, is damaged, or the bytes end."""
    done, place, size = [], at, 0
    while place < len(content) and not unpacker.eof:
        # Small first steps: most places that look like a stream are none.
        step = content[place : place + min(_STEP, 64 + place - at)]
        place += len(step)
        try:
            done.append(unpacker.decompress(step))
        except (zlib.error, OSError, lzma.LZMAError):
            return b"".join(done), at
        size += len(done[-1])
        if size > MOST:
            raise TooLarge
    return b"".join(done), place - len(unpacker.unused_data)


def _zstd(content: bytes, at: int) -> tuple[bytes, int]:
    end = _zstd_end(content, at)
    done = []
    with pa.CompressedInputStream(pa.BufferReader(content[at:end]), "zstd") as stream:
        try:
            while part := stream.read(_STEP):
                done.append(part)
                if len(done) * _STEP > MOST:
                    raise TooLarge
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
