"""Whom the cohort is compared with, and what medicine they collected, by named people."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tests.people import STUDY, table
from veje.medicine import keep_collected
from veje.others import build_others, reference_day

BEFORE, AFTER = date(2007, 12, 31), date(2008, 12, 31)
# Anna has a grant and is in the cohort, Birgit one elsewhere in a whole region, Carl one in half a region.
ANNA, BIRGIT, CARL, DORTE, EJNAR, FREJA = 1, 2, 3, 4, 5, 6


def live(person, municipality="657", born=date(1970, 5, 5), day=BEFORE):
    return {"person": person, "status_date": day, "birth_date": born, "municipality": municipality}


def others(*rows):
    applied = {"date": date(2008, 1, 10), "outcome": "granted"}
    applications = table(
        "applications",
        [
            {"person": ANNA, "area": "herning", "region": "region_midt", **applied},
            {"person": BIRGIT, "region": "region_midt", "diagnosis": "F32", **applied},
            {"person": CARL, **applied},
            {"person": DORTE, "area": "herning", **applied, "outcome": "rejected"},
        ],
    )
    cohort = table(
        "cohort", [{"person": ANNA, "index_date": date(2008, 1, 10), "area": "herning", "age": 37}]
    )
    given = rows or [live(person) for person in range(1, 7)]
    return build_others(applications, cohort, table("bef", given), STUDY)


def test_the_reference_day_is_the_middle_of_the_window():
    assert reference_day(STUDY) == date(2008, 5, 15)


def test_persons_with_a_grant_are_not_among_the_others():
    found = others()
    assert found.filter(~pl.col("granted"))["person"].to_list() == [DORTE, EJNAR, FREJA]
    birgit = found.filter("granted").row(0, named=True)
    assert (birgit["person"], birgit["index_date"], birgit["diagnosis"]) == (BIRGIT, date(2008, 1, 10), "F32")
    assert found.filter("granted").height == 1, "the cohort and parts of regions are not counted again"


def test_others_live_where_the_last_snapshot_before_the_day_has_them():
    moved = [live(EJNAR, "661", day=date(2006, 12, 31)), live(EJNAR, "791"), live(EJNAR, "657", day=AFTER)]
    found = others(*moved, live(FREJA, "101"), live(DORTE, day=AFTER))
    assert found.filter(~pl.col("granted")).select("person", "area").rows() == [
        (EJNAR, "viborg"),
        (FREJA, None),
    ]


@pytest.mark.parametrize(
    ("born", "there"),
    [
        (date(1990, 5, 15), True),
        (date(1990, 5, 16), False),
        (date(1943, 5, 16), True),
        (date(1943, 5, 15), False),
    ],
)
def test_others_are_of_the_ages_in_which_a_pension_is_granted(born, there):
    assert (FREJA in others(live(FREJA, born=born))["person"]) == there


GROUPS = pl.DataFrame(
    {"atc_prefix": ["N06A", "N06A", "N02B"], "group": ["antidepressant", "psychopharmaceuticals", "headache"]}
)


def test_a_group_is_counted_once_and_a_code_may_be_of_two():
    day = date(2008, 5, 15)
    frame = pl.DataFrame({"person": [EJNAR, FREJA], "index_date": [day, day]})
    rows = [
        (EJNAR, "N06AB04", date(2008, 5, 14)),
        (EJNAR, "N06AX11", date(2007, 5, 16)),
        (EJNAR, "N02BE01", day),
        (EJNAR, "A01AA01", date(2008, 1, 1)),
        (FREJA, "N02BE01", date(2007, 5, 15)),
        (DORTE, "N02BE01", date(2008, 1, 1)),
    ]
    medicine = pl.DataFrame(rows, schema=["person", "atc", "date"], orient="row")
    found = keep_collected(frame, medicine, GROUPS, 365)
    assert found.rows() == [(EJNAR, "antidepressant"), (EJNAR, "psychopharmaceuticals")]


def test_nobody_without_a_decision_is_compared_with_unless_the_config_asks():
    rows = [live(person) for person in range(1, 7)]
    applications = table("applications", [])
    cohort = table("cohort", [])
    assert build_others(applications, cohort, table("bef", rows), STUDY, "none").height == 0
    assert build_others(applications, cohort, table("bef", rows), STUDY, "everyone").height == 6
