"""Rim of stage `clusters`."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.cli.profiles import read_former
from veje.cli.samples import sampling_of
from veje.clusters.build import ClustersResult, build_clusters, build_sampled, build_samples
from veje.errors import BadInput
from veje.profiles import profiles_of, with_former_numbers
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read distances and sequences, write partitions, quality and trees; notes who is too small.

    With `clara` the unique sequences are read in place of distances, and the samples that `run_part`
    computed as `part`. With `former`, the profiles that the last published run left, clusters keep the
    numbers they had there.
    """
    sequences = inputs.table("sequences")
    result = _solved(settings, inputs, sequences)
    partitions = result.partitions
    former, notes = read_former(inputs)
    if former is not None:
        states = alphabet_of(settings.sequences).states
        now = profiles_of(partitions, result.quality, sequences, states, settings.cohort.pooled)
        partitions = with_former_numbers(partitions, result.quality, now, former, settings.continuity.limit)
    outputs.write(partitions, "partitions")
    outputs.write(result.quality, "quality")
    outputs.write(result.trees, "trees")
    return [*result.notes, *notes]


def run_part(settings: Settings, inputs: Files, outputs: Files, part: int, parts: int) -> None:
    """Read sequences and the unique ones, write the medoids of a share of the samples."""
    sampling, rules = sampling_of(settings, inputs.table("unique")), settings.clusters
    try:
        made = build_samples(sampling, inputs.table("sequences"), settings.cohort.areas, rules, part, parts)
    except ValueError as error:
        raise BadInput(f"clusters: {error}") from None
    outputs.write(made, "samples")


def _solved(settings: Settings, inputs: Files, sequences: pl.DataFrame) -> ClustersResult:
    rules, areas = settings.clusters, settings.cohort.areas
    if not rules.sampled:
        return build_clusters(io.read_array(inputs.one("distances")), sequences, areas, rules)
    parts = [io.read_table(path, "samples") for path in inputs.many("part")]
    sampling = sampling_of(settings, inputs.table("unique"))
    try:
        return build_sampled(sampling, sequences, areas, rules, pl.concat(parts) if parts else None)
    except ValueError as error:
        raise BadInput(f"clusters: {error}") from None
