"""Planted identifiers: every form in every packing is found, and a number of nobody never is."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import random
import struct
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import EVERYONE
from veje.clean import Clean
from veje.packed import layers
from veje.scan import find_identifiers

PNR, ZERO, NOBODY = "7203541234", "0203541234", "7911987654"
KNOWN = frozenset({PNR.encode(), ZERO.encode(), *(person.pnr.encode() for person in EVERYONE)})
AFTER = b";\nof 1,553 persons in quarter 20;\n" * 3


FORMS = {
    "plain": lambda pnr: pnr,
    "hyphenated": lambda pnr: f"{pnr[:6]}-{pnr[6:]}",
    "spaced": lambda pnr: f"{pnr[:6]} {pnr[6:]}",
    "inside a word": lambda pnr: f"person_{pnr}x",
    "zero-stripped": lambda pnr: (ZERO if pnr == PNR else "0" + NOBODY[1:]).removeprefix("0"),
}
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def wrapped(content: bytes) -> bytes:
    return base64.encodebytes(content)


def small_window(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=9)
    return packer.compress(content) + packer.flush()


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables/bilag_1.csv", content)
    return file.getvalue()


def workbook(content: bytes) -> bytes:
    """Pack a text as an Excel workbook does: in an XML part of a ZIP, after another part."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 40)
        archive.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + content + b"</t></si></sst>")
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def in_footer(content: bytes) -> bytes:
    file = io.BytesIO()
    table = pa.table({"n": [1]}).replace_schema_metadata({"note": base64.b64encode(content)})
    pq.write_table(table, file)
    return file.getvalue()


def in_halves(told: str) -> str:
    """Write a text in two parts, so that what packs it puts the whole together from both."""
    return f"{told[:6]};\n{told[6:]};\n"


PACKINGS = {
    "nothing": bytes,
    "base64": base64.b64encode,
    "base64, second place": lambda content: base64.b64encode(b"x" + content),
    "base64, third place": lambda content: base64.b64encode(b"xy" + content),
    "base64 after letters": lambda content: b"data" + b"q" + base64.b64encode(content),
    "base64 in lines": wrapped,
    "base64, URL-safe": lambda content: base64.urlsafe_b64encode(b"\xfb\xef\xff" + content),
    "base64 in UTF-16": lambda content: base64.b64encode(content).decode().encode("utf-16-le"),
    "base64 of base64": lambda content: base64.b64encode(base64.b64encode(content)),
    "hexadecimal": lambda content: content.hex().encode(),
    "hexadecimal, second place": lambda content: b"a" + content.hex().upper().encode(),
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zlib, small window": small_window,
    "zstd": lambda content: pa.Codec("zstd").compress(content, asbytes=True),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
    "workbook": workbook,
    "zlib in a page": lambda content: (
        b'<a href="data:application/zlib;base64,' + base64.b64encode(zlib.compress(content)) + b'">x</a>'
    ),
    "gzip in base64": lambda content: base64.b64encode(gzip.compress(content)),
    "base64 in zlib": lambda content: zlib.compress(base64.b64encode(content)),
    "PNG, text": lambda content: png(chunk(b"tEXt", b"Comment\0" + content)),
    "PNG, packed text": lambda content: png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(content))),
    "PNG, international text": lambda content: png(chunk(b"iTXt", b"Comment\0\0\0\0\0" + content)),
    "PNG, packed international text": lambda content: png(
        chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(content))
    ),
    "PNG in a page": lambda content: (
        b'<img src="data:image/png;base64,'
        + base64.b64encode(png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(content))))
        + b'">'
    ),
    "Parquet footer": in_footer,
}


OPEN = {"nothing", "PNG, text", "PNG, international text"}
"""Packings that leave the text as it is."""


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("packing", PACKINGS)
def test_every_form_in_every_packing_is_found(packing: str, form: str, encoding: str) -> None:
    for pnr, found in ((PNR, True), (NOBODY, False)):
        told = FORMS[form](pnr)
        text = told.encode(encoding)
        content = PACKINGS[packing](in_halves(told).encode(encoding) * 9 + text + AFTER)
        assert (text in content) is (packing in OPEN)
        for around in (content, b"\x00\x01" + content + b"\xff" * 40):
            assert bool(find_identifiers(around, KNOWN)) is found


@pytest.mark.parametrize("whole", [True, False])
def test_numbers_in_a_footers_statistics_are_found(whole: bool) -> None:
    """A register that lost its zeros to a number column has them in binary."""
    file = io.BytesIO()
    columns = {"pnr": [int(ZERO), int(NOBODY)]} if whole else {"pnr": [ZERO, NOBODY]}
    pq.write_table(pa.table(columns), file, compression="snappy")
    assert find_identifiers(file.getvalue(), KNOWN) > 0
    assert find_identifiers(file.getvalue(), frozenset({PNR.encode()})) == 0


def test_a_page_of_a_parquet_table_is_found() -> None:
    file = io.BytesIO()
    numbers = [NOBODY] * 500 + [PNR] + [NOBODY] * 500
    pq.write_table(pa.table({"text": numbers}), file, compression="zstd", write_statistics=False)
    assert find_identifiers(file.getvalue(), KNOWN) > 0


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda c: pa.Codec("zstd").compress(c, asbytes=True)]
)
def test_a_stream_that_is_cut_or_followed_by_another_is_read_as_far_as_it_goes(pack) -> None:
    noise = random.Random(3).randbytes(400_000)
    content = in_halves(PNR).encode() * 9 + PNR.encode() + AFTER
    assert PNR.encode() not in pack(content)
    long = pack(content * 20_000)
    assert PNR.encode() not in long
    assert 10_000 < find_identifiers(long[:-3], KNOWN) <= 20_000
    assert find_identifiers(pack(noise) + pack(noise) + b"x" + pack(content) + noise, KNOWN) == 1


@given(st.binary(max_size=200), st.binary(max_size=200), st.sampled_from(sorted(PACKINGS)))
def test_whatever_stands_around(before: bytes, after: bytes, packing: str) -> None:
    content = PACKINGS[packing](before + b" " + PNR.encode() + b" " + after)
    assert find_identifiers(b" " + content + b" ", KNOWN) >= 1


def test_packings_end_at_their_depth() -> None:
    content = PNR.encode()
    for _ in range(6):
        content = gzip.compress(content)
    assert sum(1 for _ in layers(content, 10, Clean())) == 5


def test_short_pseudonyms_are_looked_for_in_text_only() -> None:
    """Three letters stand in any decoded nonsense; in a packed text they count."""
    known = frozenset({b"K7x"})
    assert find_identifiers(gzip.compress(b"group K7x, week 3"), known) == 1
    assert find_identifiers(random.Random(1).randbytes(1_000_000), known) == 0
