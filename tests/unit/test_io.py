from __future__ import annotations

import json
import random
import stat

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.people import BY_NAME
from veje import io
from veje.errors import BadInput, VejeError
from veje.importing import import_file

TORBEN = BY_NAME["Torben"].pnr
FLOW = pl.DataFrame({"step": [0, 1], "key": ["decisions", "grants"], "rows": [40, 30], "persons": [35, 30]})


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
    path = tmp_path / "measures.parquet"
    rng = np.random.default_rng(1)
    n = 4000
    frame = pl.DataFrame(
        {
            "person": np.arange(1, n + 1),
            "measure": [str(c) for c in rng.integers(100, 999, n)],
            "start": pl.Series(rng.integers(10_000, 12_000, n), dtype=pl.Int32).cast(pl.Date),
            "end": pl.Series(rng.integers(12_000, 14_000, n), dtype=pl.Int32).cast(pl.Date),
            "hours": rng.random(n),
        }
    )
    io.write_table(frame, path, "measures")
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
        return io.read_table(path, "measures")
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


# Converted deliveries


def test_a_converted_delivery_comes_back_as_text(tmp_path):
    source, target = tmp_path / "GRANTS.csv", tmp_path / "converted.parquet"
    source.write_text(f"PNR,AFGDATO,N\n{TORBEN},2008-03-06,1.50\n,.,\n")
    import_file(source, target)
    table = io.TextTable(target)
    (part,) = table.parts(table.columns)
    assert (table.height, part.height) == (2, 2)
    assert part.to_dict(as_series=False) == {
        "pnr": [TORBEN, None],
        "afgdato": ["2008-03-06", "."],
        "n": ["1.50", None],
        "_row": [2, 3],
    }


def test_a_damaged_conversion_is_named(tmp_path, told):
    source, target = tmp_path / "DREAM.csv", tmp_path / "converted.parquet"
    source.write_text("PNR\n" + f"{TORBEN}\n" * 100)
    import_file(source, target)
    whole = target.read_bytes()
    flipped = bytearray(whole)
    flipped[40] ^= 1
    for content in (b"", whole[:-9], bytes(flipped)):
        target.write_bytes(content)
        with pytest.raises(BadInput) as error:
            list(io.TextTable(target).parts(["pnr"]))
        assert told(error) == "converted.parquet: damaged; delete it and run again"


def test_json_is_sorted_and_ends_with_a_line_end(tmp_path):
    io.write_json({"b": 1, "a": 2}, tmp_path / "x.json")
    text = (tmp_path / "x.json").read_text()
    assert text.endswith("}\n")
    assert list(json.loads(text)) == ["a", "b"]
