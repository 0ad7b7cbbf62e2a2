"""Clusters of sequences: trees, partitions, their quality, and their medoids."""

from veje.clusters.linkage import linkage, ward
from veje.clusters.medoids import medoids
from veje.clusters.quality import choose_k, qualities, quality, quality_table
from veje.clusters.silhouette import silhouette
from veje.clusters.tree import cut
from veje.names import INDICES

__all__ = [
    "INDICES",
    "choose_k",
    "cut",
    "linkage",
    "medoids",
    "qualities",
    "quality",
    "quality_table",
    "silhouette",
    "ward",
]
