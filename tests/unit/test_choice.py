"""The number of clusters: one index, the vote of several, and what the table shows of it."""

from __future__ import annotations

import math

import pytest

from tests.unit.test_clusters_build import PEOPLE, build, chosen
from veje.clusters import best_numbers, choose_k

# Two indices for three clusters, one for two, HC lowest at four.
TABLE = {
    2: {"ASW": 0.4, "PBC": 0.5, "HG": 0.9, "HC": 0.3},
    3: {"ASW": 0.5, "PBC": 0.6, "HG": 0.8, "HC": 0.2},
    4: {"ASW": 0.3, "PBC": 0.6, "HG": math.nan, "HC": 0.1},
}


def test_each_index_has_its_best_number():
    assert best_numbers(TABLE, ["ASW", "PBC", "HG", "HC"]) == {"ASW": 3, "PBC": 3, "HG": 2, "HC": 4}


def test_most_votes_win_and_the_smallest_of_equals():
    assert choose_k(TABLE, ["ASW", "PBC", "HG"]) == 3
    assert choose_k(TABLE, ["HG", "HC"]) == 2
    assert choose_k(TABLE, ["HC"]) == choose_k(TABLE, "HC") == 4


def test_an_index_without_a_value_has_no_vote():
    assert choose_k({k: {**row, "CH": math.nan} for k, row in TABLE.items()}, ["CH", "HC"]) == 4


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (["ASW", "CHI"], "unknown quality index 'CHI'"),
        ([], "one or more"),
        (["ASW", "ASW"], "each once"),
    ],
)
def test_a_vote_is_refused(by, words):
    with pytest.raises(ValueError, match=words):
        choose_k(TABLE, by)


def test_the_table_shows_the_votes():
    rows = build(criterion=["ASW", "R2", "HC"]).quality.filter(area="all").to_dicts()
    shown = {row["k"]: (set(row["best_by"].split()), row["votes"], row["chosen"]) for row in rows}
    assert sum(votes for _, votes, _ in shown.values()) == 3
    assert "R2" in shown[3][0]  # more clusters always explain more
    assert shown[3][1] == len({"ASW", "R2", "HC"} & shown[3][0])
    assert max(shown, key=lambda k: (shown[k][1], -k)) == next(k for k in shown if shown[k][2])


def test_a_number_that_leaves_a_small_cluster_has_no_vote():
    # With three clusters the smallest has 10 persons: only two clusters are large enough.
    rows = {row["k"]: row for row in build(smallest=11).quality.filter(area="all").to_dicts()}
    assert (rows[3]["best_by"], rows[3]["votes"]) == (None, None)
    assert len(rows[2]["best_by"].split()) == 10


@pytest.mark.parametrize("method", ["ward", "average", "complete", "single", "k_medoids"])
def test_every_method_finds_groups_on_a_line(method):
    result = build(PEOPLE, method=method)
    assert chosen(result) == {"all": 3, "herning": 3, "viborg": 3}
    assert result.trees.height == (0 if method == "k_medoids" else 13)


@pytest.mark.parametrize("variant", ["D", "D2"])
def test_wards_variants_have_their_own_heights(variant):
    heights = build(ward=variant).trees.filter(area="all")["height"]
    # Two piles of five persons 1 apart: 2 * 25 / 10 times the distance, or its square.
    assert heights[0] == pytest.approx(5 if variant == "D" else 5**0.5)
