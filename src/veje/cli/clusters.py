"""Rim of stage `clusters`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.clusters.build import build_clusters
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read distances and sequences, write partitions, quality and trees; notes who is too small."""
    distances = io.read_array(inputs.one("distances"))
    result = build_clusters(distances, inputs.table("sequences"), settings.cohort.areas, settings.clusters)
    outputs.write(result.partitions, "partitions")
    outputs.write(result.quality, "quality")
    outputs.write(result.trees, "trees")
    return result.notes
