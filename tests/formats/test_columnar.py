from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TABLE = pa.table(
    {
        "PNR": pa.array(["0101010000", "", None]),
        "Kode": pa.array([111, 20060317, None], pa.int32()),
        "Tal": pa.array([111.0, 0.5, None]),
        "Dag": pa.array([date(2009, 3, 31), date(1960, 1, 1), None]),
        "Tid": pa.array([datetime(2009, 3, 31, 12, 30), datetime(1960, 1, 1), None]),
        "Ja": pa.array([True, False, None]),
        "Navn": pa.array(["Ærø", "Tårnby", None]).dictionary_encode(),
        "Beløb": pa.array([Decimal("1.50"), Decimal("2.00"), None]),
        "Tom": pa.nulls(3),
    }
)
TEXTS = {
    "pnr": ["0101010000", None, None],
    "kode": ["111", "20060317", None],
    "tal": ["111", "0.5", None],
    "dag": ["2009-03-31", "1960-01-01", None],
    "tid": ["2009-03-31 12:30:00", "1960-01-01 00:00:00", None],
    "ja": ["1", "0", None],
    "navn": ["Ærø", "Tårnby", None],
    "beløb": ["1.50", "2.00", None],
    "tom": [None, None, None],
    "_row": [1, 2, 3],
}


@pytest.mark.parametrize("rows", [None, 1, 2])
def test_cells_become_text(tmp_path, read, rows):
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path, row_group_size=2)
    frame = read(path, rows=rows)
    assert frame.to_dict(as_series=False) == TEXTS
    assert all(kind == pl.String for kind in frame.drop("_row").dtypes)
    assert read(path, columns=["dag", "pnr"]).columns == ["pnr", "dag", "_row"]


def test_a_name_with_brackets_is_a_name_and_no_pattern(tmp_path, read):
    for name in ("GRANTS[1]*.PARQUET", "GRANTS1.PARQUET"):
        pl.DataFrame({"PNR": [str(len(name))]}).write_parquet(tmp_path / name)
    assert read(tmp_path / "GRANTS[1]*.PARQUET")["pnr"].to_list() == ["18"]


def test_a_cut_or_damaged_file_is_refused(tmp_path, refused):
    path = tmp_path / "a.parquet"
    table = pa.table({"PNR": [f"{n:010d}" for n in range(3000)]})
    pq.write_table(table, path, write_page_checksum=True, compression="none", use_dictionary=False)
    whole = path.read_bytes()
    for size in (1, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert "no Parquet footer" in refused(path)
    path.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    assert "damaged" in refused(path)


@pytest.mark.parametrize(
    ("column", "line"),
    [
        (pa.array(["TÃ¥rnby"]), "column 'A', 1 cells: holds 'Ã¦'"),
        (pa.array(["T\ufffdrnby"]), "holds U+FFFD"),
        (pa.array([b"x"]), "column 'A' holds Binary"),
        (pa.array([["x"]]), "column 'A' holds List"),
    ],
)
def test_text_that_was_garbled_and_what_is_no_text_is_refused(tmp_path, refused, column, line):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"A": column}), path)
    assert line in refused(path, "rnby")


def test_double_names_and_no_rows_are_refused(tmp_path, refused):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table([[1], [2]], names=["PNR", "pnr"]), path)
    assert "differs from another in case only" in refused(path)
    pq.write_table(TABLE.slice(0, 0), path)
    assert "no rows" in refused(path)
