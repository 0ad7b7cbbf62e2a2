from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import squareform

from tests.people import table
from veje.clusters.build import build_clusters, subset
from veje.contracts import check
from veje.distances.build import build_distances
from veje.errors import BadInput
from veje.lists import read_alphabet
from veje.settings import Clusters, Distances

AREAS = ["all", "herning", "viborg"]

# Six unique sequences on a line: two tight pairs, and a wider one further off.
LINE = np.array([0.0, 1.0, 10.0, 11.0, 40.0, 43.0])
DISTANCES = np.abs(LINE[:, None] - LINE[None, :])[np.triu_indices(6, 1)].astype(np.float32)


def sequences(persons):
    """Sequence rows from (area, unique sequence, persons)."""
    rows = [(area, sequence) for area, sequence, number in persons for _ in range(number)]
    return table(
        "sequences",
        [
            {"person": i, "area": area, "sequence": sequence, "states": [0]}
            for i, (area, sequence) in enumerate(rows, 1)
        ],
    )


PEOPLE = sequences([("herning", s, 5) for s in range(6)] + [("viborg", s, 5) for s in (0, 1, 4, 5)])


def build(persons=PEOPLE, areas=AREAS, **options):
    return build_clusters(DISTANCES, persons, areas, Clusters(**{"k_max": 3, "smallest": 1, **options}))


def groups(result, area, k):
    """The partition of an area as sets of sequence numbers."""
    rows = result.partitions.filter(pl.col("area") == area, pl.col("k") == k)
    return sorted(sorted(own["sequence"]) for _, own in rows.group_by("cluster"))


def chosen(result):
    return dict(result.quality.filter("chosen").select("area", "k").rows())


def test_groups_on_a_line_are_found_pooled_and_alone():
    result = build()
    assert groups(result, "all", 2) == [[0, 1, 2, 3], [4, 5]]
    assert groups(result, "all", 3) == [[0, 1], [2, 3], [4, 5]]
    assert groups(result, "viborg", 2) == [[0, 1], [4, 5]]
    assert groups(result, "viborg", 3) == [[0, 1], [4], [5]]
    assert chosen(result) == {"all": 3, "herning": 3, "viborg": 3}


def test_an_area_has_only_its_own_sequences():
    result = build(k_max=4)
    own = result.partitions.filter(pl.col("area") == "viborg")
    assert sorted(set(own["sequence"])) == [0, 1, 4, 5]
    assert sorted(set(own["k"])) == [1, 2, 3]  # four unlike sequences: at most three clusters
    assert sorted(set(result.partitions.filter(pl.col("area") == "all")["k"])) == [1, 2, 3, 4]


def test_results_keep_their_contracts():
    result = build()
    for name in ("partitions", "quality", "trees"):
        frame = getattr(result, name)
        assert check(frame, name).height == frame.height > 0
    assert result.trees.group_by("area").len().sort("area").rows() == [
        ("all", 5),
        ("herning", 5),
        ("viborg", 3),
    ]


def test_exactly_one_number_is_chosen_for_each_area():
    for options in ({}, {"k": 4}, {"k_by_area": {"viborg": 3}}, {"smallest": 1000}):
        result = build(**options)
        assert result.quality.group_by("area").agg(pl.col("chosen").sum())["chosen"].to_list() == [1, 1, 1]


def test_a_fixed_number_holds_for_the_pooled_solution_only():
    assert chosen(build(k=2)) == {"all": 2, "herning": 3, "viborg": 3}


def test_a_fixed_number_for_one_municipality():
    assert chosen(build(k_by_area={"herning": 2})) == {"all": 3, "herning": 2, "viborg": 3}


def test_a_fixed_number_may_lie_outside_the_numbers_tried():
    result = build(k=5)
    assert chosen(result)["all"] == 5
    assert len(groups(result, "all", 5)) == 5


def test_every_sequence_may_be_a_cluster_of_its_own():
    result = build(k=6)
    assert chosen(result)["all"] == 6
    assert groups(result, "all", 6) == [[0], [1], [2], [3], [4], [5]]


def test_no_number_that_leaves_a_small_cluster_is_taken():
    # All together: 20, 10 and 20 persons, or 30 and 20. Viborg alone: 10, 5 and 5, or 10 and 10.
    assert chosen(build(smallest=5)) == {"all": 3, "herning": 3, "viborg": 3}
    assert chosen(build(smallest=10)) == {"all": 3, "herning": 3, "viborg": 2}
    assert chosen(build(smallest=11)) == {"all": 2, "herning": 1, "viborg": 1}
    assert chosen(build(smallest=20))["all"] == 2


def test_an_area_without_a_number_large_enough_stays_whole():
    result = build(smallest=21)
    assert chosen(result) == {"all": 1, "herning": 1, "viborg": 1}
    assert groups(result, "all", 1) == [[0, 1, 2, 3, 4, 5]]
    assert result.quality.filter("chosen")["ASW"].null_count() == 3


def test_persons_weigh():
    # Both pairs lie 1 apart, and merging one costs the more the more persons it has.
    left = sequences([("herning", 0, 20), ("herning", 1, 20), ("herning", 2, 2), ("herning", 3, 2)])
    right = sequences([("herning", 0, 2), ("herning", 1, 2), ("herning", 2, 20), ("herning", 3, 20)])
    assert groups(build(left, ["all"]), "all", 3) == [[0], [1], [2, 3]]
    assert groups(build(right, ["all"]), "all", 3) == [[0, 1], [2], [3]]


def test_an_area_of_one_sequence_stays_whole():
    result = build(sequences([("herning", 0, 9), ("viborg", 0, 2)]))
    assert chosen(result) == {"all": 1, "herning": 1, "viborg": 1}
    assert groups(result, "viborg", 1) == [[0]]
    assert result.trees.height == 0


def test_an_area_without_persons_is_left_out():
    result = build(sequences([("herning", s, 9) for s in range(3)]))
    assert set(result.partitions["area"]) == {"all", "herning"}


def test_an_area_with_fewer_sequences_than_the_smallest_number_stays_whole():
    assert chosen(build(PEOPLE, k_min=4, k_max=4))["viborg"] == 1


def test_too_few_unlike_sequences_of_all_persons_are_refused(told):
    with pytest.raises(BadInput) as error:
        build(PEOPLE, k=7)
    assert told(error) == "clusters: all has 6 unlike sequences, too few for 7 clusters"


def test_a_municipality_with_too_few_unlike_sequences_stays_whole_and_is_named():
    result = build(PEOPLE, k_by_area={"viborg": 5})
    assert chosen(result)["viborg"] == 1
    assert result.notes == ["viborg has 4 unlike sequences, too few for 5 clusters: it stays whole"]
    assert build(PEOPLE, k_by_area={"viborg": 4}).notes == []


def test_the_order_of_persons_does_not_matter():
    assert build(PEOPLE.reverse()).partitions.equals(build().partitions)
    assert build(PEOPLE.reverse()).quality.equals(build().quality)


@given(st.integers(2, 12), st.data())
def test_a_subset_of_distances_is_that_of_the_square(n, data):
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=2))))
    square = np.arange(n * n, dtype=np.float64).reshape(n, n)
    square = np.triu(square, 1) + np.triu(square, 1).T
    expected = squareform(square[np.ix_(rows, rows)])
    assert subset(squareform(square), rows).tolist() == expected.tolist()


# Distances of the unique sequences

ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["a", "b"], "label_en": ["A", "B"], "colour": ["#000000"] * 2}), "small"
)


def unique(*rows):
    return table(
        "unique",
        [{"sequence": i, "weight": weight, "states": states} for i, (weight, states) in enumerate(rows)],
    )


def test_constant_costs_count_the_quarters_that_differ():
    paths = unique((3, [0, 0, 0, 0]), (1, [0, 0, 0, 1]), (1, [1, 1, 1, 1]))
    result = build_distances(paths, ALPHABET, Distances(method="HAM", costs="CONSTANT", cval=2.0))
    assert result.distances.tolist() == [2.0, 8.0, 6.0]
    assert result.distances.dtype == np.float32
    cost = {(r["from"], r["to"]): r["cost"] for r in check(result.costs, "costs").to_dicts()}
    assert cost["a", "b"] == cost["b", "a"] == cost["a", "missing"] == 2.0
    assert cost["a", "a"] == 0.0
    assert len(cost) == 9  # missing is a state


def test_transition_rates_count_every_person():
    # a to b in 3 of the 4 x 1 transitions out of a; b to a never: 2 - 3/4 - 0.
    paths = unique((1, [0, 0]), (3, [0, 1]))
    result = build_distances(paths, ALPHABET, Distances(costs="TRATE"))
    cost = {(r["from"], r["to"]): r["cost"] for r in result.costs.to_dicts()}
    assert cost["a", "b"] == pytest.approx(1.25)
    assert cost["a", "missing"] == pytest.approx(2.0)
    assert result.costs["indel"].to_list() == [1.0] * 9  # half the largest
    assert result.distances.tolist() == [1.25]


def test_the_configs_indel_goes_before_the_methods():
    paths = unique((1, [0, 1, 1, 1]), (1, [1, 1, 1, 0]))
    costs = {"costs": "CONSTANT", "cval": 2.0}
    cheap = build_distances(paths, ALPHABET, Distances(indel=0.5, **costs))
    assert cheap.costs["indel"].to_list() == [0.5] * 9
    assert cheap.distances.tolist() == [1.0]  # take the first away, put one last
    dear = build_distances(paths, ALPHABET, Distances(indel=9.0, **costs))
    assert dear.distances.tolist() == [4.0]  # two substitutions


def test_quality_may_be_left_out_where_no_choice_asks_for_it():
    settings = Clusters(k=3, k_by_area={"herning": 2}, k_max=3, smallest=1)
    full = build_clusters(DISTANCES, PEOPLE, AREAS, settings)
    bare = build_clusters(DISTANCES, PEOPLE, AREAS, settings, rate_fixed=False)
    assert bare.partitions.equals(full.partitions)
    assert chosen(bare) == chosen(full)
    rated = bare.quality.filter(pl.col("ASW").is_not_null())
    # Viborg's number is chosen by quality, the others' are fixed.
    assert set(rated["area"]) == {"viborg"}
    assert rated.equals(full.quality.filter(area="viborg"))
    assert check(bare.quality, "quality").height == full.quality.height
