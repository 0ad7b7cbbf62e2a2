"""Distances onto those of a former run are those of a clean run; only new pairs are computed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.test_engine_stretches import OWN, courses

from veje.dissimilarity import REQUIRED, WITH_COSTS
from veje.distances import METHODS, costs, pairwise
from veje.distances.known import Known, extended, hang_together, key_of
from veje.distances.substitution import Costs

KEPT = [name for name in METHODS if name not in ("CHI2", "EUCLID")]


def ready(method: str, seq: np.ndarray):
    price = costs(seq, "TRATE", 6, time_varying=method == "DHD") if method in WITH_COSTS else None
    return price, {REQUIRED[method]: OWN[REQUIRED[method]]} if method in REQUIRED else {}


@pytest.mark.parametrize("norm", [None, "auto"])
@pytest.mark.parametrize("method", KEPT)
def test_new_persons_cost_their_own_pairs_alone(method: str, norm: str | None):
    if norm is not None and METHODS[method].auto is None:
        pytest.skip("no norm has a meaning for this method")
    seq = courses(160)
    random = np.random.default_rng(3)
    order = random.permutation(len(seq))
    price, own = ready(method, seq)
    # Of the former run three persons are gone; tonight's sequences come in another order.
    former, now = order[:123], order[3:]
    known = Known(seq[former], pairwise(seq[former], method, price, norm, **own))
    found, computed = extended(seq[now], known, method, price, norm, **own)
    new, old = len(seq) - 123, 120
    assert computed == new * old + new * (new - 1) // 2
    assert found.tobytes() == pairwise(seq[now], method, price, norm, **own).tobytes()


@given(st.integers(2, 40), st.integers(0, 40), st.integers(0, 2**16))
def test_any_two_sets_give_the_same_as_from_nothing(tonight: int, before: int, seed: int):
    seq = courses(90)
    random = np.random.default_rng(seed)
    now = random.choice(len(seq), tonight, replace=False)
    former = random.choice(len(seq), before, replace=False)
    price, _ = ready("OM", seq)
    known = Known(seq[former], pairwise(seq[former], "OM", price)) if before > 1 else None
    found, computed = extended(seq[now], known, "OM", price)
    assert found.tobytes() == pairwise(seq[now], "OM", price).tobytes()
    assert computed <= tonight * (tonight - 1) // 2


def test_nothing_new_computes_nothing():
    seq = courses(60)
    d = pairwise(seq, "LCS")
    found, computed = extended(seq[::-1], Known(seq, d), "LCS")
    assert computed == 0
    assert found.tobytes() == pairwise(seq[::-1], "LCS").tobytes()


def test_what_a_distance_depends_on_is_in_its_key():
    price = Costs(np.ones((3, 3)) - np.eye(3), 1.0)
    base = key_of("OM", price, None, {}, "work sick")
    others = [
        key_of("HAM", price, None, {}, "work sick"),
        key_of("OM", Costs(price.sub * 1.0000001, 1.0), None, {}, "work sick"),
        key_of("OM", Costs(price.sub, 0.5), None, {}, "work sick"),
        key_of("OM", price, "maxdist", {}, "work sick"),
        key_of("OM", price, None, {"h": 0.5}, "work sick"),
        key_of("OM", price, None, {}, "sick work"),
    ]
    assert len({base, *others}) == 7
    assert key_of("OM", price, None, {"weights": np.ones(4)}, "work sick") == base


def test_methods_whose_distances_hang_together_are_told():
    price = costs(courses(50), "TRATE", 6, time_varying=True)
    assert hang_together("CHI2", None, {})
    assert hang_together("DHD", None, {})
    assert not hang_together("DHD", price, {})
    assert hang_together("OMstran", price, {"transindel": "prob"})
    assert not hang_together("OMstran", price, {"transindel": "constant"})
