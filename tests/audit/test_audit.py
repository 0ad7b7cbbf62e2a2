"""Small releases made by hand: what margins tell, what the repair withholds, and brute force beside it."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import table
from veje.audit import audit_release, count_withheld, declare, mark_absent, read_structure, summary
from veje.audit.build import build_program
from veje.audit.former import Former
from veje.audit.intervals import Intervals
from veje.audit.solve import solve
from veje.disclosure import judge, public, release
from veje.errors import VejeError
from veje.settings import Disclosure

EXACT = Disclosure(threshold=5, rounding=1, rule="a test's")
ROUNDED = Disclosure(threshold=5, rounding=5, rule="a test's")
DECLARED = {
    "tables": {
        "persons": [{"measure": "count", "quantity": "persons"}],
        "ages": [{"measure": "share", "key": "(?P<age>.+)", "quantity": "age/{age}", "of": "persons"}],
        "states": [{"measure": "count", "key": "(?P<state>.+)", "quantity": "state/{state}"}],
        "weeks": [
            {"measure": "count", "quantity": "weeks", "amount": True},
            {"measure": "mean", "quantity": "weeks", "of": "persons", "amount": True, "released_sum": True},
        ],
    },
    "sums": [
        {"parts": "age/[^/]+", "whole": "persons", "found": True},
        {"parts": "state/[^/]+", "whole": "persons"},
    ],
    "chains": [{"steps": "steps/(?P<n>[0-9]+)", "same_persons": "steps/none"}],
    "alone": [],
}
THREE = [[2, 30, 40], [20, 50, 60], [20, 50, 60]]
STRUCTURE = read_structure(DECLARED, {})


def count(name, area, key, number, type_key="", **others):
    return {
        "table": name, "base": "persons", "area": area, "type_key": type_key, "key": key, "measure": "count",
        "unit": "persons", "persons": number, "base_persons": number, "numerator": number, "denominator": 0,
        **others,
    }  # fmt: skip


def share(name, area, key, number, base, type_key="", **others):
    told = {"measure": "share", "base_persons": base, "denominator": base}
    return count(name, area, key, number, type_key, **(told | others))


def grid(numbers, keys="abc", areas=("x", "y")):
    """Areas by ages as counts of persons, with all margins."""
    rows = []
    for area, own in zip(areas, numbers, strict=True):
        rows.append(count("persons", area, "total", sum(own)))
        rows += [count("states", area, key, n) for key, n in zip(keys, own, strict=False)]
    summed = [sum(column) for column in zip(*numbers, strict=True)]
    rows.append(count("persons", "all", "total", sum(summed)))
    rows += [count("states", "all", key, n) for key, n in zip(keys, summed, strict=False)]
    return table("cells", rows)


def audited(cells, rules=EXACT, former=None):
    return audit_release(judge(declare(cells, STRUCTURE), rules), STRUCTURE, rules, "all", former)


def withheld(judged):
    return set(judged.filter(~pl.col("shown")).select("table", "area", "key").rows())


def test_a_small_cell_that_the_margins_tell_is_found_and_named():
    found = audited(grid([[2, 30, 40], [20, 50, 60]])).protected
    assert found.select("table", "quantity", "area", "narrow_before", "narrow").rows() == [
        ("states", "state/a", "x", True, False)
    ]


def test_the_repair_withholds_parts_and_leaves_the_totals():
    result = audited(grid([[2, 30, 40], [20, 50, 60]]))
    hidden = withheld(result.judged)
    assert ("states", "x", "a") in hidden
    assert {name for name, _, _ in hidden} == {"states"}
    assert 3 <= result.repairs.height < 8
    assert hidden == {("states", "x", "a")} | set(result.repairs.select("table", "area", "key").rows())
    assert set(result.repairs["for_table"]) == {"states"}


def test_a_repaired_release_is_safe_when_it_is_audited_again():
    first = audited(grid([[2, 30, 40], [20, 50, 60]]))
    again = audit_release(first.judged, STRUCTURE, EXACT, "all")
    assert not again.protected["narrow_before"].any()
    assert again.repairs.is_empty()


def test_rounded_margins_leave_room_and_need_no_repair():
    result = audited(grid(THREE, areas="xyz"), ROUNDED)
    assert not result.protected["narrow_before"].any()
    assert result.repairs.is_empty()


def test_two_withheld_cells_with_a_small_sum_are_both_told_too_well():
    before = audited(grid([[1, 2, 40], [20, 50, 60]])).protected
    assert dict(before.select("quantity", "narrow_before").rows()) == {"state/a": True, "state/b": True}


def test_everyone_in_one_category_tells_of_each():
    cells = table("cells", [share("ages", "x", "a", 40, 40), share("ages", "x", "b", 0, 40)])
    judged = judge(declare(cells, STRUCTURE), EXACT)
    assert judged["shown"].to_list() == [False, False]


def test_a_number_in_two_tables_is_one_number():
    """The table of ages tells nothing itself; the count of persons beside it tells what is left."""
    rows = [share("ages", "x", "a", 40, 43), share("ages", "x", "b", 3, 43)]
    rows += [count("persons", "x", "total", 43)]
    rows += [count("states", "x", "c", 40), count("states", "x", "d", 3)]
    result = audited(table("cells", rows))
    assert set(result.protected.filter("narrow_before")["quantity"]) == {"state/d"}
    assert not result.protected["narrow"].any()


def test_one_number_that_is_two_is_refused(told):
    rows = [
        count("persons", "x", "total", 43),
        share("ages", "x", "a", 30, 44),
        share("ages", "x", "b", 14, 44),
    ]
    with pytest.raises(VejeError) as error:
        audited(table("cells", rows))
    assert told(error) == "data_schema/audit.yaml: 1 quantities are not one number in tables ages, persons"


def test_a_sum_that_does_not_hold_is_refused(told):
    cells = grid([[2, 30, 40], [20, 50, 60]]).filter(~((pl.col("area") == "x") & (pl.col("key") == "b")))
    with pytest.raises(VejeError) as error:
        audited(cells)
    assert told(error) == "data_schema/audit.yaml: 1 sums of state/[^/]+ do not hold"


def test_a_table_that_is_not_declared_is_refused(told):
    with pytest.raises(VejeError) as error:
        audited(table("cells", [count("others", "x", "a", 9), count("others", "x", "b", 9)]))
    assert told(error) == "data_schema/audit.yaml does not declare what is counted in: others (2 figures)"


def test_amounts_need_their_largest(told):
    with pytest.raises(VejeError) as error:
        audited(table("cells", [count("weeks", "x", "total", 90, persons=9)]))
    assert told(error) == "data_schema/audit.yaml declares amounts whose largest were not counted: weeks"


@pytest.mark.parametrize(("largest", "second", "is_shown"), [(80, 3, True), (80, 13, False), (20, 15, True)])
def test_a_sum_that_one_person_dominates_is_withheld(largest, second, is_shown):
    # Of 100 weeks: 17, 7 or 65 are left without the two largest, beside 8, 8 or 2 that must be.
    row = count("weeks", "x", "total", 100, persons=9, base_persons=9, largest=largest, second=second)
    released = release(declare(table("cells", [row]), STRUCTURE), EXACT)
    assert (released["value"][0] is not None) == is_shown


def test_a_mean_is_divided_from_the_sum_that_is_released():
    rows = [
        count("weeks", "x", "total", 42, persons=8, base_persons=8, largest=9, second=8),
        count("weeks", "x", "mean", 42, persons=8, base_persons=8, denominator=8, measure="mean",
              largest=9, second=8, unit="weeks"),
    ]  # fmt: skip
    released = release(declare(table("cells", rows), STRUCTURE), ROUNDED)
    assert dict(released.select("measure", "value").rows()) == {"count": 40.0, "mean": 4.0}


def test_what_is_withheld_is_counted_in_persons():
    result = audited(grid([[2, 30, 40], [20, 50, 60]]))
    costs = count_withheld(result.judged, result.repairs, STRUCTURE)
    hidden = result.judged.filter(~pl.col("shown"))
    assert costs["table"].to_list() == ["all", "persons", "states"]
    assert costs.row(1) == ("persons", 3, 0, 0, 0.0)
    assert costs.row(0)[1:4] == (12, hidden.height, result.repairs.height)
    assert costs.row(0)[4] == round(100 * hidden["persons"].sum() / (4 * 202), 2)
    told = summary(result, costs)
    assert (told["too_narrow"], told["too_narrow_before_repair"]) == (0, 1)


def by_hand(numbers, rules):
    """Try every table of small numbers that fits all that is published: the range of each cell."""
    cells = judge(declare(grid(numbers, areas=("x", "y")), STRUCTURE), rules)
    shown = {tuple(row[:3]): row[3:] for row in cells.select("table", "area", "key", "shown", "value").rows()}
    width = len(numbers[0])
    options = [range(13)] * (2 * width)
    fits = []
    for flat in product(*options):
        own = np.array(flat).reshape(2, width)
        every = [*zip(("x", "y", "all"), [*own, own.sum(axis=0)], strict=True)]
        told = {("persons", area, "total"): line.sum() for area, line in every}
        told |= {("states", area, "abc"[k]): line[k] for area, line in every for k in range(width)}
        if all(n >= 5 and n == shown[at][1] for at, n in told.items() if shown[at][0]):
            fits.append(own)
    return np.min(fits, axis=0), np.max(fits, axis=0)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_intervals_are_those_that_brute_force_finds(flat):
    numbers = [flat[:2], flat[2:]]
    rules = EXACT
    cells = judge(declare(grid(numbers), STRUCTURE), rules)
    program = build_program(cells, STRUCTURE, rules, "all")
    found = Intervals.start(program)
    # Needs beyond any end, so that every interval is followed to it.
    found.need_low, found.need_high = np.full_like(found.low, -1.0), np.full_like(found.high, 40.0)
    solve(program, found)
    low, high = by_hand(numbers, rules)
    places = program.variables[program.targets].select("quantity", "area").rows()
    for at, (quantity, area) in enumerate(places):
        if quantity.startswith("state/") and area != "all":
            row, column = "xy".index(area), "abc".index(quantity[-1])
            assert found.low[at] == pytest.approx(max(low[row, column], 0), abs=1e-6)
            if high[row, column] < 12:
                assert found.high[at] == pytest.approx(high[row, column], abs=1e-6)
            else:
                assert found.high[at] >= 12 - 1e-6


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.sampled_from([1, 3, 5]))
def test_whatever_the_numbers_the_repair_leaves_nothing_narrow(flat, rounding):
    rules = Disclosure(threshold=5, rounding=rounding, rule="a test's")
    result = audited(grid([flat[:3], flat[3:]]), rules)
    assert not result.protected["narrow"].any()
    again = audit_release(result.judged, STRUCTURE, rules, "all")
    assert not again.protected["narrow_before"].any()


def test_where_choosing_does_not_end_whole_blocks_are_withheld(monkeypatch):
    """Nothing is chosen one by one. The block of x is told by those beside it: the table goes, no total."""
    monkeypatch.setattr("veje.audit.build.ROUNDS", 0)
    cells = grid([[2, 30, 40], [20, 50, 60], [15, 40, 30]], areas="xyz")
    first, again = audited(cells), audited(cells)
    assert first.protected.select("narrow_before", "narrow").rows() == [(True, False)]
    assert withheld(first.judged) == {
        ("states", area, key) for area in ("x", "y", "z", "all") for key in "abc"
    }
    assert first.judged.equals(again.judged)
    assert set(first.repairs["for_table"]) == {"states"}
    assert not audit_release(first.judged, STRUCTURE, EXACT, "all").protected["narrow_before"].any()


def test_a_study_of_few_persons_ends_with_little_and_not_without_a_release():
    result = audited(grid([[1, 0, 2], [0, 1, 3], [2, 2, 0]], areas="xyz"))
    assert not result.protected["narrow"].any()
    shown = result.judged.filter("shown").select("table", "area", "key").rows()
    assert shown == [("persons", "all", "total"), ("states", "all", "c")]


def test_one_name_of_a_list_of_what_was_found_does_not_say_that_all_have_it():
    cells = table("cells", [count("persons", "x", "total", 40), share("ages", "x", "a", 40, 40)])
    found = audited(cells)
    assert found.protected["narrow_before"].to_list() == [False]
    assert withheld(found.judged) == {("ages", "x", "a")}


def test_what_one_part_leaves_of_its_whole_is_nobody_by_definition():
    """A window of one quarter: all that are granted are granted in it."""
    declared = DECLARED | {"sums": [{"parts": "age/[^/]+", "whole": "persons"}]}
    structure = read_structure(declared, {})
    cells = table("cells", [count("persons", "x", "total", 40), share("ages", "x", "a", 40, 40)])
    found = audit_release(judge(declare(cells, structure), EXACT), structure, EXACT, "all")
    assert found.protected.is_empty()


def former_of(cells, rules):
    return Former(public(judge(declare(cells, STRUCTURE), rules), rules), rules)


def test_the_last_release_of_the_same_counts_is_held_beside():
    cells = grid(THREE, areas="xyz")
    alone = [audited(cells, rules).protected["narrow_before"].any() for rules in (ROUNDED, EXACT)]
    assert alone == [False, True]
    result = audited(cells, ROUNDED, former_of(cells, EXACT))
    assert result.protected["narrow"].all(), "the exact figures are out: nothing withheld now helps"
    assert not audited(cells, ROUNDED, former_of(cells, ROUNDED)).protected["narrow_before"].any()


def clustered(persons):
    """Two clusters of area x, and three types of which nobody has the last."""
    sizes = {"cluster_1": ("ill", 40), "cluster_2": ("long", persons)}
    rows = [count("clusters", "x", key, size, name) for key, (name, size) in sizes.items()]
    rows += [count("states", "x", "a", size, name) for name, size in sizes.values()]
    return table("cells", [*rows, count("states", "x", "a", 0, "commuter")])


@pytest.mark.parametrize(("persons", "absent"), [(20, True), (5, True), (4, False), (1, False)])
def test_a_type_that_no_cluster_has_is_no_secret_where_all_clusters_are_named(persons, absent):
    declared = DECLARED["tables"] | {"clusters": [{"measure": "count", "quantity": "cluster/{type}"}]}
    structure = read_structure(DECLARED | {"tables": declared}, {})
    marked = mark_absent(declare(clustered(persons), structure), EXACT, "all")
    found = marked.filter(pl.col("structural")).select("type_key").to_series().to_list()
    assert found == (["commuter"] if absent else [])
    protected = audit_release(judge(marked, EXACT), structure, EXACT, "all").protected
    assert ("commuter" in set(protected["type_key"])) is not absent


NESTED = read_structure(DECLARED | {"sums": [], "within": [{"parts": "state/[ab]", "whole": "state/c"}]}, {})


def nested(part, other, whole, rules=EXACT):
    rows = [count("states", "x", key, n) for key, n in zip("abc", (part, other, whole), strict=True)]
    cells = table("cells", rows)
    return audit_release(judge(declare(cells, NESTED), rules), NESTED, rules, "all")


def test_parts_beside_their_whole_tell_of_the_few_they_leave():
    """60 of whom 30 are a and 27 are b: 3 are neither, though no figure is of fewer than 27."""
    found = nested(30, 27, 60)
    assert found.protected.filter("narrow_before")["quantity"].to_list() == ["state/c beside state/a"]
    assert len(withheld(found.judged)) == 1
    assert not found.protected["narrow"].any()


@pytest.mark.parametrize(("rules", "whole"), [(EXACT, 65), (ROUNDED, 58)])
def test_parts_that_leave_many_or_are_rounded_need_no_repair(rules, whole):
    found = nested(30, 27, whole, rules)
    assert found.repairs.is_empty()
    assert not found.protected["narrow_before"].any()


def test_counts_that_are_not_within_what_they_are_declared_in_are_refused(told):
    with pytest.raises(VejeError) as error:
        nested(30, 31, 60)
    assert told(error) == ("data_schema/audit.yaml: 1 counts are not within what they are declared in")


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3), st.sampled_from([1, 5]))
def test_what_is_within_stays_unknown_whatever_the_numbers(flat, rounding):
    """Every count of a, b, c that fits what is shown, tried out: what few are left could be 0 to 5."""
    rules = Disclosure(threshold=5, rounding=rounding, rule="a test's")
    part, other, rest = flat
    found = nested(part, other, part + other + rest, rules)
    assert not found.protected["narrow"].any()
    if rest >= 5:
        return
    shown = {row["key"]: row["value"] for row in found.judged.filter("shown").to_dicts()}
    half = rules.rounding // 2

    def fits(key, number):
        return number >= 5 and abs(number - shown[key]) <= half if key in shown else True

    left = {
        c - a - b
        for a, b, c in product(range(18), range(18), range(45))
        if a + b <= c and fits("a", a) and fits("b", b) and fits("c", c)
    }
    assert min(left) == 0
    assert max(left) >= 5
