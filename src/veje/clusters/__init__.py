"""Clusters of sequences: trees, partitions, their quality, and their medoids."""

from veje.clusters.clara import Clara, clara, clara_range
from veje.clusters.fuzzy import FuzzyMedoids, fuzzy_medoids
from veje.clusters.kmedoids import KMedoids, k_medoids, k_medoids_range
from veje.clusters.linkage import linkage, ward
from veje.clusters.medoids import distances_to_center, medoids
from veje.clusters.quality import qualities, quality, quality_table
from veje.clusters.silhouette import silhouette
from veje.clusters.tree import cut
from veje.criteria import best_numbers, choose_k
from veje.names import INDICES

__all__ = [
    "INDICES",
    "Clara",
    "FuzzyMedoids",
    "KMedoids",
    "best_numbers",
    "choose_k",
    "clara",
    "clara_range",
    "cut",
    "distances_to_center",
    "fuzzy_medoids",
    "k_medoids",
    "k_medoids_range",
    "linkage",
    "medoids",
    "qualities",
    "quality",
    "quality_table",
    "silhouette",
    "ward",
]
