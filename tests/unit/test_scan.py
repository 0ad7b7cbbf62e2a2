from __future__ import annotations

import base64
import hashlib
import random
import struct
import time
import zlib

import pytest

from veje.scan import find_identifiers, scan_files

PLAIN, ZERO, ZEROS = b"7203541234", b"0203541234", b"0035412340"
PSEUDONYM = b"Xk29fQ"
LONG = hashlib.sha256(b"a person").hexdigest().encode()
KNOWN = frozenset({PLAIN, ZERO, ZEROS, PSEUDONYM, LONG, b"K7", b"0001234567"})


def wide(text, kind):
    return text.decode().encode(kind)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        b"x " + PLAIN + b" y",
        b"id" + PLAIN + b"z",
        b"person_" + PLAIN + b".png",
        b"99" + PLAIN + b"88",
        b"1" + ZERO,
        b"<td>720354-1234</td>",
        b"<td>720354 1234</td>",
        "720354\N{NO-BREAK SPACE}1234".encode(),
        "720354\N{NO-BREAK SPACE}1234".encode("latin-1"),
        b"11720354-123499",
        b"020354-1234",
        b"123456-1234567890-1234 720354-1234",
        b"a,203541234,b",
        b"a,35412340,b",
        b"id203541234x",
        wide(PLAIN, "utf-16-le"),
        wide(PLAIN, "utf-16-be"),
        wide(PLAIN, "utf-16"),
        wide(b"name;720354-1234;", "utf-16-le"),
        wide(b"name;203541234;", "utf-16-be"),
        b"\x00\x01" + wide(b"a" + PLAIN, "utf-16-le") + b"\xff",
        b"\x89PNG" + struct.pack(">I", 17) + b"tEXtComment\x00" + PLAIN + struct.pack(">I", 7),
        b"of " + PSEUDONYM + b".",
        b"00" + PSEUDONYM + b"zz",
        LONG,
        b"sha " + LONG + b"!",
        b"x" + LONG,
        b"group K7, week 3",
    ],
)
def test_every_form_is_found_once(content):
    assert find_identifiers(content, KNOWN) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"8203541234 7203541235 720354-1235",
        b"1203541234 2035412345",  # without its zero a number counts only as a whole run of digits
        b"7203541-234 72035-41234",
        b"1234567",  # of 0001234567: any count may be seven digits
        b"xk29fq",
        b"K71 K8 AK7",  # too short to be looked for inside words
        b"\x00K7\x00",
        LONG[:-1],
        hashlib.sha256(b"another").hexdigest().encode(),
    ],
)
def test_nothing_else_is(content):
    assert find_identifiers(content, KNOWN) == 0


def test_several_places_are_several_hits():
    assert find_identifiers(PLAIN + b" 720354-1234 " + ZERO + b" 203541234", KNOWN) == 4


def test_numbers_of_another_length():
    assert find_identifiers(b"a 123456789012345678901234 b", frozenset({b"890123456789"})) == 1
    assert find_identifiers(b"123456-789012", frozenset({b"123456789012"})) == 1


def test_a_digest_is_not_searched_for_numbers():
    # Of the digests in a page, one in ten thousand runs has a personal number in it by chance.
    for width in (40, 64):
        digest = (b"ab" + PLAIN + b"c" * 64)[:width]
        assert find_identifiers(b'"sha256": "' + digest + b'"', KNOWN) == 0
        assert find_identifiers(digest + b"e", KNOWN) == 1


def test_a_time_in_seconds_is_no_number():
    known = frozenset({b"1801023456"})
    assert find_identifiers(b'{"starttime": 1801023456.1234567, "endtime": 1801023456.9876}', known) == 0
    for text in (b"1801023456", b"1801023456.0", b"1801023456.12", b"180102-3456.1234", b"x1801023456.1234"):
        assert find_identifiers(text, known) == 1


def test_names_of_files_count_and_are_not_repeated():
    files = [
        ("tables/a.csv", b"x"),
        ("tables/b.csv", PLAIN + b"," + PLAIN),
        ("figures/b.csv", PLAIN),
        ("figures/720354-1234.png", b"x"),
    ]
    assert scan_files(files, KNOWN) == {
        "tables/b.csv": 2,
        "figures/b.csv": 1,
        "(a name that is not shown)": 1,
    }


def noise():
    draw = random.Random(2012)
    packed = zlib.compress(draw.randbytes(4_000_000))
    table = b"".join(b"%d,%.1f,published\n" % (5 * i, i / 7) for i in range(150_000))
    return packed + table + base64.b64encode(draw.randbytes(2_000_000))


def test_noise_holds_nobody_and_is_read_fast():
    draw = random.Random(7)
    content = noise()
    numbers = frozenset(b"%010d" % draw.randrange(10**10) for _ in range(30_000))
    words = frozenset(hashlib.sha256(one).hexdigest()[:12].encode() for one in numbers)
    start = time.monotonic()
    assert find_identifiers(content, numbers) == find_identifiers(content, words) == 0
    # Two to three seconds each; looking for one after another would take minutes.
    assert time.monotonic() - start < 60
    planted = sorted(numbers)[100]
    assert find_identifiers(content[:5_000_000] + planted + content[5_000_000:], numbers) == 1
