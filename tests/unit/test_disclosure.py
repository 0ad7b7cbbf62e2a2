from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import table
from veje.contracts import check
from veje.disclosure import passes, release
from veje.released import Released
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
        (100, 100, None),  # everyone: it tells of each
        (7, 12, 50.0),  # 5 of 10: what the two published counts say
        (5, 80, 6.3),  # 6.25: a tie goes up
    ],
)
def test_shares_are_divided_from_the_rounded_counts(numerator, denominator, value):
    assert shown(cell("share", numerator, base=denominator, denominator=denominator)) == value


@pytest.mark.parametrize(("persons", "base", "value"), [(5, 4, None), (4, 5, None), (5, 10, 80.0)])
def test_a_share_needs_persons_above_and_below_the_line(persons, base, value):
    # Shares of measures: 20 of 25 measures, but they belong to few persons.
    row = cell("share", persons, numerator=20, base=base, denominator=25)
    assert shown(row) == value


def test_a_base_that_rounds_to_nothing_has_no_share():
    row = cell("share", 8, base=8, denominator=8, structural=True)
    assert shown(row, threshold=5, rounding=20) is None
    assert shown(row, threshold=5, rounding=10) == 100.0


def test_everyone_by_definition_is_no_secret():
    assert shown(cell("share", 8, base=8, denominator=8, structural=True)) == 100.0
    assert shown(cell("share", 7, base=8, denominator=8, structural=True)) is not None


@pytest.mark.parametrize(
    ("persons", "numerator", "denominator", "value"),
    [
        (4, 40, 20, None),
        (5, 45, 20, 2.3),  # 45 of 20
        (20, 41, 20, 2.0),  # the sum is rounded too: 40 of 20
        (20, 43, 20, 2.3),
        (8, 160, 8, 20.0),  # 20 each, of 10
        (7, 33, 7, 5.0),  # 23.6 of 5 rounds to 25 of 5
        (5, 9, 4, None),
    ],
)
@pytest.mark.parametrize("measure", ["mean", "total"])
def test_means_are_of_enough_persons(measure, persons, numerator, denominator, value):
    row = cell(measure, persons, numerator=numerator, base=denominator, denominator=denominator)
    assert shown(row) == value


@pytest.mark.parametrize(("persons", "value"), [(0, 0.0), (4, 0.0), (5, 1.0), (6, 1.0)])
def test_presence_says_no_more_than_whether_the_threshold_is_reached(persons, value):
    assert shown(cell("presence", persons, base=100, denominator=100)) == value


@pytest.mark.parametrize(("persons", "value"), [(0, None), (4, None), (5, 0.432), (50, 0.432)])
def test_an_index_needs_persons_too_and_loses_its_last_digits(persons, value):
    assert shown(cell("index", persons, index=0.43214321)) == value


def test_an_index_without_a_value_has_none():
    assert shown(cell("index", 9, index=None)) is None


@pytest.mark.parametrize(
    ("persons", "base", "value"),
    [
        (20, 20, None),  # nobody is: it tells of everyone
        (20, 21, None),  # one person is the rest
        (20, 24, None),
        (20, 25, 80.0),
        (7, 8, None),
    ],
)
def test_a_share_that_leaves_few_persons_is_withheld(persons, base, value):
    assert shown(cell("share", persons, base=base, denominator=base)) == value


@pytest.mark.parametrize(("rest", "value"), [(0, None), (1, None), (4, None), (5, 90.0), (None, None)])
def test_what_a_share_of_amounts_leaves_has_persons_of_its_own(rest, value):
    # 90 of 100 measures are of one kind; 10 persons have it, 12 have any.
    row = cell("share", 10, numerator=90, base=12, denominator=100, rest_persons=rest)
    assert shown(row) == value


def means(*persons, whole=True):
    named = zip("abcdefgh", persons, strict=False)
    parts = [cell("mean", n, numerator=3 * n, base=60, denominator=60, key=key) for key, n in named]
    total = cell("total", 60, numerator=1200, base=60, denominator=60, key="total")
    return [*parts, total] if whole else parts


@pytest.mark.parametrize(
    ("persons", "hidden"),
    [
        ((30, 20, 10), ""),
        ((30, 4, 10), "bc"),  # one alone would be the rest: the one of fewest persons goes too
        ((30, 0, 10), "bc"),
        ((9, 4, 9), "ab"),  # equals: the first
        ((30, 4, 3), "bc"),  # two are enough
        ((4, 40), "ab"),
        ((4,), "a"),
    ],
)
def test_no_mean_alone_is_withheld_of_those_with_a_known_total(persons, hidden):
    released = release(table("cells", means(*persons)), rules())
    assert "".join(released.filter(status="withheld")["key"]) == hidden
    assert released.filter(pl.col("status") == "withheld")["value"].null_count() == len(hidden)


def test_means_without_a_total_stand_for_themselves():
    released = release(table("cells", means(30, 4, 10, whole=False)), rules())
    assert released.filter(status="withheld")["key"].to_list() == ["b"]


def test_each_group_of_means_is_looked_at_alone():
    rows = [row | {"area": area} for area in ("x", "y") for row in means(30, 4 if area == "x" else 9, 10)]
    released = release(table("cells", rows), rules())
    assert released.filter(status="withheld").select("area", "key").rows() == [("x", "b"), ("x", "c")]


def cluster(persons, type_key, key):
    told = {"table": "clusters", "type_key": type_key, "key": key}
    return [
        cell("count", persons, **told),
        cell("index", persons, index=1.5, **told),
    ]


def test_a_cluster_of_few_persons_does_not_tell_its_type():
    rows = [
        *cluster(20, "zeta", "cluster_1"),
        *cluster(4, "beta", "cluster_2"),
        *cluster(5, "b", "cluster_3"),
    ]
    rows += [cell("count", 9, type_key="beta")]
    released = release(table("cells", rows), rules())
    told = released.filter(table="clusters").select("type_key", "key", "measure", "value").rows()
    assert told == [
        ("b", "cluster_3", "count", 5.0),
        ("b", "cluster_3", "index", 1.5),
        ("withheld", "cluster_2", "count", None),
        ("withheld", "cluster_2", "index", None),
        ("zeta", "cluster_1", "count", 20.0),
        ("zeta", "cluster_1", "index", 1.5),
    ]


def test_the_order_of_rows_tells_no_hidden_type():
    released = [release(table("cells", cluster(4, name, "cluster_1")), rules()) for name in ("alpha", "zeta")]
    assert released[0].equals(released[1])


def test_a_name_that_few_persons_have_anywhere_is_not_told():
    rows = [
        cell("count", 4, type_key="rare", area="herning"),
        cell("count", 0, type_key="rare", area="viborg"),
        cell("count", 4, type_key="local", area="herning"),
        cell("count", 5, type_key="local", area="viborg"),
        cell("share", 4, base=50, denominator=50, table="profile", key="diagnosis.rare"),
        cell("share", 5, base=50, denominator=50, table="profile", key="diagnosis.known"),
        cell("share", 4, base=50, denominator=50, table="profile", key="diagnosis.known", area="x"),
        cell("share", 4, base=50, denominator=50, table="profile", key="women"),
    ]
    released = release(table("cells", rows), rules())
    assert set(released["type_key"]) == {"", "local"}
    assert set(released.filter(table="profile")["key"]) == {"diagnosis.known", "women"}
    assert released.height == 5


def test_none_and_few_persons_give_the_same_release():
    def given(few):
        rows = [
            cell(measure, few, key=measure, base=60, denominator=d)
            for measure, d in (("count", 0), ("share", 60), ("mean", 60), ("presence", 60))
        ]
        rows += [cell("index", few, key="index", index=0.1 * few), *cluster(few, "some", "cluster_9")]
        return release(table("cells", rows), rules())

    assert all(given(few).equals(given(0)) for few in range(1, 5))


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
        assert base - persons >= threshold


def test_two_bases_at_one_place_are_two_figures():
    rows = [cell("count", 40), cell("count", 1_000, base=1_000) | {"base": "others"}]
    released = check(release(table("cells", rows), rules()), "released")
    assert dict(released.select("base", "value").rows()) == {"persons": 40.0, "others": 1_000.0}
    known = Released(released, ["herning"])
    at = ("t", "herning", "", "k", "count")
    assert [known.cell(*at, base).value for base in ("persons", "others")] == [40.0, 1_000.0]
    assert known.cell(*at, "nobody's").status == "absent"
