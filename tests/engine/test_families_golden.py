"""All costs and dissimilarities against TraMineR 2.2-12: 240 sequences, 20 quarters, 9 states."""

import numpy as np
import pytest

from veje.distances import costs, own_costs, pairwise

WITHOUT_COSTS = {
    "HAM": {},
    "DHD": {},
    "LCS": {},
    "LCP": {},
    "RLCP": {},
    "SVRspell": {},
    "CHI2": {"step": 5},
    "EUCLID": {"step": 5},
}
WITH_COSTS = {
    "OMloc": {"expcost": 0.1},
    "OMslen": {"link": "mean", "h": 0.5},
    "OMspell": {"expcost": 0.5},
    "OMstran": {"otto": 0.5},
    "TWED": {"nu": 0.5, "h": 0.5},
}


@pytest.mark.parametrize("method", ["CONSTANT", "TRATE", "FUTURE", "INDELS", "INDELSLOG"])
def test_costs(golden, method):
    found = costs(golden.sequences, method, n_states=9)
    np.testing.assert_allclose(found.sub, golden.read(f"cost_{method}"), rtol=1e-9)
    np.testing.assert_allclose(found.indel, golden.read(f"indel_{method}"), rtol=1e-9)


def test_costs_read_back_are_a_users_own(golden):
    own = own_costs(golden.read("cost_INDELSLOG"), golden.read("indel_INDELSLOG"))
    found = pairwise(golden.sequences, "OM", own)
    np.testing.assert_allclose(found, golden.read("dist_OM_INDELSLOG"), rtol=1e-6)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-6), (np.float64, 1e-9)])
@pytest.mark.parametrize("method", WITHOUT_COSTS)
def test_dissimilarities_without_costs(golden, method, dtype, rtol):
    found = pairwise(golden.sequences, method, dtype=dtype, **WITHOUT_COSTS[method])
    np.testing.assert_allclose(found, golden.read(f"dist_{method}"), rtol=rtol)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-6), (np.float64, 1e-9)])
@pytest.mark.parametrize("method", WITH_COSTS)
def test_dissimilarities_with_costs(golden, method, dtype, rtol):
    price = costs(golden.sequences, "CONSTANT", n_states=9)
    found = pairwise(golden.sequences, method, price, dtype=dtype, **WITH_COSTS[method])
    np.testing.assert_allclose(found, golden.read(f"dist_{method}"), rtol=rtol)


def test_dynamic_hamming_takes_costs_of_its_own(golden):
    price = costs(golden.sequences, "TRATE", n_states=9, time_varying=True)
    assert price.sub.shape == (20, 9, 9)
    found = pairwise(golden.sequences, "DHD", price)
    np.testing.assert_allclose(found, golden.read("dist_DHD"), rtol=1e-6)
