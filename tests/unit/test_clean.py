"""A stream that a scan looked at before is passed over only where nothing new can be found in it."""

from __future__ import annotations

import base64
import gzip
import zlib

from veje.clean import Clean
from veje.packed import layers
from veje.scan import find_identifiers, scan_files

PNR = b"0101701234"
KNOWN = frozenset({PNR, b"K7x"})
EMPTY = zlib.compress(b"nobody is in this picture")


def looked_at(content: bytes, clean: Clean) -> int:
    return sum(1 for _ in layers(content, 10, clean))


def test_a_picture_in_a_file_and_in_a_page_is_looked_at_once() -> None:
    page = b"<img src=" + base64.b64encode(EMPTY) + b">"
    alone, clean = looked_at(page, Clean()), Clean()
    looked_at(EMPTY, clean)
    clean.settle(0)
    assert looked_at(page, clean) == alone - 1


def test_a_number_in_a_repeated_stream_is_told_of_every_file() -> None:
    packed = zlib.compress(b"person " + PNR)
    files = [(name, packed) for name in ("a.png", "b.png", "c.html")]
    assert scan_files(files, KNOWN) == {"a.png": 1, "b.png": 1, "c.html": 1}


def test_a_stream_beside_one_with_a_number_is_not_taken_for_clean() -> None:
    clean = Clean()
    assert find_identifiers(EMPTY + PNR, KNOWN, clean) == 1
    assert looked_at(EMPTY, clean) == looked_at(EMPTY, Clean())


def test_a_stream_seen_under_more_packings_is_looked_at_again_under_fewer() -> None:
    inner = zlib.compress(b"x" + gzip.compress(b"person " + PNR, mtime=0))
    deep = inner
    for _ in range(3):
        deep = zlib.compress(deep)
    clean = Clean()
    assert find_identifiers(deep, KNOWN, clean) == 0, "packed deeper than a scan looks"
    assert find_identifiers(inner, KNOWN, clean) == 1


def test_a_stream_seen_in_base64_is_looked_at_again_where_it_is_text() -> None:
    """Short pseudonyms count in text only, and what base64 gives is not called text."""
    packed = gzip.compress(b"group K7x, week 3", mtime=0)
    clean = Clean()
    assert find_identifiers(base64.b64encode(packed), KNOWN, clean) == 0
    assert find_identifiers(packed, KNOWN, clean) == 1
