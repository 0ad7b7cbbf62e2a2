"""Yearly registers: the year of a row from its column or the file's name, and a year delivered twice."""

from __future__ import annotations

import polars as pl
import pytest

from tests.people import BY_NAME
from veje.contracts import register
from veje.errors import BadInput, OverLimit
from veje.ingest import Delivery, check_limit, read_register
from veje.ingest.years import year_of_name
from veje.settings import Register

TORBEN, HANNE, JYTTE = (BY_NAME[name].pnr for name in ("Torben", "Hanne", "Jytte"))
NO_YEAR = {"columns": {"year": None}}


def income(*rows, file="IND2006.parquet"):
    """One file: (personal number, year, income); the year None is not delivered."""
    frame = pl.DataFrame(
        {"PNR": [r[0] for r in rows], "AAR": [r[1] for r in rows], "PERINDKIALT_13": [r[2] for r in rows]},
        schema=dict.fromkeys(("PNR", "AAR", "PERINDKIALT_13"), pl.String),
    )
    if all(year is None for _, year, _ in rows):
        frame = frame.drop("AAR")
    return Delivery(file, frame)


def read(*deliveries, name="ind", **options):
    found = read_register(deliveries, register(name), Register(files=["x"], **options))
    check_limit(found.faults, found.rows, 0)
    return found.frame


def test_yearly_files_are_one_register_with_the_year_of_each_row():
    frame = read(
        income((TORBEN, "2006", "180000"), (HANNE, "2006", "-2500,5")),
        income((TORBEN, "2007.0", "190000"), file="IND2007.parquet"),
    )
    assert frame.rows() == [(TORBEN, 2006, 180_000.0), (HANNE, 2006, -2_500.5), (TORBEN, 2007, 190_000.0)]
    assert frame.schema["year"] == pl.Int64


def test_the_files_name_says_the_year_where_no_column_does():
    files = income((TORBEN, None, "1")), income((TORBEN, None, "2"), file="ind_2007_v3.csv")
    assert read(*files, **NO_YEAR).rows() == [(TORBEN, 2006, 1.0), (TORBEN, 2007, 2.0)]


@pytest.mark.parametrize(
    ("file", "year"),
    [("IND2006.parquet", 2006), ("ind_1998.sas7bdat", 1998), ("2007-ind-v12.csv.gz", 2007)],
)
def test_the_year_in_a_name(file, year):
    assert year_of_name(file) == year


@pytest.mark.parametrize(
    ("file", "told_of"),
    [("IND.parquet", "no year"), ("IND06.csv", "no year"), ("IND200612.csv", "no year"),
     ("IND2006_2008.csv", "2 years")],
)  # fmt: skip
def test_a_name_without_one_year_is_refused(file, told_of, told):
    with pytest.raises(BadInput) as error:
        read(income((TORBEN, None, "1"), file=file), **NO_YEAR)
    assert told(error) == f"{file}: {told_of} in the file's name, and no column with the year"


def test_a_year_that_is_not_delivered_must_be_declared(told):
    with pytest.raises(BadInput) as error:
        read(income((TORBEN, None, "1")))
    assert told(error).endswith("if it is not delivered, say `year: null` under columns")


@pytest.mark.parametrize("options", [{}, NO_YEAR])
def test_a_register_year_delivered_twice_is_refused(options, told):
    year = None if options else "2006"
    one = income((TORBEN, year, "1"), (HANNE, year, "2"))
    other = income((HANNE, year, "3"), (JYTTE, year, "4"), file="IND2006_rev.csv")
    with pytest.raises(BadInput) as error:
        read(one, other, **options)
    assert error.value.exit_code == 10
    assert told(error) == (
        "IND2006.parquet and IND2006_rev.csv: ind of 2006 is delivered twice (1 persons are in both)"
    )


def test_a_year_may_come_in_parts_by_person():
    parts = income((TORBEN, "2006", "1")), income((HANNE, "2006", "2"), file="IND2006_b.parquet")
    assert read(*parts).height == 2


def test_a_person_twice_in_one_file_is_a_fault_of_the_rows(told):
    with pytest.raises(OverLimit) as error:
        read(income((TORBEN, "2006", "1"), (TORBEN, "2006", "2"), (TORBEN, "2007", "3")))
    assert "one row per person and year is promised; all copies, in 2 rows" in told(error)


@pytest.mark.parametrize(
    ("year", "fault"),
    [
        ("", "column 'aar': empty"),
        ("06", "column 'aar': not a year of four digits"),
        ("200612", "column 'aar': not a year of four digits"),
        ("1066", "column 'aar': a year before 1880 or after 2100"),
    ],
)
def test_a_row_without_a_year_is_kept_aside(year, fault, told):
    with pytest.raises(OverLimit) as error:
        read(income((TORBEN, year, "1"), (HANNE, "2006", "2")))
    assert f"{fault} in 1 rows, the first is row 2" in told(error)


@pytest.mark.parametrize(("degree", "sound"), [("0", True), ("1000", True), ("1000,5", False), ("-1", False)])
def test_an_unemployment_degree_is_per_mille(degree, sound, told):
    frame = pl.DataFrame({"PNR": [TORBEN], "AAR": ["2006"], "ARLEDGR": [degree]})
    if sound:
        assert read(Delivery("IDAP2006.csv", frame), name="idap").height == 1
        return
    with pytest.raises(OverLimit) as error:
        read(Delivery("IDAP2006.csv", frame), name="idap")
    assert "column 'arledgr': a number outside 0 to 1000 in 1 rows" in told(error)


def test_an_empty_amount_is_not_known():
    assert read(income((TORBEN, "2006", " "))).rows() == [(TORBEN, 2006, None)]


@pytest.mark.parametrize(
    ("name", "columns", "row"),
    [
        ("offl", ("PNR", "PTI_TILSTAND_KODE", "PTI_VFRA", "PTI_VTIL", "PTI_TIMER_PER_UGE"),
         ("1030.0", "2008-01-07", "2008-02-03", "37")),
        ("deaths", ("PNR", "DODDATO"), ("2008-01-07",)),
        ("migration", ("PNR", "HAEND_DATO", "INDUD_KODE"), ("2008-01-07", "U")),
    ],
)  # fmt: skip
def test_the_other_later_registers_are_read_by_their_contracts(name, columns, row):
    frame = pl.DataFrame([(TORBEN, *row)], schema=dict.fromkeys(columns, pl.String), orient="row")
    (found,) = read(Delivery("F.csv", frame), name=name).to_dicts()
    assert found["person"] == TORBEN
    assert found.get("measure") in (None, "1030")
    assert found.get("direction") in (None, "out")


def test_a_move_of_an_unknown_kind_and_a_reversed_spell_are_kept_aside(told):
    move = pl.DataFrame({"PNR": [TORBEN], "HAEND_DATO": ["2008-01-07"], "INDUD_KODE": ["X"]})
    with pytest.raises(OverLimit) as error:
        read(Delivery("VNDS.csv", move), name="migration")
    assert "code without a meaning (known codes I, U) in 1 rows" in told(error)
    spell = pl.DataFrame(
        {
            "PNR": [TORBEN],
            "PTI_TILSTAND_KODE": ["1030"],
            "PTI_VFRA": ["2008-01-07"],
            "PTI_VTIL": ["2008-01-06"],
        }
    )
    with pytest.raises(OverLimit) as error:
        read(Delivery("OFFL.csv", spell), name="offl", columns={"hours": None})
    assert "end before start in 1 rows" in told(error)
