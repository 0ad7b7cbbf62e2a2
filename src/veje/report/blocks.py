"""What a page is made of: sections of paragraphs, points, tables, pictures and cards."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from typing import ClassVar, Literal


@dataclass(frozen=True)
class Field:
    """A table's field: its text, what it is, a tip for the reader, and a colour when it names a state."""

    text: str
    kind: Literal["number", "withheld", "absent", "flag", "text", "code"] = "text"
    tip: str = ""
    language: str = ""


@dataclass(frozen=True)
class Row:
    """A table's row: its head, its fields, and whether it is a total or opens a group."""

    head: str
    fields: list[Field]
    strong: bool = False
    group: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption, column heads, rows and a note below."""

    kind: ClassVar[str] = "table"
    caption: str
    corner: str
    columns: list[str]
    rows: list[Row]
    note: str = ""
    folded: bool = False
    texts: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture as a data URI with its size in pixels, alternative text and caption."""

    kind: ClassVar[str] = "picture"
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
    """A pathway type: its name, sentences about it, and its picture."""

    kind: ClassVar[str] = "card"
    title: str
    points: list[str]
    picture: Picture | Text


Block = Table | Picture | Text | Points | Terms | Card


@dataclass(frozen=True)
class Section:
    """A section of the page: the anchor, the title and the blocks."""

    anchor: str
    title: str
    blocks: list[Block] = field(default_factory=list)


def embed(png: bytes, alt: str, caption: str) -> Picture:
    """Make a picture of PNG bytes; its size is read from the header."""
    width, height = struct.unpack(">II", png[16:24])
    uri = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    return Picture(uri, width, height, alt, caption)
