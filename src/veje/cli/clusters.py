"""Rim of stage `clusters`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.cli.profiles import read_former
from veje.clusters.build import build_clusters
from veje.profiles import profiles_of, with_former_numbers
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read distances and sequences, write partitions, quality and trees; notes who is too small.

    With `former`, the profiles that the last published run left, clusters keep the numbers they had there.
    """
    distances, sequences = io.read_array(inputs.one("distances")), inputs.table("sequences")
    result = build_clusters(distances, sequences, settings.cohort.areas, settings.clusters)
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
