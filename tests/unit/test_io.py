from __future__ import annotations

import json
import random
import stat

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.people import BY_NAME, delivered
from veje import io
from veje.errors import BadInput, VejeError
from veje.settings import Register

TORBEN = BY_NAME["Torben"].pnr
FLOW = pl.DataFrame({"step": [0, 1], "key": ["decisions", "grants"], "rows": [40, 30], "persons": [35, 30]})


def register(**options):
    return Register(files=["x"], **options)


def delivery(folder, content, name="GRANTS.csv", **options):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return io.read_delivery(path, register(**options))


def refused(told, folder, content, *cells, **options):
    with pytest.raises(BadInput) as error:
        delivery(folder, content, **options)
    line = told(error, *cells)
    assert line.startswith(f"{folder}/")
    return line.removeprefix(f"{folder}/")


# Files that appear whole or not at all


def test_a_failed_write_leaves_the_former_file_and_nothing_else(tmp_path):
    path = tmp_path / "released.csv"
    io.write_text("former\n", path)

    def fail(file):
        file.write(b"half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        io.write_whole(path, fail)
    assert path.read_text() == "former\n"
    assert [p.name for p in tmp_path.iterdir()] == ["released.csv"]


def test_a_failed_first_write_leaves_no_file(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        io.write_whole(tmp_path / "new", interrupt)
    assert list(tmp_path.iterdir()) == []


def interrupt(file):
    raise KeyboardInterrupt


def test_a_frame_that_breaks_its_contract_is_not_written(tmp_path):
    with pytest.raises(VejeError, match="table flow: rules broken: primary_key"):
        io.write_table(pl.concat([FLOW, FLOW]), tmp_path / "flow.parquet", "flow")
    assert list(tmp_path.iterdir()) == []


def test_files_are_not_for_everybody(tmp_path):
    path = tmp_path / "a" / "b" / "flow.parquet"
    io.write_table(FLOW, path, "flow")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    io.write_table(FLOW, path, "flow")  # and again when it is replaced
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in path.parent.iterdir()] == ["flow.parquet"]


def test_equal_data_gives_equal_bytes(tmp_path):
    io.write_json({"b": "æ", "a": [1]}, tmp_path / "1.json")
    io.write_json({"a": [1], "b": "æ"}, tmp_path / "2.json")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()
    assert io.read_json(tmp_path / "1.json") == {"a": [1], "b": "æ"}
    assert "æ" in (tmp_path / "1.json").read_text(encoding="utf-8")
    for name in ("1", "2"):
        io.write_table(FLOW, tmp_path / f"{name}.parquet", "flow")
    assert io.digest(tmp_path / "1.parquet") == io.digest(tmp_path / "2.parquet")


def test_a_digest_is_the_sha_256_of_the_bytes(tmp_path):
    io.write_text("abc", tmp_path / "abc")
    assert io.digest(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


# veje's own tables


def test_a_table_comes_back_as_it_was(tmp_path):
    path = tmp_path / "sequences.parquet"
    frame = pl.DataFrame(
        {"person": [1, 2], "area": ["herning", "viborg"], "sequence": [1, 0], "states": [[0, 9], [2, 2]]},
        schema_overrides={"states": pl.List(pl.UInt8)},
    )
    io.write_table(frame, path, "sequences")
    assert io.read_table(path, "sequences").equals(frame)


def test_a_footer_holds_no_persons_values(tmp_path):
    keys = pl.DataFrame({"pnr": [TORBEN], "person": [1]})
    io.write_table(keys, tmp_path / "keys.parquet", "keys")
    metadata = pq.ParquetFile(tmp_path / "keys.parquet").metadata
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            assert metadata.row_group(group).column(column).statistics is None
    footer = (tmp_path / "keys.parquet").read_bytes()[-metadata.serialized_size - 8 :]
    assert TORBEN.encode() not in footer


def test_flipped_bits_in_pages_are_caught(tmp_path, told):
    path = tmp_path / "dream.parquet"
    rng = np.random.default_rng(1)
    n = 4000
    frame = pl.DataFrame(
        {
            "person": np.arange(1, n + 1),
            "code": [str(c) for c in rng.integers(100, 999, n)],
            "week_from": pl.Series(rng.integers(1000, 2000, n), dtype=pl.Int32),
            "week_to": pl.Series(rng.integers(2000, 3000, n), dtype=pl.Int32),
        }
    )
    io.write_table(frame, path, "dream")
    whole = path.read_bytes()
    footer = pq.ParquetFile(path).metadata.serialized_size + 8
    caught = 0
    for at in random.Random(2).sample(range(4, len(whole) - footer), 200):
        broken = bytearray(whole)
        broken[at] ^= 1 << at % 8
        path.write_bytes(bytes(broken))
        outcome = attempt(path)
        if isinstance(outcome, BadInput):
            assert told(outcome).endswith("delete it and run again")
            caught += 1
        else:
            # A flip in a page header's unused bits may be harmless; it never changes a value.
            assert outcome.equals(frame)
    assert caught > 190


def attempt(path):
    try:
        return io.read_table(path, "dream")
    except BadInput as error:
        return error


@pytest.mark.parametrize("content", [b"", b"PAR1", b"person,code\n1,111\n"])
def test_what_is_no_parquet_is_named(tmp_path, content, told):
    path = tmp_path / "flow.parquet"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        io.read_table(path, "flow")
    assert told(error) == f"{path}: damaged or not a Parquet file; delete it and run again"


def test_a_table_of_another_contract_is_named(tmp_path, told):
    io.write_table(FLOW, tmp_path / "flow.parquet", "flow")
    with pytest.raises(BadInput) as error:
        io.read_table(tmp_path / "flow.parquet", "keys")
    assert told(error).endswith("flow.parquet: columns are not those of table keys; delete it and run again")


def test_arrays_come_back_and_are_never_unpickled(tmp_path, told):
    io.write_array(np.array([1.5, 2.5], dtype=np.float32), tmp_path / "d.npy")
    back = io.read_array(tmp_path / "d.npy")
    assert (back.dtype, back.tolist()) == (np.dtype(np.float32), [1.5, 2.5])
    with pytest.raises(ValueError, match="allow_pickle"):
        io.write_array(np.array([{}]), tmp_path / "o.npy")
    assert not (tmp_path / "o.npy").exists()
    np.save(tmp_path / "p.npy", np.array([{}]), allow_pickle=True)
    (tmp_path / "cut.npy").write_bytes((tmp_path / "d.npy").read_bytes()[:-3])
    (tmp_path / "empty.npy").write_bytes(b"")
    for name in ("p", "cut", "empty", "absent"):
        with pytest.raises(BadInput) as error:
            io.read_array(tmp_path / f"{name}.npy")
        assert told(error) == f"{tmp_path}/{name}.npy: damaged or not a NumPy file; delete it and run again"


def test_released_tables_are_plain_csv(tmp_path):
    frame = pl.DataFrame({"area": ["herning", "viborg"], "value": [1.5, None]})
    io.write_csv(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == b"area,value\nherning,1.5\nviborg,\n"


# Files as delivered


def test_every_cell_is_text(tmp_path):
    frame = delivery(tmp_path, f"PNR,AFGDATO,N\n{TORBEN},2008-03-06,1.50\n")
    assert frame.row(0) == (TORBEN, "2008-03-06", "1.50")
    assert set(frame.dtypes) == {pl.String}


def test_parquet_gives_text_too(tmp_path):
    path = tmp_path / "GRANTS.PARQUET"  # case varies
    pl.DataFrame({"PNR": [TORBEN, None], "KOM": [657.0, None], "AAR": [2008, 2009]}).write_parquet(path)
    frame = io.read_delivery(path, register())
    assert frame.rows() == [(TORBEN, "657.0", "2008"), (None, None, "2009")]


def test_a_name_with_brackets_is_a_name_and_no_pattern(tmp_path):
    path = tmp_path / "GRANTS[1]*.parquet"
    pl.DataFrame({"PNR": ["1"]}).write_parquet(path)
    pl.DataFrame({"PNR": ["2"]}).write_parquet(tmp_path / "GRANTS1.parquet")
    assert io.read_delivery(path, register())["PNR"].to_list() == ["1"]


def test_separators_and_quotes(tmp_path):
    frame = delivery(tmp_path, 'PNR;NAVN\n1;"Ågård; Sø"\n2;"sagde ""ja"""\n', separator=";")
    assert frame["NAVN"].to_list() == ["Ågård; Sø", 'sagde "ja"']


def test_line_ends_of_windows_and_a_byte_order_mark(tmp_path):
    frame = delivery(tmp_path, b"\xef\xbb\xbfPNR,KOM\r\n1,657\r\n")
    assert (frame.columns, frame.rows()) == (["PNR", "KOM"], [("1", "657")])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", "æøåÆØÅé–€"), ("latin-1", "æøåÆØÅé"), ("windows-1252", "æøåÆØÅé–€")],
)
def test_letters_are_exact_in_the_declared_encoding(tmp_path, encoding, text):
    content = f"PNR,NAVN\n1,{text}\n".encode(encoding)
    assert delivery(tmp_path, content, encoding=encoding)["NAVN"].to_list() == [text]


def test_latin_1_read_as_utf_8_is_refused(tmp_path, told):
    content = f"PNR,NAVN\n{TORBEN},Sø\n".encode("latin-1")
    assert refused(told, tmp_path, content, "Sø").startswith("GRANTS.csv: not readable (")


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252"])
def test_utf_8_read_as_latin_1_is_refused(tmp_path, encoding, told):
    line = refused(told, tmp_path, "PNR,NAVN\n1,Sø\n", "Sø", encoding=encoding)
    assert line == f"GRANTS.csv: is UTF-8, not {encoding} as the config says"
    assert delivery(tmp_path, "PNR,NAVN\n1,So\n", encoding=encoding).height == 1


def test_a_byte_that_windows_1252_does_not_have_is_refused(tmp_path, told):
    content = b"PNR,NAVN\n1,\xe6\x81\n"
    line = refused(told, tmp_path, content, encoding="windows-1252")
    assert line == "GRANTS.csv: not readable (UnicodeDecodeError)"


def test_a_file_that_is_not_there(tmp_path, told):
    with pytest.raises(BadInput) as error:
        io.read_delivery(tmp_path / "GRANTS2009.csv", register())
    assert told(error) == f"{tmp_path}/GRANTS2009.csv: no such file"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        ("PNR,KOM\n", "has a header but no rows"),
        ("\n", "not readable (ArrowInvalid)"),
        (f"PNR,KOM\n{TORBEN},657\n{TORBEN},6", "the last line has no end: is the file truncated?"),
        ("PNR,KOM,pnr\n1,657,1\n", "column 'pnr' stands twice in the header"),
        ("PNR,KOM, KOM\n1,657,657\n", "column 'kom' stands twice in the header"),
        (f"{TORBEN},{TORBEN}\n1,2\n", "column '(not shown)' stands twice in the header"),
    ],
)
def test_files_that_cannot_be_right(tmp_path, content, words, told):
    assert refused(told, tmp_path, content) == f"GRANTS.csv: {words}"


def test_short_rows_are_refused_because_dream_would_read_them_as_blank(tmp_path, told):
    content = f"PNR,Y_0801,Y_0802\n1,111,111\n{TORBEN},111\n2,111\n"
    assert refused(told, tmp_path, content) == (
        "GRANTS.csv: 2 rows have more or fewer cells than the header, the first is row 3"
    )


def test_long_rows_are_refused(tmp_path, told):
    content = f"PNR,KOM\n1,657\n2,661\n{TORBEN},657,herning\n"
    assert refused(told, tmp_path, content, "herning") == (
        "GRANTS.csv: 1 rows have more or fewer cells than the header, the first is row 4"
    )


def test_a_truncated_parquet_is_refused(tmp_path, told):
    path = tmp_path / "DREAM.parquet"
    delivered()["dream"].write_parquet(path)
    whole = path.read_bytes()
    for keep in (0.2, 0.9, 0.999):
        path.write_bytes(whole[: int(len(whole) * keep)])
        with pytest.raises(BadInput) as error:
            io.read_delivery(path, register())
        assert told(error).startswith(f"{path}: not readable (")


def test_csv_keeps_a_wide_register_exactly(tmp_path):
    frame = delivered()["dream"]
    frame.write_csv(tmp_path / "DREAM.csv")
    assert io.read_delivery(tmp_path / "DREAM.csv", register()).equals(frame)


def test_json_is_sorted_and_ends_with_a_line_end(tmp_path):
    io.write_json({"b": 1, "a": 2}, tmp_path / "x.json")
    text = (tmp_path / "x.json").read_text()
    assert text.endswith("}\n")
    assert list(json.loads(text)) == ["a", "b"]
