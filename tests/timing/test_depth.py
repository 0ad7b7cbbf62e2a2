"""Timing in depth: people with a story, and ten-line textbook versions beside the fast ones."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.people import table
from veje.contracts import check
from veje.lists import read_alphabet
from veje.settings import Timing, TimingDepth, Window
from veje.timing import build_timing, classify
from veje.timing.clusters import activity_clusters, levels_of, timing_agreement
from veje.timing.depth import Material, build_depth
from veje.timing.grid import timing_grid
from veje.timing.phases import handovers, longest_run, quarters_of

D = date
ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["work", "sick", "cash"], "label_en": ["W", "S", "C"], "colour": ["#000000"] * 3}),
    "small",
)
W, S, C = 0, 1, 2
FOUR = Window(quarters=4, weeks_per_quarter=2)
DECIDED = D(2008, 3, 6)
"""A Thursday in 2008-W10. Quarters begin on Mondays 7 and 21 January, 4 and 18 February."""
RULES = Timing(passive_run=1, continuous_from=1, continuous_to=4, continuous_gap=1)
KINDS = {"01": "guidance", "30": "education"}

# Ane: guidance early, none later; sick, then cash benefit. Bo: education all the way beside guidance
# late; back to work between two sick spells, a refusal in quarter 3. Cai: nothing at all, always at work.
PATHS = {1: [W, S, C, C], 2: [S, W, S, W], 3: [W, W, W, W]}
SPELLS = [
    (1, "01", D(2008, 1, 7), D(2008, 1, 20)),
    (2, "30", D(2008, 1, 7), D(2008, 3, 2)),
    (2, "01", D(2008, 2, 18), D(2008, 3, 2)),
]
SETTINGS = TimingDepth(
    grid={"concentration": [0.6, 0.9], "active_weeks": [1, 2]},
    levels=[1, 2],
    clusters=2,
    contact_states=["sick", "cash", "of_another_alphabet"],
    clarifying_kinds=["guidance"],
    handed_from="sick",
)


def depth(settings: TimingDepth = SETTINGS):
    cohort = table("cohort", [{"person": p, "index_date": DECIDED, "area": "herning"} for p in PATHS])
    measures = table("measures", [{"person": p, "measure": m, "start": a, "end": b} for p, m, a, b in SPELLS])
    made = build_timing(measures, cohort, KINDS, RULES, FOUR)
    sequences = table("sequences", [{"person": p, "states": path} for p, path in PATHS.items()])
    grants = table(
        "grants",
        [
            {"person": 2, "decision_date": D(2008, 2, 5), "decision": "refusal"},
            {"person": 2, "decision_date": DECIDED, "decision": "grant"},
            {"person": 3, "decision_date": D(2001, 1, 1), "decision": "refusal"},
        ],
    )
    # Rows in another order: nothing may depend on it.
    material = Material(
        made.timing, made.spells, cohort.reverse(), sequences.reverse(), grants.reverse(), ALPHABET
    )
    return build_depth(material, RULES, settings, FOUR)


def test_all_tables_keep_their_contracts():
    made = depth()
    for name in made.__dataclass_fields__:
        assert check(getattr(made, name), name).height > 0, name


def test_markers_and_passive_runs_of_ane_bo_and_cai():
    rows = {row.pop("person"): row for row in depth().phases.to_dicts()}
    assert rows[1] == {
        "contact": 2,
        "clarification": 1,
        "earlier_decision": None,
        "longest_passive": 3,
        "passive_before": 0,
        "passive_after": 3,
    }
    assert rows[2] == {
        "contact": 1,
        "clarification": 4,
        "earlier_decision": 3,
        "longest_passive": 0,
        "passive_before": 0,
        "passive_after": 0,
    }
    # Cai's refusal lies years before the window.
    assert rows[3]["contact"] is rows[3]["clarification"] is rows[3]["earlier_decision"] is None
    assert rows[3]["longest_passive"] == rows[3]["passive_before"] == rows[3]["passive_after"] == 4


def test_bo_is_handed_over_to_work_once_and_ane_to_cash_benefit():
    assert depth().handovers.rows() == [(1, "cash"), (2, "work")]
    nobody = handovers(np.array(list(PATHS.values()), dtype=np.uint8), ALPHABET, "leave")
    assert nobody.height == 0


def test_each_kind_is_classed_as_if_there_were_no_other():
    rows = depth().timing_kinds.rows()
    assert rows == [
        (1, "guidance", 2, "early"),
        (2, "education", 8, "continuous"),
        (2, "guidance", 2, "late"),
    ]


def test_the_grid_holds_every_point_and_its_own_point_is_the_run():
    grid = depth().timing_grid
    assert grid.height == 3 * 4
    own = grid.filter(threshold="active_weeks", value=1.0).sort("person")["scenario"].to_list()
    assert own == ["early", "continuous", "none"]
    assert depth(SETTINGS.model_copy(update={"grid": {}})).timing_grid.height == 0


weeks = hnp.arrays(np.int64, st.tuples(st.integers(1, 6), st.just(20)), elements=st.integers(0, 13))


@given(weeks, st.floats(0.51, 1), st.integers(1, 12))
def test_the_grid_is_the_rules_with_one_threshold_changed(active, concentration, run):
    persons = pl.Series("person", range(1, len(active) + 1), dtype=pl.Int64)
    made = timing_grid(persons, active, Timing(), {"concentration": [concentration], "passive_run": [run]})
    for name, value in (("concentration", concentration), ("passive_run", run)):
        expected = classify(active, Timing(**{name: value})).tolist()
        assert made.filter(threshold=name)["scenario"].to_list() == expected


def textbook_run(marks):
    return max((len(list(group)) for mark, group in groupby(marks) if mark), default=0)


@given(hnp.arrays(np.bool_, st.tuples(st.integers(1, 6), st.integers(1, 20))))
def test_the_longest_run_is_the_textbooks(marks):
    assert longest_run(marks).tolist() == [textbook_run(row) for row in marks.tolist()]


def test_early_and_late_activity_are_clusters_of_their_own():
    early, late, none = [13] * 6 + [0] * 14, [0] * 14 + [13] * 6, [0] * 20
    active = np.array([late, early, none, early, late])
    found = activity_clusters(active, TimingDepth(clusters=2))
    assert found.tolist() == [2, 1, 0, 1, 2]
    assert activity_clusters(active, TimingDepth(clusters=9)).tolist() == [2, 1, 0, 1, 2]
    assert activity_clusters(np.array([early, none]), TimingDepth()).tolist() == [1, 0]
    assert activity_clusters(np.array([none]), TimingDepth()).tolist() == [0]


@pytest.mark.parametrize("method", ["HAM", "OM", "LCS"])
def test_clusters_do_not_depend_on_the_order_of_persons(method):
    random = np.random.default_rng(3)
    active = random.integers(0, 3, (40, 5)).repeat(4, axis=1) * 6
    settings = TimingDepth(method=method, clusters=3)
    order = random.permutation(len(active))
    assert (
        activity_clusters(active, settings)[order].tolist()
        == activity_clusters(active[order], settings).tolist()
    )


def test_levels_begin_at_their_limits():
    assert levels_of(np.array([[0, 1, 6, 7, 13]]), [1, 7]).tolist() == [[0, 1, 1, 2, 2]]


def test_agreement_is_of_all_and_of_those_with_activity():
    scenario = pl.Series(["early", "early", "late", "late", "none", "none"])
    same = timing_agreement(scenario, np.array([1, 1, 2, 2, 0, 0]))
    assert same.rows() == [("adjusted_rand", 6, 1.0), ("adjusted_rand_active", 4, 1.0)]
    crossed = timing_agreement(scenario, np.array([1, 2, 1, 2, 0, 0]))
    # By hand: no pair of the four is together in both; expected 2 x 2 / 6, highest 2.
    assert crossed["value"][1] == pytest.approx((0 - 2 / 3) / (2 - 2 / 3))
    assert timing_agreement(scenario[:1], np.array([1])).height == 0
    assert timing_agreement(scenario[4:], np.array([0, 0])).height == 0


def test_days_fall_in_their_quarter_and_outside_in_none():
    edges = np.array([[10, 12, 14]])
    monday = D(1970, 1, 5)
    days = [D.fromordinal(monday.toordinal() + 7 * week) for week in (9, 10, 11, 12, 13, 14)]
    found = quarters_of(pl.Series(days), np.zeros(6, dtype=np.int64), edges)
    assert found.tolist() == [0, 1, 1, 2, 2, 0]
