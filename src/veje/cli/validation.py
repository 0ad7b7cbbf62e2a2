"""Rim of stage `validation`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.distances.pairs import cores
from veje.settings import Settings, Validation
from veje.validation.build import Study, build_validation
from veje.validation.parts import build_replicates
from veje.validation.replicates import Replicates

MADE = ("stability", "null_models", "discrepancy", "regression_tree", "indicators", "movers")


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read distances, sequences, partitions and covariates, write what their checks found.

    What `run_part` computed is given as `part`.
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
    named = settings.distances.features or settings.distances.matrix
    return Study(
        unique=inputs.table("unique"),
        sequences=inputs.table("sequences"),
        partitions=inputs.table("partitions"),
        quality=inputs.table("quality"),
        background=inputs.table("background"),
        distances=io.read_array(inputs.one("distances")),
        alphabet=alphabet_of(settings.sequences),
        how=settings.distances,
        clusters=settings.clusters,
        areas=settings.cohort.areas,
        seed=settings.seed,
        threads=cores(),
        own=io.read_list(named, "costs") if named else None,
    )


def no_group_below(settings: Validation, threshold: int) -> Validation:
    """Raise the smallest category and leaf to the release's threshold: both are told by their names."""
    smallest, leaf = max(settings.smallest_group, threshold), max(settings.tree_leaf, threshold)
    return settings.model_copy(update={"smallest_group": smallest, "tree_leaf": leaf})
