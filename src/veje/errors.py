"""The errors that a user sees, each with the exit code an operator acts on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class VejeError(Exception):
    """A failure told in one line, with a process exit code.

    The line names file, column, key or row and a count; never an identifier and never a cell.
    """

    exit_code = 50


class BadInput(VejeError):
    """A delivery or a config that cannot be used (exit code 10)."""

    exit_code = 10


class OverLimit(BadInput):
    """More faulty rows or codes than the config allows (exit code 11)."""

    exit_code = 11


class Busy(VejeError):
    """Another run has these results in hand (exit code 20)."""

    exit_code = 20


class NoRoom(VejeError):
    """A disk that is full or may not be written to, or too little memory (exit code 30)."""

    exit_code = 30


class Unsafe(VejeError):
    """A release that would break the disclosure rules (exit code 40)."""

    exit_code = 40


def near(name: str, known: Iterable[str]) -> str:
    """Say which known names are like `name`: a clause to end an error line with."""
    options = sorted(option for option in known if shown(option) == option)
    close = get_close_matches(name.lower(), [o.lower() for o in options], n=3, cutoff=0.6)
    by_fold = {o.lower(): o for o in options}
    if close:
        return "did you mean " + " or ".join(f"'{by_fold[c]}'" for c in close) + "?"
    return "known: " + some(options)


def some(parts: Sequence[str], most: int = 12) -> str:
    """Write parts as a list for an error line, cut when it is long: DREAM has 3,000 columns."""
    rest = len(parts) - most
    return ", ".join(parts[:most]) + (f" and {rest:,} others" if rest > 0 else "")


def shown(text: str) -> str:
    """Give a column name or code as an error line may show it.

    A file without a header has its first person's cells for names, and a file with a shifted column
    has identifiers for codes: what has six digits in a row, or is long, is not repeated.
    """
    return "(not shown)" if re.search(r"\d{6}", text) or len(text) > 40 else text
