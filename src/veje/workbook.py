"""All released tables as one Excel workbook whose bytes depend on nothing but the tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from veje.dictionary import heading
from veje.errors import VejeError

MADE = datetime(2000, 1, 1)
"""The date in the workbook's properties, whenever it is made."""

LONGEST = 31
"""Characters of a sheet's name that Excel allows."""

OPTIONS = {
    "in_memory": True,
    # A cell is what the table holds: no text becomes a formula, a link or a number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDEST, NARROWEST = 60, 9
"""Characters: limits of a column's width."""


def build_workbook(
    tables: Mapping[str, pl.DataFrame],
    titles: Mapping[str, str],
    dictionary: pl.DataFrame,
    language: str,
) -> bytes:
    """Write a sheet of contents, the data dictionary, and a sheet for each table, in the order given.

    titles: of the tables. dictionary: as of `build_dictionary`. language: of the first sheet.
    Raises `VejeError` for a table whose name is too long for a sheet.
    """
    buffer = io.BytesIO()
    book = Workbook(buffer, OPTIONS)
    book.set_properties({"created": MADE})
    bold = book.add_format({"bold": True, "bottom": 1})
    link = book.add_format({"font_color": "#0B5394", "underline": 1})
    first = book.add_worksheet(heading("contents", language))
    sheets = {heading("data_dictionary", language): dictionary, **tables}
    _contents(first, sheets, titles, language, bold, link)
    for name, frame in sheets.items():
        if len(name) > LONGEST:
            raise VejeError(f"table {name}: the name is too long for a sheet ({LONGEST} characters)")
        _fill(book.add_worksheet(name), frame, bold)
    book.close()
    return buffer.getvalue()


def _contents(
    sheet: Worksheet,
    sheets: Mapping[str, pl.DataFrame],
    titles: Mapping[str, str],
    language: str,
    bold: Any,
    link: Any,
) -> None:
    """List the sheets with their titles, rows and withheld figures, each with a link to it."""
    for column, key in enumerate(("table", "title", "figures", "withheld")):
        sheet.write_string(0, column, heading(key, language), bold)
    for row, (name, frame) in enumerate(sheets.items(), start=1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
        sheet.write_string(row, 1, titles.get(name, ""))
        sheet.write_number(row, 2, frame.height)
        if "status" in frame.columns:
            sheet.write_number(row, 3, frame.filter(status="withheld").height)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, WIDEST)
    sheet.freeze_panes(1, 0)


def _fill(sheet: Worksheet, frame: pl.DataFrame, bold: Any) -> None:
    """Write a frame: its header, its rows, columns as wide as what they hold, and filters."""
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name, bold)
        values = frame.get_column(name)
        _write(sheet, column, values)
        longest = max(map(len, values.cast(pl.String).drop_nulls()), default=0)
        wide = max(len(name) + 2, longest + 1)
        sheet.set_column(column, column, min(max(wide, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, frame.height, max(frame.width - 1, 0))


def _write(sheet: Worksheet, column: int, values: pl.Series) -> None:
    """Write a column: text as text, numbers as numbers, nothing for null."""
    write = sheet.write_string if values.dtype == pl.String else sheet.write_number
    cells: Sequence[Any] = values.to_list()
    for row, value in enumerate(cells, start=1):
        if value is not None:
            write(row, column, value)
