"""Weekly files as veje converts them: only the weeks and rows that are needed, whatever the files' layout."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import BY_NAME
from veje.branche import FIRST_MONTH
from veje.errors import BadInput
from veje.importing import import_file
from veje.weekfile import codes_of, read_industry, read_weekly, weekly_of, weeks_of
from veje.weeks import column_of, week_of_column

TORBEN = BY_NAME["Torben"].pnr
FIRST = week_of_column("Y_0801")


def wide(rows, first=FIRST):
    """Rows of weekly codes from one week on, as DREAM's columns."""
    return pl.DataFrame({column_of(first + at): [row[at] for row in rows] for at in range(len(rows[0]))})


def converted(folder, rows, name="a", first=FIRST, order=None):
    """Deliver rows and convert them; gives the weekly file."""
    frame = wide(rows, first)
    frame = frame.select(order or frame.columns)
    source = folder / f"{name}.csv"
    frame.insert_column(0, pl.Series("PNR", [f"{at:05d}" for at in range(frame.height)])).write_csv(source)
    import_file(source, folder / "persons" / f"{name}.parquet", weeks=folder / f"{name}.parquet")
    return folder / f"{name}.parquet"


def rows_of(*places):
    return pl.DataFrame(
        {"source": [s for s, _ in places], "position": [at for _, at in places]},
        schema={"source": pl.String, "position": pl.Int64},
    )


def told_codes(weekly):
    """The codes of every row, None where the register has no such week."""
    return [[weekly.codes[n] if n >= 0 else None for n in row] for row in weekly.numbers.tolist()]


ROWS = [["111", "", "890"], ["", "", ""], ["130", "111", ""], ["890", "890", "890"]]


def test_rows_come_in_the_order_asked_for(tmp_path):
    files = {"a": converted(tmp_path, ROWS)}
    weekly = read_weekly(files, rows_of(("a", 3), ("a", 0), ("a", 2)), FIRST, FIRST + 3)
    assert told_codes(weekly) == [ROWS[3], ROWS[0], ROWS[2]]
    assert weekly.first == FIRST
    assert weekly.numbers.dtype == np.int32
    assert "" in weekly.codes


def test_only_the_weeks_asked_for_are_given(tmp_path):
    files = {"a": converted(tmp_path, ROWS)}
    weekly = read_weekly(files, rows_of(("a", 0), ("a", 2)), FIRST + 1, FIRST + 2)
    assert (told_codes(weekly), weekly.first) == ([[""], ["111"]], FIRST + 1)


def test_weeks_outside_the_file_are_none_and_not_blank(tmp_path):
    files = {"a": converted(tmp_path, ROWS)}
    weekly = read_weekly(files, rows_of(("a", 1), ("a", 0)), FIRST - 2, FIRST + 4)
    assert weekly.numbers[:, [0, 1, 5]].tolist() == [[-1] * 3] * 2
    assert told_codes(weekly) == [[None, None, *ROWS[1], None], [None, None, *ROWS[0], None]]
    for low, high in ((FIRST - 9, FIRST), (FIRST + 3, FIRST + 9)):
        outside = read_weekly(files, rows_of(("a", 0)), low, high)
        assert (outside.numbers == -1).all()
        assert outside.numbers.shape == (1, high - low)


def test_only_the_needed_columns_and_row_groups_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("veje.groups.ROWS", 10)
    monkeypatch.setattr("veje.formats.source.MOST_ROWS", 10)
    monkeypatch.setattr("veje.formats.delimited._BLOCK", 200)
    codes = [[str(100 + at), str(200 + at), str(300 + at)] for at in range(100)]
    path = converted(tmp_path, codes)
    ends = np.cumsum([0, *(pq.read_metadata(path).row_group(g).num_rows for g in range(5))]).tolist()
    assert pq.read_metadata(path).num_row_groups > 5
    asked = []
    read_group = pq.ParquetFile.read_row_group

    def spy(self, group, columns=None, **options):
        asked.append((group, columns))
        return read_group(self, group, columns=columns, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", spy)
    # The last row of one group, the first and last of another, and the first of a third.
    places = [ends[4], ends[2], ends[1] - 1, ends[3] - 1]
    weekly = read_weekly({"a": path}, rows_of(*(("a", at) for at in places)), FIRST + 1, FIRST + 3)
    assert told_codes(weekly) == [codes[at][1:] for at in places]
    assert asked == [(group, ["y_0802", "y_0803"]) for group in (0, 2, 4)]
    asked.clear()
    read_weekly({"a": path}, rows_of(("a", 0)), FIRST - 5, FIRST - 2)
    assert asked == []


def test_files_with_other_numbers_for_the_same_codes_agree(tmp_path):
    first = [["111", "890", ""], ["130", "", "111"]]
    second = [["890", "", "777"], ["111", "130", "890"]]
    files = {"a": converted(tmp_path, first, "a"), "b": converted(tmp_path, second, "b")}
    assert codes_of(files["a"]).index("890") != codes_of(files["b"]).index("890")
    weekly = read_weekly(files, rows_of(("b", 1), ("a", 1), ("b", 0), ("a", 0)), FIRST, FIRST + 3)
    assert told_codes(weekly) == [second[1], first[1], second[0], first[0]]
    assert len(set(weekly.codes)) == len(weekly.codes)


def test_weeks_are_ordered_by_time_and_not_by_place(tmp_path):
    new_year = week_of_column("Y_9952")
    order = ["Y_0002", "Y_9952", "Y_0001"]
    path = converted(tmp_path, [["1", "2", "3"]], first=new_year, order=order)
    assert weeks_of(path) == [name.lower() for name in order]
    weekly = read_weekly({"a": path}, rows_of(("a", 0)), new_year, new_year + 3)
    assert told_codes(weekly) == [["1", "2", "3"]]
    frame = wide([["1", "2", "3"]], new_year).select(order)
    assert told_codes(weekly_of(frame, new_year, new_year + 3)) == [["1", "2", "3"]]


def test_all_ways_to_write_a_code_or_a_blank(tmp_path):
    rows = [["111", "111.0", " 111", "111 "], ["", " ", ".", "NaN"], [None, "nan", "", " . "]]
    weekly = read_weekly(
        {"a": converted(tmp_path, rows)}, rows_of(("a", 0), ("a", 1), ("a", 2)), FIRST, FIRST + 4
    )
    assert told_codes(weekly) == [["111"] * 4, [""] * 4, [""] * 4]
    assert told_codes(weekly_of(wide(rows), FIRST, FIRST + 4)) == told_codes(weekly)


def test_an_identifier_among_the_weeks_is_not_kept(tmp_path):
    rows = [["111", TORBEN]]
    for weekly in (
        read_weekly({"a": converted(tmp_path, rows)}, rows_of(("a", 0)), FIRST, FIRST + 2),
        weekly_of(wide(rows), FIRST, FIRST + 2),
    ):
        assert told_codes(weekly) == [["111", "(not shown)"]]


def test_the_same_row_may_be_asked_for_twice_and_none_at_all(tmp_path):
    files = {"a": converted(tmp_path, ROWS)}
    weekly = read_weekly(files, rows_of(("a", 2), ("a", 2)), FIRST, FIRST + 3)
    assert told_codes(weekly) == [ROWS[2], ROWS[2]]
    assert read_weekly(files, rows_of(), FIRST, FIRST + 3).numbers.shape == (0, 3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.data())
def test_what_was_delivered_is_read_again(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("weekly")
    codes = st.sampled_from(["", "111", "890", "130", "998"])
    width = data.draw(st.integers(1, 6))
    delivered = {
        name: data.draw(st.lists(st.lists(codes, min_size=width, max_size=width), min_size=1, max_size=5))
        for name in ("a", "b")
    }
    files = {name: converted(folder, rows, name) for name, rows in delivered.items()}
    everyone = [(name, at) for name, rows in delivered.items() for at in range(len(rows))]
    places = data.draw(st.lists(st.sampled_from(everyone), unique=True, min_size=1))
    low, high = sorted(data.draw(st.tuples(st.integers(-2, width + 2), st.integers(-2, width + 2))))
    weekly = read_weekly(files, rows_of(*places), FIRST + low, FIRST + high)
    wanted = [
        [delivered[name][at][week] if 0 <= week < width else None for week in range(low, high)]
        for name, at in places
    ]
    assert told_codes(weekly) == wanted
    frame = wide([delivered[name][at] for name, at in places])
    assert told_codes(weekly_of(frame, FIRST + low, FIRST + high)) == wanted


# Industry months


def with_months(folder, months, name="a"):
    """Deliver people with industry months (text by month) and no transfer; gives the weekly file."""
    height = len(next(iter(months.values())))
    frame = pl.DataFrame({"PNR": [f"{at:05d}" for at in range(height)], "Y_0801": [""] * height, **months})
    frame.write_csv(folder / f"{name}.csv")
    target = folder / f"{name}.parquet"
    import_file(folder / f"{name}.csv", folder / "persons" / f"{name}.parquet", weeks=target)
    return target


JANUARY = FIRST_MONTH
MONTHS = {
    "BRANCHE_2008_03": ["", "1", "", "1"],
    "BRANCHE_2008_01": ["1", "", "0", "1"],
    "BRANCHE_2008_02": ["561010", "999999", ".", "1"],
}


def test_industries_come_in_the_order_of_rows_and_months(tmp_path):
    other = {name: ["", "5"] for name in MONTHS}
    files = {"a": with_months(tmp_path, MONTHS), "b": with_months(tmp_path, other, "b")}
    rows = rows_of(("b", 1), ("a", 1), ("a", 0), ("b", 0))
    industry = read_industry(files, rows, np.arange(JANUARY, JANUARY + 3))
    assert industry.months.tolist() == [JANUARY, JANUARY + 1, JANUARY + 2]
    assert industry.present.dtype == np.bool_
    assert industry.present.astype(int).tolist() == [[1, 1, 1], [0, 1, 1], [1, 1, 0], [0, 0, 0]]


def test_only_the_months_asked_for_are_read(tmp_path, monkeypatch):
    path = with_months(tmp_path, MONTHS)
    asked = []
    read_group = pq.ParquetFile.read_row_group

    def spy(self, group, columns=None, **options):
        asked.append((group, columns))
        return read_group(self, group, columns=columns, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", spy)
    industry = read_industry({"a": path}, rows_of(("a", 3), ("a", 2)), np.array([JANUARY + 1]))
    assert industry.present.tolist() == [[True], [False]]
    assert asked == [(0, ["branche_2008_02"])]


def test_a_file_without_the_months_is_told_by_its_delivered_name(tmp_path, told):
    files = {"a": with_months(tmp_path, MONTHS), "b": converted(tmp_path, ROWS, "b")}
    with pytest.raises(BadInput) as error:
        read_industry(files, rows_of(("a", 0), ("b", 0)), np.array([JANUARY]))
    assert told(error) == "b.csv: no column BRANCHE_YYYY_MM, which sequences.blank: by_industry needs"
    with pytest.raises(BadInput, match=r"^a\.csv: month column BRANCHE_2008_04 is missing \(2 such places\)"):
        read_industry(files, rows_of(("a", 0)), np.arange(JANUARY, JANUARY + 5))


def test_no_months_needed_still_needs_a_delivery_with_industries(tmp_path):
    none = np.zeros(0, dtype=np.int64)
    files = {"a": with_months(tmp_path, MONTHS), "b": converted(tmp_path, ROWS, "b")}
    assert read_industry(files, rows_of(("a", 0)), none).present.shape == (1, 0)
    with pytest.raises(BadInput, match="no column BRANCHE_YYYY_MM"):
        read_industry(files, rows_of(("b", 0)), none)


# Damaged files


def attempt(path, rows):
    try:
        return read_weekly({"a": path}, rows, FIRST, FIRST + 3)
    except BadInput as error:
        return error


def test_a_damaged_file_is_named_wherever_the_damage_is(tmp_path, told):
    rng = np.random.default_rng(1)
    path = converted(tmp_path, [[str(code) for code in row] for row in rng.integers(100, 999, (2000, 3))])
    whole = path.read_bytes()
    everyone = rows_of(*(("a", at) for at in range(2000)))
    sound = attempt(path, everyone)
    group = pq.read_metadata(path).row_group(0)
    end = group.column(2).dictionary_page_offset + group.column(2).total_compressed_size
    broken = [b"", b"PAR1", b"person,code\n", whole[:100], whole[:-1]]
    for at in rng.integers(4, end, 60):
        broken.append(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
    caught = 0
    for content in broken:
        path.write_bytes(content)
        outcome = attempt(path, everyone)
        if isinstance(outcome, BadInput):
            assert told(outcome) == "a.parquet: damaged or not a weekly file of veje; delete it and run again"
            caught += 1
        else:
            # A flip in a page header's unused bits may be harmless; it never changes a value.
            assert told_codes(outcome) == told_codes(sound)
    assert caught > 60


def test_another_parquet_file_is_no_weekly_file(tmp_path, told):
    path = tmp_path / "a.parquet"
    wide(ROWS).write_parquet(path)
    for read in (codes_of, lambda p: read_weekly({"a": p}, rows_of(("a", 0)), FIRST, FIRST + 3)):
        with pytest.raises(BadInput) as error:
            read(path)
        assert told(error) == "a.parquet: damaged or not a weekly file of veje; delete it and run again"


def test_a_file_that_was_not_given_is_told(told):
    with pytest.raises(BadInput) as error:
        read_weekly({}, rows_of(("a", 0)), FIRST, FIRST + 3)
    assert told(error) == "dream: a weekly file that the table names was not given"


def test_a_row_that_the_file_does_not_have_is_refused(tmp_path, told):
    files = {"a": converted(tmp_path, ROWS)}
    with pytest.raises(BadInput) as error:
        read_weekly(files, rows_of(("a", 0), ("a", 4)), FIRST, FIRST + 3)
    assert told(error) == "a.parquet: has 4 rows, fewer than the table dream says; delete it and run again"
