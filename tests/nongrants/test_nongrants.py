"""Persons without a grant: who was at risk, who is matched with which weight, and where they are placed."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veje.contracts import contract
from veje.distances.build import build_distances
from veje.errors import BadInput
from veje.lists import read_alphabet
from veje.nongrants import add_cells, find_candidates, match_grants, share_paths
from veje.nongrants.place import place_on_types
from veje.settings import Distances

D = date
DAY = D(2008, 6, 1)
TOWNS = {"657": "herning", "791": "viborg"}
STORIES = {
    1: "Else, 45 in Herning, never granted",
    2: "Finn, granted two years and a day after",
    3: "Grete, granted two years after, to the day",
    4: "Helge, granted before",
    5: "Inga, refused that year",
    6: "Jens, died the day before",
    7: "Karl, moved to Aarhus in 2006",
    8: "Lone, 17",
    9: "Mogens, not in the population before 2009",
    10: "Nina, moved to Viborg in 2007",
}
AT_RISK = {1, 2, 5, 10}


def frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = dict(contract(name).types)
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def population() -> pl.DataFrame:
    rows = []
    for person in STORIES:
        born = D(1991, 1, 1) if person == 8 else D(1963, 1, 1)
        for year in (2005, 2006, 2007, 2008, 2009):
            if person == 9 and year < 2009:
                continue
            moved = {7: "751", 10: "791"}.get(person) if year >= (2006 if person == 7 else 2007) else None
            rows.append(
                {
                    "person": person,
                    "status_date": D(year, 12, 31),
                    "sex": "man",
                    "birth_date": born,
                    "municipality": moved or "657",
                }
            )
    return frame("bef", rows)


def candidates(free_days: int = 730) -> pl.DataFrame:
    decisions = [
        (2, D(2010, 6, 2), "grant"),
        (3, D(2010, 6, 1), "grant"),
        (4, D(2001, 1, 1), "grant"),
        (5, D(2008, 9, 1), "refusal"),
    ]
    grants = frame("grants", [{"person": a, "decision_date": b, "decision": c} for a, b, c in decisions])
    deaths = frame("deaths", [{"person": 6, "death_date": D(2008, 5, 31)}])
    return find_candidates(population(), grants, deaths, pl.Series([DAY]), TOWNS, free_days, seed=1)


def test_who_was_at_risk_and_who_was_not() -> None:
    found = candidates()
    assert set(found["person"]) == AT_RISK
    assert dict(found.select("person", "area").iter_rows()) == {
        one: "viborg" if one == 10 else "herning" for one in AT_RISK
    }
    assert set(found["age"]) == {45}
    assert set(candidates(free_days=731)["person"]) == AT_RISK - {2}


def test_days_are_those_of_the_grants_and_the_same_for_a_seed() -> None:
    bef = pl.concat([population().filter(person=1).with_columns(person=pl.lit(n + 1)) for n in range(400)])
    empty = (frame("grants", []), frame("deaths", []))
    days = pl.Series([D(2008, 2, 1), D(2008, 2, 1), D(2009, 2, 1)])
    one = find_candidates(bef, *empty, days, TOWNS, 730, seed=1)
    again = find_candidates(
        bef.sample(fraction=1, shuffle=True, seed=3), *empty, days.reverse(), TOWNS, 730, 1
    )
    assert one.equals(again)
    assert set(one["index_date"]) == set(days)
    assert 0.55 < (one["index_date"] == D(2008, 2, 1)).mean() < 0.78


def people(start: int, cells: list[tuple[str, str | None, int, str]]) -> pl.DataFrame:
    rows = [(start + at, *cell) for at, cell in enumerate(cells)]
    schema = {"person": pl.Int64(), "area": str, "sex": str, "age": pl.Int64(), "first_state": str}
    return add_cells(pl.DataFrame(rows, schema=schema, orient="row"), 5)


def test_cells_of_few_give_all_and_cells_of_many_weigh_more() -> None:
    here, there = ("herning", "man", 42, "wage_earner"), ("viborg", None, 42, "wage_earner")
    grants = people(1, [here, here, there, ("viborg", "woman", 60, "cash_benefit")])
    others = people(
        100, [("herning", "man", 44, "wage_earner")] * 10 + [there] + [("herning", "man", 45, "x")]
    )
    drawn, alone = match_grants(grants, others, per_grant=2, seed=1)
    assert drawn.group_by("area").len().sort("area").rows() == [("herning", 4), ("viborg", 1)]
    assert dict(drawn.group_by("area").agg(pl.col("weight").sum()).iter_rows()) == {
        "herning": 10,
        "viborg": 1,
    }
    assert drawn["weight"].sort().to_list() == [1, 2, 2, 3, 3], "whole persons, dealt out in turn"
    assert alone == 1
    assert drawn.equals(match_grants(grants, others.reverse(), 2, 1)[0])


@given(st.data())
def test_weights_add_up_to_the_cells_of_the_grants(data: st.DataObject) -> None:
    cell = st.tuples(
        st.sampled_from(["herning", "viborg"]),
        st.sampled_from(["man", "woman", None]),
        st.integers(40, 49),
        st.sampled_from(["wage_earner", "cash_benefit"]),
    )
    grants = people(1, data.draw(st.lists(cell, min_size=1, max_size=8)))
    others = people(100, data.draw(st.lists(cell, min_size=1, max_size=40)))
    drawn, _ = match_grants(grants, others, data.draw(st.integers(1, 4)), data.draw(st.integers(0, 9)))
    cells = ["area", "sex", "age_band", "first_state"]
    wanted = {tuple(row) for row in grants.select(cells).iter_rows()}
    inside = [row for row in others.select(cells).iter_rows() if tuple(row) in wanted]
    assert drawn["weight"].sum() == len(inside)
    assert drawn["weight"].dtype == pl.Int64
    assert drawn["person"].n_unique() == drawn.height


def test_shares_of_paths_by_hand() -> None:
    """Herning: 3 grants on the path of cash benefit beside 2 persons who stand for 9: 25 %."""
    grants = pl.DataFrame({"area": ["herning"] * 3 + ["viborg"], "type_key": ["cash"] * 3 + ["work"]})
    drawn = pl.DataFrame(
        {"area": ["herning", "herning", "viborg"], "type_key": ["cash"] * 3, "weight": [4, 5, 3]}
    )
    assert share_paths(grants, drawn, "all").rows() == [
        ("all", "cash", 3, 3, 12.0, 20.0),
        ("all", "work", 1, 0, 0.0, 100.0),
        ("herning", "cash", 3, 2, 9.0, 25.0),
        ("viborg", "cash", 0, 1, 3.0, 0.0),
        ("viborg", "work", 1, 0, 0.0, 100.0),
    ]


ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["work", "cash", "sick"], "label_en": ["W", "C", "S"], "colour": ["#000000"] * 3}),
    "small",
)


def cohort() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two clusters: at work and then ill, and long on cash benefit."""
    states = [[0, 0, 0, 2], [0, 0, 2, 2], [1, 1, 1, 1], [1, 1, 1, 2]]
    unique = pl.DataFrame(
        {"sequence": range(4), "weight": [3, 1, 5, 1], "states": states},
        schema=dict(contract("unique").types),
    )
    clusters = pl.DataFrame(
        {"sequence": range(4), "cluster_pooled": [4, 4, 7, 7], "type_pooled": ["ill", "ill", "cash", "cash"]}
    )
    return unique, clusters


@pytest.mark.parametrize("method", ["OM", "HAM"])
def test_each_person_is_placed_on_the_nearest_medoid_s_type(method: str) -> None:
    unique, clusters = cohort()
    rules = Distances.model_validate({"method": method} | ({"costs": "CONSTANT"} if method == "OM" else {}))
    distances = build_distances(unique, ALPHABET, rules).distances
    states = np.array([[0, 0, 0, 0], [1, 1, 0, 1], [0, 0, 0, 2]], dtype=np.uint8)
    found = place_on_types(states, unique, clusters, distances, ALPHABET, rules)
    assert found == ["ill", "cash", "ill"]
    alone = place_on_types(states[1:2], unique, clusters, distances, ALPHABET, rules)
    assert alone == ["cash"]


def test_members_lie_in_their_own_type_and_one_cluster_holds_everyone() -> None:
    unique, clusters = cohort()
    rules = Distances.model_validate({"method": "HAM"})
    distances = build_distances(unique, ALPHABET, rules).distances
    states = np.array(unique["states"].to_list(), dtype=np.uint8)
    assert (
        place_on_types(states, unique, clusters, distances, ALPHABET, rules)
        == clusters["type_pooled"].to_list()
    )
    one = clusters.with_columns(cluster_pooled=pl.lit(0), type_pooled=pl.lit("all"))
    assert place_on_types(states, unique, one, distances, ALPHABET, rules) == ["all"] * 4


def test_a_dissimilarity_that_depends_on_everyone_is_refused() -> None:
    unique, clusters = cohort()
    rules = Distances.model_validate({"method": "CHI2"})
    distances = build_distances(unique, ALPHABET, rules).distances
    with pytest.raises(BadInput, match=r"distances\.method: CHI2 depends on who is compared with whom"):
        place_on_types(np.zeros((1, 4), np.uint8), unique, clusters, distances, ALPHABET, rules)
