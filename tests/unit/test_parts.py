"""Registers read part by part: the same rows, faults and numbers as when read at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import BY_NAME, EVERYONE, not_delivered
from veje import io
from veje.contracts import register
from veje.ingest import Delivery, Everyone, doubles, number_persons, persons, read_dream, read_register
from veje.settings import Register

PNRS = [person.pnr for person in EVERYONE]
TORBEN, HANNE, JYTTE = (BY_NAME[name].pnr for name in ("Torben", "Hanne", "Jytte"))
ROWS = {
    "bef": st.fixed_dictionaries(
        {
            "PNR": st.sampled_from([*PNRS[:4], PNRS[0][1:], "", "0000000000", "PNR"]),
            "REFERENCETID": st.sampled_from(["2006-12-31", "2007-12-31", "", "soon"]),
            "KOEN": st.sampled_from(["1", "2", "9"]),
            "E_FAELLE_ID": st.sampled_from(["", *PNRS[4:6]]),
        }
    ),
    "amfo": st.fixed_dictionaries(
        {
            "PNR": st.sampled_from(PNRS[:3]),
            "FORANST": st.sampled_from(["01", "1.0", ""]),
            "STARTDTO": st.sampled_from(["20060102", "20060401"]),
            "SLUTDTO": st.sampled_from(["20060312", "20060401.0", "99991231"]),
            "TIMERPU": st.sampled_from(["37", "18,5", "x"]),
        }
    ),
}


class InParts:
    """A frame that gives its rows in parts of given sizes, as files do."""

    def __init__(self, frame, sizes):
        self._frame, self._sizes = frame, sizes
        self.columns, self.height = frame.columns, frame.height

    def parts(self, columns):
        at = 0
        for size in [*self._sizes, self.height]:
            part = self._frame.select(columns).slice(at, size)
            if part.height:
                yield part
            at += size


def read(name, *files, reader=read_register, **options):
    given = Register(files=["x"], columns=not_delivered(name, files[0].frame.columns))
    return reader(files, register(name), given, True, **options)


def everyone_of(name, *files, **options):
    everyone = Everyone()
    read(name, *files, everyone=everyone, **options)
    return number_persons(everyone, 2012)


@given(st.data())
@settings(max_examples=20, deadline=None)
@pytest.mark.parametrize("name", ROWS)
def test_parts_give_what_the_whole_gives(name, data):
    rows = data.draw(st.lists(st.lists(ROWS[name], min_size=1, max_size=12), min_size=1, max_size=3))
    sizes = data.draw(st.lists(st.integers(1, 5), max_size=6))
    whole = [Delivery(f"{at}.csv", pl.DataFrame(file)) for at, file in enumerate(rows)]
    parts = [replace(file, frame=InParts(file.frame, sizes)) for file in whole]
    at_once, in_parts = read(name, *whole), read(name, *parts)
    assert in_parts.frame.equals(at_once.frame)
    assert in_parts.faults.table().equals(at_once.faults.table())
    assert in_parts.faults.lines() == at_once.faults.lines()
    assert in_parts.rows == at_once.rows == sum(map(len, rows))
    numbers = everyone_of(name, *parts)
    assert numbers.equals(everyone_of(name, *whole))
    assert numbers.equals(everyone_of(name, *whole[::-1]))


@pytest.fixture
def population():
    """Everyone at two ends of years; Torben twice at one of them, three parts and a file apart."""
    days = ["2006-12-31", "2007-12-31"]
    rows = [{"PNR": pnr, "REFERENCETID": day} for day in days for pnr in PNRS]
    twice = pl.DataFrame([{"PNR": TORBEN[1:], "REFERENCETID": days[0]}])
    return [Delivery("A.csv", InParts(pl.DataFrame(rows), [2] * 20)), Delivery("B.csv", twice)]


def test_a_person_twice_is_found_across_parts_and_files(population):
    found = read("bef", *population)
    row = PNRS.index(TORBEN) + 2
    faults = found.faults.table().select("file", "row", "rule").rows()
    assert faults == [("A.csv", row, "duplicate"), ("B.csv", 2, "duplicate")]
    assert found.frame.height == len(PNRS) * 2 - 1
    assert found.frame.filter(pl.col("person") == TORBEN).height == 1


def test_keys_that_only_share_a_hash_are_no_doubles(population, monkeypatch):
    expected = read("bef", *population)
    monkeypatch.setattr(doubles, "hashes", lambda rows, key: np.zeros(rows.height, dtype=np.uint64))
    found = read("bef", *population)
    assert found.frame.equals(expected.frame)
    assert found.faults.table().equals(expected.faults.table())


def test_rows_of_others_are_checked_and_counted_but_not_kept(population):
    wanted = pl.Series([HANNE, JYTTE])
    bad = Delivery("C.csv", pl.DataFrame({"PNR": [HANNE, TORBEN], "REFERENCETID": ["soon", "soon"]}))
    whole, found = read("bef", *population, bad), read("bef", *population, bad, wanted=wanted)
    assert found.rows == whole.rows
    assert found.faults.table().equals(whole.faults.table())
    assert found.faults.rows("date_unreadable") == 2
    assert found.frame.equals(whole.frame.filter(pl.col("person").is_in([HANNE, JYTTE])))
    everyone, alone = everyone_of("bef", *population), everyone_of("bef", *population, wanted=wanted)
    assert sorted(everyone["pnr"]) == sorted(PNRS)
    assert alone.equals(everyone)


def test_places_in_dream_count_all_rows_of_a_file():
    rows = InParts(pl.DataFrame({"PNR": [JYTTE, "", TORBEN, HANNE]}), [2])
    files = [Delivery("A.csv", rows, (), ("Y_0801",), "a")]
    found = read("dream", *files, reader=read_dream, wanted=pl.Series([HANNE, JYTTE]))
    assert found.frame.rows() == [(JYTTE, 0, "a"), (HANNE, 3, "a")]


def test_many_persons_are_numbered_once_whatever_the_order():
    draw = np.random.default_rng(5)
    numbers = pl.Series("p", draw.integers(0, 40_000, 90_000)).cast(pl.String).str.zfill(10)
    everyone = Everyone()
    for part in numbers.to_frame().iter_slices(7_001):
        everyone.add(part)
    found = number_persons(everyone, 1)
    assert found.equals(number_persons(Everyone([numbers.reverse()]), 1))
    assert found["pnr"].n_unique() == found.height == numbers.n_unique()
    assert found["person"].to_list() == list(range(1, found.height + 1))


def test_numbers_of_one_hash_have_an_order_of_their_own(monkeypatch):
    monkeypatch.setattr(persons, "_hashes", lambda numbers, salt: np.zeros(len(numbers), dtype=np.uint64))
    found = number_persons(Everyone([pl.Series(PNRS)]), 1)
    assert found["pnr"].to_list() == sorted(PNRS)
    assert found.equals(number_persons(Everyone([pl.Series(PNRS[::-1])]), 1))


def test_a_long_table_is_written_in_parts_that_are_checked(tmp_path):
    keys = pl.DataFrame({"pnr": PNRS, "person": range(1, len(PNRS) + 1)})
    io.write_parts(keys.iter_slices(2), tmp_path / "keys.parquet", "keys")
    assert io.read_table(tmp_path / "keys.parquet", "keys").equals(keys)
    io.write_parts([], tmp_path / "none.parquet", "keys")
    assert io.read_table(tmp_path / "none.parquet", "keys").height == 0
    bad = pl.DataFrame({"pnr": ["a", "b"], "person": [1, 0]})
    with pytest.raises(Exception, match="table keys: rules broken"):
        io.write_parts([keys, bad], tmp_path / "bad.parquet", "keys")
    assert not (tmp_path / "bad.parquet").exists()
