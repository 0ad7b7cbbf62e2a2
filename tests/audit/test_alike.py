"""States that nobody has: one that speaks for others has the intervals that each would have for itself."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.test_audit import EXACT, ROUNDED, STRUCTURE, count, grid
from tests.people import table
from veje.audit import declare, solve
from veje.audit.alike import Alike, find_alike
from veje.audit.build import build_program
from veje.audit.intervals import Intervals
from veje.disclosure import judge

KEYS = "abcdef"


def program_of(cells, rules):
    return build_program(judge(declare(cells, STRUCTURE), rules), STRUCTURE, rules, "all")


def ends_of(program):
    """Follow every target to its end: needs lie beyond it."""
    found = Intervals.start(program)
    found.need_low, found.need_high = np.full_like(found.low, -1.0), np.full_like(found.high, 400.0)
    solve.solve(program, found)
    return found


def alone(program, _matrix):
    width = len(program.lower)
    return Alike(np.arange(width), np.zeros(width, dtype=bool))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.sampled_from([EXACT, ROUNDED]))
def test_all_have_the_ends_that_they_have_when_each_is_followed(flat, rules):
    program = program_of(grid([[*flat[:2], 0, 0, 0, 0], [*flat[2:], 0, 0, 0, 0]], KEYS), rules)
    shared = ends_of(program)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "find_alike", alone)
        each = ends_of(program)
    assert shared.low == pytest.approx(each.low, abs=1e-6)
    assert shared.high == pytest.approx(each.high, abs=1e-6)


def spoken(cells, rules=ROUNDED):
    program = program_of(cells, rules)
    alike = find_alike(program, program.rows.matrix(len(program.lower)))
    return set(program.variables.filter(pl.Series(alike.spoken))["quantity"])


def test_of_many_two_are_followed():
    assert spoken(grid([[20, 30, 0, 0, 0, 0], [40, 50, 0, 0, 0, 0]], KEYS)) == {"state/e", "state/f"}


def test_two_alike_are_both_followed():
    assert spoken(grid([[20, 30, 0, 0], [40, 50, 0, 0]], KEYS)) == set()


@pytest.mark.parametrize("number", [0, 7])
def test_what_is_told_of_otherwise_speaks_for_itself(number):
    cells = grid([[20, 30, 0, 0, 0, 0], [40, 50, 0, 0, 0, 0]], KEYS)
    # Somebody has state f elsewhere, or it is told of in one place more.
    more = table("cells", [count("states", "elsewhere", "f", number)])
    assert spoken(pl.concat([cells, more])) == {"state/e"}
