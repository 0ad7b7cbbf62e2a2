"""The sheet of a drawn case: what the registers say of it on one page, without whose it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined


@dataclass(frozen=True)
class Run:
    """Quarters on end in one state, numbered from 1."""

    first: int
    last: int
    state: str
    colour: str


@dataclass(frozen=True)
class Sheet:
    """What stands on a sheet, in words of one language.

    facts: name and value. strip: each quarter's state and colour, oldest first. measures: kind, first
    and last day. flags: name and what is said of it.
    """

    case: str
    facts: Sequence[tuple[str, str]]
    strip: Sequence[tuple[str, str]]
    measures: Sequence[tuple[str, str, str]]
    flags: Sequence[tuple[str, str]]

    def runs(self) -> list[Run]:
        """Give the strip as runs of one state."""
        found, at = [], 1
        for (state, colour), own in groupby(self.strip):
            length = len(list(own))
            found.append(Run(at, at + length - 1, state, colour))
            at += length
        return found


def write_sheet(sheet: Sheet, language: str, word: Callable[[str], str]) -> str:
    """Write a sheet as an HTML page that loads nothing. word: gives the page's own words."""
    environment = Environment(
        loader=PackageLoader("veje.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("case.html.j2").render(sheet=sheet, language=language, word=word)
