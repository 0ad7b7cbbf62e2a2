"""The way from weekly codes to types under any settings, nothing computed twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of, own_costs
from veje.cli.sequences import read_industry_of
from veje.clusters.build import ClustersResult, build_clusters
from veje.distances.build import DistancesResult, build_distances
from veje.lists import read_codes
from veje.sensitivity import Solution
from veje.sequences import SequencesResult, build_sequences, find_rows, needed_weeks
from veje.settings import Clusters, Cohort, Settings
from veje.typology import build_typology, read_reference
from veje.versions import dream_version
from veje.weekfile import read_weekly

Made = TypeVar("Made")


class Road:
    """Solutions of the same persons; what two of them share is computed once.

    every: all settings that will be asked for: weeks are read once, as many as any of them needs.
    """

    def __init__(self, inputs: Files, cohort: pl.DataFrame, every: Iterable[Settings]) -> None:
        self._cohort = cohort
        self._files = {path.stem: path for path in inputs.many("dream_weeks")}
        self._rows = find_rows(inputs.table("dream"), cohort)
        ends = [needed_weeks(cohort, one.window) for one in every]
        self._needed = min(first for first, _ in ends), max(last for _, last in ends)
        self._weekly = read_weekly(self._files, self._rows, *self._needed)
        self._made: dict[str, Any] = {}

    def solve(self, settings: Settings) -> Solution:
        """Compute sequences, distances, clusters and types."""
        sequences, clusters = self._sequences(settings), self._clusters(settings)
        alphabet, pooled = alphabet_of(settings.sequences), settings.cohort.pooled
        name = settings.typology.reference
        reference = read_reference(io.read_list(name, "reference"), alphabet, pooled) if name else []
        named = build_typology(
            clusters.partitions,
            clusters.quality,
            sequences.sequences,
            reference,
            alphabet,
            settings.typology,
            pooled,
        )
        return Solution(sequences.sequences, clusters.quality, named.types)

    def _sequences(self, settings: Settings) -> SequencesResult:
        def make() -> SequencesResult:
            own = settings.sequences
            alphabet = alphabet_of(own)
            dream = settings.registers.dream
            version = dream_version(dream.files, dream.version)
            listed = io.read_list(own.codes, "codes")
            codes = read_codes(listed, own.state_column, alphabet, version, own.codes, own.switches)
            industry = read_industry_of(self._files, self._rows, self._needed, settings, alphabet)
            return build_sequences(
                self._weekly, self._cohort, codes, alphabet, own, settings.window, industry
            )

        return self._once(make, settings, "window", "sequences")

    def _distances(self, settings: Settings) -> DistancesResult:
        def make() -> DistancesResult:
            rules = settings.distances
            unique = self._sequences(settings).unique
            return build_distances(unique, alphabet_of(settings.sequences), rules, own_costs(rules))

        return self._once(make, settings, "window", "sequences", "distances")

    def _clusters(self, settings: Settings) -> ClustersResult:
        def make() -> ClustersResult:
            rules = no_more_than_asked(settings.clusters, settings.cohort)
            sequences = self._sequences(settings).sequences
            return build_clusters(
                self._distances(settings).distances, sequences, settings.cohort.areas, rules, rate_fixed=False
            )

        return self._once(make, settings, "window", "sequences", "distances", "clusters")

    def _once(self, make: Callable[[], Made], settings: Settings, *names: str) -> Made:
        """Make a result, or give the one that was made with the same settings."""
        parts = {name: getattr(settings, name).model_dump(mode="json") for name in names}
        key = json.dumps(parts, sort_keys=True)
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made


def no_more_than_asked(rules: Clusters, cohort: Cohort) -> Clusters:
    """Leave out other numbers of clusters where all areas have a fixed one: nobody asks for their quality."""
    areas = cohort.areas
    if rules.k == "auto" or not set(areas[1:]) <= set(rules.k_by_area):
        return rules
    return rules.model_copy(update={"k_min": rules.k, "k_max": rules.k})
