"""Drawing so that printed shares hold in small groups too: evenly within strata, and fitted to margins."""

from __future__ import annotations

import numpy as np
import polars as pl

from veje.twin.law import AREAS, TYPES, Flags, Floats, Ints

ROUNDS = 500


def even_uniforms(rng: np.random.Generator, strata: Ints) -> Floats:
    """Draw one number in [0, 1) a person, spread evenly within each stratum: (n,).

    The persons of a stratum below any limit p are its size times p, off by less than one; who they
    are is random. Source: stratified (Latin hypercube) sampling.
    """
    order = np.lexsort((rng.random(strata.size), strata))
    _, first, size = np.unique(strata[order], return_index=True, return_counts=True)
    place = np.arange(strata.size) - np.repeat(first, size)
    drawn = np.empty(strata.size)
    drawn[order] = (place + rng.random(strata.size)) / np.repeat(size, size)
    return drawn


def choose(rng: np.random.Generator, chance: Floats, *strata: Ints) -> Flags:
    """Choose persons with the given chances, as many of every stratum as its chances sum to, off by one.

    chance, strata: (n,) each; the first stratum is cut by the next ones, and each union of runs of
    theirs keeps its sum. Source: systematic sampling with unequal chances (Madow 1949).
    """
    order = np.lexsort((rng.random(chance.size), *reversed(strata)))
    total = chance[order].cumsum() + rng.random()
    chosen = np.zeros(chance.size, dtype=bool)
    chosen[order] = np.floor(total) > np.floor(total - chance[order])
    return chosen


def rake(start: Floats, rows: Floats, columns: Floats) -> Floats:
    """Fit a table (r, c) to sums of rows and columns, keeping the odds ratios of `start`.

    Zeros stay zeros. rows and columns must sum to the same; a stratum that the start has not at all
    is left empty. Source: iterative proportional fitting (Deming and Stephan 1940).
    """
    fitted = start.astype(np.float64)
    for _ in range(ROUNDS):
        fitted *= _ratio(rows, fitted.sum(axis=1))[:, None]
        fitted *= _ratio(columns, fitted.sum(axis=0))
    return fitted


def _ratio(wanted: Floats, found: Floats) -> Floats:
    ratio: Floats = np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)
    return ratio


def strata_of(cases: pl.DataFrame) -> Ints:
    """Number the persons with a grant by role, type and municipality: the cohort's strata come first."""
    other = (cases["role"] != "cohort").to_numpy().astype(np.int64)
    strata: Ints = (other * len(AREAS) + cases["a"].to_numpy()) * len(TYPES) + cases["t"].to_numpy()
    return strata


def sizes(types: Ints, areas: Ints) -> Ints:
    """Count persons by type and municipality: (types, areas)."""
    counted = np.zeros((len(TYPES), len(AREAS)), dtype=np.int64)
    np.add.at(counted, (types, areas), 1)
    return counted
