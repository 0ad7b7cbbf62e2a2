from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from tests.validation.oracles import textbook_jaccard
from veje.clusters.agreement import adjusted_rand, crossed, jaccard
from veje.clusters.tree import numbered

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 3)), min_size=2, max_size=25)


def both(pairs):
    first, second, weights = np.array(pairs).T
    return numbered(first), numbered(second), weights


@given(PAIRS)
def test_the_adjusted_rand_index_is_that_of_all_persons(pairs):
    a, b, weights = both(pairs)
    expected = adjusted_rand_score(np.repeat(a, weights), np.repeat(b, weights))
    assert adjusted_rand(a, b, weights) == pytest.approx(expected, abs=1e-12)
    assert adjusted_rand(b, a, weights) == pytest.approx(expected, abs=1e-12)


@given(PAIRS)
def test_jaccard_is_that_of_sets_of_persons(pairs):
    a, b, weights = both(pairs)
    expected = textbook_jaccard(np.repeat(a, weights), np.repeat(b, weights))
    np.testing.assert_allclose(jaccard(a, b, weights), expected)


def test_names_of_clusters_do_not_matter():
    assert adjusted_rand([0, 0, 1, 2], [2, 2, 0, 1]) == 1
    assert jaccard([0, 0, 1, 2], [2, 2, 0, 1]).tolist() == [1, 1, 1]


def test_persons_that_are_left_out_do_not_count():
    assert crossed([0, 0, 1], [0, 1, 1], [2, 0, 3]).tolist() == [[2, 0], [0, 3]]
    assert adjusted_rand([0, 0, 1], [0, 1, 1], [2, 0, 3]) == 1
    found = jaccard([0, 0, 1], [0, 1, 1], [0, 0, 3])
    assert np.isnan(found[0])
    assert found[1] == 1


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2]])
def test_partitions_without_a_choice_are_equal(labels):
    assert adjusted_rand(labels, labels) == 1


@pytest.mark.parametrize("weights", [[1, 2], [1, 2, -1], [1, 2, np.nan]])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match="weights must be 3 finite numbers of 0 or more"):
        adjusted_rand([0, 0, 1], [0, 1, 1], weights)
