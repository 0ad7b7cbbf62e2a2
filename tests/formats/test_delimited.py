from __future__ import annotations

import gzip

import polars as pl
import pytest

from tests.people import delivered
from veje.formats import Problem

TEXT = 'PNR;Navn;Y_0201\n0101010000;"Ærø; ø\nog ""by""";111\n0202020000;Tårnby;\n'


def rows(frame: pl.DataFrame) -> list[tuple]:
    return frame.rows()


EXPECTED = [("0101010000", 'Ærø; ø\nog "by"', "111", 2), ("0202020000", "Tårnby", None, 3)]


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a.txt", "a.csv.gz", "a.txt.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "windows-1252"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_declared_kind_reads_alike(tmp_path, read, name, encoding, separator, end):
    text = TEXT.replace(";", "\0").replace("Ærø\0", "Ærø;").replace("\0", separator).replace("\n", end)
    data = text.encode("cp1252" if encoding == "windows-1252" else encoding)
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    frame = read(path, encoding=encoding, separator=separator)
    assert frame.columns == ["pnr", "navn", "y_0201", "_row"]
    assert rows(frame.with_columns(pl.col("navn").str.replace("\r", ""))) == EXPECTED
    assert rows(read(path, encoding=encoding, separator=separator, columns=["y_0201"])) == [
        ("111", 2),
        (None, 3),
    ]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "æøåÆØÅé–€"), ("latin-1", "æøåÆØÅé"), ("windows-1252", "æøåÆØÅé–€")],
)
def test_letters_are_exact_in_the_declared_encoding(tmp_path, read, encoding, text):
    path = tmp_path / "a.csv"
    path.write_bytes(f"PNR,NAVN\n1,{text}\n".encode("cp1252" if encoding == "windows-1252" else encoding))
    assert read(path, encoding=encoding)["navn"].to_list() == [text]


def test_a_name_with_brackets_is_a_name_and_no_pattern(tmp_path, read):
    for name in ("GRANTS[1]*.csv", "GRANTS1.csv"):
        (tmp_path / name).write_text(f"PNR\n{len(name)}\n")
    assert read(tmp_path / "GRANTS[1]*.csv")["pnr"].to_list() == ["14"]


def test_a_wide_register_is_read_exactly(tmp_path, read):
    frame = delivered()["dream"]
    frame.write_csv(tmp_path / "DREAM.csv")
    found = read(tmp_path / "DREAM.csv").drop("_row").fill_null("")
    assert found.equals(frame.rename(str.lower))


def test_utf8s_byte_order_mark_is_no_part_of_the_first_name(tmp_path, read, refused):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert rows(read(path, separator=";")) == EXPECTED
    assert "begins with UTF-8's mark" in refused(path, separator=";", encoding="latin-1")


def test_letters_and_pairs_across_blocks_are_read_and_refused_alike(tmp_path, read, refused, monkeypatch):
    monkeypatch.setattr("veje.formats.decoding._BLOCK", 3)
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode())
    assert rows(read(path, separator=";")) == EXPECTED
    for shift in range(3):
        path.write_bytes(b"PNR;N\n" + b"x" * shift + ";Tårnby\n".encode())
        assert "looks like UTF-8" in refused(path, separator=";", encoding="latin-1")


def test_many_batches_keep_row_numbers(tmp_path, read, monkeypatch):
    monkeypatch.setattr("veje.formats.delimited._BLOCK", 200)
    path = tmp_path / "a.csv"
    lines = [f"{n:010d},{n}" for n in range(2, 1000)]
    for row in (5, 500, 501, 998):
        lines[row - 2] = "1"
    lines[700 - 2] = "1,2,3"
    lines[600 - 2] = ""  # an empty line is a row of empty cells
    path.write_text("\n".join(["PNR,ROW", *lines]) + "\n")
    problems: list[Problem] = []
    frame = read(path, problems=problems, rows=7)
    assert frame.height == 998 - 5
    assert frame.filter(pl.col("row").is_null())["_row"].to_list() == [600]
    full = frame.drop_nulls()
    assert full["row"].cast(pl.Int64).to_list() == full["_row"].to_list()
    short = [Problem("short_row", row) for row in (5, 500, 501, 998)]
    assert set(problems) == {*short, Problem("long_row", 700)}
    assert len(problems) == 5


def test_ragged_rows_are_refused_with_row_and_count_when_nobody_takes_them(tmp_path, refused):
    path = tmp_path / "a.csv"
    path.write_text("PNR,A\n1,2\n1\n1,2,3\n1,2\n")
    assert "2 rows have more or fewer cells than the header, the first is row 3" in refused(path)


@pytest.mark.parametrize(
    ("data", "encoding", "line"),
    [
        (b"PNR,A\n", "utf-8", "no rows"),
        (b"\n\n", "utf-8", "names no columns"),
        (b"PNR,A\n1,2\n3,4", "utf-8", "last line has no end"),
        (b"PNR,A\n1,2\n3\n", "utf-8", "the last row, 3, is short"),
        (b"PNR,A,PNR\n1,2,3\n", "utf-8", "column 'pnr' stands twice"),
        (b"PNR,A, A\n1,2,3\n", "utf-8", "column 'a' stands twice"),
        (b"0703581113,0703581113\n1,2\n", "utf-8", "column '(not shown)' stands twice"),
        (b"PNR,A,pnr\n1,2,3\n", "utf-8", "column 'pnr' differs from another in case only"),
        (b"PNR,_row\n1,2\n", "utf-8", "keeps for itself"),
        (b"PNR;A\n1;2\n", "utf-8", "is the separator ';', not ','?"),
        ("PNR,A\n1,2\n3,å\n".encode("latin-1"), "utf-8", "line 3: a byte that is not utf-8"),
        (b"PNR,A\n1,\x81\n", "windows-1252", "line 2: a byte that is not windows-1252"),
        (b"PNR,A\n1,\x93hej\x94\n", "latin-1", "line 2: holds control characters: is it windows-1252"),
        (
            "PNR,A\n1,2\n1,æ\n".encode(),
            "latin-1",
            "line 3: holds 'Ã¦', 'Ã¸' or the like: the file looks like",
        ),
        ("PNR,A\n1,Å\n".encode(), "windows-1252", "looks like UTF-8, but windows-1252 is declared"),
        ("PNR,A\n1,Ã¥\n".encode(), "utf-8", "UTF-8 was taken for latin-1 when the file was written"),
        ("PNR,A\n1,T\ufffdrnby\n".encode(), "utf-8", "holds U+FFFD"),
        ("PNR,A\n1,2\n".encode("utf-16"), "utf-8", "is UTF-16"),
        (b"PNR,A\n1,2\n\0\0\0\0\n", "utf-8", "line 3: holds zero bytes"),
        (b'PNR,A\n1,"2\n3,4\n', "utf-8", "quotation marks: one is opened and not closed"),
    ],
)
def test_faulty_files_are_refused(tmp_path, refused, data, encoding, line):
    for name in ("a.csv", "a.csv.gz"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
        assert line in refused(path, problems=[], encoding=encoding)


def test_a_portuguese_name_is_no_fault(tmp_path, read):
    path = tmp_path / "a.csv"
    path.write_bytes("PNR,A\n1,JOÃO Ãb\n".encode("latin-1"))
    assert rows(read(path, encoding="latin-1")) == [("1", "JOÃO Ãb", 2)]


def test_a_cut_or_damaged_gzip_is_refused(tmp_path, refused):
    whole = gzip.compress(b"PNR,A\n" + b"".join(b"%d,%d\n" % (n * 7919 % 10007, n) for n in range(5000)))
    path = tmp_path / "a.csv.gz"
    for size in (5, 30, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert "cut short" in refused(path)
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    refused(path)
    path.write_bytes(b"PNR,A\n1,2\n")
    assert "not a gzip file" in refused(path)


def test_missing_empty_and_unknown_files_are_refused(tmp_path, refused):
    assert "no such file" in refused(tmp_path / "a.csv")
    (tmp_path / "a.csv").touch()
    assert "the file is empty" in refused(tmp_path / "a.csv")
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    assert "known: .sas7bdat, .dta, .parquet, .csv" in refused(tmp_path / "a.xlsx")


def test_a_column_that_is_not_there_is_told_with_near_names(tmp_path, refused):
    path = tmp_path / "a.csv"
    path.write_text("PNR,KOM\n1,2\n")
    assert "no column 'kom1': did you mean 'kom'?" in refused(path, columns=["kom1"])


def test_one_column_with_empty_cells_keeps_its_rows(tmp_path, read):
    path = tmp_path / "a.csv"
    path.write_text("PNR\n1\n\n2\n")
    assert rows(read(path)) == [("1", 2), (None, 3), ("2", 4)]
