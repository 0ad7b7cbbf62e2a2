"""Rows that break their register's contract: which rule, in which file and row; the others untouched."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import BY_NAME, EVERYONE, not_delivered
from veje.contracts import check, register
from veje.errors import OverLimit
from veje.ingest import Delivery, Faults, check_limit, read_dream, read_register
from veje.ingest.columns import possible_cpr, read_numbers
from veje.settings import Register

TORBEN, HANNE, JYTTE, ALMA, KURT = (
    BY_NAME[name].pnr for name in ("Torben", "Hanne", "Jytte", "Alma", "Kurt")
)
PNRS = [person.pnr for person in EVERYONE]
SOUND = {
    "grants": {"AFGDATO": "2008-03-06", "AFGTYPE": "1", "KOM": "657"},
    "bef": {"REFERENCETID": "2007-12-31", "KOEN": "2", "FOED_DAG": "1958-03-07", "E_FAELLE_ID": HANNE},
    "amfo": {"FORANST": "01", "STARTDTO": "20060102", "SLUTDTO": "20060312", "TIMERPU": "37"},
    "udda": {"HFAUDD": "30", "HF_VFRA": "1980-06-30"},
    "lmdb": {"ATC": "N06AB04", "EKSD": "2008-05-02"},
    "parents": {"MOR_ID": KURT, "FAR_ID": TORBEN},
}
"""A row of each register that breaks no rule."""


def delivery(name, *changes, file=None, pnrs=PNRS, **more):
    """A file with as many rows as changes: each the sound row of another person, with some cells changed."""
    rows = [{"PNR": pnr, **SOUND[name], **change} for pnr, change in zip(pnrs, changes, strict=False)]
    return Delivery(
        file or f"{name.upper()}.csv", pl.DataFrame(rows, infer_schema_length=None).cast(pl.String), **more
    )


def read(name, *deliveries, checked=True, **options):
    declared = {"columns": not_delivered(name, deliveries[0].frame.columns) | options.pop("columns", {})}
    reader = read_dream if name == "dream" else read_register
    return reader(deliveries, register(name), Register(files=["x"], **declared, **options), checked)


def found(read):
    """The faults as (file, row, rule, column), which are a good table of quarantine."""
    return check(read.faults.table(), "quarantine").select("file", "row", "rule", "column").rows()


def line(told, read, limit=0.0, *cells):
    with pytest.raises(OverLimit) as error:
        check_limit(read.faults, read.rows, limit)
    assert error.value.exit_code == 11
    return told(error, *cells)


# Each rule: the right row, the right column, and nothing else

CASES = [
    ("identifier_missing", "grants", "PNR", None, "empty"),
    ("identifier_missing", "bef", "PNR", " ", "empty"),
    ("identifier_missing", "lmdb", "PNR", ".", "empty"),
    ("header_again", "udda", "PNR", "PNR", "the header again"),
    ("header_again", "udda", "PNR", " Pnr ", "the header again"),
    ("header_again", "parents", "MOR_ID", "mor_id", "the header again"),
    ("identifier_impossible", "grants", "PNR", "0000000000", "no possible personal number"),
    ("identifier_impossible", "bef", "E_FAELLE_ID", "3002801234", "no possible personal number"),
    ("identifier_impossible", "parents", "FAR_ID", "12345", "no possible personal number"),
    ("cell_missing", "grants", "AFGDATO", "", "empty"),
    ("cell_missing", "amfo", "FORANST", None, "empty"),
    ("cell_missing", "lmdb", "ATC", ".", "empty"),
    ("date_unreadable", "grants", "AFGDATO", "6. marts", "not a date of the form %Y-%m-%d"),
    ("date_unreadable", "grants", "AFGDATO", "2008-02-30", "not a date of the form %Y-%m-%d"),
    ("date_unreadable", "bef", "FOED_DAG", "2007-02-29", "not a date of the form %Y-%m-%d"),
    ("date_unreadable", "bef", "FOED_DAG", "39478", "not a date of the form %Y-%m-%d"),
    ("date_unreadable", "amfo", "STARTDTO", "2006-01-02", "not a date of the form %Y%m%d"),
    ("date_out_of_range", "grants", "AFGDATO", "1879-12-31", "a date before 1880 or after 2100"),
    ("date_out_of_range", "lmdb", "EKSD", "2100-01-02", "a date before 1880 or after 2100"),
    ("date_out_of_range", "amfo", "SLUTDTO", "99991231", "a date before 1880 or after 2100"),
    ("number_unreadable", "amfo", "TIMERPU", "37 t", "not a number"),
    ("number_unreadable", "amfo", "TIMERPU", "1.234,5", "not a number"),
    ("number_unreadable", "amfo", "TIMERPU", "NaN", "not a number"),
    ("number_unreadable", "amfo", "TIMERPU", "inf", "not a number"),
    ("code_unknown", "grants", "AFGTYPE", "9", "code without a meaning (known codes 1, 2, 3, 4)"),
    ("code_unknown", "bef", "KOEN", "K", "code without a meaning (known codes 1, 2)"),
    ("spell_reversed", "amfo", "SLUTDTO", "20060101", "end before start"),
]


@pytest.mark.parametrize(("rule", "name", "column", "cell", "words"), CASES)
def test_one_bad_cell_is_one_fault_and_the_other_rows_are_untouched(rule, name, column, cell, words, told):
    bad = read(name, delivery(name, {}, {}, {column: cell}, {}))
    file = f"{name.upper()}.csv"
    assert found(bad) == [(file, 4, rule, column.lower())]
    assert bad.rows == 4
    clean = read(name, delivery(name, {}, {}, {}, {}))
    assert clean.faults.table().is_empty()
    assert bad.frame.equals(clean.frame.filter(pl.col("person") != JYTTE))
    shown = cell.strip() if cell and len(cell.strip()) > 3 and rule != "header_again" else "\0"
    assert line(told, bad, 0.0, shown) == (
        f"{file}: column '{column.lower()}': {words} in 1 rows, the first is row 4 "
        f"(1 of 4 rows of {name}, quarantine.limit is 0)"
    )


def test_every_rule_has_a_case():
    told = {"short_row", "long_row", "duplicate"}
    assert {rule for rule, *_ in CASES} | told == {
        "identifier_missing",
        "identifier_impossible",
        "header_again",
        "cell_missing",
        "date_unreadable",
        "date_out_of_range",
        "number_unreadable",
        "code_unknown",
        "spell_reversed",
        "duplicate",
        "short_row",
        "long_row",
    }


@pytest.mark.parametrize("name", SOUND)
def test_clean_rows_have_no_fault_and_are_all_there(name):
    clean = read(name, delivery(name, *[{}] * len(PNRS)))
    assert found(clean) == []
    assert clean.frame["person"].to_list() == PNRS
    assert clean.rows == len(PNRS)
    check_limit(clean.faults, clean.rows, 0.0)


# Cells that are in order


@pytest.mark.parametrize(
    ("cell", "number"),
    [("37,5", 37.5), ("37.5", 37.5), ("0", 0.0), ("-2", -2.0), (" 7 ", 7.0), ("", None), (".", None)],
)
def test_numbers_may_have_a_decimal_comma(cell, number):
    assert read("amfo", delivery("amfo", {"TIMERPU": cell})).frame["hours"].to_list() == [number]


@given(st.floats(-1e9, 1e9, allow_nan=False), st.sampled_from([".", ","]))
def test_numbers_are_what_was_written(number, point):
    values, (broken,) = read_numbers(pl.Series([f"{number:.6f}".replace(".", point)]))
    assert values.to_list() == [float(f"{number:.6f}")]
    assert not broken.rows.any()


@pytest.mark.parametrize("day", ["1880-01-01", "2100-01-01", "2008-02-29", "2000-02-29"])
def test_the_first_and_last_day_and_leap_days_are_dates(day):
    assert read("lmdb", delivery("lmdb", {"EKSD": day})).frame["date"].to_list() == [date.fromisoformat(day)]


@pytest.mark.parametrize("end", ["20060102", "20060103"])
def test_a_spell_of_one_day_is_not_reversed(end):
    assert found(read("amfo", delivery("amfo", {"SLUTDTO": end}))) == []


def test_empty_cells_of_optional_and_nullable_columns_are_no_faults():
    bef = read("bef", delivery("bef", dict.fromkeys(SOUND["bef"], "")))
    udda = read("udda", delivery("udda", {"HFAUDD": None, "HF_VFRA": " "}))
    assert (found(bef), found(udda)) == ([], [])
    assert bef.frame.select("status_date", "sex", "birth_date", "partner").row(0) == (None,) * 4
    assert udda.frame.row(0)[1:] == (None, None)


# Personal numbers


@pytest.mark.parametrize(
    ("number", "possible"),
    [
        ("0703581113", True),
        ("6703581113", True),  # a replacement number: the day is 60 higher
        ("9112581113", True),
        ("6002581113", False),
        ("6102581113", True),
        ("8902581113", True),  # 29 February with 60 added
        ("9002581113", False),
        ("9202581113", False),
        ("2902641112", True),
        ("2902651112", True),  # some year has it: the century is not looked at
        ("3002641112", False),
        ("3104641112", False),
        ("3004641112", True),
        ("3112491117", True),
        ("3212491117", False),
        ("0012491117", False),
        ("0100491117", False),
        ("0113491117", False),
        ("0101010000", True),  # the eleven-test is no reason to refuse
        ("", False),
        ("010101000", False),
        ("01010100000", False),
        ("0101A10000", False),
        ("A101010000", False),
        ("٠101010000", False),
        ("010101-0000", False),  # the hyphen is taken away before
    ],
)
def test_a_number_needs_a_day_that_exists_in_some_year(number, possible):
    assert possible_cpr(pl.Series([number, "0703581113"])).to_list() == [possible, True]


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 999_999))
def test_days_and_months_exist_as_in_the_leap_year_2000(day, month, rest):
    try:
        date(2000, month, day - 60 if day > 60 else day)
        exists = True
    except ValueError:
        exists = False
    assert possible_cpr(pl.Series([f"{day:02d}{month:02d}{rest:06d}"])).to_list() == [exists]


@pytest.mark.parametrize("cell", ["703581113", "703581113.0", "070358-1113", " 0703581113 "])
def test_ways_to_write_a_number_are_no_faults(cell):
    fine = read("lmdb", delivery("lmdb", {"PNR": cell}))
    assert found(fine) == []
    assert fine.frame["person"].to_list() == [TORBEN]


def test_pseudonyms_are_not_checked():
    for pseudonym in ("A12345678", "9999999999", "17"):
        loose = read("lmdb", delivery("lmdb", {"PNR": pseudonym}), checked=False)
        assert found(loose) == []
        assert loose.frame["person"].to_list() == [pseudonym]
    again = read("lmdb", delivery("lmdb", {"PNR": "PNR"}), checked=False)
    assert [rule for _, _, rule, _ in found(again)] == ["header_again"]


def test_the_header_is_known_by_the_servers_own_name():
    for checked in (True, False):
        own = read(
            "udda",
            Delivery("UDDA.csv", pl.DataFrame({"CPR": [TORBEN, "cpr"], "HFAUDD": ["30", "HFAUDD"]})),
            checked=checked,
            columns={"person": "CPR"},
        )
        assert found(own) == [("UDDA.csv", 3, "header_again", "cpr")]


def test_a_header_row_breaks_every_rule_of_its_cells():
    row = {name: name for name in ("PNR", *SOUND["grants"])}
    assert found(read("grants", delivery("grants", {}, row))) == [
        ("GRANTS.csv", 3, "code_unknown", "afgtype"),
        ("GRANTS.csv", 3, "date_unreadable", "afgdato"),
        ("GRANTS.csv", 3, "header_again", "pnr"),
    ]


# Rows that share a key


def test_all_copies_of_a_key_are_kept_aside():
    pnrs = [TORBEN, HANNE, TORBEN[1:], JYTTE, f"{TORBEN[1:]}.0"]
    double = read("udda", delivery("udda", {}, {}, {"HFAUDD": "10"}, {}, {}, pnrs=pnrs))
    assert found(double) == [("UDDA.csv", row, "duplicate", "pnr") for row in (2, 4, 6)]
    assert double.frame["person"].to_list() == [HANNE, JYTTE]


def test_a_key_of_two_columns_is_shared_across_files_only_when_both_are():
    first = delivery("bef", {}, {}, {"REFERENCETID": None}, file="A.csv")
    second = delivery("bef", {}, {"REFERENCETID": "2008-12-31"}, {"REFERENCETID": ""}, file="B.csv")
    double = read("bef", first, second)
    rows = [(file, row, "duplicate", "pnr") for file in ("A.csv", "B.csv") for row in (2, 4)]
    assert found(double) == rows
    assert double.frame.select("person", "status_date").rows() == [
        (HANNE, date(2007, 12, 31)),
        (HANNE, date(2008, 12, 31)),
    ]


def test_a_row_without_a_key_may_come_twice():
    assert found(read("lmdb", delivery("lmdb", {}, {}, pnrs=[TORBEN, TORBEN]))) == []


def test_a_broken_row_is_no_copy_of_a_sound_one():
    pnrs = [TORBEN, TORBEN, HANNE]
    one = read("udda", delivery("udda", {}, {"HF_VFRA": "soon"}, {}, pnrs=pnrs))
    assert found(one) == [("UDDA.csv", 3, "date_unreadable", "hf_vfra")]
    assert one.frame["person"].to_list() == [TORBEN, HANNE]


def test_persons_twice_in_dream_are_kept_aside_in_every_file():
    weeks = {"weeks": ("y_0801", "y_0802")}
    files = [
        Delivery("A.csv", pl.DataFrame({"PNR": [TORBEN, HANNE]}), source="a", **weeks),
        Delivery("B.csv", pl.DataFrame({"PNR": [JYTTE, TORBEN, "x"]}), source="b", **weeks),
    ]
    double = read("dream", *files)
    assert found(double) == [
        ("A.csv", 2, "duplicate", "pnr"),
        ("B.csv", 3, "duplicate", "pnr"),
        ("B.csv", 4, "identifier_impossible", "pnr"),
    ]
    assert double.frame.rows() == [(HANNE, 1, "a"), (JYTTE, 0, "b")]
    assert double.rows == 5


# Rows that the conversion refused, and numbers of rows


def test_short_and_long_rows_are_passed_through(told):
    refused = (("short_row", 9), ("long_row", 4), ("short_row", 7))
    ragged = read("lmdb", delivery("lmdb", {}, {}, refused=refused))
    assert found(ragged) == [
        ("LMDB.csv", 4, "long_row", ""),
        ("LMDB.csv", 7, "short_row", ""),
        ("LMDB.csv", 9, "short_row", ""),
    ]
    assert (ragged.rows, ragged.frame.height) == (5, 2)
    clause = "LMDB.csv: more or fewer cells than the header in"
    assert line(told, ragged) == (
        f"{clause} 1 rows, the first is row 4; {clause} 2 rows, the first is row 7 "
        "(3 of 5 rows of lmdb, quarantine.limit is 0)"
    )


def test_a_file_of_which_no_row_is_left():
    file = delivery("lmdb", {})
    nothing = read("lmdb", Delivery(file.file, file.frame.clear(), refused=(("short_row", 2),)))
    assert found(nothing) == [("LMDB.csv", 2, "short_row", "")]
    assert (nothing.rows, nothing.frame.height) == (1, 0)
    assert nothing.frame.schema == read("lmdb", file).frame.schema


def test_row_numbers_are_those_of_the_source():
    file = delivery("lmdb", {}, {"EKSD": "soon"}, {})
    numbered = Delivery(file.file, file.frame.with_columns(_row=pl.Series([1, 17, 18])))
    assert found(read("lmdb", numbered)) == [("LMDB.csv", 17, "date_unreadable", "eksd")]


def test_files_of_one_name_are_told_apart():
    sound, bad = delivery("lmdb", {}, {}), delivery("lmdb", {}, {"EKSD": "soon"})
    both = read("lmdb", sound, bad, bad)
    assert found(both) == [
        ("LMDB.csv (2)", 3, "date_unreadable", "eksd"),
        ("LMDB.csv (3)", 3, "date_unreadable", "eksd"),
    ]
    assert both.frame["person"].to_list() == [TORBEN, HANNE, TORBEN, TORBEN]


def test_a_row_with_several_faults_is_one_row(told):
    worst = read("amfo", delivery("amfo", {}, {"PNR": "", "STARTDTO": "soon", "TIMERPU": "x"}))
    assert [rule for _, _, rule, _ in found(worst)] == [
        "date_unreadable",
        "identifier_missing",
        "number_unreadable",
    ]
    assert "(1 of 2 rows of amfo, " in line(told, worst)


# The limit


@pytest.mark.parametrize("broken", [1, 29, 57, 58, 99, 100])
def test_the_limit_itself_is_allowed(broken, told):
    faults = Faults("bef")
    faults.add("date_unreadable", "foed_dag", "BEF.csv", pl.Series(range(2, broken + 2)), "not a date")
    check_limit(faults, 100, broken / 100)
    check_limit(faults, 100, (broken + 0.5) / 100)
    with pytest.raises(OverLimit) as error:
        check_limit(faults, 100, (broken - 0.5) / 100)
    assert told(error) == (
        f"BEF.csv: column 'foed_dag': not a date in {broken} rows, the first is row 2 "
        f"({broken} of 100 rows of bef, quarantine.limit is {(broken - 0.5) / 100:g})"
    )


@pytest.mark.parametrize("rows", [7, 100, 1_000, 30_000])
def test_a_limit_that_is_a_number_of_rows_allows_so_many(rows):
    for broken in (1, rows // 3, rows - 1):
        faults = Faults("bef")
        faults.add("duplicate", "pnr", "BEF.csv", pl.Series(range(broken + 1)), "twice")
        with pytest.raises(OverLimit):
            check_limit(faults, rows, broken / rows)
        fewer = Faults("bef")
        fewer.add("duplicate", "pnr", "BEF.csv", pl.Series(range(broken)), "twice")
        check_limit(fewer, rows, broken / rows)


def test_no_rows_and_no_faults_are_below_every_limit():
    check_limit(Faults("bef"), 0, 0.0)
    faults = Faults("bef")
    faults.add("duplicate", "pnr", "BEF.csv", pl.Series([], dtype=pl.Int64), "twice")
    assert faults.table().is_empty()
    check_limit(faults, 10, 0.0)


def test_the_line_names_every_file_column_and_rule_with_its_own_count(told):
    faults = Faults("bef")
    faults.add("duplicate", "pnr", "B.csv", pl.Series([9, 8]), "twice")
    faults.add("duplicate", "pnr", "A.csv", pl.Series([1_234_567]), "twice")
    faults.add("cell_missing", "kom", "A.csv", pl.Series([3]), "empty")
    assert line(told, type("R", (), {"faults": faults, "rows": 2_000_000})) == (
        "A.csv: column 'kom': empty in 1 rows, the first is row 3; "
        "A.csv: column 'pnr': twice in 1 rows, the first is row 1,234,567; "
        "B.csv: column 'pnr': twice in 2 rows, the first is row 8 "
        "(4 of 2,000,000 rows of bef, quarantine.limit is 0)"
    )


# What is planted is found, and nothing else


@given(st.lists(st.sampled_from([None, *(case for case in CASES if case[1] == "amfo")]), max_size=12))
def test_planted_faults_are_found_with_rule_and_row_and_clean_rows_stay(planted):
    changes = [{case[2]: case[3]} if case else {} for case in planted] + [{}]
    mixed = read("amfo", delivery("amfo", *changes))
    wanted = [
        ("AMFO.csv", row, case[0], case[2].lower()) for row, case in enumerate(planted, start=2) if case
    ]
    assert sorted(found(mixed)) == wanted
    assert mixed.frame["person"].to_list() == [
        pnr for pnr, change in zip(PNRS, changes, strict=False) if not change
    ]
