"""The compiled quarter states against a textbook's word-for-word oracle."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from veje.majority import BLOCK, MISSING, majority

STATES = 4
TIES = ["latest", "earliest", "priority"]


def oracle(row, first, last, tie, min_weeks, ranks):
    """Give the state with most weeks of one person's quarter, as a textbook says it."""
    known = [state for state in row[max(first, 0) : max(last, 0)] if state != MISSING]
    if len(known) < max(min_weeks, 1):
        return MISSING
    counts = Counter(known)
    tied = [state for state in counts if counts[state] == max(counts.values())]
    if tie == "priority":
        return min(tied, key=lambda state: ranks[state])
    order = known if tie == "earliest" else known[::-1]
    return next(state for state in order if state in tied)


def expected(weeks, edges, tie, min_weeks, ranks):
    """The oracle for everyone; edges are everyone's or each person's own."""
    own = edges if edges.ndim == 2 else np.repeat(edges[None, :], len(weeks), axis=0)
    return [
        [oracle(row, first, last, tie, min_weeks, ranks) for first, last in pairwise(mine)]
        for row, mine in zip(weeks.tolist(), own.tolist(), strict=True)
    ]


def states(weeks, edges, tie="latest", min_weeks=1, ranks=None, threads=1):
    """Run the kernel on persons by weeks."""
    weeks = np.ascontiguousarray(np.asarray(weeks, dtype=np.uint8).T)
    ranks = np.arange(STATES) if ranks is None else np.asarray(ranks)
    return majority(weeks, np.asarray(edges, dtype=np.int64), tie, min_weeks, ranks, threads)


WEEKS = hnp.arrays(
    np.uint8,
    st.tuples(st.integers(1, 5), st.integers(1, 16)),
    elements=st.sampled_from([*range(STATES), MISSING]),
)
RANKS = st.permutations(range(STATES))


@pytest.mark.parametrize("tie", TIES)
@given(weeks=WEEKS, ranks=RANKS, min_weeks=st.integers(0, 6), data=st.data())
def test_shared_edges_follow_the_textbook(tie, weeks, ranks, min_weeks, data):
    edges = np.array(sorted(data.draw(st.lists(st.integers(-4, 20), min_size=2, max_size=6))))
    found = states(weeks, edges, tie, min_weeks, ranks)
    assert found.tolist() == expected(weeks, edges, tie, min_weeks, ranks)
    assert (found.dtype, found.shape) == (np.uint8, (len(weeks), len(edges) - 1))


@pytest.mark.parametrize("tie", TIES)
@given(weeks=WEEKS, ranks=RANKS, min_weeks=st.integers(0, 6), data=st.data())
def test_own_edges_follow_the_textbook(tie, weeks, ranks, min_weeks, data):
    n, quarters = len(weeks), data.draw(st.integers(1, 4))
    edges = np.sort(data.draw(hnp.arrays(np.int64, (n, quarters + 1), elements=st.integers(-4, 20))), axis=1)
    found = states(weeks, edges, tie, min_weeks, ranks)
    assert found.tolist() == expected(weeks, edges, tie, min_weeks, ranks)


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("n", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7])
def test_blocks_and_threads_do_not_matter(tie, own, n):
    rng = np.random.default_rng(n)
    weeks = rng.choice([*range(STATES), MISSING], size=(n, 12)).astype(np.uint8)
    edges = np.array([0, 4, 8, 12])
    if own:
        edges = edges + rng.integers(-3, 4, size=(n, 1))
    ranks = [2, 0, 3, 1]
    alone = states(weeks, edges, tie, 2, ranks)
    assert alone.tolist() == expected(weeks, edges, tie, 2, ranks)
    for threads in (2, 3):
        assert np.array_equal(states(weeks, edges, tie, 2, ranks, threads), alone)


def test_edges_of_one_row_are_everyones_and_one_persons_alike():
    weeks = [[0, 0, 1, 1]]
    assert states(weeks, [[0, 2, 4]]).tolist() == states(weeks, [0, 2, 4]).tolist() == [[0, 1]]


@pytest.mark.parametrize("min_weeks", range(5))
def test_the_least_number_of_weeks_counts_all_that_are_known(min_weeks):
    weeks = [[MISSING, 3, 1, 3], [MISSING] * 4]
    assert states(weeks, [0, 4], min_weeks=min_weeks).tolist() == [[3 if min_weeks <= 3 else 255], [255]]


@pytest.mark.parametrize(("tie", "winner"), [("latest", 2), ("earliest", 0), ("priority", 1)])
def test_each_rule_has_its_own_winner_among_three(tie, winner):
    row = [3, 0, 0, 1, 2, 1, 2, MISSING]
    assert states([row], [0, 8], tie, ranks=[2, 0, 1, 3]).tolist() == [[winner]]


def test_quarters_without_weeks_are_missing():
    assert states([[0, 1]], [-9, -3, 0, 0, 2, 5, 7]).tolist() == [[255, 255, 255, 1, 255, 255]]
    assert states(np.zeros((3, 0)), [0, 4]).tolist() == [[255]] * 3


def test_nobody_has_no_quarters():
    for edges in ([0, 2, 4], np.zeros((0, 3))):
        assert states(np.zeros((0, 4)), edges).shape == (0, 2)
        assert states(np.zeros((0, 4)), edges, threads=2).shape == (0, 2)


def test_every_code_below_missing_may_win():
    weeks = [[254, 254, 0], [253, 254, 253]]
    assert states(weeks, [0, 3], ranks=np.arange(255)).tolist() == [[254], [253]]


def test_the_weeks_are_left_as_they_were():
    weeks = np.ascontiguousarray(np.array([[0, 1, 1, MISSING]] * 5, dtype=np.uint8).T)
    before = weeks.copy()
    majority(weeks, np.array([0, 2, 4]), "latest", 1, np.arange(2), 2)
    assert np.array_equal(weeks, before)
