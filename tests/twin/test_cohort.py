"""The planted cohort: printed counts, re-derived from GRANTS alone, and the people who must not enter."""

from __future__ import annotations

import json
from datetime import date

import polars as pl

from veje.published import figures
from veje.twin import Twin
from veje.twin.law import AREAS, STATES, TYPES

CODES = {code: area for area, code in AREAS.items()}


def first_grants(grants: pl.DataFrame) -> pl.DataFrame:
    """Keep grants, the latest decision a case, the first grant a person, then the window and place."""
    kept = grants.filter(pl.col("AFGTYPE") == "1").sort("AFGDATO").unique("SAGSNR", keep="last")
    first = kept.sort("AFGDATO").unique("PNR", keep="first")
    inside = first.filter(pl.col("AFGDATO").is_between(date(2007, 7, 1), date(2009, 3, 31)))
    return inside.filter(pl.col("KOM").is_in(list(CODES)))


def test_counts_by_type_and_municipality_are_printed_ones(twin: Twin):
    printed = figures("bilag_1", "count", "type_key", "area", "key")
    planted = {(t, a): n for t, a, n in twin.truth.group_by("type", "area").len().iter_rows()}
    assert planted == {(t, a): n for (t, a, key), n in printed.items() if key == "n_sequences"}
    assert sum(planted.values()) == 1553


def test_cohort_follows_from_the_grants_register_alone(twin: Twin):
    found = first_grants(twin.registers["GRANTS2009"])
    per_area = {CODES[code]: n for code, n in found.group_by("KOM").len().iter_rows()}
    assert per_area == {"herning": 545, "holstebro": 289, "silkeborg": 253, "viborg": 466}
    same = found.select("PNR", index_date="AFGDATO").sort("PNR")
    assert same.equals(twin.truth.select("PNR", "index_date").sort("PNR"))


def test_grants_by_period_are_those_of_table_4_1(twin: Twin):
    printed = figures("table_4_1", "count", "area", "key")
    ends = {"2007_q3_q4": (2007, 7, 12), "2008_q1_q4": (2008, 1, 12), "2009_q1": (2009, 1, 3)}
    for area in AREAS:
        days = twin.truth.filter(pl.col("area") == area)["index_date"]
        for key, (year, low, high) in ends.items():
            held = (days.dt.year() == year) & days.dt.month().is_between(low, high)
            assert held.sum() == printed[area, key], (area, key)


def test_short_cuts_give_another_cohort(twin: Twin):
    """Leaving a rule out must be noticed: superseded decisions, earlier grants, other municipalities."""
    grants = twin.registers["GRANTS2009"].filter(pl.col("AFGTYPE") == "1")
    window = pl.col("AFGDATO").is_between(date(2007, 7, 1), date(2009, 3, 31))
    here = pl.col("KOM").is_in(list(CODES))
    truth = set(twin.truth.rows())
    in_window = grants.filter(window, here)
    assert in_window["PNR"].n_unique() > len(truth) + 30
    not_latest = grants.sort("AFGDATO").unique("PNR", keep="first").filter(window, here)
    assert set(not_latest["PNR"]) != set(twin.truth["PNR"])
    kept = grants.sort("AFGDATO").unique("SAGSNR", keep="last").unique("PNR", keep="first")
    assert kept.filter(window, ~here).height > 700
    assert first_grants(twin.registers["GRANTS2009"].with_columns(AFGTYPE=pl.lit("1"))).height != 1553


def test_everybody_of_the_cohort_is_in_every_register_of_persons(twin: Twin):
    people = set(twin.truth["PNR"])
    for name in ("DREAM200912", "PARENTS"):
        assert people <= set(twin.registers[name]["PNR"])
    bef = pl.concat([twin.registers[f"BEF{year}"] for year in (2006, 2007, 2008)])
    known = bef.join(twin.truth, on="PNR").filter(pl.col("REFERENCETID") < pl.col("index_date"))
    last = known.sort("REFERENCETID").unique("PNR", keep="last")
    assert last.height == 1553
    assert (last["KOM"].replace_strict(CODES) == last["area"]).all()


def test_no_register_names_a_planted_type(twin: Twin):
    told = json.dumps({name: f.columns for name, f in twin.registers.items()}).lower()
    assert not any(key in told for key in TYPES)
    for name, frame in twin.registers.items():
        texts = frame.select(pl.col(pl.String))
        if name == "DREAM200912":
            texts = texts.select(pl.exclude("PNR").unique().implode())
        held = {v for c in texts for v in (c.explode() if c.dtype == pl.List else c).unique()}
        assert not held & {*TYPES, *STATES, "cohort", "early", "late", "elsewhere", "before"}, name


def test_parents_on_pension_by_type(twin: Twin):
    grants = twin.registers["GRANTS2009"].filter(pl.col("AFGTYPE") == "1")
    first = grants.group_by("PNR").agg(pl.col("AFGDATO").min())
    links = twin.registers["PARENTS"].unpivot(["MOR_ID", "FAR_ID"], index="PNR", value_name="parent")
    paid = links.join(first.rename({"PNR": "parent"}), on="parent").join(twin.truth, on="PNR")
    yes = paid.filter(pl.col("AFGDATO") < pl.col("index_date")).select("PNR").unique()
    share = twin.truth.with_columns(yes=pl.col("PNR").is_in(yes["PNR"].to_list()))
    by_type = dict(share.group_by("type").agg(pl.col("yes").mean() * 100).iter_rows())
    wanted = dict(zip(TYPES, (21, 20, 10, 8, 13), strict=True))
    assert all(abs(by_type[key] - wanted[key]) < 4.5 for key in TYPES), by_type
