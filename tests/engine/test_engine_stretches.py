"""Distances in stretches, laid end to end, are the distances in one go, byte for byte."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veje.dissimilarity import REQUIRED, WITH_COSTS
from veje.distances import METHODS, costs, pairwise
from veje.distances.plan import BLOCK
from veje.distances.stretches import laid_out, stretch, stretch_rows

OWN = {"otto": 0.3, "nu": 0.05}


def courses(n: int, seed: int = 5) -> np.ndarray:
    """Make unlike courses of 12 quarters that stay mostly where they are."""
    random = np.random.default_rng(seed)
    seq = random.integers(0, 6, (n, 12), dtype=np.uint8)
    for t in range(1, 12):
        seq[:, t] = np.where(random.random(n) < 0.7, seq[:, t - 1], seq[:, t])
    return np.unique(seq, axis=0)


@pytest.mark.parametrize("method", METHODS)
def test_three_stretches_are_the_whole(method: str):
    seq = courses(150)
    price = costs(seq, "TRATE", 6, time_varying=method == "DHD") if method in WITH_COSTS else None
    own = {REQUIRED[method]: OWN[REQUIRED[method]]} if method in REQUIRED else {}
    found = [stretch(seq, part, 3, method, price, threads=2, **own) for part in range(3)]
    assert min(one.size for one in found) > 0
    assert laid_out(seq, found).tobytes() == pairwise(seq, method, price, **own).tobytes()


def test_sequences_numbered_the_other_way_round_get_their_own_order():
    seq = courses(120)[::-1]
    price = costs(seq, "TRATE", 6)
    found = [stretch(seq, part, 2, "OM", price) for part in range(2)]
    assert laid_out(seq, found).tobytes() == pairwise(seq, "OM", price).tobytes()


@given(st.integers(2, 5_000), st.integers(1, 40))
def test_the_rows_of_all_parts_are_all_rows_once(n: int, parts: int):
    rows = [stretch_rows(n, part, parts) for part in range(parts)]
    assert [row for one in rows for row in one] == list(range(n))
    assert all(one.start % BLOCK == 0 for one in rows if len(one))


def test_parts_have_about_as_many_pairs_each():
    n, parts = 40_000, 8
    pairs = [sum(n - 1 - row for row in stretch_rows(n, part, parts)) for part in range(parts)]
    assert max(pairs) < 1.02 * min(pairs)


def test_a_stretch_that_is_missing_is_noticed():
    seq = courses(100)
    found = [stretch(seq, part, 3, "LCS") for part in range(2)]
    with pytest.raises(ValueError, match="2 stretches hold"):
        laid_out(seq, found)
    with pytest.raises(ValueError, match="part must be 0 to 2"):
        stretch(seq, 3, 3, "LCS")
    with pytest.raises(ValueError, match="1 rows occur before"):
        laid_out(np.vstack([seq, seq[:1]]), found)
