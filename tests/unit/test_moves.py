"""Moves, shared paths and the tree: counted by hand, and against ten-line versions of the textbook."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from veje.disclosure import release
from veje.lists import Alphabet
from veje.settings import Disclosure
from veje.tables.build import places_of
from veje.tables.dendrogram import LEAVES, ROOT, dendrogram_figures, digits, divided
from veje.tables.derived import add_derived, entropy
from veje.tables.moves import move_figures
from veje.tables.paths import state_figures
from veje.tables.shared import modal_rows, shared_figures, spelled

STATES = ("work", "ill", "cash", "missing")
ALPHABET = Alphabet(STATES, {}, ("#000000", "#555555", "#AAAAAA", "#EEEEEE"))
W, S, C, M = range(4)
# Ane works and falls ill twice; Bo goes from cash benefit to work; Carl is on cash benefit throughout.
PEOPLE = {"ane": [W, W, S, W, W, S, S, S], "bo": [C, C, C, C, C, C, W, W], "carl": [C] * 8}


def sequences(paths):
    unique = {tuple(path): i for i, path in enumerate(dict.fromkeys(map(tuple, paths)))}
    return pl.DataFrame(
        {
            "person": range(1, len(paths) + 1),
            "area": ["herning"] * len(paths),
            "sequence": [unique[tuple(path)] for path in paths],
            "states": pl.Series(paths, dtype=pl.List(pl.UInt8)),
        },
        schema_overrides={"person": pl.Int64, "sequence": pl.Int64},
    )


def types_of(frame, types):
    return frame.select("person", "area").with_columns(
        *(pl.Series(name, types) for name in ("type_pooled", "type_own"))
    )


def moves(paths, types=None):
    frame = sequences(paths)
    places = places_of(types_of(frame, types or ["a"] * len(paths)), ["all", "herning"])
    return pl.concat(move_figures(frame, places, ALPHABET, "all"))


def figure(cells, table, key, type_key="", area="all", measure=None):
    found = cells.filter(table=table, key=key, type_key=type_key, area=area)
    return (found if measure is None else found.filter(measure=measure)).row(0, named=True)


def test_transitions_of_three_people_by_hand():
    cells = moves(list(PEOPLE.values()))
    fell_ill = figure(cells, "transitions", "work.ill", measure="share")
    # Ane: four working quarters are followed, two by illness; Bo: one, by work.
    assert (fell_ill["numerator"], fell_ill["denominator"]) == (2, 5)
    assert (fell_ill["persons"], fell_ill["base_persons"], fell_ill["rest_persons"]) == (1, 2, 2)
    onward = figure(cells, "transitions", "cash.onward", measure="count")
    assert (onward["numerator"], onward["persons"]) == (13, 2)
    stays = figure(cells, "transitions", "cash.cash", measure="share")
    # Carl's every move is this one: what it leaves of the whole is Bo's alone.
    assert (stays["numerator"], stays["rest_persons"]) == (12, 1)
    assert figure(cells, "transitions", "missing.work", measure="share")["persons"] == 0


def test_the_flow_between_years_by_hand():
    cells = moves(list(PEOPLE.values())).filter(table="state_flow")
    some = dict(cells.filter(pl.col("persons") > 0).select("key", "numerator").rows())
    assert some == {"q04_work.q08_ill": 1, "q04_cash.q08_work": 1, "q04_cash.q08_cash": 1}
    assert cells.height == len(STATES) ** 2
    assert set(cells["area"]) == {"all"}


def test_stops_are_counted_back_from_the_last_quarter():
    keys = moves([[W] * 10]).filter(table="state_flow")["key"]
    assert {key.split("_")[0] for key in keys} == {"q02", "q06"}


PATHS = st.lists(st.lists(st.integers(0, 3), min_size=8, max_size=8), min_size=1, max_size=12)


@given(PATHS)
@settings(max_examples=25, deadline=None)
def test_transitions_are_the_textbooks(paths):
    cells = moves(paths).filter(table="transitions", area="all", type_key="", measure="share")
    pairs = Counter(pair for path in paths for pair in pairwise(path))
    for (one, other), count in pairs.items():
        row = cells.filter(key=f"{STATES[one]}.{STATES[other]}").row(0, named=True)
        assert row["numerator"] == count
        assert row["denominator"] == sum(n for (start, _), n in pairs.items() if start == one)
    assert cells.filter(pl.col("persons") > 0).height == len(pairs)


@given(PATHS)
@settings(max_examples=25, deadline=None)
def test_every_stop_of_the_flow_holds_everyone(paths):
    cells = moves(paths).filter(table="state_flow")
    assert cells["numerator"].sum() == len(paths)
    begins = Counter(STATES[path[3]] for path in paths)
    for state, count in begins.items():
        assert cells.filter(pl.col("key").str.starts_with(f"q04_{state}."))["numerator"].sum() == count


def test_a_place_without_persons_has_every_row():
    frame = sequences(list(PEOPLE.values()))
    places = places_of(types_of(frame, ["a", "b", "a"]), ["all", "herning", "viborg"])
    cells = pl.concat(move_figures(frame, places, ALPHABET, "all")).filter(table="transitions")
    rows = {place: set(own["key"]) for place, own in cells.group_by("area", "type_key")}
    assert set(rows) == {("all", ""), ("all", "a"), ("all", "b"), ("herning", ""), ("viborg", "")}
    assert len({frozenset(keys) for keys in rows.values()}) == 1


def test_only_shared_sequences_are_named():
    paths = [PEOPLE["ane"]] * 4 + [PEOPLE["bo"]] * 5 + [PEOPLE["carl"]] * 7
    frame = sequences(paths)
    types = types_of(frame, ["a"] * 9 + ["b"] * 7)
    cells = pl.concat(shared_figures(frame, types, ALPHABET, "all", 5))
    shared = cells.filter(table="shared_sequences").sort("persons", descending=True)
    assert shared.select("type_key", "key", "persons").rows() == [
        ("b", "cash*8", 7),
        ("a", "cash*6/work*2", 5),
    ]
    assert cells["persons"].min() >= 5


def test_a_sequence_is_spelled_by_its_spells():
    assert spelled(PEOPLE["ane"], ALPHABET) == "work*2/ill*1/work*2/ill*3"
    assert spelled([C], ALPHABET) == "cash*1"


def test_groups_tell_the_modal_state_of_enough_persons():
    # Forty persons in two groups by their last state, then the one before: ill ones are apart.
    states = np.array([[W, W]] * 16 + [[S, W]] * 4 + [[C, S]] * 12 + [[W, S]] * 4 + [[S, S]] * 4, np.uint8)
    rows = {key: (persons, size) for key, persons, size in modal_rows(states[::-1], ALPHABET, 5)}
    assert rows == {
        "g01_q01.work": (16, 20),
        "g01_q02.work": (20, 20),
        "g02_q01.cash": (12, 20),
        "g02_q02.ill": (20, 20),
    }
    few = modal_rows(np.array([[W], [S], [C], [M]] * 4, np.uint8), ALPHABET, 5)
    assert few == [], "no state has five persons"


def grown(n, seed):
    rng = np.random.default_rng(seed)
    points = rng.random((n, 2))
    return linkage(points, "ward"), rng.integers(1, 4, n)


@given(st.integers(2, 60), st.integers(0, 1000), st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_no_branch_is_of_few_and_parts_add_up(n, seed, least):
    tree, persons = grown(n, seed)
    found = {b.way: b for b in divided(tree[:, :2].astype(np.int64), persons, least)}
    assert found[ROOT].persons == persons.sum()
    undivided = [way for way in found if f"{way}/1" not in found]
    assert len(undivided) <= LEAVES
    assert sum(found[way].persons for way in undivided) == persons.sum()
    for way, branch in found.items():
        if way != ROOT:
            assert branch.persons >= least
        if way not in undivided:
            parts = [found[f"{way}/{part}"].persons for part in (1, 2)]
            assert sum(parts) == branch.persons
            assert parts[0] >= parts[1]


def test_without_small_branches_the_cut_is_scipys():
    tree, persons = grown(80, 4)
    found = divided(tree[:, :2].astype(np.int64), persons, 1)
    sizes = sorted(b.persons for b in found if f"{b.way}/1" not in {o.way for o in found})
    labels = fcluster(tree, LEAVES, "maxclust")
    assert sizes == sorted(np.bincount(labels, persons)[1:].astype(int))


def test_a_branch_of_one_type_has_its_key():
    frame = sequences([[W, W]] * 6 + [[W, S]] * 6 + [[C, C]] * 6)
    tree = pl.DataFrame(
        {"area": "all", "step": [0, 1], "left": [0, 2], "right": [1, 3], "height": [1.04, 123.4]}
    )
    types = types_of(frame, ["a"] * 12 + ["b"] * 6)
    rows = pl.concat(dendrogram_figures(tree, frame, types, "all", 5))
    told = rows.filter(measure="count").sort("key").select("type_key", "key", "persons").rows()
    assert told == [
        ("", "tree", 18),
        ("a", "tree/1", 12),
        ("a", "tree/1/1", 6),
        ("a", "tree/1/2", 6),
        ("b", "tree/2", 6),
    ]
    heights = dict(rows.filter(measure="index").select("key", "index").rows())
    assert heights == {"tree": 120.0, "tree/1": 1.0}
    few = pl.concat(dendrogram_figures(tree, frame, types, "all", 7))
    assert set(few["key"]) == {"tree"}, "a part of six persons is not divided off"
    assert pl.concat(dendrogram_figures(tree.clear(), frame, types, "all", 5)).height == 0


def test_heights_have_two_digits():
    assert [digits(height) for height in (0.0, 0.01234, 9.96, 719.3)] == [0.0, 0.012, 10.0, 720.0]


def test_the_entropy_is_that_of_the_published_shares():
    paths = [[W, W]] * 50 + [[W, S]] * 48 + [[S, C]] * 2
    frame = sequences(paths)
    places = places_of(types_of(frame, ["a"] * 100), ["all", "herning"])
    rules = Disclosure(threshold=5, rounding=5, rule="five")
    shown = release(pl.concat(state_figures(frame, places, ALPHABET, "all")), rules)
    found = {row["key"]: row for row in entropy(shown, 4).filter(area="all", type_key="").to_dicts()}
    # Quarter 2: 50 and 50 percent are published of 50 and 48; the two on cash benefit are not.
    assert found["q02"]["value"] == pytest.approx(np.log(2) / np.log(4), abs=5e-4)
    # Quarter 1: 98 of 100 would tell of two, so that nothing is published.
    assert (found["q01"]["value"], found["q01"]["status"]) == (None, "withheld")
    full = add_derived(shown, 4)
    assert full.height == shown.height + entropy(shown, 4).height
    assert full.filter(pl.col("table") != "entropy").equals(shown.select(full.columns))
