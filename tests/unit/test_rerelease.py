from __future__ import annotations

import polars as pl
import pytest

from veje.errors import Unsafe
from veje.rerelease import differing, prints_of, refuse_few

NIGHT = {
    "Anna": ([0, 2], "early"),
    "Bo": ([0, 2], "early"),
    "Carl": ([3, 3], "none"),
    "Ditte": ([1, 0], "late"),
}


def prints(people, first=1):
    """Take the traits of named persons, numbered from `first` on, as two tables."""
    rows = [(number, *traits) for number, traits in enumerate(people.values(), start=first)]
    frame = pl.DataFrame(rows, schema=["person", "states", "scenario"], orient="row")
    return prints_of([frame.select("person", "states"), frame.select("person", "scenario").reverse()])


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 0),
        ({"Emma": ([0, 2], "early")}, 1),
        ({"Emma": ([4, 4], "none"), "Finn": ([4, 4], "none")}, 2),
        ({"Anna": ([0, 2], "late")}, 1),
        ({"Anna": ([0, 1], "early"), "Emma": ([5, 5], "early")}, 2),
        ({"Bo": None}, 1),
        ({"Bo": None, "Carl": None, "Emma": ([5, 5], "early")}, 2),
    ],
)
def test_persons_who_came_went_or_changed_count_once(changed, count):
    now = {name: traits for name, traits in {**NIGHT, **changed}.items() if traits}
    assert differing(prints(NIGHT), prints(now, first=7)) == count
    assert differing(prints(now), prints(NIGHT)) == count


@pytest.mark.parametrize(("count", "refused"), [(0, False), (1, True), (4, True), (5, False), (40, False)])
def test_few_persons_are_refused_and_nobody_or_enough_are_not(count, refused):
    more = {f"person {i}": ([i, i], "none") for i in range(10, 10 + count)}
    if refused:
        with pytest.raises(Unsafe, match="fewer than 5 persons differ") as stopped:
            refuse_few(prints(NIGHT), prints({**NIGHT, **more}), 5)
        assert stopped.value.exit_code == 40
    else:
        refuse_few(prints(NIGHT), prints({**NIGHT, **more}), 5)


def test_prints_are_no_traits():
    assert all(len(mark) == 24 and not {"early", "late"} & {mark} for mark in prints(NIGHT))
    assert sorted(prints(NIGHT).values()) == [1, 1, 2]
