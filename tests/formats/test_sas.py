from __future__ import annotations

import struct

import polars as pl
import pyreadstat
import pytest

from tests.formats.saswriter import grown, write_sas
from veje.formats import open_source
from veje.formats.sas_pages import parts, read_layout

EXPECTED = {
    "amfo2006.sas7bdat": "amfo2006",
    "bef200812.sas7bdat": "bef200812",
    "bef200812.dta": "bef200812",
    "dream200907.sas7bdat": "dream200907",
    "dream200907_numeric.sas7bdat": "dream200907",
}
COLUMNS = [("PNR", 10, ""), ("NAVN", 20, ""), ("DAG", 0, "DATE9."), ("TID", 0, "DATETIME20."), ("TAL", 0, "")]
ROWS = [
    ["0101010000", "Ærø", 0.0, 0.0, 20060317.0],
    ["0202020000", "", 17898.0, 1_546_387_200.0 + 45_000, 0.5],
    ["", "Tårnby", None, None, None],
]
NAMES = ["Ærø", "Tønder", "Århus", ""]


def many(count: int) -> list[list[object]]:
    return [
        [f"{n:010d}", NAMES[n % 4], 10_000.0 + n, 1e9 + n, None if n % 5 == 0 else n / 2]
        for n in range(count)
    ]


@pytest.fixture
def small(tmp_path):
    return write_sas(tmp_path / "small.sas7bdat", COLUMNS, ROWS, count=3)


@pytest.mark.parametrize(("file", "expected"), EXPECTED.items())
@pytest.mark.parametrize("rows", [None, 7])
def test_samples_read_as_their_content(samples, read, file, expected, rows):
    content = pl.read_csv(samples / f"{expected}_expected.csv", infer_schema=False)
    content.columns = [name.lower() for name in content.columns]
    frame = read(samples / file, rows=rows)
    assert frame.drop("_row").equals(content.with_columns(pl.all().replace("", None)))
    assert frame["_row"].to_list() == list(range(1, frame.height + 1))


def test_dates_numbers_and_missing_cells_become_text(read, small):
    frame = read(small)
    assert frame.schema["tal"] == pl.String
    assert frame["dag"].to_list() == ["1960-01-01", "2009-01-01", None]
    assert frame["tid"].to_list() == ["1960-01-01 00:00:00", "2009-01-01 12:30:00", None]
    assert frame["tal"].to_list() == ["20060317", "0.5", None]
    assert frame["navn"].to_list() == ["Ærø", None, "Tårnby"]


def test_a_number_that_no_date_can_be_stays_a_number(tmp_path, read):
    rows = [["1", "", 1e9, 1e18, 1.0]]
    frame = read(write_sas(tmp_path / "a.sas7bdat", COLUMNS, rows, count=1))
    assert frame.row(0)[2:4] == ("1000000000", "1e+18")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_parts_give_what_a_plain_read_gives(tmp_path, read, packed, wide):
    path = write_sas(tmp_path / "a.sas7bdat", COLUMNS, many(2000), count=2000, packed=packed, wide=wide)
    plain, _ = pyreadstat.read_sas7bdat(str(path), output_format="polars")
    for rows in (None, 1, 333):
        frame = read(path, rows=rows, columns=["pnr", "navn", "tal"])
        assert frame["pnr"].to_list() == plain["PNR"].to_list()
        assert frame["navn"].fill_null("").to_list() == plain["NAVN"].to_list()
        assert frame["tal"].cast(pl.Float64).to_list() == plain["TAL"].to_list()
        assert frame["_row"].to_list() == list(range(1, 2001))


def test_every_page_of_rows_is_read_once(tmp_path, read):
    """Reading in parts must take a time in proportion to the size: no part begins at the file's begin."""
    base = write_sas(tmp_path / "base.sas7bdat", COLUMNS, many(500), count=500)
    path = tmp_path / "grown.sas7bdat"
    rows = grown(base, path, 20)
    layout = read_layout(path)
    head = len(layout.file().getvalue())
    bytes_read = sum(len(part.file.getvalue()) - head for part in parts(layout, 700))
    assert bytes_read == len(layout.pages) * layout.shape.page_size
    assert read(path, rows=700).height == rows


def test_rows_beside_the_columns_descriptions_are_read_once(tmp_path, read):
    path = write_sas(tmp_path / "a.sas7bdat", COLUMNS, many(500), count=500)
    head_rows = read_layout(path).head_rows
    assert 0 < head_rows < 500
    assert [part.rows for part in parts(read_layout(path), 1000)] == [head_rows, 500 - head_rows]
    assert read(path)["pnr"].to_list() == [f"{n:010d}" for n in range(500)]


def recoded(source, target, code: int, encoding: str):
    """Write a file's text in another encoding and declare it by its number in the header."""
    data = source.read_bytes()
    for name in ("Ærø", "Tårnby"):
        utf8, other = name.encode(), name.encode(encoding)
        assert utf8 in data
        data = data.replace(utf8, other.ljust(len(utf8)))
    target.write_bytes(data[:70] + bytes([code]) + data[71:])
    return target


@pytest.mark.parametrize(("code", "used"), [(62, "windows-1252"), (29, "latin-1"), (0, "latin-1")])
def test_the_declared_encoding_counts_only_where_the_file_has_none(tmp_path, read, small, code, used):
    path = recoded(small, tmp_path / "a.sas7bdat", code, used)
    # The declared one is wrong for the files that declare their own.
    declared = "latin-1" if code == 0 else "utf-8"
    assert open_source(path, encoding=declared).encoding == used
    assert read(path, encoding=declared).equals(read(small))


def test_utf8_text_in_a_file_that_declares_windows_1252_is_refused(tmp_path, refused, small):
    data = small.read_bytes()
    path = tmp_path / "a.sas7bdat"
    path.write_bytes(data[:70] + bytes([62]) + data[71:])
    assert "column 'NAVN', 2 cells" in refused(path, "Tårnby", "TÃ¥rnby")
    assert "looks like UTF-8, but windows-1252 is declared" in refused(path)


@pytest.mark.parametrize("code", [20, 28, 62])
def test_bytes_that_the_encoding_does_not_have_are_refused(tmp_path, refused, small, code):
    data = small.read_bytes().replace("Tårnby".encode(), b"T\x81rnby ")
    path = tmp_path / "a.sas7bdat"
    path.write_bytes(data[:70] + bytes([code]) + data[71:])
    assert "not valid in the file's encoding" in refused(path, "rnby")


def test_a_cut_file_is_refused_wherever_it_is_cut(tmp_path, refused):
    whole = write_sas(tmp_path / "whole.sas7bdat", COLUMNS, many(1000), count=1000).read_bytes()
    path = tmp_path / "cut.sas7bdat"
    for size in (1, 100, 300, 5000, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert "cut short" in refused(path)


def test_a_file_with_fewer_pages_than_rows_is_refused(tmp_path, refused):
    path = write_sas(tmp_path / "a.sas7bdat", COLUMNS, many(1000), count=1000)
    shape, data = read_layout(path).shape, bytearray(path.read_bytes())
    struct.pack_into("<Q", data, shape.count_at, shape.page_count - 2)
    path.write_bytes(data[: -2 * shape.page_size])
    assert "of the 1,000 rows that the header says" in refused(path)


def test_rows_marked_as_deleted_are_refused(tmp_path, refused, small):
    data = bytearray(small.read_bytes())
    place = read_layout(small).shape.header_size + 32
    data[place] |= 0x80
    small.write_bytes(data)
    assert "marked as deleted" in refused(small)


def test_what_is_no_sas_file_and_what_has_no_rows_is_refused(tmp_path, refused):
    path = tmp_path / "a.sas7bdat"
    path.write_bytes(b"PNR,Y_0201\n" * 100)
    assert "not a SAS7BDAT file" in refused(path)
    write_sas(path, COLUMNS, [], count=0)
    assert "no rows" in refused(path)
