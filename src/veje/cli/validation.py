"""Rim of stage `validation`."""

from __future__ import annotations

import os

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.settings import Settings, Validation
from veje.validation.build import Study, build_validation

MADE = ("stability", "null_models", "discrepancy", "regression_tree", "indicators", "movers")


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read distances, sequences, partitions and covariates, write what their checks found."""
    study = Study(
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
        threads=_cores(),
    )
    result = build_validation(study, no_group_below(settings.validation, settings.disclosure.threshold))
    for name in MADE:
        outputs.write(getattr(result, name), name)


def no_group_below(settings: Validation, threshold: int) -> Validation:
    """Raise the smallest category and leaf to the release's threshold: both are told by their names."""
    smallest, leaf = max(settings.smallest_group, threshold), max(settings.tree_leaf, threshold)
    return settings.model_copy(update={"smallest_group": smallest, "tree_leaf": leaf})


def _cores() -> int:
    """Return the number of cores this process may use, which a batch queue may have limited."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
