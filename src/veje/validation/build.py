"""Stage `validation`: is the typology real, what explains it, and do municipalities agree on it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.clusters.sampling import Measure
from veje.condensed import Array
from veje.dissimilarity import OF_METHOD, WITH_COSTS
from veje.indicators import indicators
from veje.lists import Alphabet
from veje.names import INDICES
from veje.settings import Clusters, Distances, Validation
from veje.validation import frames
from veje.validation.band import NullBand, null_band, table
from veje.validation.bands import choice_band, person_order_band, tie_band
from veje.validation.bootstrap import Stability, bootstrap
from veje.validation.covariates import covariates_of
from veje.validation.discrepancy import discrepancy
from veje.validation.factors import Factor, factors
from veje.validation.material import Material, clusterer, material_of, part_of, partition_by, rate_by
from veje.validation.movers import moves
from veje.validation.replicates import BOOTSTRAP, Replicates
from veje.validation.tree import Growth, grow


@dataclass(frozen=True)
class Study:
    """The tables of a run that are checked, and the settings that it was made with.

    distances: condensed, of all unique sequences, or how to compute those of the persons who are checked.
    own: the user's table of features or costs, where the config names one.
    """

    unique: pl.DataFrame
    sequences: pl.DataFrame
    partitions: pl.DataFrame
    quality: pl.DataFrame
    background: pl.DataFrame
    distances: Array | Measure
    alphabet: Alphabet
    how: Distances
    clusters: Clusters
    areas: Sequence[str]
    seed: int
    threads: int
    own: pl.DataFrame | None = None


@dataclass(frozen=True)
class ValidationResult:
    """Tables of those names."""

    stability: pl.DataFrame
    null_models: pl.DataFrame
    discrepancy: pl.DataFrame
    regression_tree: pl.DataFrame
    indicators: pl.DataFrame
    movers: pl.DataFrame


def build_validation(study: Study, settings: Validation, given: Replicates | None = None) -> ValidationResult:
    """Check the chosen partitions: each area's stability, the pooled one against null models and choices.

    Areas of fewer persons than `least_persons`, and such as were not divided, are left out of what
    is made for each area; of more persons than `most_persons` a random part is checked. given: samples
    and random sets that other jobs computed (`parts.build_replicates`), else they are computed here.
    """
    known = materials(study, settings)
    whole = known.get(study.areas[0])
    stable = [row for one in known.values() for row in _stability(study, one, settings, given)]
    pooled = [] if whole is None else _bands(study, whole, settings)
    explained = (frames.discrepancy([], ()), frames.regression_tree(None))
    if whole is not None:
        explained = _explained(study, whole, settings)
    nulls = [] if whole is None else _null_models(study, whole, settings, given)
    return ValidationResult(
        stability=frames.stability([*stable, *pooled]),
        null_models=frames.null_models(nulls),
        discrepancy=explained[0],
        regression_tree=explained[1],
        indicators=_indicators(study),
        movers=frames.movers([row for area in study.areas[1:] for row in _movers(study, area, settings)]),
    )


def materials(study: Study, settings: Validation) -> dict[str, Material]:
    """Give what is checked of each area that has enough persons, in more than one cluster."""
    return {area: found for area in study.areas if (found := _material(study, area, settings))}


def _chosen(study: Study, area: str) -> pl.DataFrame:
    """Give an area's chosen partition: sequence, cluster."""
    taken = study.quality.filter(pl.col("area") == area, pl.col("chosen"))
    return study.partitions.join(taken.select("area", "k"), on=["area", "k"], how="semi")


def _members(study: Study, area: str) -> pl.DataFrame:
    everyone = area == study.areas[0]
    return study.sequences if everyone else study.sequences.filter(pl.col("area") == area)


def _material(study: Study, area: str, settings: Validation) -> Material | None:
    """Take an area's persons, or None when they are too few or in one cluster."""
    members, partition = _members(study, area), _chosen(study, area)
    if members.height < settings.least_persons or partition["cluster"].n_unique() < 2:
        return None
    part = part_of(members, settings.most_persons, study.seed)
    made = material_of(area, part, study.unique, partition, study.distances)
    return made if made.k > 1 else None


def _stability(
    study: Study, one: Material, settings: Validation, given: Replicates | None
) -> list[frames.Row]:
    """Draw an area's persons again: rows of table `stability`."""
    cluster, times = clusterer(study.clusters), settings.bootstraps
    if given is None:
        found = bootstrap(one.d, one.labels, one.weights, times, study.seed, cluster, study.threads)
    else:
        values = given.values(BOOTSTRAP, one.area, times, 1 + one.k)
        found = Stability(values[:, 0], values[:, 1:], one.k, study.seed, times)
    n = len(one.persons)
    rows = [frames.band(one.area, "adjusted_rand", found.adjusted_rand, n, study.seed, settings.band)]
    for at, cluster in enumerate(one.clusters.tolist()):
        key, persons = f"cluster_{cluster + 1}", int(one.sizes[at])
        row = frames.band(one.area, key, found.jaccard[:, at], persons, study.seed, settings.band)
        rows.append(row | {"recovered": float(found.recovered[at])})
    return rows


def _bands(study: Study, one: Material, settings: Validation) -> list[frames.Row]:
    """Move what should not matter, and what is a choice: rows of table `stability`."""
    again = partition_by(one.k, study.alphabet, study.how, study.clusters, study.own)
    base, everyone = one.labels, one.states[one.index]
    order = person_order_band(everyone, base[one.index], again, settings.orders, study.seed)
    cluster = clusterer(study.clusters)
    ties = tie_band(one.d, base, one.weights, settings.ties, study.seed, cluster, study.threads)
    others = {
        name: partition_by(one.k, study.alphabet, other, study.clusters)
        for name, other in choices(study.how, settings).items()
    }
    chosen = choice_band(one.unique(), base, others)
    found = {"order_of_persons": order, "ties": ties}
    found |= {f"choice_{name}": np.array([value]) for name, value in chosen.items()}
    n = len(one.persons)
    return [frames.band(one.area, key, v, n, study.seed, settings.band) for key, v in found.items()]


def choices(how: Distances, settings: Validation) -> dict[str, Distances]:
    """Give other settings of distances by name; the run's own method and costs are left out."""
    method = how.method if how.method in WITH_COSTS and how.method != "DHD" else "OM"
    shared = {"parameters": how.parameters, "norm": how.norm, "method": method}
    made = {
        name: Distances.model_validate(
            ({"method": name} if name in OF_METHOD else {**shared, "costs": name})
            | {"miss_cost": how.miss_cost}
        )
        for name in settings.choices
    }
    own = {how.method, *({how.costs} if how.method in WITH_COSTS else ())}
    return {name: other for name, other in made.items() if name not in own}


def _null_models(
    study: Study, one: Material, settings: Validation, given: Replicates | None
) -> list[frames.Row]:
    """Rate random sequences: rows of table `null_models`."""
    rate = rate_by((one.k,), study.alphabet, study.how, study.clusters, study.own)
    observed = rate(one.unique())
    everyone, times = one.states[one.index], settings.null_replications
    rows: list[frames.Row] = []
    for model in settings.null_models:
        if given is None:
            found = null_band(observed, everyone, model, rate, times, study.seed, study.threads)
        else:
            ks = tuple(sorted(observed))
            values = given.values(model, one.area, times, len(ks) * len(INDICES))
            simulated = values.reshape(times, len(ks), len(INDICES))
            found = NullBand(model, ks, table(observed, ks), simulated, study.seed)
        rows += frames.null_rows(found, len(one.persons), settings.band)
    return rows


def _explained(study: Study, one: Material, settings: Validation) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Explain the pooled discrepancy by covariates, one by one, together, and in a tree."""
    persons = pl.DataFrame({"person": one.persons})
    known = covariates_of(study.background, persons, settings.covariates, settings.smallest_group)
    alone = [
        (c, discrepancy(one.d, c.codes, one.index, None, settings.permutations, study.seed, study.threads))
        for c in known
        if one.d.any()
    ]
    together: tuple[Factor, ...] = ()
    if len(alone) > 1:
        together = factors(one.d, known, one.index, None, settings.permutations, study.seed, study.threads)
    growth = Growth(settings.tree_leaf, settings.tree_depth, settings.tree_level, settings.permutations)
    tree = grow(one.d, known, one.index, None, growth, study.seed, study.threads)
    return frames.discrepancy(alone, together), frames.regression_tree(tree)


def _indicators(study: Study) -> pl.DataFrame:
    """Compute every person's indicators: table of that name."""
    ordered = study.sequences.sort("person")
    states = np.array(ordered["states"].to_list(), dtype=np.uint8)
    found = indicators(states, len(study.alphabet.states))
    return ordered.select("person", "area").with_columns(pl.Series(name, v) for name, v in found.items())


def _movers(study: Study, area: str, settings: Validation) -> list[frames.Row]:
    """Cross a municipality's own clusters with the pooled ones: rows of table `movers`."""
    members = _members(study, area).sort("person")
    if members.height < settings.least_persons:
        return []
    labels, names = [], []
    for which in (study.areas[0], area):
        cluster = members.join(_chosen(study, which), on="sequence", how="left", maintain_order="left")[
            "cluster"
        ]
        present, codes = np.unique(cluster.to_numpy(), return_inverse=True)
        labels.append(codes)
        names.append(present.tolist())
    states = np.array(members["states"].to_list(), dtype=np.uint8)
    found = moves(states, labels[0], labels[1], len(study.alphabet.states))
    return frames.mover_rows(area, names[0], names[1], found)
