"""The errors that a user sees, each with the exit code an operator acts on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class VejeError(Exception):
    """A failure told in one line, with a process exit code.

    The line names file, column, key or row and a count; never an identifier and never a cell.
    """

    exit_code = 50


class BadInput(VejeError):
    """A delivery or a config that cannot be used (exit code 10)."""

    exit_code = 10


class OverLimit(VejeError):
    """More faulty rows or codes than the config allows (exit code 11)."""

    exit_code = 11


class Unsafe(VejeError):
    """A release that would break the disclosure rules (exit code 40)."""

    exit_code = 40


def near(name: str, known: Iterable[str]) -> str:
    """Say which known names are like `name`: a clause to end an error line with."""
    options = sorted(known)
    close = get_close_matches(name.lower(), [o.lower() for o in options], n=3, cutoff=0.6)
    by_fold = {o.lower(): o for o in options}
    if close:
        return "did you mean " + " or ".join(f"'{by_fold[c]}'" for c in close) + "?"
    return "known: " + ", ".join(options)
