"""Sixty people of three ways of life, and as many whose quarters are anyone's."""

import numpy as np

from veje.distances import costs, pairwise
from veje.uniques import unique_sequences

WORK, SICK, CASH = 0, 1, 2
K = 3


def three_ways(each=20, length=12, noise=1, seed=1):
    """Steady workers, workers who fell ill half-way, and people on cash benefit; some quarters differ."""
    random = np.random.default_rng(seed)
    half = length // 2
    ways = np.array([[WORK] * length, [WORK] * half + [SICK] * (length - half), [CASH] * length], np.uint8)
    seq = np.repeat(ways, each, axis=0)
    for row in seq:
        row[random.integers(0, length, noise)] = random.integers(0, K, noise)
    return seq, np.repeat(np.arange(3), each)


def anyone(n=60, length=12, seed=2):
    """People whose every quarter is drawn on its own."""
    return np.random.default_rng(seed).integers(0, K, (n, length)).astype(np.uint8)


def measured(seq, method="TRATE"):
    """Unique sequences, and the distances between them."""
    unique = unique_sequences(seq)
    price = costs(unique.states, method, K, unique.weights)
    return unique, pairwise(unique.states, "OM", price, threads=1)
