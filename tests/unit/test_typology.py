from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from veje import io
from veje.contracts import check
from veje.errors import BadInput
from veje.lists import read_alphabet
from veje.settings import Typology
from veje.typology import (
    Profile,
    build_typology,
    dominant_name,
    nearest,
    profile_distance,
    read_reference,
)

ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["work", "cash", "sick"], "label_en": ["W", "C", "S"], "colour": ["#000000"] * 3}),
    "small",
)
W, C, S = 0, 1, 2


def profile(area, key, *quarters):
    return Profile(area, key, np.array([*quarters, 0.0]))


ILL = profile("herning", "fell_ill", 3, 0, 1)
LONG = profile("herning", "long_cash", 0, 4, 0)


def test_the_distance_is_the_quarters_that_would_have_to_change():
    assert profile_distance(np.array([4.0, 0, 0]), np.array([0, 4.0, 0])) == 4
    assert profile_distance(np.array([3.0, 1, 0]), np.array([1, 1.5, 1.5])) == 2
    assert profile_distance(np.array([1.0, 2, 1]), np.array([1.0, 2, 1])) == 0


def test_each_type_is_represented_by_its_nearest_area():
    near_ill = profile("viborg", "fell_ill", 2, 0, 2)
    found = nearest(np.array([2.0, 0, 2, 0]), [ILL, near_ill, LONG])
    assert [(d, p.area, p.type_key) for d, p in found] == [
        (0.0, "viborg", "fell_ill"),
        (4.0, "herning", "long_cash"),
    ]


def test_types_at_one_distance_are_told_apart_by_name():
    found = nearest(np.array([2.0, 2, 0, 0]), [profile("a", "zeta", 4, 0, 0), profile("a", "alpha", 0, 4, 0)])
    assert [p.type_key for _, p in found] == ["alpha", "zeta"]
    assert [d for d, _ in found] == [2.0, 2.0]


@pytest.mark.parametrize(
    ("rows", "least", "name"),
    [
        ([[W, W, S, S]], 2, "work_then_sick"),
        ([[S, S, W, W]], 2, "sick_then_work"),
        ([[W, W, W, S]], 2, "work"),
        ([[W, W, W, S], [W, W, S, S]], 1.5, "work_then_sick"),  # 1.5 quarters sick on average
        ([[W, W, W, S], [W, W, S, S]], 1.6, "work"),
        ([[C, S, W, 3]], 4, "work"),  # none is dominant: the commonest, the first by code
        ([[3, 3, 3, 3]], 2, "missing"),
        ([[W, S, C, C]], 1, "work_then_sick_then_cash"),
    ],
)
def test_without_a_reference_dominant_states_name_a_cluster(rows, least, name):
    assert dominant_name(np.array(rows, dtype=np.uint8), ALPHABET, least) == name


def reference(*rows):
    columns = ["area", "type_key", "state", "quarters", "persons"]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def test_the_pooled_profile_is_weighted_by_persons():
    profiles = read_reference(
        reference(
            ("herning", "fell_ill", "work", "4", "30"),
            ("herning", "fell_ill", "sick", "0", "30"),
            ("viborg", "fell_ill", "work", "1", "10"),
            ("viborg", "fell_ill", "sick", "3", "10"),
        ),
        ALPHABET,
        "all",
    )
    found = {p.area: p.quarters.tolist() for p in profiles}
    assert found == {"herning": [4, 0, 0, 0], "viborg": [1, 0, 3, 0], "all": [3.25, 0, 0.75, 0]}


def test_a_reference_with_a_strange_state_is_refused(told):
    table = reference(("herning", "fell_ill", "job", "4", "30"), ("herning", "fell_ill", "work", "0", "30"))
    with pytest.raises(BadInput) as error:
        read_reference(table, ALPHABET, "all")
    assert told(error) == "reference profiles: states not in the alphabet: job"


def test_the_published_profiles_fill_twenty_quarters():
    alphabet = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    profiles = read_reference(io.read_list("caswell_profiles", "reference"), alphabet, "four_municipalities")
    assert {p.type_key for p in profiles} == {
        "wage_earner_became_ill",
        "long_term_cash_benefit",
        "commuter",
        "short_term_cash_benefit",
        "flexjob_referred",
    }
    for each in profiles:
        assert each.quarters.sum() == pytest.approx(20, abs=0.75)  # printed with one decimal


# Whole typologies: six people in two municipalities, four quarters


def whole(reference, pooled_k=2, **options):
    """Four people in herning, two in viborg; own solutions and one of both."""
    paths = [[W, W, W, S], [W, W, S, S], [C, C, C, C], [C, C, C, W], [W, W, W, S], [C, C, C, C]]
    unique = [[W, W, S, S], [W, W, W, S], [C, C, C, W], [C, C, C, C]]
    sequences = pl.DataFrame(
        {
            "person": range(1, 7),
            "area": ["herning"] * 4 + ["viborg"] * 2,
            "sequence": [unique.index(path) for path in paths],
            "states": paths,
        },
        schema_overrides={"states": pl.List(pl.UInt8)},
    )
    partitions = pl.DataFrame(
        [
            *[("all", 2, s, c) for s, c in enumerate([0, 0, 1, 1])],
            *[("all", 3, s, c) for s, c in enumerate([0, 0, 1, 2])],
            *[("herning", 2, s, c) for s, c in enumerate([0, 0, 1, 1])],
            *[("viborg", 2, s, c) for s, c in ((1, 0), (3, 1))],
        ],
        schema=["area", "k", "sequence", "cluster"],
        orient="row",
    )
    quality = pl.DataFrame(
        {
            "area": ["all", "all", "herning", "viborg"],
            "k": [2, 3, 2, 2],
            "chosen": [pooled_k == 2, pooled_k == 3, True, True],
        }
    )
    settings = Typology(**{"limit": 6.0, "dominant_quarters": 2.0, **options})
    return build_typology(partitions, quality, sequences, reference, ALPHABET, settings, "all")


def test_clusters_take_the_name_of_the_nearest_profile():
    result = whole([ILL, LONG])
    # Cluster 0 of both: work 3, 2, 3 and sick 1, 2, 1 quarters: means 8/3 and 4/3.
    first = result.named_clusters.row(0, named=True)
    assert first.pop("distance") == pytest.approx(1 / 3)
    assert first.pop("second_distance") == pytest.approx(4)
    assert first == {
        "area": "all",
        "cluster": 0,
        "persons": 3,
        "type_key": "fell_ill",
        "reference_area": "herning",
        "second_type": "long_cash",
        "merged": False,
    }
    named = result.named_clusters.select("area", "cluster", "persons", "type_key").rows()
    assert named == [
        ("all", 0, 3, "fell_ill"),
        ("all", 1, 3, "long_cash"),
        ("herning", 0, 2, "fell_ill"),
        ("herning", 1, 2, "long_cash"),
        ("viborg", 0, 1, "fell_ill"),
        ("viborg", 1, 1, "long_cash"),
    ]


def test_everyone_has_a_pooled_and_an_own_type():
    types = whole([ILL, LONG], pooled_k=3).types
    assert types.select("person", "cluster_pooled", "type_pooled", "cluster_own", "type_own").rows() == [
        (1, 0, "fell_ill", 0, "fell_ill"),
        (2, 0, "fell_ill", 0, "fell_ill"),
        (3, 2, "long_cash", 1, "long_cash"),
        (4, 1, "long_cash", 1, "long_cash"),
        (5, 0, "fell_ill", 0, "fell_ill"),
        (6, 2, "long_cash", 1, "long_cash"),
    ]


def test_two_clusters_of_one_type_are_marked_as_merged():
    named = whole([ILL, LONG], pooled_k=3).named_clusters.filter(pl.col("area") == "all")
    assert named.select("cluster", "type_key", "merged").rows() == [
        (0, "fell_ill", False),
        (1, "long_cash", True),
        (2, "long_cash", True),
    ]


@pytest.mark.parametrize(("limit", "name"), [(0.5, "long_cash"), (0.49, "unmatched")])
def test_a_cluster_beyond_the_limit_is_unmatched(limit, name):
    # Herning's second cluster holds cash 4 and 3 quarters, work 0 and 1: half a quarter away.
    named = whole([ILL, LONG], limit=limit).named_clusters
    row = named.filter((pl.col("area") == "herning") & (pl.col("cluster") == 1)).row(0, named=True)
    assert (row["type_key"], row["distance"], row["reference_area"]) == (name, 0.5, "herning")


def test_one_reference_type_has_no_second():
    named = whole([ILL]).named_clusters
    assert named["second_type"].null_count() == named.height
    assert named["second_distance"].null_count() == named.height


def test_without_a_reference_names_come_from_states():
    result = whole([])
    assert result.named_clusters.filter(pl.col("area") == "viborg")["type_key"].to_list() == ["work", "cash"]
    assert result.named_clusters["distance"].null_count() == 6
    assert result.types["type_own"].to_list() == ["work", "work", "cash", "cash", "work", "cash"]


@pytest.mark.parametrize("reference", [[], [ILL], [ILL, LONG]])
def test_results_keep_their_contracts(reference):
    result = whole(reference)
    assert check(result.types, "types").equals(result.types.select(check(result.types, "types").columns))
    assert check(result.named_clusters, "named_clusters").height == 6
