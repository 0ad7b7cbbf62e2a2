"""Comparing one of veje's code lists with the server's own format list: frames in, lines out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

import polars as pl

from veje.errors import BadInput, near, shown
from veje.lists import BLANK
from veje.weekcodes import tidy_code

ALIKE = 1.0
"""Labels with at least this ratio are alike; below 1 "passiv" may pass for "aktiv" in a long label."""

CODES = ("code", "prefix", "atc_prefix")
LABELS = ("label_da", "name_da", "label_en")
UNSURE = ("low", "unverified")
SHOWN = 60
_OTHER = "**OTHER**"


@dataclass(frozen=True)
class Comparison:
    """What is unlike, a line each, and what is worth knowing beside it; `codes` is the number compared."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    codes: int


@dataclass(frozen=True)
class Entry:
    """A code of veje's list: its labels, one for each line, and the low-confidence lines in words."""

    labels: tuple[str, ...]
    unsure: str


def compare_lists(
    own: pl.DataFrame,
    theirs: pl.DataFrame,
    code_column: str = "code",
    label_column: str = "label",
    alike: float = ALIKE,
) -> Comparison:
    """Compare veje's list with the server's: codes only there, only here, and labels that are unlike.

    own: a code list as text, of codes or of prefixes; prefixes are compared by what they cover, and
    have no labels to compare. theirs: cells as text; a code may have several lines. Of unlike
    labels the least alike come first. Blank codes are left out, and leading zeros that theirs lost
    are restored. A low-confidence code that the server's list has too is a note, not a problem.
    Raises `BadInput` for a missing column.
    """
    column = next((name for name in CODES if name in own.columns), None)
    if column is None:
        raise BadInput(
            f"the list has no column of codes ({', '.join(CODES)}); it has {', '.join(own.columns)}"
        )
    entries = _own(own, column)
    server = _server(theirs, code_column, label_column, entries)
    return _compare_codes(entries, server, alike) if column == "code" else _compare_prefixes(entries, server)


def normal_label(label: str) -> str:
    """Write a label so that case, punctuation, spacing and aa for å make no difference."""
    plain = unicodedata.normalize("NFKC", label).casefold().replace("aa", "å")
    return " ".join(re.findall(r"[^\W_]+", plain))


def ratio(one: str, other: str) -> float:
    """Give how alike two labels are, 0 to 1 (difflib's ratio of the normal labels)."""
    return SequenceMatcher(None, normal_label(one), normal_label(other), autojunk=False).ratio()


def _own(own: pl.DataFrame, column: str) -> dict[str, Entry]:
    label = next((name for name in LABELS if name in own.columns), None)
    entries: dict[str, Entry] = {}
    for row in own.to_dicts():
        code = row[column] or ""
        if code in ("", BLANK):
            continue
        before = entries.get(code, Entry((), ""))
        text = (row[label] if label else None) or ""
        unsure = before.unsure or _unsure(row)
        entries[code] = Entry((*before.labels, text) if text else before.labels, unsure)
    return entries


def _unsure(row: Mapping[str, str | None]) -> str:
    switch = row.get("switch")
    if not switch and row.get("confidence") not in UNSURE:
        return ""
    return f"confidence {row.get('confidence') or 'low'}" + (f", switch {switch}" if switch else "")


def _server(theirs: pl.DataFrame, code: str, label: str, own: Collection[str]) -> dict[str, tuple[str, ...]]:
    for name in (code, label):
        if name not in theirs.columns:
            raise BadInput(f"the server's list has no column '{shown(name)}': {near(name, theirs.columns)}")
    # A format of a number column has lost the zeros that a code begins with.
    lost = {one.lstrip("0"): one for one in own if one.startswith("0") and one.lstrip("0") not in own}
    found: dict[str, tuple[str, ...]] = {}
    for given, text in theirs.select(code, pl.col(label).alias(" label")).rows():
        tidy = tidy_code(given or "")
        if tidy not in ("", BLANK, _OTHER):
            tidy = lost.get(tidy, tidy)
            found[tidy] = (*found.get(tidy, ()), (text or "").strip())
    if not found:
        raise BadInput(f"the server's list has no code in column '{shown(code)}'")
    return found


def _missing_there(code: str, entry: Entry) -> str:
    return f"{code}: missing there: {_quoted(entry.labels)}" + (f" ({entry.unsure})" if entry.unsure else "")


def _best(code: str, here: tuple[str, ...], there: tuple[str, ...]) -> tuple[float, str, str, str]:
    """Give the ratio, code and labels of the pair that is most alike among a code's lines."""
    pairs = [(ratio(one, other), one, other) for one in here or ("",) for other in there]
    best, one, other = max(pairs, key=lambda pair: pair[0])
    return best, code, one, other


def _unlike(best: float, code: str, one: str, other: str) -> str:
    return f"{code}: labels unlike ({best:.2f}): here {_quoted([one])}, there {_quoted([other])}"


def _compare_codes(
    entries: Mapping[str, Entry], server: Mapping[str, tuple[str, ...]], alike: float
) -> Comparison:
    extra = [
        f"{shown(code)}: missing here: {_quoted(server[code])}" for code in sorted(server.keys() - entries)
    ]
    missing = [_missing_there(code, entry) for code, entry in entries.items() if code not in server]
    both = [code for code in entries if code in server]
    pairs = sorted(_best(code, entries[code].labels, server[code]) for code in both)
    unlike = [_unlike(*pair) for pair in pairs if pair[0] < alike]
    notes = [
        f"{code}: {entries[code].unsure}; the server's list has it" for code in both if entries[code].unsure
    ]
    return Comparison((*extra, *missing, *unlike), tuple(notes), len(both))


def _compare_prefixes(entries: dict[str, Entry], server: dict[str, tuple[str, ...]]) -> Comparison:
    prefixes = tuple(entries)
    extra = [
        f"{shown(code)}: missing here, no prefix covers it: {_quoted(labels)}"
        for code, labels in sorted(server.items())
        if not code.startswith(prefixes)
    ]
    unused = [
        _missing_there(code, entry)
        for code, entry in entries.items()
        if not any(other.startswith(code) for other in server)
    ]
    return Comparison((*extra, *unused), (), len(server) - len(extra))


def _quoted(labels: Iterable[str]) -> str:
    """Write a label as a line may show it: of a file that is no format list no identifier is repeated."""
    text = next(iter(labels), "")
    if re.search(r"\d{6}", text):
        return "(not shown)"
    return f"'{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}'"
