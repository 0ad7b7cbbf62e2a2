from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pyreadstat
import pytest

FRAME = pl.DataFrame(
    {
        "PNR": ["0101010000", "0202020000", ""],
        "Navn": ["Ærø", "Tårnby", "Øster"],
        "Dag": [date(1960, 1, 1), date(2009, 1, 1), None],
        "Tid": [datetime(1960, 1, 1), datetime(2009, 1, 1, 12, 30), None],
        "Kode": [111, 20060317, None],
        "Tal": [0.5, 1.0, None],
    }
)


@pytest.fixture
def stata(tmp_path):
    path = tmp_path / "a.dta"
    pyreadstat.write_dta(FRAME, str(path))
    return path


@pytest.mark.parametrize("rows", [None, 1, 2])
def test_cells_become_text(read, stata, rows):
    frame = read(stata, rows=rows)
    assert frame.columns == ["pnr", "navn", "dag", "tid", "kode", "tal", "_row"]
    assert frame["dag"].to_list() == ["1960-01-01", "2009-01-01", None]
    assert frame["tid"].to_list() == ["1960-01-01 00:00:00", "2009-01-01 12:30:00", None]
    assert frame["kode"].to_list() == ["111", "20060317", None]
    assert frame["tal"].to_list() == ["0.5", "1", None]
    assert frame["navn"].to_list() == FRAME["Navn"].to_list()
    assert frame["_row"].to_list() == [1, 2, 3]


def test_files_before_stata_14_have_the_declared_encoding(tmp_path, read, refused):
    path = tmp_path / "old.dta"
    pyreadstat.write_dta(FRAME.select("PNR", "Navn"), str(path), version=12)
    assert "looks like UTF-8, but latin-1 is declared" in refused(path, "Tårnby", encoding="latin-1")
    data = path.read_bytes()
    for name in FRAME["Navn"]:
        data = data.replace(name.encode(), name.encode("cp1252").ljust(len(name.encode()), b"\0"))
    path.write_bytes(data)
    assert read(path, encoding="windows-1252")["navn"].to_list() == FRAME["Navn"].to_list()
    assert "not valid in the file's encoding" in refused(path, encoding="utf-8")


def test_a_cut_file_is_refused_wherever_it_is_cut(tmp_path, refused, stata):
    whole = stata.read_bytes()
    path = tmp_path / "cut.dta"
    for size in (1, 60, len(whole) // 3, len(whole) // 2, whole.index(b"</data>") - 5):
        path.write_bytes(whole[:size])
        assert "cut short" in refused(path)


def test_what_is_no_stata_file_and_what_has_no_rows_is_refused(tmp_path, refused):
    path = tmp_path / "a.dta"
    path.write_bytes(b"PNR,Y_0201\n" * 100)
    assert "damaged or cut short" in refused(path)
    pyreadstat.write_dta(FRAME.clear(), str(path))
    assert "no rows" in refused(path)
