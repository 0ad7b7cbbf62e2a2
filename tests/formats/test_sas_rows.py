"""Rows of unpacked SAS files straight from the pages: the same as ReadStat's reading of every file."""

from __future__ import annotations

import struct
import threading

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.saswriter import write_sas
from veje.errors import BadInput
from veje.formats import registry, sas_stata
from veje.formats.registry import read_ahead
from veje.formats.sas_pages import parts, read_layout
from veje.formats.sas_rows import Field, Fields, find_fields, read_numbers, read_texts, rows_of

COLUMNS = [
    ("PNR", 10, ""),
    ("Y_0801", 3, ""),
    ("Y_0802", 3, ""),
    ("NAVN", 20, ""),
    ("BY", 12, ""),
    ("DAG", 0, "DATE9."),
    ("TID", 0, "DATETIME20."),
    ("TAL", 0, ""),
]
NUMBER = st.one_of(
    st.none(),
    st.integers(-(10**6), 10**12).map(float),
    st.floats(-1e12, 1e12, allow_nan=False, allow_subnormal=False),
)
ROW = st.tuples(
    st.from_regex(r"\A[0-9]{0,10}\Z"),
    st.sampled_from(["", "111", " 11", "1 1", "~", "  1"]),
    st.sampled_from(["", "890", "8", "Ø", "\x7f"]),
    st.sampled_from(["Ærø", "Herning", "a  b", ""]),
    st.sampled_from(["Tønder", "twelve bytes", "eleven byte", " x", ""]),
    NUMBER,
    NUMBER,
    NUMBER,
)


def whole(path, **options):
    return pl.concat(list(registry.read_batches(path, **options)))


def alone(path, **options):
    """Read a file by ReadStat alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sas_stata, "find_fields", lambda *_: None)
        return whole(path, **options)


def fields_of(path):
    texts = [width > 0 for _, width, _ in COLUMNS]
    return find_fields(read_layout(path), [name for name, *_ in COLUMNS], texts)


@given(st.lists(ROW, min_size=1, max_size=6), st.booleans(), st.sampled_from([None, 150]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_give_what_readstat_gives(tmp_path, drawn, wide, rows):
    """Many copies of few rows: most lie on pages of rows alone."""
    path = tmp_path / "a.sas7bdat"
    write_sas(path, COLUMNS, drawn * 200, count=len(drawn) * 200, wide=wide)
    assert fields_of(path) is not None
    assert whole(path, rows=rows).equals(alone(path, rows=rows))


@pytest.fixture
def asked(monkeypatch):
    """What ReadStat was asked for, of files' rows."""
    calls = []
    read = sas_stata.pyreadstat.read_sas7bdat

    def noted(*args, **options):
        if "usecols" in options:
            calls.append(options["usecols"])
        return read(*args, **options)

    monkeypatch.setattr(sas_stata.pyreadstat, "read_sas7bdat", noted)
    return calls


def many(navn, by="Herning", count=2_000):
    return [[f"{n:010d}", "111", "", navn, by, 1.0, 2.0, 3.0] for n in range(count)]


def test_readstat_is_asked_for_what_is_not_plain_or_short(tmp_path, asked):
    path = write_sas(tmp_path / "a.sas7bdat", COLUMNS, many("Aarhus", "Ærø"), count=2_000)
    frame = whole(path)
    assert frame["by"].to_list() == ["Ærø"] * 2_000
    names = [name for name, *_ in COLUMNS]
    # The first part holds the rows that lie beside the columns' descriptions.
    assert asked[0] == names
    assert asked[1:]
    assert all(call == ["NAVN", "BY"] for call in asked[1:])


def test_columns_that_are_not_wanted_are_not_read(tmp_path, asked):
    path = write_sas(tmp_path / "a.sas7bdat", COLUMNS, many("Aarhus"), count=2_000)
    assert whole(path, columns=["y_0801", "tal"]).columns == ["y_0801", "tal", "_row"]
    assert asked == [["Y_0801", "TAL"]]


def test_packed_files_are_left_to_readstat(tmp_path):
    path = write_sas(tmp_path / "a.sas7bdat", COLUMNS, many("Ærø"), count=2_000, packed=True)
    assert fields_of(path) is None
    assert whole(path).equals(alone(path))
    assert whole(path).height == 2_000


def test_a_description_that_is_not_readstats_is_not_used(tmp_path):
    layout = read_layout(write_sas(tmp_path / "a.sas7bdat", COLUMNS, many(""), count=2_000))
    names, texts = [name for name, *_ in COLUMNS], [width > 0 for _, width, _ in COLUMNS]
    found = find_fields(layout, names, texts)
    assert [found.of[name].width for name in names] == [width or 8 for _, width, _ in COLUMNS]
    assert find_fields(layout, names, [True] * len(names)) is None
    assert find_fields(layout, names[:-1], texts[:-1]) is None


def test_rows_are_those_of_every_page(tmp_path):
    path = write_sas(tmp_path / "a.sas7bdat", COLUMNS, many(""), count=2_000)
    fields, seen = fields_of(path), []
    for part in parts(read_layout(path), 700):
        if part.pages:
            seen += read_texts(rows_of(part, fields), fields, ["PNR"])["PNR"].to_list()
    head = read_layout(path).head_rows
    assert seen == [f"{n:010d}" for n in range(head, 2_000)]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("width", range(3, 9))
def test_numbers_may_be_cut_short(order, width):
    """SAS stores a number of fewer bytes without the last ones of its fraction."""
    values = [0.0, 1.0, -2.0, 0.5, 1024.0]
    cells = [struct.pack(f"{order}d", value) for value in values]
    missing = struct.pack(f"{order}Q", 0xFFFFFE0000000000)
    kept = slice(8 - width, 8) if order == "<" else slice(0, width)
    rows = np.array([list(b"x" + cell[kept]) for cell in [*cells, missing]], dtype=np.uint8)
    fields = Fields({"n": Field(1, width, False)}, 1 + width)
    assert read_numbers(rows, fields, ["n"], order)["n"].to_list() == [*values, None]


# Reading ahead


def test_frames_come_in_order_and_are_read_by_another_thread():
    readers = set()

    def frames():
        for at in range(5):
            readers.add(threading.get_ident())
            yield pl.DataFrame({"at": [at]})

    assert [frame["at"][0] for frame in read_ahead(frames())] == list(range(5))
    assert threading.get_ident() not in readers


def test_a_fault_while_reading_ahead_stops_the_reading():
    def frames():
        yield pl.DataFrame({"at": [0]})
        raise BadInput("a.sas7bdat: damaged or cut short")

    seen = []
    with pytest.raises(BadInput, match="cut short"):
        seen.extend(read_ahead(frames()))
    assert len(seen) == 1


def test_a_reader_that_stops_early_leaves_no_thread():
    before = threading.active_count()
    reading = read_ahead(iter([pl.DataFrame({"at": [0]})] * 3))
    next(reading)
    reading.close()
    assert threading.active_count() == before
