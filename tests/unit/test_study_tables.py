"""Tables of applications, other citizens and medicine, counted by hand for named people."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tests.people import table
from veje.contracts import check
from veje.tables.applications import application_figures, periods_of
from veje.tables.compared import compared_figures, gather_people
from veje.tables.medicine import citizen_figures

AREAS = ["all", "herning", "viborg"]
PERIODS = periods_of(date(2007, 7, 1), date(2009, 3, 31))
BASES, REFERRALS = ["full", "existing", "other"], ["none", "rehabilitation"]
# Torben and Inge were granted in herning, Hanne in viborg; Rita was rejected in herning, twice, and
# in viborg; Ove's case in herning stayed undecided.
TORBEN, INGE, HANNE, RITA, OVE = 1, 2, 3, 4, 5
APPLICATIONS = [
    (TORBEN, "herning", date(2007, 7, 1), "granted", "full", None, None),
    (INGE, "herning", date(2008, 6, 1), "granted", "existing", None, None),
    (HANNE, "viborg", date(2009, 3, 31), "granted", "full", None, None),
    (RITA, "herning", date(2008, 1, 1), "rejected", "full", "none", None),
    (RITA, "herning", date(2008, 9, 1), "rejected", "full", "rehabilitation", None),
    (RITA, "viborg", date(2008, 12, 1), "rejected", "other", "none", None),
    (OVE, "herning", date(2008, 2, 1), "undecided", None, None, "region_midt"),
]
KEYS = ("person", "area", "date", "outcome", "basis", "referral", "region")
PLACES = pl.DataFrame(
    [
        *((p, a, "") for p, a in ((TORBEN, "herning"), (INGE, "herning"), (HANNE, "viborg"))),
        *((p, "all", "") for p in (TORBEN, INGE, HANNE)),
        *((p, "all", "ill") for p in (TORBEN, INGE, HANNE)),
        *((p, a, "ill") for p, a in ((TORBEN, "herning"), (INGE, "herning"), (HANNE, "viborg"))),
    ],
    schema=["person", "area", "type_key"],
    orient="row",
)
# Anna and Bo live in herning without a grant, Carla in viborg, Dan (62) in herning, Eva elsewhere.
ANNA, BO, CARLA, DAN, EVA = 11, 12, 13, 14, 15
TAKEN = [
    (TORBEN, "headache"),
    (TORBEN, "hormones"),
    (TORBEN, "antidepressant"),
    (TORBEN, "psychopharmaceuticals"),
    (INGE, "headache"),
    (ANNA, "headache"),
    (DAN, "hormones"),
]
GROUPS = ["headache", "hormones", "antidepressant", "psychopharmaceuticals", "adhd_medicine"]


def applied(rows=APPLICATIONS):
    return table("applications", [dict(zip(KEYS, row, strict=True)) for row in rows])


def person(number, area, age=40, sex="woman", **more):
    plain = {"partner": True, "origin": "danish", "education": "unknown", "diagnosis": "mental_disorder"}
    money = {"income": 100_000.4, "unemployment": 30.0}
    used = {"psychopharmaceuticals": number == TORBEN, "adhd_medicine": False, "parent_on_pension": False}
    return {"person": number, "area": area, "age": age, "sex": sex} | plain | money | used | more


BACKGROUND = [
    person(TORBEN, "herning", sex="man", parent_on_pension=True, education="lower_secondary"),
    person(INGE, "herning", age=60, diagnosis="unknown", income=-50_000.0),
    person(HANNE, "viborg", origin="immigrant", education="vocational", unemployment=None),
]
OTHERS = [
    person(ANNA, "herning", parent_on_pension=True),
    person(BO, "herning", age=19, sex="man"),
    person(CARLA, "viborg", age=59, parent_on_pension=None),
    person(DAN, "herning", age=62, sex="man", diagnosis=None),
    person(EVA, None, income=300_000.0),
]


def counted(background=BACKGROUND, others=OTHERS, taken=TAKEN, rows=APPLICATIONS):
    compared = table("compared", [row | {"granted": False} for row in others])
    people = gather_people(table("background", background), compared, applied(rows), PLACES, "all")
    takes = table("medicine_groups", [dict(zip(("person", "group"), one, strict=True)) for one in taken])
    blocks = [
        *application_figures(applied(rows), AREAS, PERIODS, BASES, REFERRALS),
        *compared_figures(
            people, ["mental_disorder", "cancer"], ["lower_secondary", "vocational", "unknown"]
        ),
        *citizen_figures(people, PLACES, takes, GROUPS),
    ]
    return check(pl.concat(blocks), "cells")


@pytest.fixture(scope="module")
def cells():
    return counted()


def test_the_window_is_cut_at_new_year_as_in_table_4_1():
    assert [key for key, *_ in PERIODS] == ["2007_q3_q4", "2008_q1_q4", "2009_q1"]
    assert PERIODS[0][1:] == (date(2007, 7, 1), date(2007, 12, 31))
    assert periods_of(date(2008, 2, 1), date(2008, 3, 1)) == [("2008_q1", date(2008, 2, 1), date(2008, 3, 1))]


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        (("table_4_1", "grants", "herning", "", "2007_q3_q4", "share"), (1, 2, 1, 2)),
        (("table_4_1", "grants", "herning", "", "2009_q1", "count"), (0, 0, 0, 0)),
        (("table_4_1", "grants", "all", "", "total", "count"), (3, 0, 3, 3)),
        (("table_4_1", "grants", "all", "", "total", "share"), (3, 3, 3, 3)),
        # Rita's two cases in herning are two applications of one person; Ove's basis is not stated
        (("table_5_1", "applications", "herning", "", "full", "share"), (3, 4, 2, 3)),
        (("table_5_1", "applications", "herning", "", "total", "count"), (4, 0, 3, 3)),
        (("table_5_1", "applications", "all", "", "full", "share"), (4, 6, 3, 4)),
        (("table_5_2", "applications", "herning", "", "rejected", "share"), (2, 5, 1, 4)),
        (("table_5_2", "applications", "herning", "", "rejected", "count"), (2, 0, 1, 1)),
        (("table_5_2", "applications", "herning", "", "undecided", "count"), (1, 0, 1, 1)),
        (("table_5_2", "applications", "herning", "", "total", "count"), (5, 0, 4, 4)),
        (("table_5_2", "applications", "all", "", "total", "count"), (7, 0, 5, 5)),
        (("table_5_2", "applications", "region_midt", "", "undecided", "share"), (1, 1, 1, 1)),
        (("table_5_4", "rejections", "herning", "", "rehabilitation", "share"), (1, 2, 1, 1)),
        (("table_5_4", "rejections", "all", "", "none", "share"), (2, 3, 1, 1)),
        (("table_5_4", "rejections", "all", "", "total", "count"), (3, 0, 1, 1)),
    ],
)
def test_figures_of_applications(cells, figure, counts):
    assert at(cells, figure) == counts


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        # 5.3: Inge's diagnosis is not stated
        (("table_5_3", "grants", "herning", "", "mental_disorder", "share"), (1, 1, 1, 1)),
        (("table_5_3", "grants", "all", "", "cancer", "share"), (0, 2, 0, 2)),
        (("table_5_3", "grants", "herning", "", "total", "count"), (2, 0, 2, 2)),
        (("table_6_1", "grants", "all", "", "women", "share"), (2, 3, 2, 3)),
        (("table_6_1", "grants", "viborg", "", "immigrants", "share"), (1, 1, 1, 1)),
        (("table_6_1", "grants", "herning", "", "mean_age", "mean"), (100, 2, 2, 2)),
        (("table_6_1", "other_population", "other_population", "", "women", "share"), (3, 5, 3, 5)),
        (("table_6_1", "other_population", "other_population", "", "total", "count"), (5, 0, 5, 5)),
        (("table_6_2", "grants", "herning", "", "lower_secondary_incl_unknown", "share"), (2, 2, 2, 2)),
        (("table_6_2", "grants", "all", "", "vocational", "share"), (1, 3, 1, 3)),
        # 6.3: whole kroner, a loss too; per mille over ten a person is percent
        (("table_6_3", "grants", "herning", "", "gross_income", "mean"), (50_000, 2, 1, 2)),
        (("table_6_3", "grants", "all", "", "unemployment_degree", "mean"), (60, 20, 2, 2)),
        (
            ("table_6_3", "other_population", "other_population", "", "gross_income", "mean"),
            (700_000, 5, 5, 5),
        ),
        # 6.5 and 6.6: Inge and Dan are too old, Eva lives elsewhere
        (("table_6_5", "grants_19_59", "all", "", "headache", "share"), (1, 2, 1, 2)),
        (("table_6_5", "grants_19_59", "herning", "", "total", "count"), (1, 0, 1, 1)),
        (("table_6_5", "other_citizens", "all", "", "headache", "share"), (1, 3, 1, 3)),
        (("table_6_5", "other_citizens", "all", "", "hormones", "share"), (0, 3, 0, 3)),
        (("table_6_5", "grants_19_59", "all", "", "psychopharmaceuticals", "share"), None),
        (("table_6_6", "grants_19_59", "herning", "", "parent_on_pension", "share"), (1, 1, 1, 1)),
        (("table_6_6", "other_citizens", "all", "", "parent_on_pension", "share"), (1, 2, 1, 2)),
        (("table_6_6", "other_citizens", "all", "", "total", "count"), (3, 0, 3, 3)),
        (("table_6_6", "all_citizens", "all", "", "total", "count"), (5, 0, 5, 5)),
        (("figure_6_1", "grants_19_59", "all", "", "three_medicine_types", "share"), (1, 2, 1, 2)),
        (("figure_6_1", "grants_19_59", "all", "", "no_prescription_medicine", "share"), (1, 2, 1, 2)),
        (("figure_6_1", "other_citizens", "all", "", "one_medicine_type", "share"), (1, 3, 1, 3)),
        (("bilag_2", "persons", "herning", "ill", "psychopharmaceuticals", "share"), (1, 2, 1, 2)),
        (("bilag_2", "persons", "all", "all", "psychopharmaceuticals", "share"), (1, 3, 1, 3)),
        (("bilag_2", "persons", "viborg", "ill", "n_persons", "count"), (1, 0, 1, 1)),
    ],
)
def test_figures_of_persons(cells, figure, counts):
    assert at(cells, figure) == counts


def test_registers_that_were_not_delivered_leave_their_tables_out():
    nothing = dict.fromkeys(
        ("education", "diagnosis", "income", "unemployment", "parent_on_pension", "adhd_medicine")
    )
    untold = [row | nothing | {"psychopharmaceuticals": None} for row in BACKGROUND]
    grants_only = [(*row[:4], None, None, None) for row in APPLICATIONS if row[3] == "granted"]
    others = [row | nothing | {"psychopharmaceuticals": None} for row in OTHERS]
    found = counted(untold, others, [], grants_only)
    assert set(found["table"]) == {"table_4_1", "table_6_1"}


def test_medicine_without_parents_leaves_table_6_6_out():
    silent = {"parent_on_pension": None}
    found = counted([row | silent for row in BACKGROUND], [row | silent for row in OTHERS])
    assert "table_6_5" in set(found["table"])
    assert "table_6_6" not in set(found["table"])


def test_who_has_no_year_of_medicine_is_in_no_share_of_it():
    gone = {"psychopharmaceuticals": None, "adhd_medicine": None}
    found = counted(others=[row | gone for row in OTHERS])
    medicine = found.filter(pl.col("table").is_in(["table_6_5", "figure_6_1"]))
    assert set(medicine["base"]) == {"grants_19_59"}
    assert "other_citizens" in set(found.filter(table="table_6_6")["base"])
    some = counted([row | (gone if row["person"] == HANNE else {}) for row in BACKGROUND])
    none = ("figure_6_1", "grants_19_59", "all", "", "no_prescription_medicine", "share")
    assert at(some, none) == (0, 1, 0, 1)
    assert at(counted(), none) == (1, 2, 1, 2)


def test_without_other_citizens_their_rows_are_not_there():
    found = counted(others=[])
    assert set(found["base"]) == {"grants", "applications", "rejections", "grants_19_59", "persons"}


def at(cells, figure):
    names = ("table", "base", "area", "type_key", "key", "measure")
    row = cells.filter(**dict(zip(names, figure, strict=True)))
    columns = ("numerator", "denominator", "persons", "base_persons")
    return row.select(columns).row(0) if row.height else None
