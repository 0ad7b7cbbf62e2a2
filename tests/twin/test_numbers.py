"""Personal numbers: unique, of nobody alive, in agreement with the birth dates."""

from __future__ import annotations

import polars as pl

from veje.twin import Twin

IDENTIFIERS = ("PNR", "E_FAELLE_ID", "MOR_ID", "FAR_ID")


def all_numbers(twin: Twin) -> pl.Series:
    columns = [f[c] for f in twin.registers.values() for c in IDENTIFIERS if c in f.columns]
    return pl.concat([c.alias("PNR") for c in columns]).drop_nulls().unique()


def test_every_number_has_ten_digits_and_a_day_that_is_never_issued(twin: Twin):
    numbers = all_numbers(twin)
    assert numbers.str.contains(r"^\d{10}$").all()
    assert numbers.str.slice(0, 2).cast(pl.Int64).is_between(61, 91).all()
    assert numbers.str.slice(2, 2).cast(pl.Int64).is_between(1, 12).all()


def test_one_row_a_person_where_the_register_has_one(twin: Twin):
    for name in ("DREAM200912", "BEF2006", "BEF2007", "BEF2008", "UDDA2008", "PARENTS"):
        assert twin.registers[name]["PNR"].is_unique().all(), name


def test_number_agrees_with_birth_date_and_sex(twin: Twin):
    bef = twin.registers["BEF2008"]
    date_part = pl.col("FOED_DAG").dt
    expected = bef.select(
        (date_part.day().cast(pl.Int64) + 60).cast(pl.String) + date_part.strftime("%m%y")
    ).to_series()
    assert (bef["PNR"].str.slice(0, 6) == expected).all()
    odd = bef["PNR"].str.slice(9, 1).cast(pl.Int64) % 2 == 1
    assert (odd == (bef["KOEN"] == 1)).all()


def test_partners_are_each_others_partner_and_of_the_other_sex(twin: Twin):
    bef = twin.registers["BEF2008"].select("PNR", "E_FAELLE_ID", "KOEN")
    pairs = bef.join(bef, left_on="E_FAELLE_ID", right_on="PNR", suffix="_other")
    assert pairs.height > 5_000
    assert (pairs["E_FAELLE_ID_other"] == pairs["PNR"]).all()
    assert (pairs["KOEN"] != pairs["KOEN_other"]).all()


def test_parents_are_older_and_agree_with_bef(twin: Twin):
    parents, bef = twin.registers["PARENTS"], twin.registers["BEF2007"]
    both = bef.join(parents, on="PNR", suffix="_parents")
    assert both.height == bef.height
    assert both["MOR_ID"].equals(both["MOR_ID_parents"].alias("MOR_ID"))
    assert both["FAR_ID"].equals(both["FAR_ID_parents"].alias("FAR_ID"))
