"""The steps that fit the twin: swaps of courses, classes of measures, and the case persons' measures."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from veje.twin.bands import BANDS, deal_to_types, draw_in_bands
from veje.twin.case_measures import give_kinds, give_numbers
from veje.twin.case_persons import CASES, case_rows
from veje.twin.courses import draw_group, keep_typical, quarters_per_state, tilt
from veje.twin.facts import area_facts, last_of, onset_of, shifts_of
from veje.twin.fit import Group, gaps_of, scale_of, swap_courses
from veje.twin.grammar import GRAMMARS
from veje.twin.law import AREAS, CASH, LEDIG, SICK, STATES, TYPES, WAGE
from veje.twin.measures import KINDS
from veje.twin.placing import wish_flexjob

PERSONS = {
    "long_term_cash_benefit": 72,
    "commuter": 47,
    "flexjob_referred": 29,
    "wage_earner_became_ill": 105,
}


def silkeborg(seed: int) -> list[Group]:
    """Silkeborg's groups as they are drawn, one commuter held on work for all 20 quarters."""
    rng, groups, row = np.random.default_rng(seed), [], 0
    for key, n in PERSONS.items():
        held = np.full((int(key == "commuter"), 20), WAGE, dtype=np.uint8)
        rows = np.arange(row, row + n - len(held))
        groups.append(draw_group(rng, GRAMMARS[key](rng, 3000), key, "silkeborg", rows, held))
        row += n
    return groups


def objective(groups: list[Group]) -> float:
    facts = area_facts("silkeborg")
    scales = [scale_of(group, facts, sum(g.persons for g in groups)) for group in groups]
    own, last = gaps_of(groups, scales, facts)
    return float(np.square(own).sum() + np.square(last).sum())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_swaps_lower_the_objective_and_meet_the_facts(seed: int):
    groups, facts = silkeborg(seed), area_facts("silkeborg")
    chosen = swap_courses(np.random.default_rng(seed), groups, facts)
    after = [dataclasses.replace(g, chosen=c) for g, c in zip(groups, chosen, strict=True)]
    assert objective(after) < objective(groups) / 4
    for group in after:
        courses = np.concatenate([group.pool[group.chosen], group.held])
        assert len(courses) == PERSONS[group.type_key]
        gap = quarters_per_state(courses).mean(axis=0) - facts.quarters[group.type_key]
        assert np.abs(gap).max() < 0.2, group.type_key
        assert abs(shifts_of(courses).mean() - facts.shifts[group.type_key]) < 0.3, group.type_key
    everybody = np.concatenate([np.concatenate([g.pool[g.chosen], g.held]) for g in after])
    assert np.abs(last_of(everybody).mean(axis=0) - facts.last).max() < 0.015


def test_gaps_are_counted_by_hand():
    """Two persons of one type: the gap of a mean is the mean less the printed one, in steps."""
    facts = area_facts("viborg")
    pool = np.full((1, 20), CASH, dtype=np.uint8)
    held = np.full((1, 20), SICK, dtype=np.uint8)
    group = Group(
        "long_term_cash_benefit", np.array([0]), pool, np.ones(1), np.zeros(1, dtype=np.int64), held
    )
    own, last = gaps_of([group], [scale_of(group, facts, 2)], facts)
    printed = facts.quarters["long_term_cash_benefit"]
    assert own[0, CASH] == pytest.approx((10 - printed[CASH]) / 0.08)
    assert own[0, len(STATES)] == pytest.approx((0 - 2.8) / 0.15)
    assert own[0, len(STATES) + 1] == 0
    assert last[2] == pytest.approx((0.5 - facts.last[2]) / 0.005)


def test_features_of_a_course():
    course = np.array([[WAGE] * 8 + [SICK] * 4 + [LEDIG] * 7 + [SICK]], dtype=np.uint8)
    assert shifts_of(course).tolist() == [3]
    assert onset_of(course).tolist() == [13]
    assert onset_of(course[:, :8].repeat(3, axis=1)[:, :20]).tolist() == [21]
    assert last_of(course)[0].tolist() == [0, 0, 1, 0, 0, 0, 0]


def test_tilted_weights_have_the_target_as_their_mean():
    counts = np.random.default_rng(3).poisson((2, 5, 9), (2000, 3)).astype(float)
    weights = tilt(counts, np.array([2.5, 4.0, 9.5]))
    assert weights.sum() == pytest.approx(1)
    assert weights @ counts == pytest.approx([2.5, 4.0, 9.5], abs=0.05)


def test_typical_courses_are_nearer_to_their_own_profile():
    ill_after_work = [WAGE] * 14 + [SICK] * 6
    always_cash = [CASH] * 20
    counts = quarters_per_state(np.array([ill_after_work, always_cash], dtype=np.uint8))
    assert keep_typical(counts, "wage_earner_became_ill", "viborg").tolist() == [0]
    assert keep_typical(counts, "long_term_cash_benefit", "viborg").tolist() == [1]


def test_classes_and_sums_of_measures_hold_exactly():
    rng = np.random.default_rng(5)
    persons, active, totals = np.array([60, 25, 10, 4, 2, 1]), np.array([40, 62]), np.array([130, 382])
    drawn = draw_in_bands(rng, persons, 512)
    dealt = deal_to_types(rng, active, totals, drawn)
    assert [own.size for own in dealt] == active.tolist()
    assert [int(own.sum()) for own in dealt] == totals.tolist()
    edges = [low for low, _ in BANDS.values()] + [32]
    assert np.histogram(np.concatenate(dealt), edges)[0].tolist() == persons.tolist()


def test_classes_that_cannot_add_to_the_total_are_refused():
    with pytest.raises(ValueError, match="3 persons in these classes cannot have 16 measures"):
        draw_in_bands(np.random.default_rng(1), np.array([3, 0, 0, 0, 0, 0]), 16)


def test_cases_take_numbers_and_kinds_from_their_own_cell():
    types = np.repeat([TYPES.index(case.type_key) for case in CASES.values()], 5)
    areas = np.repeat([list(AREAS).index(case.area) for case in CASES.values()], 5)
    told, cells = case_rows(types, areas), types * 4 + areas
    assert sorted(told.values()) == sorted(CASES)
    before = np.repeat(np.arange(20), np.tile([9, 1, 4, 0, 6], 4))
    after = give_numbers(before, cells, told)
    numbers = np.bincount(after, minlength=20)
    assert {name: int(numbers[row]) for row, name in told.items()} == {
        n: c.measures for n, c in CASES.items()
    }
    for cell in np.unique(cells):
        assert sorted(numbers[cells == cell]) == [0, 1, 4, 6, 9]
    dealt = np.arange(after.size) % 3
    kinds = give_kinds(after, cells[after], dealt, told)
    for row, name in told.items():
        if CASES[name].kind:
            assert set(kinds[after == row]) == {KINDS.index(CASES[name].kind)}
    for cell in np.unique(cells):
        here = cells[after] == cell
        assert sorted(kinds[here]) == sorted(dealt[here])


def test_every_one_active_by_flexjob_has_one_before_anybody_has_two():
    rng = np.random.default_rng(9)
    persons = np.repeat(np.arange(12), 4)
    keeps = persons < 8
    wish = wish_flexjob(rng, persons, np.full(48, SICK, dtype=np.int64), keeps)
    order = np.argsort(-wish)
    assert set(persons[order[:8]]) == set(range(8))
    assert set(persons[order[:32]]) == set(range(8))
