"""Rim of stage `workbook`: the released tables in one Excel file, and the dictionary of their columns."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.cli.replication import COMPARED
from veje.dictionary import build_dictionary
from veje.labels import Labels
from veje.names import SHOWN
from veje.settings import Settings
from veje.workbook import build_workbook


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read the released tables, write the workbook and the data dictionary as CSV."""
    labels = {language: Labels(language, alphabet_of(settings.sequences)) for language in ("en", "da")}
    released = inputs.table("released")
    tables = {
        str(table): labelled(rows.select(SHOWN), str(table), labels)
        for (table,), rows in released.group_by(["table"], maintain_order=True)
    }
    compared = {file: inputs.table(table, file) for table, file in COMPARED.items()}
    tables |= {name: frame for name, frame in compared.items() if frame.height}
    tables = {name: frame.with_columns(EMPTY) for name, frame in tables.items()}
    described = build_dictionary(tables, settings.disclosure)
    language = settings.languages[0]
    titles = {name: labels[language].title(name) for name in tables}
    book = build_workbook(tables, titles, described, language)
    io.write_whole(outputs.one("workbook"), lambda file: file.write(book))
    io.write_csv(described, outputs.one("dictionary"))


EMPTY = pl.col(pl.String).replace("", None)
"""Text of no characters is no text."""


def labelled(rows: pl.DataFrame, table: str, labels: dict[str, Labels]) -> pl.DataFrame:
    """Add what each row is called, after its key."""
    at = rows.columns.index("key") + 1
    for language, names in labels.items():
        told = [names.row(table, key) for key in rows["key"]]
        rows = rows.insert_column(at, pl.Series(f"label_{language}", told, dtype=pl.String))
        at += 1
    return rows
