"""An observed typology against the null band: how good clusters are where there are none.

Source: Studer 2021, Sociol Methodol 51(2), section 2; Hennig & Lin 2015, Stat Comput 25, for the
scheme: simulate, cluster and rate in the same way, compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.names import INDICES, LOWER_IS_BETTER
from veje.uniques import Unique, unique_sequences
from veje.validation.null import simulate
from veje.validation.seeds import spawned

Rated = Mapping[int, Mapping[str, float]]
"""Quality indices by number of clusters."""


@dataclass(frozen=True, eq=False)
class NullBand:
    """Quality of the clusters of random sequences beside the observed one.

    ks: (K,) numbers of clusters. observed: (K, 10) in the order of `INDICES`. simulated: (R, K, 10),
    NaN where an index is undefined or the random sequences were too few for k clusters. seed: what
    all replications were spawned from.
    """

    model: str
    ks: tuple[int, ...]
    observed: NDArray[np.float64]
    simulated: NDArray[np.float64]
    seed: int

    @property
    def mean(self) -> NDArray[np.float64]:
        """The mean of each index in random sequences: (K, 10)."""
        return _over(self.simulated, lambda values: float(values.mean()))

    @property
    def deviation(self) -> NDArray[np.float64]:
        """The standard deviation of each index in random sequences: (K, 10); NaN of fewer than two."""
        return _over(self.simulated, lambda v: float(v.std(ddof=1)) if len(v) > 1 else np.nan)

    @property
    def standardised(self) -> NDArray[np.float64]:
        """Deviations between the observed index and the null mean: (K, 10); NaN without one."""
        spread = self.deviation
        apart = self.observed - self.mean
        return np.divide(apart, spread, out=np.full_like(apart, np.nan), where=spread > 0)

    @property
    def p(self) -> NDArray[np.float64]:
        """The share of random typologies at least as good, the observed one counted among them: (K, 10)."""
        sign = np.array([-1.0 if name in LOWER_IS_BETTER else 1.0 for name in INDICES])
        known = ~np.isnan(self.simulated)
        as_good = known & (sign * self.simulated >= sign * self.observed - ALIKE)
        share = (1 + as_good.sum(axis=0)) / (1 + known.sum(axis=0))
        return np.where(np.isnan(self.observed), np.nan, share)

    def quantile(self, share: float) -> NDArray[np.float64]:
        """Give a quantile of each index in random sequences: (K, 10). share: from 0 to 1."""
        return _over(self.simulated, lambda values: float(np.quantile(values, share)))


ALIKE = 1e-9
"""Indices closer than this are equal: what is equal on paper may differ by rounding."""


def null_band(
    observed: Rated,
    persons: NDArray[np.uint8],
    model: str,
    rate: Callable[[Unique], Rated],
    replications: int = 10,
    seed: int = 0,
    threads: int = 1,
) -> NullBand:
    """Rate the clusters of random sequences in the way in which the observed ones were rated.

    observed: the indices of the observed typology by number of clusters. persons: (n, L) uint8, one
    row a person. rate: computes costs, distances, clusters and indices of unique sequences with
    weights, for the same numbers of clusters; a number that it leaves out is NaN. threads:
    replications at once; the result does not depend on it. Raises ValueError for bad input.
    """
    ks = tuple(sorted(observed))
    if replications < 1 or not ks:
        raise ValueError("a null band needs a replication and a number of clusters")
    simulated = simulations(persons, model, rate, ks, spawned(seed, replications), threads)
    return NullBand(model, ks, table(observed, ks), simulated, seed)


def simulations(
    persons: NDArray[np.uint8],
    model: str,
    rate: Callable[[Unique], Rated],
    ks: Sequence[int],
    randoms: Sequence[np.random.Generator],
    threads: int = 1,
) -> NDArray[np.float64]:
    """Rate one set of random sequences of each generator: (R, K, 10). The rest is as in `null_band`."""

    def one(random: np.random.Generator) -> NDArray[np.float64]:
        return table(rate(unique_sequences(simulate(persons, model, random))), ks)

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(one, randoms))
    return np.array(found).reshape(len(found), len(ks), len(INDICES))


def table(rated: Rated, ks: Sequence[int]) -> NDArray[np.float64]:
    """Lay indices out as (K, 10)."""
    return np.array([[rated.get(k, {}).get(name, np.nan) for name in INDICES] for k in ks])


def _over(simulated: NDArray[np.float64], of: Callable[[NDArray[np.float64]], float]) -> NDArray[np.float64]:
    """Apply a statistic to the defined values of each index: (K, 10), NaN where there are none."""
    out = np.full(simulated.shape[1:], np.nan)
    for at in np.ndindex(out.shape):
        values = simulated[(slice(None), *at)]
        known = values[~np.isnan(values)]
        if len(known):
            out[at] = of(known)
    return out
