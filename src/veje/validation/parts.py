"""A share of the bootstrap samples and random sets, for one of several jobs."""

from __future__ import annotations

import polars as pl

from veje.contracts import contract
from veje.names import INDICES
from veje.settings import Validation
from veje.validation.band import simulations
from veje.validation.bootstrap import draws
from veje.validation.build import Study, materials
from veje.validation.material import Material, clusterer, rate_by
from veje.validation.replicates import BOOTSTRAP, rows_of, share_of
from veje.validation.seeds import spawned


def build_replicates(study: Study, settings: Validation, part: int, parts: int) -> pl.DataFrame:
    """Compute every `parts`-th bootstrap sample and random set, from number `part` on: table `replicates`.

    All shares together are what `build_validation` computes when it is given none: a replication's random
    numbers depend on its own number alone.
    """
    known = materials(study, settings)
    rows = [_samples(study, one, settings, part, parts) for one in known.values()]
    whole = known.get(study.areas[0])
    if whole is not None:
        rows += [_sets(study, whole, model, settings, part, parts) for model in settings.null_models]
    return pl.concat([contract("replicates").empty(), *rows])


def _samples(study: Study, one: Material, settings: Validation, part: int, parts: int) -> pl.DataFrame:
    numbers = share_of(settings.bootstraps, part, parts)
    randoms = spawned(study.seed, settings.bootstraps)[part::parts]
    found = draws(one.d, one.labels, one.weights, randoms, clusterer(study.clusters), study.threads)
    return rows_of(BOOTSTRAP, one.area, numbers, found)


def _sets(
    study: Study, one: Material, model: str, settings: Validation, part: int, parts: int
) -> pl.DataFrame:
    numbers = share_of(settings.null_replications, part, parts)
    randoms = spawned(study.seed, settings.null_replications)[part::parts]
    ks = tuple(k for k in (one.k,) if k < len(one.states))
    rate = rate_by((one.k,), study.alphabet, study.how, study.clusters, study.own)
    found = simulations(one.states[one.index], model, rate, ks, randoms, study.threads)
    return rows_of(model, one.area, numbers, found.reshape(len(numbers), len(ks) * len(INDICES)))
