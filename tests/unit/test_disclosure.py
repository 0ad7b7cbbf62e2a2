from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import table
from veje.contracts import check
from veje.disclosure import passes, release
from veje.settings import Disclosure


def rules(threshold=5, rounding=5):
    return Disclosure(threshold=threshold, rounding=rounding, rule="a test's")


def cell(measure, persons, numerator=None, base=0, denominator=0, index=None, **others):
    row = {
        "table": "t",
        "base": "persons",
        "area": "herning",
        "type_key": "",
        "key": "k",
        "measure": measure,
        "unit": "u",
        "persons": persons,
        "base_persons": base or persons,
        "numerator": persons if numerator is None else numerator,
        "denominator": denominator,
        "index": index,
    }
    return row | others


def shown(*rows, threshold=5, rounding=5):
    released = check(release(table("cells", list(rows)), rules(threshold, rounding)), "released")
    return released["value"].to_list()[0] if len(rows) == 1 else released["value"].to_list()


@pytest.mark.parametrize(
    ("persons", "value"),
    [
        (0, None),
        (1, None),
        (4, None),
        (5, 5.0),
        (6, 5.0),
        (7, 5.0),
        (8, 10.0),
        (9, 10.0),
        (10, 10.0),
        (12, 10.0),
        (13, 15.0),
        (1553, 1555.0),
    ],
)
def test_counts_with_threshold_5_and_rounding_5(persons, value):
    assert shown(cell("count", persons)) == value


@pytest.mark.parametrize(
    ("persons", "threshold", "rounding", "value"),
    [
        (2, 3, 1, None),
        (3, 3, 1, 3.0),
        (4, 3, 1, 4.0),
        (9, 10, 10, None),
        (10, 10, 10, 10.0),
        (14, 10, 10, 10.0),
        (15, 10, 10, 20.0),  # a tie goes up
        (25, 10, 10, 30.0),  # and every tie does, not only to even numbers
        (5, 5, 2, 6.0),
        (7, 5, 2, 8.0),
        (6, 5, 4, 8.0),
    ],
)
def test_other_thresholds_and_roundings(persons, threshold, rounding, value):
    assert shown(cell("count", persons), threshold=threshold, rounding=rounding) == value


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [
        (0, 100, None),
        (4, 100, None),
        (5, 100, 5.0),
        (7, 100, 5.0),
        (8, 100, 10.0),
        (8, 102, 10.0),
        (8, 103, 9.5),  # 10 of 105
        (33, 100, 35.0),
        (100, 100, 100.0),
        (8, 8, 100.0),
        (7, 8, 50.0),  # 5 of 10: what the two published counts say
        (5, 5, 100.0),
        (5, 80, 6.3),  # 6.25: a tie goes up
    ],
)
def test_shares_are_divided_from_the_rounded_counts(numerator, denominator, value):
    assert shown(cell("share", numerator, base=denominator, denominator=denominator)) == value


@pytest.mark.parametrize(("persons", "base", "value"), [(5, 4, None), (4, 5, None), (5, 5, 80.0)])
def test_a_share_needs_persons_above_and_below_the_line(persons, base, value):
    # Shares of measures: 20 of 25 measures, but they belong to few persons.
    row = cell("share", persons, numerator=20, base=base, denominator=25)
    assert shown(row) == value


def test_a_base_that_rounds_to_nothing_has_no_share():
    row = cell("share", 8, base=8, denominator=8)
    assert shown(row, threshold=5, rounding=20) is None
    assert shown(row, threshold=5, rounding=10) == 100.0


@pytest.mark.parametrize(
    ("persons", "numerator", "denominator", "value"),
    [(4, 40, 20, None), (5, 45, 20, 2.3), (20, 41, 20, 2.1), (20, 39, 20, 2.0), (5, 9, 4, None)],
)
@pytest.mark.parametrize("measure", ["mean", "total"])
def test_means_are_of_enough_persons(measure, persons, numerator, denominator, value):
    row = cell(measure, persons, numerator=numerator, base=denominator, denominator=denominator)
    assert shown(row) == value


@pytest.mark.parametrize(("persons", "value"), [(0, 0.0), (4, 0.0), (5, 1.0), (6, 1.0)])
def test_presence_says_no_more_than_whether_the_threshold_is_reached(persons, value):
    assert shown(cell("presence", persons, base=100, denominator=100)) == value


def test_an_index_is_about_no_single_persons():
    assert shown(cell("index", 0, index=0.4321)) == 0.4321
    assert shown(cell("index", 0, index=None)) is None


def test_the_status_says_what_is_shown():
    rows = [cell("count", 4, key="a"), cell("count", 5, key="b"), cell("presence", 0, key="c")]
    released = release(table("cells", rows), rules())
    assert released["status"].to_list() == ["withheld", "published", "published"]


def test_no_column_of_raw_counts_leaves():
    released = release(table("cells", [cell("count", 17)]), rules())
    assert released.columns == [
        "table",
        "base",
        "area",
        "type_key",
        "key",
        "measure",
        "unit",
        "value",
        "status",
    ]


def test_the_test_itself_has_two_sides():
    frame = pl.DataFrame({"persons": [4, 5, 5, 5], "denominator": [0, 0, 9, 9], "base_persons": [9, 1, 4, 5]})
    assert frame.select(passes(rules()))["persons"].to_list() == [False, True, False, True]


@given(
    measure=st.sampled_from(["count", "share", "mean", "total", "presence"]),
    persons=st.integers(0, 40),
    base=st.integers(0, 40),
    numerator=st.integers(0, 200),
    threshold=st.integers(3, 10),
    rounding=st.integers(1, 10),
)
def test_nothing_withheld_keeps_a_value_and_nothing_small_is_shown(
    measure, persons, base, numerator, threshold, rounding
):
    row = cell(measure, persons, numerator=numerator, denominator=base) | {"base_persons": base}
    released = release(table("cells", [row]), rules(threshold, rounding)).row(0, named=True)
    assert (released["value"] is None) == (released["status"] == "withheld")
    if measure != "presence" and (persons < threshold or 0 < base < threshold):
        assert released["value"] is None
    if measure == "count" and released["value"] is not None:
        assert released["value"] % rounding == 0
        assert abs(released["value"] - numerator) <= rounding / 2
    if measure == "share" and released["value"] is not None:
        assert 0 <= released["value"] <= 100
