"""The settings of what is tried beside a run (choices, timing in depth, checks) and of what may leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import model_validator

from veje.sections import Key, Section, key

Varied = Literal["window", "sequences", "distances", "clusters", "typology"]
Overrides = dict[Varied, dict[str, Any]]

PARTS = {"method": ("parameters",), "costs": ("cval", "lag", "features", "matrix")}
"""Keys that go with another one: a variant that replaces the latter does not keep them."""


class Sensitivity(Section):
    """Choices that the study left unsaid, each made otherwise once."""

    variants: dict[Key, Overrides] = key(
        {},
        "name: {section: {key: value}}",
        "What is computed anew from the weekly codes with some settings changed, and compared with the run. "
        "None: the comparison is left out.",
    )
    most_persons: int = key(
        3_000, "persons", "Of more persons a random part of this size is compared.", ge=30, le=50_000
    )


Threshold = Literal[
    "active_weeks", "concentration", "passive_run", "continuous_from", "continuous_to", "continuous_gap"
]


class TimingDepth(Section):
    """How the classes of timing are checked, and what marks the phases of a case."""

    grid: dict[Threshold, list[float]] = key(
        {},
        "threshold: values",
        "Thresholds of the classes tried one at a time, the others as they are; none: the grid is left out.",
    )
    levels: list[int] = key(
        [1, 7],
        "weeks",
        "Activity by quarter as sequences: the first number of active weeks of each level above none.",
        min_length=1,
        max_length=5,
    )
    method: Literal["HAM", "OM", "LCS"] = key(
        "HAM", "method", "The dissimilarity of activity sequences, with constant costs."
    )
    clusters: int = key(
        4, "clusters", "Clusters of the persons with activity; those without are apart.", ge=2, le=12
    )
    contact_states: list[Key] = key(
        [
            "sickness_benefit",
            "cash_benefit",
            "rehabilitation_benefit",
            "ledighedsydelse",
            "introduction_benefit",
        ],
        "states",
        "Introduction is marked by the first quarter in one of these: the municipality pays them.",
    )
    clarifying_kinds: list[Key] = key(
        ["guidance", "special_projects", "work_placement"],
        "kinds",
        "Clarification is marked by the first measure of one of these kinds.",
    )
    handed_from: Key = key(
        "sickness_benefit", "state", "Whose receivers are followed to the state that comes right after it."
    )

    @model_validator(mode="after")
    def _ascending(self) -> TimingDepth:
        if sorted(set(self.levels)) != self.levels or self.levels[0] < 1:
            raise ValueError("levels must ascend from 1 or more")
        return self


class Validation(Section):
    """How the typology is checked: stability, null models, choices, and what explains it."""

    bootstraps: int = key(100, "samples", "Samples of persons that are clustered again.", ge=1, le=10_000)
    null_models: list[Literal["duration", "sequencing", "combined", "state_independence", "markov"]] = key(
        ["duration", "sequencing", "combined"],
        "names",
        "What is random in sequences whose clusters are rated beside the observed ones.",
    )
    null_replications: int = key(10, "sets", "Sets of random sequences for each null model.", ge=2, le=10_000)
    orders: int = key(
        3, "orders", "Random orders of persons with which everything is computed anew.", ge=1, le=1_000
    )
    ties: int = key(20, "orders", "Random orders in which ties between merges are broken.", ge=1, le=10_000)
    choices: list[
        Literal[
            "TRATE",
            "CONSTANT",
            "FUTURE",
            "INDELS",
            "INDELSLOG",
            "OM",
            "HAM",
            "DHD",
            "LCS",
            "LCP",
            "RLCP",
            "NMS",
            "SVRspell",
        ]
    ] = key(
        ["TRATE", "CONSTANT", "INDELSLOG", "HAM", "LCS"],
        "names",
        "Other costs, or other dissimilarities with TraMineR's defaults, whose clusters are compared; the "
        "run's own are left out.",
    )
    covariates: list[Key] = key(
        ["area", "sex", "age_group", "diagnosis"],
        "names",
        "Columns of table `background` that may explain differences between sequences.",
    )
    permutations: int = key(199, "permutations", "Permutations behind each p.", ge=19, le=100_000)
    tree_leaf: int = key(50, "persons", "The regression tree leaves no part with fewer persons.", ge=3)
    tree_depth: int = key(3, "divisions", "Divisions of the tree above each other.", ge=1, le=8)
    tree_level: float = key(0.01, "p", "A division of the tree needs this p or a lower one.", gt=0, le=0.5)
    smallest_group: int = key(10, "persons", "Categories of fewer persons are put together as `other`.", ge=2)
    least_persons: int = key(
        30, "persons", "A municipality with fewer persons is not checked for itself.", ge=3
    )
    most_persons: int = key(
        3_000, "persons", "Of more persons a random part of this size is checked.", ge=30, le=20_000
    )
    band: float = key(0.95, "share", "The share of replications that a band holds.", gt=0, lt=1)

    @model_validator(mode="after")
    def _can_divide(self) -> Validation:
        if self.tree_level * (self.permutations + 1) < 1:
            raise ValueError(f"{self.permutations} permutations give no p of tree_level {self.tree_level}")
        return self


def merged(data: dict[str, Any], overrides: Overrides) -> dict[str, Any]:
    """Give a config's content with a variant's keys in place of its own, and without variants.

    data: as `config.dump` gives it. A key is replaced whole, also one that holds a mapping; what
    belonged to the former method or costs goes with it.
    """
    changed: dict[str, Any] = {
        name: {**_without_parts(data[name], own), **own} for name, own in overrides.items()
    }
    return {**data, **changed, "sensitivity": {}}


def _without_parts(section: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the keys of a section that mean nothing without one that is replaced."""
    gone = {part for name in own for part in PARTS.get(name, ())}
    return {name: value for name, value in section.items() if name not in gone}


class Disclosure(Section):
    """What may leave the server."""

    threshold: int = key(..., "persons", "A figure of fewer persons is withheld; never below 3.", ge=3)
    rounding: int = key(
        ..., "persons", "Counts are rounded to a multiple of this before anything is derived.", ge=1
    )
    dominance: int = key(
        10,
        "per cent",
        "A sum of amounts is withheld where all but its two largest persons' amounts come to less than this "
        "share of the largest (the p% rule).",
        ge=1,
        le=100,
    )
    repair: Literal["apply", "propose"] = key(
        "apply",
        "rule",
        "What the audit does when withheld counts could be computed from the release: withhold what it takes "
        "besides, or stop and only write down what that would be.",
    )
    rule: str = key(..., "text", "The register owner's rule, in words; printed in the report.", min_length=1)
