"""What a page is made of: sections of paragraphs, points, tables, pictures and cards."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from typing import ClassVar, Literal

LONG = 20
"""A table with more rows is folded away, and its rows can be filtered."""
WIDE = 8
"""A table with more columns keeps a broad first column, and narrow other ones."""
ACROSS = 10
"""A table with more columns is printed across the paper."""
LONG_HEAD = 24
"""Characters: row heads up to here stay on one line, tables with longer ones give them room."""
SORTED = 3
"""Rows that are worth sorting."""


@dataclass(frozen=True)
class Field:
    """A table's field: its text, what it is, a tip for the reader, and a colour when it names a state."""

    text: str
    kind: Literal["number", "withheld", "absent", "flag", "text", "code"] = "text"
    tip: str = ""
    language: str = ""


@dataclass(frozen=True)
class Row:
    """A table's row: its head, its fields, and whether it is a total or opens a group.

    swatch: the class of a state's colour, shown before the head.
    """

    head: str
    fields: list[Field]
    strong: bool = False
    group: str = ""
    swatch: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption, column heads, rows and a note below.

    folded: shown on demand, however short. texts: of words rather than figures, so that its columns
    share the whole width. ordered: its rows hang together in their order, so that they are not sorted.
    """

    kind: ClassVar[str] = "table"
    caption: str
    corner: str
    columns: list[str]
    rows: list[Row]
    note: str = ""
    folded: bool = False
    texts: bool = False
    ordered: bool = False

    @property
    def long(self) -> bool:
        """Tell whether the table is too long to stand open."""
        return len(self.rows) > LONG

    @property
    def long_heads(self) -> bool:
        """Tell whether some row's head takes more than a line."""
        return any(len(row.head) > LONG_HEAD for row in self.rows)

    @property
    def groups(self) -> list[list[Row]]:
        """Split the rows into groups, each opened by its first row."""
        made: list[list[Row]] = []
        for row in self.rows:
            if row.group or not made:
                made.append([])
            made[-1].append(row)
        return made

    @property
    def classes(self) -> str:
        """Name what the style and the script make of the table."""
        known = {
            "sortable": not self.ordered and sum(not row.strong for row in self.rows) >= SORTED,
            "filterable": self.long,
            "wide": len(self.columns) > WIDE,
            "across": len(self.columns) > ACROSS,
            "texts": self.texts,
            "short-heads": not self.texts and not self.long_heads,
            "long-heads": not self.texts and self.long_heads,
        }
        return " ".join(name for name, holds in known.items() if holds)


@dataclass(frozen=True)
class Picture:
    """A picture as a data URI with its title, its size in pixels, alternative text and caption."""

    kind: ClassVar[str] = "picture"
    title: str
    uri: str
    width: int
    height: int
    alt: str
    caption: str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str
    style: Literal["", "missing", "note"] = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    kind: ClassVar[str] = "points"
    points: list[str]


@dataclass(frozen=True)
class Terms:
    """A list of terms with their definitions."""

    kind: ClassVar[str] = "terms"
    terms: list[tuple[str, str]]


@dataclass(frozen=True)
class Card:
    """A pathway type: its name, sentences about it, its picture, and its persons' profile."""

    kind: ClassVar[str] = "card"
    title: str
    points: list[str]
    picture: Picture | Text
    profile: Table


Block = Table | Picture | Text | Points | Terms | Card


@dataclass(frozen=True)
class Section:
    """A section of the page: the anchor, the title and the blocks."""

    anchor: str
    title: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A part of the page: the anchor, the title, a sentence on whom it is for, and its sections."""

    anchor: str
    title: str
    lead: str
    sections: list[Section]


def embed(png: bytes, title: str, alt: str, caption: str) -> Picture:
    """Make a picture of PNG bytes; its size is read from the header."""
    width, height = struct.unpack(">II", png[16:24])
    uri = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    return Picture(title, uri, width, height, alt, caption)
