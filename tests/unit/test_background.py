from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tests.people import table
from veje import io
from veje.background import build_background
from veje.contracts import check, contract
from veje.errors import BadInput
from veje.settings import Background

D = date
INDEX = D(2008, 3, 6)
LISTS = {
    "education": pl.DataFrame({"code": ["10", "30"], "level": ["lower_secondary", "vocational"]}),
    "diagnoses": pl.DataFrame({"prefix": ["F", "F2", "M"], "group": ["mental", "schizophrenia", "muscles"]}),
    "medicine": pl.DataFrame(
        {
            "atc_prefix": ["N05", "N06A", "N06B"],
            "group": ["psychopharmaceuticals", "psychopharmaceuticals", "adhd_medicine"],
        }
    ),
}
EVERY = frozenset({"bef", "grants", "udda", "lmdb", "parents", "ind", "idap"})


def background(people=None, delivered=EVERY, lists=LISTS, settings=None, **registers):
    """Covariates of one person (or several), from the rows given for each register."""
    people = people or [{}]
    cohort = [
        {"person": i, "index_date": INDEX, "area": "herning", "age": 40} | p for i, p in enumerate(people, 1)
    ]
    tables = {
        name: table(name, registers.get(name, []))
        for name in ("bef", "education", "medicine", "parents", "grants", "income", "unemployment")
    }
    frame = build_background(table("cohort", cohort), tables, lists, delivered, settings or Background())
    return check(frame, "background")


def only(frame, *columns):
    assert frame.height == 1
    return frame.select(columns).row(0)


# Status


def test_status_is_the_last_snapshot_before_the_index_date():
    bef = [
        {"person": 1, "status_date": D(2006, 12, 31), "sex": "man", "origin": "danish", "partner": None},
        {"person": 1, "status_date": D(2007, 12, 31), "sex": "man", "origin": "danish", "partner": 7},
        {"person": 1, "status_date": D(2008, 12, 31), "sex": "man", "origin": "danish", "partner": None},
    ]
    assert only(background(bef=bef), "sex", "origin", "partner") == ("man", "danish", True)
    assert only(background(bef=bef[::-1]), "partner") == (True,)


@pytest.mark.parametrize(("day", "partner"), [(INDEX, True), (D(2008, 3, 7), False)])
def test_a_snapshot_of_the_index_date_itself_counts(day, partner):
    bef = [
        {"person": 1, "status_date": D(2006, 12, 31), "partner": None},
        {"person": 1, "status_date": day, "partner": 7},
    ]
    assert only(background(bef=bef), "partner") == (partner,)


def test_who_comes_later_takes_the_first_snapshot():
    bef = [
        {"person": 1, "status_date": D(2009, 12, 31), "sex": "woman", "partner": None},
        {"person": 1, "status_date": D(2008, 12, 31), "sex": "woman", "partner": 7},
    ]
    assert only(background(bef=bef), "sex", "partner") == ("woman", True)


def test_who_is_in_no_snapshot_is_unknown():
    frame = background(
        people=[{}, {}], bef=[{"person": 2, "status_date": D(2007, 12, 31), "sex": "man", "partner": 9}]
    )
    assert frame.select("sex", "partner").rows() == [(None, None), ("man", True)]


def test_a_population_without_partners_does_not_make_everyone_single():
    bef = [{"person": 1, "status_date": D(2007, 12, 31), "sex": "man"}]
    assert only(background(bef=bef), "partner") == (None,)


# Education and diagnosis


@pytest.mark.parametrize(
    ("rows", "level"),
    [
        ([{"person": 1, "education": "30"}], "vocational"),
        ([{"person": 1, "education": "99"}], "unknown"),
        ([{"person": 1, "education": None}], "unknown"),
        ([{"person": 2, "education": "30"}], "unknown"),
    ],
)
def test_education_is_a_level_or_unknown(rows, level):
    assert only(background(education=rows), "education") == (level,)


@pytest.mark.parametrize(
    ("code", "group"),
    [("F32", "mental"), ("F200", "schizophrenia"), ("M54", "muscles"), ("X1", "unknown"), (None, "unknown")],
)
def test_diagnoses_are_grouped_by_their_longest_prefix(code, group):
    frame = background(people=[{"diagnosis": code}, {"diagnosis": "M1"}])
    assert frame["diagnosis"].to_list() == [group, "muscles"]


def test_a_register_without_diagnoses_gives_none():
    assert only(background(), "diagnosis") == (None,)


# Medicine


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (D(2008, 3, 5), True),  # the day before
        (INDEX, False),
        (D(2007, 3, 7), True),  # 365 days before: 2008 is a leap year
        (D(2007, 3, 6), False),
        (D(2008, 3, 7), False),
    ],
)
def test_the_look_back_has_both_its_edges(day, counts):
    rows = [{"person": 1, "atc": "N06AB04", "date": day}]
    assert only(background(medicine=rows), "psychopharmaceuticals", "adhd_medicine") == (counts, False)


def test_medicine_counts_by_its_group_and_person():
    rows = [
        {"person": 1, "atc": "N06BA04", "date": D(2008, 1, 1)},
        {"person": 2, "atc": "N05AH03", "date": D(2008, 1, 1)},
        {"person": 3, "atc": "N02AA01", "date": D(2008, 1, 1)},
        {"person": 99, "atc": "N05AH03", "date": D(2008, 1, 1)},
    ]
    frame = background(people=[{}, {}, {}], medicine=rows)
    assert frame["psychopharmaceuticals"].to_list() == [False, True, False]
    assert frame["adhd_medicine"].to_list() == [True, False, False]


def test_the_look_back_is_a_setting():
    rows = [{"person": 1, "atc": "N06AB04", "date": D(2008, 2, 25)}]  # ten days before
    for days, counts in ((10, True), (9, False)):
        frame = background(medicine=rows, settings=Background(medicine_days=days))
        assert only(frame, "psychopharmaceuticals") == (counts,)


def told_by(people, medicine):
    frame = background(people, frozenset({"lmdb"}), medicine=medicine)
    return frame["psychopharmaceuticals"].to_list()


def test_medicine_of_a_year_that_was_not_delivered_is_not_known():
    # Half of a hundred persons are granted in March 2008, half in March 2009.
    people = [{"index_date": D(2008 + i % 2, 3, 6)} for i in range(100)]
    rows = [{"person": 1 + i, "atc": "N06AB04", "date": D(2007, 6, 1)} for i in range(100)]
    rows += [{"person": 99, "atc": "N06AB04", "date": D(2008, 2, 1)}]
    assert told_by(people, rows) == [True, None] * 50
    rows += [{"person": 7, "atc": "A02BC01", "date": D(2009, 1, 1)}]
    assert told_by(people, rows) == [True, False] * 50
    # Of fewer persons a year without a row tells nothing.
    assert told_by(people[:99], rows[:100])[1] is False


def test_a_list_may_lack_a_group_of_medicine():
    lists = LISTS | {"medicine": LISTS["medicine"].head(2)}
    rows = [{"person": 1, "atc": "N06AB04", "date": D(2008, 1, 1)}]
    assert only(background(medicine=rows, lists=lists), "psychopharmaceuticals", "adhd_medicine") == (
        True,
        False,
    )


# Parents


def parents_of(*decisions, mother=8, father=9):
    grants = [{"person": p, "decision_date": day, "decision": kind} for p, day, kind in decisions]
    frame = background(parents=[{"person": 1, "mother": mother, "father": father}], grants=grants)
    return only(frame, "parent_on_pension")[0]


@pytest.mark.parametrize(
    ("decisions", "on_pension"),
    [
        ([], False),
        ([(8, D(2008, 3, 5), "grant")], True),
        ([(9, D(1999, 1, 1), "grant")], True),
        ([(9, D(1999, 1, 1), "grant"), (9, D(2009, 1, 1), "grant")], True),  # the first grant counts
        ([(8, INDEX, "grant")], False),  # on the same day is not before
        ([(8, D(2009, 1, 1), "grant")], False),
        ([(8, D(2001, 1, 1), "refusal")], False),
        ([(8, D(2001, 1, 1), "refusal"), (8, D(2005, 1, 1), "grant")], True),
        ([(8, D(2001, 1, 1), None), (7, D(2001, 1, 1), "grant")], False),  # of an unknown kind
        ([(8, D(2001, 1, 1), None)], True),  # a register of grants only
        ([(7, D(2001, 1, 1), "grant")], False),  # somebody else
        ([(1, D(2001, 1, 1), "grant")], False),  # the person's own
    ],
)
def test_a_parent_counts_when_granted_before_the_index_date(decisions, on_pension):
    assert parents_of(*decisions) is on_pension


def test_unknown_parents_are_not_on_pension():
    assert parents_of((8, D(2001, 1, 1), "grant"), mother=None, father=None) is False


# Income and unemployment of the last full year


def yearly(column, *rows, person=1):
    return [{"person": person, "year": year, column: amount} for year, amount in rows]


def test_income_is_that_of_the_year_before_the_index_date():
    rows = yearly("income", (2006, 1.0), (2007, 182_000.5), (2008, 3.0))
    assert only(background(income=rows), "income", "income_group") == (182_000.5, "150000_199999")


@pytest.mark.parametrize(
    ("day", "year"), [(D(2008, 1, 1), 2007), (D(2007, 12, 31), 2006), (D(2008, 12, 31), 2007)]
)
def test_the_last_full_year_is_a_calendar_year(day, year):
    rows = yearly("degree", *((one, float(one - 2000)) for one in (2005, 2006, 2007, 2008)))
    frame = background(people=[{"index_date": day}], unemployment=rows)
    assert only(frame, "unemployment") == (float(year - 2000),)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        yearly("income", (2006, 100.0), (2008, 100.0)),  # another year does not stand in for it
        yearly("income", (2007, None)),
        yearly("income", (2007, 100.0), person=2),
    ],
)
def test_a_person_without_an_income_of_that_year_is_unknown(rows):
    assert only(background(income=rows), "income", "income_group") == (None, "unknown")


@pytest.mark.parametrize(
    ("amount", "group"),
    [
        (-20_000.0, "under_100000"),
        (99_999.9, "under_100000"),
        (100_000.0, "100000_149999"),
        (149_999.9, "100000_149999"),
        (150_000.0, "150000_199999"),
        (300_000.0, "300000_and_over"),
    ],
)
def test_income_groups_and_their_edges(amount, group):
    assert only(background(income=yearly("income", (2007, amount))), "income_group") == (group,)


@pytest.mark.parametrize(
    ("degree", "group"),
    [
        (0.0, "under_1"),
        (1.0, "1_249"),
        (249.0, "1_249"),
        (250.0, "250_499"),
        (750.0, "750_and_over"),
        (1000.0, "750_and_over"),
    ],
)
def test_unemployment_groups_and_their_edges(degree, group):
    rows = yearly("degree", (2007, degree))
    assert only(background(unemployment=rows), "unemployment_group") == (group,)


def test_the_groups_of_income_and_unemployment_are_settings():
    settings = Background(income_groups=[200_000], unemployment_groups=[500])
    frame = background(
        income=yearly("income", (2007, 200_000.0)),
        unemployment=yearly("degree", (2007, 499.0)),
        settings=settings,
    )
    assert only(frame, "income_group", "unemployment_group") == ("200000_and_over", "under_500")


def test_income_registers_that_share_nobody_are_refused(told):
    rows = yearly("income", (2007, 100.0), person=999)
    with pytest.raises(BadInput) as error:
        background(people=[{}] * 100, income=rows, delivered=frozenset({"grants", "ind"}))
    assert told(error).startswith("ind: none of the 100 persons of the cohort has a row")


def test_what_is_not_delivered_is_null_for_everyone():
    rows = {
        "education": [{"person": 1, "education": "30"}],
        "medicine": [{"person": 1, "atc": "N06AB04", "date": D(2008, 1, 1)}],
        "parents": [{"person": 1, "mother": 8}],
        "income": yearly("income", (2007, 100.0)),
        "unemployment": yearly("degree", (2007, 100.0)),
    }
    frame = background(delivered=frozenset({"bef", "grants"}), **rows)
    columns = ("education", "psychopharmaceuticals", "adhd_medicine", "parent_on_pension")
    assert only(frame, *columns) == (None, None, None, None)
    yearly_columns = ("income", "income_group", "unemployment", "unemployment_group")
    assert only(frame, *yearly_columns) == (None, None, None, None)


# Age


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, "under_26"),
        (25, "under_26"),
        (26, "26_35"),
        (35, "26_35"),
        (36, "36_45"),
        (55, "46_55"),
        (56, "56_and_over"),
        (101, "56_and_over"),
        (None, None),
    ],
)
def test_age_groups_and_their_edges(age, group):
    assert only(background(people=[{"age": age}]), "age", "age_group") == (age, group)


def test_one_limit_makes_two_groups():
    frame = background(people=[{"age": 49}, {"age": 50}], settings=Background(age_groups=[50]))
    assert frame["age_group"].to_list() == ["under_50", "50_and_over"]


def test_everyone_of_the_cohort_has_one_row_in_order():
    frame = background(
        people=[{}, {}, {}], bef=[{"person": p, "status_date": D(2007, 12, 31)} for p in (3, 1)]
    )
    assert frame["person"].to_list() == [1, 2, 3]
    assert frame.columns == list(contract("background").types)


def test_shipped_lists_know_the_groups_that_the_stage_asks_for():
    groups = set(io.read_list("medicine", "codes")["group"])
    assert {"psychopharmaceuticals", "adhd_medicine"} <= groups
