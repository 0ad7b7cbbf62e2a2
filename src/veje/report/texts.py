"""The report's own words in one language, and numbers written as that language writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Protocol

import yaml

from veje.released import Cell
from veje.report.blocks import Field

DECIMALS = 1
"""Shares and means are shown with one decimal, as the study prints them; counts have none."""


WITHHELD_SIGN = "·"
"""A withheld figure may be of many persons, so `<5` would read wrongly."""


class Reader(Protocol):
    """Gives the text of a template file by its name."""

    def __call__(self, name: str) -> str:
        """Read a file."""


class Texts:
    """Texts by key with values put in, and the numbers, dates and cells that go into them."""

    def __init__(self, language: str, read: Reader, threshold: int) -> None:
        self.language = language
        self._texts: Mapping[str, Mapping[str, str]] = _parsed(read("texts.yaml"))
        self._sign = "\N{NO-BREAK SPACE}%" if language == "da" else "%"
        self._settings: Mapping[str, Mapping[str, str]] = {"meanings": {}, "units": {}}
        if language == "da":
            self._settings = _parsed(read("settings.da.yaml"))
        self._threshold = threshold

    def __call__(self, key: str, /, **values: object) -> str:
        """Give a text of the language with its values put in."""
        text = self._texts[key][self.language].format(**values)
        return re.sub(r"(?<=\d) %", self._sign, text)

    def has(self, key: str) -> bool:
        """Tell whether there is a text of that key."""
        return key in self._texts

    def meaning(self, key: str, english: str) -> tuple[str, bool]:
        """Give what a setting means, and whether that is in the page's language."""
        if self.language == "en":
            return re.sub(r"`([^`]*)`", r"“\1”", english), True
        known = self._settings["meanings"]
        return known.get(key, english), key in known

    def unit(self, english: str) -> str:
        """Give a setting's unit in the page's language, in English when there is no other."""
        return self._settings["units"].get(english, english)

    def inside(self, label: str) -> str:
        """Write a label inside a sentence: a small first letter, unless it begins an abbreviation."""
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number: 1,234.5 in English, 1.234,5 in Danish."""
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "da" else text

    def index(self, value: float) -> str:
        """Write an index with three significant digits, a large one as a whole number."""
        return self.number(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3)

    def date(self, day: date) -> str:
        """Write a date."""
        month = self("months").split()[day.month - 1]
        return self("date", day=day.day, month=month, year=day.year)

    def listing(self, parts: list[str]) -> str:
        """Write a list: a, b and c."""
        if len(parts) < 2:
            return "".join(parts)
        return ", ".join(parts[:-1]) + f" {self('and')} {parts[-1]}"

    def cell(self, cell: Cell, digits: int | None = None) -> Field:
        """Write a figure of the release; a withheld one is only ever the sign for it."""
        if cell.status == "withheld":
            return Field(WITHHELD_SIGN, "withheld", self("withheld_tip", n=self._threshold))
        if cell.value is None:
            return Field("–", "absent", self("absent_tip"))
        if cell.unit == "flag":
            few = Field("–", "flag", self("few_tip", n=self._threshold))
            return Field("✓", "flag", self("yes")) if cell.value else few
        if cell.unit == "index":
            return Field(self.index(cell.value), "number")
        places = (0 if cell.measure == "count" else DECIMALS) if digits is None else digits
        shown = self.number(cell.value, places)
        if not cell.value and cell.measure in ("mean", "share"):
            # Somebody stands behind it, so it is not nothing.
            shown = f"<{self.number(0.5 / 10**places, places + 1)}"
        return Field(shown, "number")


@cache
def _parsed(text: str) -> Any:
    """Read YAML once a process: both pages of a run have the same texts."""
    return yaml.safe_load(text)


def readable(value: Any, texts: Texts) -> str:
    """Write a setting's value in one line."""
    if value is None:
        return texts("none")
    if isinstance(value, bool):
        return texts("yes") if value else texts("no")
    if isinstance(value, float):
        return texts.number(value, 2).rstrip("0").rstrip(".,")
    if isinstance(value, dict):
        return ", ".join(f"{k}: {readable(v, texts)}" for k, v in value.items()) or texts("nothing")
    if isinstance(value, (list, tuple)):
        return ", ".join(readable(v, texts) for v in value) or texts("nothing")
    if isinstance(value, date):
        return texts.date(value)
    return str(value)
