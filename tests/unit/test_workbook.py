"""The workbook and the data dictionary: text stays text, same bytes every time, all columns described."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import polars as pl
import pytest

from tests.figures.frames import released
from veje import io as rim
from veje.contracts import contract
from veje.dictionary import COLUMNS, build_dictionary, dictionary
from veje.errors import VejeError
from veje.names import SHOWN
from veje.settings import Disclosure
from veje.workbook import build_workbook

RULES = Disclosure(threshold=7, rounding=5, rule="seven")
HOSTILE = [
    *("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "{=A1}"),
    *("https://example.org", "<script>alert(1)</script>", "plain", "0101", "-12.5"),
]
SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as file:
        return {name: file.read(name) for name in file.namelist()}


def rows(book: bytes, number: int) -> list[list[object]]:
    """Read a sheet back: text and numbers as they are typed in the file."""
    files = parts(book)
    texts = ["".join(one.itertext()) for one in ElementTree.fromstring(files["xl/sharedStrings.xml"])]
    found = []
    for row in ElementTree.fromstring(files[f"xl/worksheets/sheet{number}.xml"]).iterfind(".//x:row", SPACE):
        cells = [(cell.get("t"), cell.findtext("x:v", "", SPACE)) for cell in row]
        found.append([texts[int(value)] if kind == "s" else float(value) for kind, value in cells])
    return found


def book(frame: pl.DataFrame) -> bytes:
    told = pl.DataFrame({"table": ["t"], "column": ["a"]})
    return build_workbook({"t": frame}, {"t": "Title"}, told, "en")


def test_text_is_never_a_formula_a_link_or_a_number():
    made = book(pl.DataFrame({"text": HOSTILE, "number": [float(i) for i in range(len(HOSTILE))]}))
    read = rows(made, 3)
    assert read[0] == ["text", "number"]
    # XML has no bare carriage return in text: the file's escape for it is read as it stands.
    assert [row[0] for row in read[1:]] == [text.replace("\r", "_x000D_") for text in HOSTILE]
    assert [row[1] for row in read[1:]] == list(range(len(HOSTILE)))
    sheet = parts(made)["xl/worksheets/sheet3.xml"]
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_hostile_cells_in_csv_are_text_and_numbers_are_unharmed(tmp_path):
    rim.write_csv(pl.DataFrame({"text": [*HOSTILE, "-1e-05", "+3"]}), tmp_path / "a.csv")
    read = pl.read_csv(tmp_path / "a.csv", infer_schema=False)["text"].to_list()
    assert [one for one in read if re.match(r"[=+\-@\t\r\n]", one)] == ["-12.5", "-1e-05", "+3"]
    assert [one.removeprefix("'") for one in read] == [*HOSTILE, "-1e-05", "+3"]


def test_the_same_tables_give_the_same_bytes_and_no_name_or_date_of_making():
    frame = pl.DataFrame({"text": ["a", None], "number": [1.5, None]})
    made = book(frame)
    assert made == book(frame)
    core = parts(made)["docProps/core.xml"].decode()
    assert re.findall(r">([^<\s]+)<", core) == ["2000-01-01T00:00:00Z"] * 2
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_contents_name_every_sheet_with_its_rows_and_withheld_figures():
    frame = pl.DataFrame({"value": [1.0, None, None], "status": ["published", "withheld", "withheld"]})
    read = rows(book(frame), 1)
    assert read[0] == ["Table", "Title", "Rows", "Withheld"]
    assert read[1][0] == "Data dictionary"
    assert read[2] == ["t", "Title", 3.0, 2.0]


def test_a_name_too_long_for_a_sheet_is_refused():
    with pytest.raises(VejeError, match="too long for a sheet"):
        build_workbook({"t" * 32: pl.DataFrame({"a": [1]})}, {}, pl.DataFrame({"a": [1]}), "en")


@pytest.fixture(scope="module")
def described() -> pl.DataFrame:
    tables = {str(name): own.select(SHOWN) for (name,), own in released().group_by(["table"])}
    names = ("replication", "replication_by_table", "claims", "timing_claims")
    return build_dictionary(tables | {name: contract(name).empty() for name in names}, RULES)


def test_every_column_of_every_table_is_described_in_both_languages(described):
    assert described.columns == list(COLUMNS)
    assert set(described["table"]) > set(released()["table"])
    filled = described.drop("unit")
    assert sum(filled.null_count().row(0)) == 0
    assert all((filled[name].str.len_chars() > 0).all() for name in filled.columns)
    assert described.filter(described["disclosure_en"].str.contains(r"[{}]")).height == 0


def test_the_rule_is_that_of_the_kinds_of_figures_in_the_table(described):
    rule = dict(described.filter(column="value").select("table", "disclosure_en").rows())
    assert rule["flow"] == "Withheld below 7 persons, none too; rounded to a multiple of 5."
    assert "fewer than 7 persons are in it, in the whole or outside it" in rule["state_distribution"]
    assert rule["table_7_2"].startswith("count: ")
    assert "share: " in rule["table_7_2"]
    assert rule["entropy"] == "Computed from released figures alone."
    units = dict(described.filter(column="value").select("table", "unit").rows())
    assert units["bilag_1"] == "percent, persons, quarters"
    keys = dict(described.filter(column="key").select("table", "disclosure_en").rows())
    assert keys["shared_sequences"] == keys["dendrogram"] != keys["transitions"]


def test_a_column_that_nothing_describes_stops_it():
    with pytest.raises(VejeError, match="column 'odd' of table flow is not described"):
        build_dictionary({"flow": pl.DataFrame({"odd": [1]})}, RULES)


def test_the_dictionary_names_tables_and_columns_that_there_are():
    known = dictionary()
    for name in ("replication", "replication_by_table", "claims", "timing_claims"):
        assert list(known["tables"][name]) == list(contract(name).types), name
    assert {*known["found"], *known["derived"]} <= set(released()["table"])
    used = {spec["rule"] for table in known["tables"].values() for spec in table.values()}
    assert used <= set(known["rules"])
