"""Fuzzy k-medoids: memberships as the formula says, medoids that no other row beats, blind to row order."""

import numpy as np
import pytest
from engine_strategies import PLAIN, weighted_sequences
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from veje.clusters import fuzzy_medoids, k_medoids
from veje.clusters.fuzzy import memberships
from veje.distances import pairwise

# Two tight groups on a line, and one person between them.
LINE = pdist(np.array([[0.0], [1], [2], [6], [10], [11], [12]]))


def textbook(near, fuzziness):
    """The membership of each row, cell by cell."""
    out = np.zeros_like(near, dtype=float)
    for i, row in enumerate(near):
        for j, own in enumerate(row):
            out[i, j] = 1 / sum((own / other) ** (1 / (fuzziness - 1)) for other in row)
    return out


@given(st.integers(0, 10_000), st.floats(1.2, 4))
def test_memberships_are_those_of_the_formula(seed, fuzziness):
    near = np.random.default_rng(seed).uniform(0.1, 9, (6, 3))
    np.testing.assert_allclose(memberships(near, fuzziness), textbook(near, fuzziness), rtol=1e-9)


def test_a_row_on_a_medoid_belongs_to_it_alone():
    assert memberships([[0, 3], [2, 2]], 2).tolist() == [[1, 0], [0.5, 0.5]]


def test_the_person_between_two_groups_belongs_to_both():
    found = fuzzy_medoids(LINE, 2)
    assert found.medoids.tolist() == [1, 5]
    assert found.membership[3].tolist() == [0.5, 0.5]
    assert found.membership[0, 0] > 0.98
    assert found.labels[[0, 1, 2]].tolist() == [0, 0, 0]
    assert found.labels[[4, 5, 6]].tolist() == [1, 1, 1]


def test_little_fuzziness_gives_k_medoids():
    crisp, found = k_medoids(LINE, 3), fuzzy_medoids(LINE, 3, fuzziness=1.05)
    assert found.labels.tolist() == crisp.labels.tolist()
    assert found.crispness > 0.99
    assert found.objective == pytest.approx(crisp.objective, abs=1e-6)


def test_crispness_falls_with_fuzziness():
    told = [fuzzy_medoids(LINE, 2, fuzziness=one).crispness for one in (1.2, 2, 8)]
    assert told == sorted(told, reverse=True)
    assert 0 <= told[-1] < told[0] <= 1


@PLAIN
@given(weighted_sequences(), st.integers(2, 3), st.floats(1.2, 2.5))
def test_no_medoid_can_be_bettered_and_row_order_does_not_matter(drawn, k, fuzziness):
    states, weights, cost = drawn
    assume(len(states) > k)
    d = pairwise(states, "OM", costs=cost, dtype=np.float64)
    found = fuzzy_medoids(d, k, weights, fuzziness)
    near = squareform(d)[:, found.medoids]
    np.testing.assert_allclose(found.membership, memberships(near, fuzziness))
    pull = weights[:, None] * found.membership**fuzziness
    assert found.objective == pytest.approx((pull * near).sum())
    sums = squareform(d) @ pull
    others = np.setdiff1d(np.arange(len(states)), found.medoids)
    assert (sums[others].min(axis=0) >= sums[found.medoids, np.arange(k)] * (1 - 1e-6)).all()
    order = np.random.default_rng(len(states)).permutation(len(states))
    again = fuzzy_medoids(squareform(squareform(d)[np.ix_(order, order)]), k, weights[order], fuzziness)
    assert again.objective == pytest.approx(found.objective)


@pytest.mark.parametrize(
    ("k", "fuzziness", "told"),
    [(2, 1.0, "fuzziness must be above 1"), (1, 2.0, "k must be 2 or more"), (8, 2.0, "k must be 1 to 7")],
)
def test_bad_input(k, fuzziness, told):
    with pytest.raises(ValueError, match=told):
        fuzzy_medoids(LINE, k, fuzziness=fuzziness)


def test_medoids_are_not_printed():
    assert "medoids=" not in repr(fuzzy_medoids(LINE, 2))
