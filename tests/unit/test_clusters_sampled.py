"""Clusters from samples: exact where all fit into one, CLARA else, and the same whoever computes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.people import table
from tests.validation.test_build import FEW, MADE, study
from veje.clusters import clara_range
from veje.clusters.build import build_clusters, build_sampled, build_samples
from veje.clusters.quality import qualities
from veje.clusters.sampled import Sampling
from veje.clusters.sampling import Measure, samples
from veje.contracts import check
from veje.distances import costs, pairwise
from veje.settings import Clusters
from veje.uniques import Unique, unique_sequences
from veje.validation.build import build_validation

AREAS = ["all", "herning", "viborg"]
STATES = 4


def persons(n: int = 600, seed: int = 1, length: int = 10) -> np.ndarray:
    """Sequences around four plain ones: each person leaves the own state in a few quarters."""
    random = np.random.default_rng(seed)
    seq = np.repeat(random.integers(0, STATES, n)[:, None], length, axis=1)
    return np.where(random.random((n, length)) < 0.2, random.integers(0, STATES, (n, length)), seq).astype(
        "u1"
    )


SEQ = persons()
FOUND = unique_sequences(SEQ)
COSTS = costs(SEQ, "TRATE", STATES)
MEASURE = Measure("OM", COSTS, None, {})
PEOPLE = table(
    "sequences",
    [
        {
            "person": i + 1,
            "area": AREAS[1 + i % 2],
            "sequence": int(FOUND.index[i]),
            "states": SEQ[i].tolist(),
        }
        for i in range(len(SEQ))
    ],
)
RULES = Clusters(method="clara", k_max=5, sample_size=100, samples=5, k_by_area={"viborg": 3})


def sampling(size: int = 100) -> Sampling:
    return Sampling(FOUND.states, MEASURE, 5, size, 7)


def test_where_all_sequences_fit_into_a_sample_it_is_k_medoids() -> None:
    """Every pair is looked at then: the same medoids; a person between two may go to either."""
    rules = RULES.model_copy(update={"method": "k_medoids"})
    exact = build_clusters(pairwise(FOUND.states, "OM", COSTS), PEOPLE, AREAS, rules)
    found = build_sampled(sampling(len(SEQ)), PEOPLE, AREAS, RULES)
    assert found.quality.select("area", "k", "chosen").equals(exact.quality.select("area", "k", "chosen"))
    for name in ("PBC", "ASW", "R2"):
        np.testing.assert_allclose(found.quality[name], exact.quality[name], rtol=0.02)
    both = found.partitions.join(exact.partitions, on=["area", "k", "sequence"], suffix="_exact")
    assert both.height == exact.partitions.height
    assert (both["cluster"] == both["cluster_exact"]).mean() > 0.98


def test_the_pooled_partition_is_that_of_the_library_function() -> None:
    found = build_sampled(sampling(), PEOPLE, AREAS, RULES)
    alone = clara_range(SEQ, [2, 3, 4, 5], "OM", COSTS, n_samples=5, sample_size=100, seed=7)
    for k, one in alone.items():
        own = found.partitions.filter(area="all", k=k).sort("sequence")["cluster"].to_numpy()
        apart = pairwise(SEQ, "OM", COSTS, to=SEQ[one.medoids])
        # The same groups: each of theirs is one of ours.
        pairs = set(zip(own[FOUND.index].tolist(), one.labels.tolist(), strict=True))
        assert len(pairs) == k
        assert one.objective == pytest.approx(float(apart.min(axis=1).sum(dtype=float)))


def test_the_indices_are_those_of_the_best_samples_persons() -> None:
    found = build_sampled(sampling(), PEOPLE, AREAS, RULES)
    made = build_samples(sampling(), PEOPLE, AREAS, RULES, 0, 1)
    weights = np.bincount(FOUND.index).astype(float)
    drawn = samples(Unique(FOUND.states, np.arange(len(weights)), weights), 5, 100, 7)
    for k in (2, 4):
        tried = made.filter(area="all", k=k).sort("objective", "sample", "cluster")
        here = np.flatnonzero(drawn[tried["sample"][0]])
        labels = found.partitions.filter(area="all", k=k).sort("sequence")["cluster"].to_numpy()[here]
        told = qualities(
            pairwise(FOUND.states[here], "OM", COSTS), {k: labels}, drawn[tried["sample"][0]][here]
        )
        shown = found.quality.filter(area="all", k=k).to_dicts()[0]
        assert {name: shown[name] for name in told[k]} == told[k]


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_shares_gathered_in_any_order_are_the_whole(parts: int) -> None:
    alone = build_sampled(sampling(), PEOPLE, AREAS, RULES)
    made = [
        check(build_samples(sampling(), PEOPLE, AREAS, RULES, part, parts), "samples")
        for part in range(parts)
    ]
    together = build_sampled(sampling(), PEOPLE, AREAS, RULES, pl.concat(made[::-1]))
    assert together.partitions.equals(alone.partitions)
    assert together.quality.equals(alone.quality, null_equal=True)
    assert together.trees.height == alone.trees.height == 0
    assert set(alone.quality.filter(pl.col("chosen"))["area"]) == set(AREAS)


def test_a_share_that_is_missing_or_comes_twice_is_refused() -> None:
    half = build_samples(sampling(), PEOPLE, AREAS, RULES, 0, 2)
    for given in (half, pl.concat([half, half])):
        with pytest.raises(ValueError, match="medoids of all are given, not 70"):
            build_sampled(sampling(), PEOPLE, AREAS, RULES, given)


def test_the_order_of_persons_and_another_seed() -> None:
    found = build_sampled(sampling(), PEOPLE, AREAS, RULES)
    turned = build_sampled(sampling(), PEOPLE.reverse(), AREAS, RULES)
    assert turned.partitions.equals(found.partitions)
    other = build_sampled(replace(sampling(), seed=8), PEOPLE, AREAS, RULES)
    assert not other.partitions.equals(found.partitions)


def test_the_validation_computes_the_distances_that_are_not_given() -> None:
    """Of the same persons they are the same, so that every check is."""
    one = study()
    states = np.array(one.unique["states"].to_list(), dtype=np.uint8)
    price = costs(states, "TRATE", len(one.alphabet.states), weights=one.unique["weight"].to_numpy())
    assert (pairwise(states, "OM", price) == one.distances).all()
    lean = build_validation(replace(one, distances=Measure("OM", price, None, {})), FEW)
    full = build_validation(one, FEW)
    for name in MADE:
        assert getattr(lean, name).equals(getattr(full, name), null_equal=True), name
