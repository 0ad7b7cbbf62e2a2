"""Looking for personal numbers where none may be: in bytes of any kind, and in the names of files.

An identifier is found wherever it stands, inside longer words and between other digits too; a
number also with a hyphen or a space after six digits, and without its leading zeros where that is a
whole run of digits. All that is packed in the bytes is looked at in the same way: UTF-16, base64,
hexadecimal, compressed streams, Parquet footers (see `packed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial

import polars as pl

from veje.clean import Clean
from veje.errors import Unsafe
from veje.known import STRIPPED, Known, count_numbers, count_values, count_words, know
from veje.packed import TooLarge, kinds_of, layers, runs

IN_NUMBERS = kinds_of("0123456789")
NUMBER = re.compile(rb"[0-9]+")
TOKENS = re.compile(rb"[0-9A-Za-z]+")
# Six digits, a hyphen or a (no-break) space, and the rest; the lookahead lets matches overlap.
PARTED = re.compile(rb"([0-9]{6})(?=(?:[- \xa0]|\xc2\xa0)([0-9]+))")
IN_PARTED = bytes(2 if letter in b"- \xa0\xc2" else kind % 2 for letter, kind in enumerate(IN_NUMBERS))
# SHA-256 and commits: of five million numbers, one would stand in some digest by chance.
# Snakemake's times are seconds since 1970 with decimals: from 2027 on they look like numbers of the 18th.
DIGEST = re.compile(
    rb"(?<![0-9A-Za-z])(?:(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9A-Za-z])|1[0-9]{9}\.[0-9]{4,}(?![0-9A-Za-z]))"
)


def find_identifiers(
    content: bytes, identifiers: Known | frozenset[bytes], clean: Clean | None = None
) -> int:
    """Count the places in bytes at which a known identifier stands.

    clean: packed streams in which none of these identifiers stands; those of the bytes are added.
    """
    known = identifiers if isinstance(identifiers, Known) else _known(identifiers)
    clean, found = clean or Clean(), 0
    for layer, is_text in layers(content, known.shortest, clean):
        # Digests are masked only where something is found: most bytes need not be read for them.
        if _find(layer, known):
            found += _find(DIGEST.sub(partial(_masked, known=known), layer), known)
        if known.short and is_text:
            found += sum(1 for token in TOKENS.findall(layer) if token in known.short)
    clean.settle(found)
    return found


def scan_files(files: Iterable[tuple[str, bytes]], identifiers: Known | frozenset[bytes]) -> dict[str, int]:
    """Count identifiers in files and in their names; gives those with any.

    files: relative path and content. A path that holds an identifier itself is told without it.
    Raises `Unsafe` for a file that unpacks to more than can be looked at.
    """
    hits: dict[str, int] = {}
    clean = Clean()
    for path, content in files:
        named = find_identifiers(path.encode(), identifiers)
        told = "(a name that is not shown)" if named else path
        try:
            found = named + find_identifiers(content, identifiers, clean)
        except TooLarge as error:
            raise Unsafe(f"{told}: {error}") from None
        if found:
            hits[told] = hits.get(told, 0) + found
    return hits


def _masked(match: re.Match[bytes], known: Known) -> bytes:
    return match.group() if known.holds(match.group()) else b" "


def _has_parted(content: bytes) -> bool:
    """Tell whether six digits and a separator stand somewhere: faster than `PARTED`, which looks closer."""
    return b"\1\1\1\1\1\1\2" in content.translate(IN_PARTED)


def _find(content: bytes, known: Known) -> int:
    found = 0
    if known.numbers:
        whole = list(runs(content, IN_NUMBERS, known.fewest_digits, NUMBER))
        parted = [first + rest for first, rest in PARTED.findall(content)] if _has_parted(content) else []
        joined = b"\n".join(whole)
        for sought in known.numbers:
            width = sought.width
            found += count_numbers(joined, sought)
            found += count_values((one[:width] for one in parted if len(one) >= width), sought)
            if known.zeros:
                found += count_values((one for one in whole if STRIPPED <= len(one) < width), sought)
    if known.words:
        least = min(sought.width for sought in known.words)
        joined = b"\n".join(re.findall(rb"[!-~]{%d,}" % least, content))
        found += sum(count_words(joined, sought) for sought in known.words)
    return found


@lru_cache(maxsize=4)
def _known(identifiers: frozenset[bytes]) -> Known:
    return know(pl.Series([one.decode() for one in identifiers], dtype=pl.String))
