"""Rim of stage `validation`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of, own_costs
from veje.cli.samples import sampling_of
from veje.clusters.sampling import Measure
from veje.condensed import Array
from veje.distances.pairs import cores
from veje.settings import Settings, Validation
from veje.validation.build import Study, build_validation
from veje.validation.parts import build_replicates
from veje.validation.replicates import Replicates

MADE = ("stability", "null_models", "discrepancy", "regression_tree", "indicators", "movers")


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read distances, sequences, partitions and covariates, write what their checks found.

    Where no distances of all pairs are given, those of the persons who are checked are computed. What
    `run_part` computed is given as `part`.
    """
    parts = [io.read_table(path, "replicates") for path in inputs.many("part")]
    limits = no_group_below(settings.validation, settings.disclosure.threshold)
    result = build_validation(_study(settings, inputs), limits, Replicates(parts) if parts else None)
    for name in MADE:
        outputs.write(getattr(result, name), name)


def run_part(settings: Settings, inputs: Files, outputs: Files, part: int, parts: int) -> None:
    """Read what `run` reads, write a share of the bootstrap samples and random sets."""
    limits = no_group_below(settings.validation, settings.disclosure.threshold)
    made = build_replicates(_study(settings, inputs), limits, part, parts)
    outputs.write(made, "replicates")


def _study(settings: Settings, inputs: Files) -> Study:
    """Read the tables that are checked."""
    unique = inputs.table("unique")
    if inputs.many("distances"):
        distances: Array | Measure = io.read_array(inputs.one("distances"))
    else:
        distances = sampling_of(settings, unique).measure
    return Study(
        unique=unique,
        sequences=inputs.table("sequences"),
        partitions=inputs.table("partitions"),
        quality=inputs.table("quality"),
        background=inputs.table("background"),
        distances=distances,
        alphabet=alphabet_of(settings.sequences),
        how=settings.distances,
        clusters=settings.clusters,
        areas=settings.cohort.areas,
        seed=settings.seed,
        threads=cores(),
        own=own_costs(settings.distances),
    )


def no_group_below(settings: Validation, threshold: int) -> Validation:
    """Raise the smallest category and leaf to the release's threshold: both are told by their names."""
    smallest, leaf = max(settings.smallest_group, threshold), max(settings.tree_leaf, threshold)
    return settings.model_copy(update={"smallest_group": smallest, "tree_leaf": leaf})
