from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import (
    BY_NAME,
    MATCHING,
    NOT_MATCHING,
    STUDY,
    bef_of,
    grants_of,
    names_of,
    number_of,
    table,
)
from veje.cohort import (
    add_residence,
    build_cohort,
    drop_abroad,
    drop_dead,
    keep_first_per_person,
    keep_grants,
    keep_latest_per_case,
)
from veje.contracts import check
from veje.errors import BadInput


def cohort_of(*names):
    return build_cohort(grants_of(*names), bef_of(*names), STUDY).cohort


def row_of(name, *others):
    cohort = cohort_of(name, *others)
    return cohort.filter(pl.col("person") == number_of(name)).to_dicts()[0]


def test_exactly_the_matching_people_are_studied():
    found = names_of(build_cohort(grants_of(), bef_of(), STUDY).cohort["person"])
    assert found == [person.name for person in MATCHING]


WITHOUT_A_GRANT_IN_THE_WINDOW = ("Rita", "Bent", "Kurt", "Poul", "Tove", "Uffe")


@pytest.mark.parametrize("name", WITHOUT_A_GRANT_IN_THE_WINDOW)
def test_a_window_without_a_grant_gives_a_cohort_without_rows(name):
    made = build_cohort(grants_of(name), bef_of(name), STUDY)
    assert made.cohort.height == 0
    assert made.flow.row(-1, named=True)["rows"] == 0
    check(made.cohort, "cohort")


@pytest.mark.parametrize(
    "name", [person.name for person in NOT_MATCHING if person.name not in WITHOUT_A_GRANT_IN_THE_WINDOW]
)
def test_who_must_not_match(name, told):
    with pytest.raises(BadInput) as error:
        cohort_of(name)
    assert told(error).startswith("cohort: nobody is left (rows after each step: decisions ")


@pytest.mark.parametrize(
    ("name", "area", "index_date", "age", "diagnosis"),
    [
        ("Torben", "herning", date(2008, 3, 6), 49, "M54"),  # 50 on the next day
        ("Hanne", "holstebro", date(2008, 6, 12), 48, "F33"),  # her birthday, and the later decision
        ("Jytte", "silkeborg", date(2007, 7, 1), 57, None),
        ("Verner", "viborg", date(2009, 3, 31), 59, None),
        ("Inge", "viborg", date(2007, 10, 10), None, "F20"),  # birth not known
        ("Mogens", "herning", date(2008, 3, 3), 52, None),
        ("Alma", "herning", date(2009, 2, 28), 44, None),  # her leap day has not come
    ],
)
def test_what_is_known_at_the_index_date(name, area, index_date, age, diagnosis):
    assert row_of(name) == {
        "person": number_of(name),
        "index_date": index_date,
        "area": area,
        "age": age,
        "diagnosis": diagnosis,
    }


def test_the_flow_counts_every_step():
    # 22 decisions of 17 people: Rita's, Bent's and Alma's refusals and re-assessments go; Hanne and
    # Uffe lose an earlier decision of their case; Inge and Kurt a later grant; Kurt's first, Uffe's
    # latest, Poul's and Tove's lie outside the window; Else, Svend, Karl and Grethe live elsewhere.
    flow = build_cohort(grants_of(), bef_of(), STUDY).flow
    assert flow.rows() == [
        (0, "decisions", 22, 17),
        (1, "grants", 19, 15),
        (2, "latest_per_case", 17, 15),
        (3, "first_per_person", 15, 15),
        (4, "in_window", 11, 11),
        (5, "in_municipalities", 7, 7),
    ]


def test_results_keep_their_contracts():
    result = build_cohort(grants_of(), bef_of(), STUDY)
    assert check(result.cohort, "cohort").equals(result.cohort)
    assert check(result.flow, "flow").equals(result.flow)


def test_the_order_of_rows_does_not_matter():
    grants, bef = grants_of(), bef_of()
    straight = build_cohort(grants, bef, STUDY)
    for seed in range(5):
        mixed = build_cohort(
            grants.sample(fraction=1, shuffle=True, seed=seed),
            bef.sample(fraction=1, shuffle=True, seed=seed),
            STUDY,
        )
        assert mixed.cohort.equals(straight.cohort)
        assert mixed.flow.equals(straight.flow)


def test_an_empty_cohort_tells_where_everyone_went(told):
    with pytest.raises(BadInput) as error:
        cohort_of("Rita", "Bent", "Poul", "Else")
    assert told(error) == (
        "cohort: nobody is left (rows after each step: decisions 4, grants 2, latest_per_case 2, "
        "first_per_person 2, in_window 1, in_municipalities 0)"
    )
    assert error.value.exit_code == 10


def test_without_a_kind_of_decision_all_rows_are_grants():
    plain = grants_of("Rita", "Torben").with_columns(pl.lit(None, dtype=pl.String).alias("decision"))
    assert keep_grants(plain).height == 2


def test_one_unknown_kind_among_known_ones_is_no_grant():
    kinds = pl.Series("decision", ["grant", None, "refusal"])
    some = grants_of("Torben", "Jytte", "Else").with_columns(kinds)
    assert names_of(keep_grants(some)["person"]) == ["Torben"]


def test_cases_are_each_persons_own():
    # Torben's and Jytte's cases both have number 1.
    assert keep_latest_per_case(grants_of("Torben", "Jytte")).height == 2


def test_rows_without_a_case_are_cases_of_their_own():
    twice = pl.concat([grants_of("Verner"), grants_of("Verner")])
    assert keep_latest_per_case(twice).height == 2
    assert keep_first_per_person(keep_latest_per_case(twice)).height == 1


def test_a_grant_in_another_case_does_not_replace_the_first():
    kept = keep_first_per_person(keep_latest_per_case(grants_of("Inge")))
    assert kept["decision_date"].to_list() == [date(2007, 10, 10)]


def test_two_grants_of_one_day_are_told_apart_whatever_their_order():
    row = {"person": 1, "decision_date": date(2008, 1, 1), "decision": "grant"}
    both = table("grants", [row | {"case": "2", "diagnosis": "M54"}, row | {"case": "1", "diagnosis": "F32"}])
    assert keep_first_per_person(both)["case"].to_list() == ["1"]
    assert keep_first_per_person(both.reverse())["case"].to_list() == ["1"]


def test_residence_is_the_last_one_known_on_the_day():
    grants = table(
        "grants",
        [
            {"person": 6, "decision_date": day, "decision": "grant"}
            for day in (date(2006, 12, 30), date(2006, 12, 31), date(2008, 12, 30), date(2008, 12, 31))
        ],
    )
    placed = add_residence(grants, bef_of("Mogens")).sort("decision_date")
    assert placed["municipality"].to_list() == [None, "791", "657", "751"]


def test_the_deciding_municipality_goes_before_residence():
    home = {"person": number_of("Hanne"), "status_date": date(2007, 12, 31), "municipality": "791"}
    placed = add_residence(grants_of("Hanne"), table("bef", [home]))
    assert placed["municipality"].to_list() == ["661", "661"]


def test_a_snapshot_without_a_municipality_does_not_hide_an_earlier_one():
    bef = table(
        "bef",
        [
            {"person": 18, "status_date": date(2006, 12, 31), "municipality": "740"},
            {"person": 18, "status_date": date(2007, 12, 31), "municipality": None},
        ],
    )
    assert add_residence(grants_of("Karl"), bef)["municipality"].to_list() == ["740"]


def test_a_population_without_dates_still_tells_the_residence():
    bef = table("bef", [{"person": 18, "status_date": None, "municipality": "740"}])
    cohort = build_cohort(grants_of("Karl"), bef, STUDY).cohort
    assert cohort["area"].to_list() == ["silkeborg"]


def test_two_municipality_codes_may_share_one_key():
    merged = STUDY.model_copy(update={"municipalities": {"657": "herning", "751": "herning"}})
    cohort = build_cohort(grants_of("Torben", "Else"), bef_of("Torben", "Else"), merged).cohort
    assert cohort["area"].to_list() == ["herning", "herning"]


# Deaths, and life abroad


def dead(**days):
    return table("deaths", [{"person": number_of(name), "death_date": day} for name, day in days.items()])


def moves(name, *events):
    return table(
        "migration", [{"person": number_of(name), "date": day, "direction": way} for day, way in events]
    )


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (date(2008, 3, 5), False),  # Torben died the day before his grant
        (date(2008, 3, 6), True),  # on the day
        (date(2008, 3, 7), True),
        (date(1999, 1, 1), False),
    ],
)
def test_a_grant_after_the_death_is_left_out(day, kept):
    left = drop_dead(grants_of("Torben", "Jytte"), dead(Torben=day))
    assert names_of(left["person"]) == (["Torben", "Jytte"] if kept else ["Jytte"])
    assert left.columns == grants_of().columns


@pytest.mark.parametrize(
    ("events", "kept"),
    [
        ([], True),
        ([(date(2008, 3, 6), "out")], False),  # moved on the day of the decision
        ([(date(2008, 3, 7), "out")], True),
        ([(date(2001, 5, 1), "out")], False),
        ([(date(2001, 5, 1), "out"), (date(2003, 5, 1), "in")], True),
        ([(date(2001, 5, 1), "out"), (date(2008, 3, 6), "in")], True),  # came back on the day
        ([(date(2001, 5, 1), "out"), (date(2008, 3, 7), "in")], False),
        ([(date(1999, 5, 1), "in"), (date(2007, 5, 1), "out"), (date(2009, 5, 1), "in")], False),
        ([(date(2008, 1, 1), "out"), (date(2008, 1, 1), "in")], True),  # both on one day
        ([(date(2008, 1, 1), "in"), (date(2008, 1, 1), "out")], True),
        ([(date(2008, 1, 1), "out"), (date(2008, 1, 1), "out")], False),  # delivered twice
    ],
)
def test_who_lives_abroad_on_the_day_of_the_decision_is_left_out(events, kept):
    left = drop_abroad(grants_of("Torben", "Jytte"), moves("Torben", *events))
    assert names_of(left["person"]) == (["Torben", "Jytte"] if kept else ["Jytte"])


def test_deaths_and_moves_are_steps_of_the_flow_with_counts():
    deaths = dead(Torben=date(2008, 1, 1), Rita=date(2001, 1, 1), Kurt=date(2020, 1, 1))
    away = moves("Jytte", (date(2007, 6, 1), "out"))
    result = build_cohort(grants_of(), bef_of(), STUDY, deaths=deaths, migration=away)
    assert result.flow.rows()[3:] == [
        (3, "first_per_person", 15, 15),
        (4, "alive", 14, 14),  # Rita was refused and is gone already; Kurt lived
        (5, "in_the_country", 13, 13),
        (6, "in_window", 9, 9),
        (7, "in_municipalities", 5, 5),
    ]
    assert not {number_of("Torben"), number_of("Jytte")} & set(result.cohort["person"])
    assert check(result.flow, "flow").equals(result.flow)


def test_a_later_grant_does_not_stand_in_for_one_decided_abroad():
    # Inge was granted in 2007, and in another case in 2008 when she was back.
    away = moves("Inge", (date(2007, 1, 1), "out"), (date(2008, 1, 1), "in"))
    result = build_cohort(grants_of("Inge", "Jytte"), bef_of("Inge", "Jytte"), STUDY, migration=away)
    assert names_of(result.cohort["person"]) == ["Jytte"]


def test_persons_abroad_may_be_kept():
    away = moves("Jytte", (date(2007, 6, 1), "out"))
    keep = STUDY.model_copy(update={"abroad": "keep"})
    result = build_cohort(grants_of("Jytte"), bef_of("Jytte"), keep, migration=away)
    assert names_of(result.cohort["person"]) == ["Jytte"]
    assert "in_the_country" not in result.flow["key"]


@given(
    st.lists(
        st.tuples(st.dates(date(2008, 2, 1), date(2008, 4, 1)), st.sampled_from(["in", "out"])), max_size=6
    )
)
def test_abroad_is_the_last_move_read_day_by_day(events):
    where = "in"
    for day, way in sorted(events, key=lambda event: (event[0], event[1] == "in")):
        if day <= date(2008, 3, 6):
            where = way
    left = drop_abroad(grants_of("Torben"), moves("Torben", *events))
    assert left.height == (where == "in")


@pytest.mark.parametrize(
    ("born", "possible"),
    [
        (date(2008, 3, 6), True),
        (date(2008, 3, 7), False),
        (date(1887, 3, 7), True),
        (date(1887, 3, 6), False),
    ],
)
def test_ages_below_0_and_above_120_are_refused(born, possible, told):
    bef = bef_of("Torben", "Jytte").with_columns(
        pl.when(pl.col("person") == number_of("Torben"))
        .then(pl.lit(born))
        .otherwise("birth_date")
        .alias("birth_date")
    )
    if possible:
        assert build_cohort(grants_of("Torben", "Jytte"), bef, STUDY).cohort.height == 2
        return
    with pytest.raises(BadInput) as error:
        build_cohort(grants_of("Torben", "Jytte"), bef, STUDY)
    assert told(error) == "bef: 1 of 2 persons of the cohort have no possible age"


@given(born=st.dates(date(1930, 1, 1), date(1990, 12, 31)), day=st.dates(date(2007, 7, 1), date(2009, 3, 31)))
def test_age_counts_the_birthdays_that_have_been(born, day):
    grants = grants_of("Torben").with_columns(pl.lit(day).alias("decision_date"))
    bef = bef_of("Torben").with_columns(pl.lit(born).alias("birth_date"))
    birthdays = [
        year
        for year in range(born.year + 1, day.year + 1)
        if (year, born.month, born.day) <= (day.year, day.month, day.day)
    ]
    assert build_cohort(grants, bef, STUDY).cohort["age"].to_list() == [len(birthdays)]


def test_the_stories_are_what_they_say():
    # A guard for the fixtures themselves.
    assert len(BY_NAME) == len(MATCHING) + len(NOT_MATCHING)
    assert len({person.pnr for person in BY_NAME.values()}) == len(BY_NAME)
    assert all(len(person.pnr) == 10 for person in BY_NAME.values())
