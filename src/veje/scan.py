"""Looking for personal numbers where none may be: in bytes of any kind, and in the names of files.

An identifier is found wherever it stands, inside longer words and between other digits too; a
number also with a hyphen or a space after six digits, and without its leading zeros where that is a
whole run of digits. All that is packed in the bytes is looked at in the same way: UTF-16, base64,
compressed streams, Parquet footers (see `packed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from veje.packed import has_run, kinds_of, layers

SHORTEST = 6
"""Characters. # ASSUME: a shorter identifier cannot be told from a figure by its digits; one with
letters counts as a whole word, in text only."""
STRIPPED = 8
"""Digits. # ASSUME: a number that has fewer without its leading zeros looks like any count of rows."""

IN_NUMBERS = kinds_of("0123456789")
TOKENS = re.compile(rb"[0-9A-Za-z]+")
# Six digits, a hyphen or a (no-break) space, and the rest; the lookahead lets matches overlap.
PARTED = re.compile(rb"([0-9]{6})(?=(?:[- \xa0]|\xc2\xa0)([0-9]+))")
# SHA-256 and commits: of five million numbers, one would stand in some digest by chance.
DIGEST = re.compile(rb"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9A-Za-z])")

Starts = dict[bytes, list[bytes]]


@dataclass(frozen=True)
class Wanted:
    """Identifiers by how they are looked for.

    numbers, words: those of digits and others, by their first characters, which are `width` long.
    stripped: numbers without leading zeros. short: words of fewer than six characters. digits,
    letters: runs that are long enough to hold a number or a word. shortest: of all but `short`.
    """

    numbers: Starts
    number_width: int
    digits: re.Pattern[bytes]
    words: Starts
    word_width: int
    letters: re.Pattern[bytes]
    stripped: frozenset[bytes]
    short: frozenset[bytes]
    shortest: int
    everything: frozenset[bytes]


def find_identifiers(content: bytes, identifiers: frozenset[bytes]) -> int:
    """Count the places in bytes at which a known identifier stands."""
    wanted = _wanted(identifiers)
    found = 0
    for layer, is_text in layers(content, wanted.shortest):
        # Digests are masked only where something is found: most bytes need not be read for them.
        if _find(layer, wanted):
            found += _find(DIGEST.sub(partial(_masked, wanted=wanted), layer), wanted)
        if wanted.short and is_text:
            found += sum(1 for token in TOKENS.findall(layer) if token in wanted.short)
    return found


def scan_files(files: Iterable[tuple[str, bytes]], identifiers: frozenset[bytes]) -> dict[str, int]:
    """Count identifiers in files and in their names; gives those with any.

    files: relative path and content. A path that holds an identifier itself is told without it.
    """
    hits: dict[str, int] = {}
    for path, content in files:
        named = find_identifiers(path.encode(), identifiers)
        found = named + find_identifiers(content, identifiers)
        if found:
            told = "(a name that is not shown)" if named else path
            hits[told] = hits.get(told, 0) + found
    return hits


def _masked(match: re.Match[bytes], wanted: Wanted) -> bytes:
    return match.group() if match.group() in wanted.everything else b" "


def _find(content: bytes, wanted: Wanted) -> int:
    found = 0
    if wanted.numbers and has_run(content, IN_NUMBERS, SHORTEST):
        for run in wanted.digits.findall(content):
            found += _inside(run, wanted.numbers, wanted.number_width) + (run in wanted.stripped)
        for first, rest in PARTED.findall(content):
            joined = first + rest
            found += sum(map(joined.startswith, wanted.numbers.get(joined[: wanted.number_width], ())))
    if wanted.words:
        for word in wanted.letters.findall(content):
            found += _inside(word, wanted.words, wanted.word_width)
    return found


def _inside(run: bytes, starts: Starts, width: int) -> int:
    """Count the places in a run of characters at which one of the identifiers begins and ends."""
    found = 0
    for at in range(len(run) - width + 1):
        for identifier in starts.get(run[at : at + width], ()):
            found += run.startswith(identifier, at)
    return found


@lru_cache(maxsize=4)
def _wanted(identifiers: frozenset[bytes]) -> Wanted:
    numbers = {one for one in identifiers if one.isdigit() and len(one) >= SHORTEST}
    words = {one for one in identifiers if not one.isdigit()}
    long = {one for one in words if len(one) >= SHORTEST}
    stripped = {one.lstrip(b"0") for one in numbers if one.startswith(b"0")}
    # A program that reads ten digits as a number loses all leading zeros, a column with nine digits one.
    stripped |= {one[1:] for one in numbers if one.startswith(b"0")}
    stripped = {one for one in stripped if len(one) >= STRIPPED}
    starts, width = _by_start(numbers)
    parts, word_width = _by_start(long)
    return Wanted(
        starts,
        width,
        re.compile(rb"[0-9]{%d,}" % min(map(len, stripped | numbers), default=SHORTEST)),
        parts,
        word_width,
        re.compile(rb"[!-~]{%d,}" % max(word_width, 1)),
        frozenset(stripped),
        frozenset(words - long),
        min(map(len, stripped | numbers | long), default=SHORTEST),
        identifiers,
    )


def _by_start(identifiers: set[bytes]) -> tuple[Starts, int]:
    """Group identifiers by as many first characters as the shortest has."""
    width = min(map(len, identifiers), default=0)
    starts: Starts = {}
    for one in sorted(identifiers):
        starts.setdefault(one[:width], []).append(one)
    return starts, width
