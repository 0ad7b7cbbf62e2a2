"""The settings of a run: one closed, frozen model for each section of the config.

Every field says its unit and what it changes in the results; `config/README.md` and
`data_schema/config.schema.yaml` are written from here (`veje docs`), and a test holds them equal.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import model_validator
from pydantic.fields import FieldInfo

from veje.choices import Disclosure, Sensitivity, TimingDepth, Validation
from veje.continuity import Continuity
from veje.dissimilarity import Distances
from veje.grouping import Clusters
from veje.match_choices import NotGranted
from veje.nights import Nightly
from veje.reform_choices import Flags, Reforms
from veje.sample_choices import Sampling
from veje.sections import (
    Background,
    Cohort,
    Comparison,
    Key,
    Quarantine,
    Register,
    Registers,
    Replication,
    Section,
    Sequences,
    Window,
    key,
)
from veje.splitting import Jobs

__all__ = [
    "OPERATING",
    "Background",
    "Clusters",
    "Cohort",
    "Continuity",
    "Disclosure",
    "Distances",
    "Flags",
    "Jobs",
    "Nightly",
    "NotGranted",
    "Reforms",
    "Register",
    "Registers",
    "Replication",
    "Sampling",
    "Section",
    "Sensitivity",
    "Sequences",
    "Settings",
    "Timing",
    "TimingDepth",
    "Typology",
    "Validation",
    "Window",
    "sections",
]


OPERATING = frozenset({"results", "roots", "nightly", "jobs", "sampling"})
"""The settings that no result follows from: where files lie, how runs are made and kept, what is drawn."""


class Typology(Section):
    """How clusters get the names of pathway types."""

    reference: str | None = key(
        "caswell_profiles",
        "name or path",
        "Mean quarters per state of named types; none: names from dominant states.",
    )
    limit: float = key(
        6.0, "quarters", "A cluster further than this from every reference profile is `unmatched`.", gt=0
    )
    dominant_quarters: float = key(
        3.0, "quarters", "Without a reference: a state with at least this mean is part of the name.", gt=0
    )


class Timing(Section):
    """When activity counts as early, continuous or late."""

    codes: str = key("measures", "name or path", "The list that gives each measure code its kind.")
    offl_codes: str = key(
        "offl", "name or path", "The list that gives each measure code of `registers.offl` its kind."
    )
    switches: dict[Key, bool] = key(
        {},
        "name: yes or no",
        "Lines of low confidence in that list, by their switch: read them, or count their codes as unknown; "
        "a switch that is not named follows the list's `switch_default`.",
    )
    offl_from: date = key(
        date(2007, 1, 1),
        "date",
        "With both registers of measures: days before this are told by `amfo`, from it on by `offl`.",
    )
    gap_days: int = key(
        7, "days", "Records of one measure at most this far apart are one spell.", ge=0, le=366
    )
    active_weeks: int = key(
        1, "weeks", "A quarter with at least this many active weeks is active.", ge=1, le=26
    )
    concentration: float = key(
        0.75,
        "share of active weeks",
        "Early or late: at least this share lies in the first or last half.",
        gt=0.5,
        le=1,
    )
    passive_run: int = key(
        5,
        "quarters",
        "Early or late: passive quarters that must follow, or come before, the activity.",
        ge=1,
        le=40,
    )
    continuous_from: int = key(
        5, "quarter", "Continuous: the first active quarter is this one or before.", ge=1
    )
    continuous_to: int = key(17, "quarter", "Continuous: the last active quarter is this one or later.", ge=1)
    continuous_gap: int = key(4, "quarters", "Continuous: the longest passive spell allowed inside.", ge=0)
    unknown_limit: float = key(
        0.0,
        "share of spells",
        "Spells with a measure code that is not in the list; more than this stops the run.",
        ge=0,
        le=1,
    )


class Settings(Section):
    """A whole config."""

    scenario: Key = key(..., "name", "The name of this run; its folder under results/private.")
    results: str = key("results", "path", "The folder of all results.", min_length=1)
    roots: list[str] = key(
        [],
        "paths",
        "Folders that files of the config may lie in, beside the one veje is started in and the config's.",
    )
    title: dict[str, str] = key({}, "language: text", "The report's title; empty: the study's.")
    synthetic: bool = key(False, "yes or no", "The registers are made up: the report says so on top.")
    seed: int = key(2012, "number", "Seed of everything random, and of the persons' surrogate numbers.", ge=0)
    languages: list[Literal["en", "da"]] = key(
        ["en", "da"], "languages", "Languages of the report; the first is report.html.", min_length=1
    )
    registers: Registers = key(..., "section", "The deliveries.")
    quarantine: Quarantine = key(Quarantine(), "section", "Rows that break their contract.")
    window: Window = key(Window(), "section", "The quarters looked at.")
    cohort: Cohort = key(..., "section", "Who is studied.")
    comparison: Comparison = key(Comparison(), "section", "Other citizens.")
    sequences: Sequences = key(Sequences(), "section", "Weeks to quarter states.")
    distances: Distances = key(Distances(), "section", "Distances between sequences.")
    clusters: Clusters = key(Clusters(), "section", "Clusters.")
    typology: Typology = key(Typology(), "section", "Names of clusters.")
    timing: Timing = key(Timing(), "section", "Early, continuous, late.")
    timing_depth: TimingDepth = key(TimingDepth(), "section", "Timing checked and followed further.")
    background: Background = key(Background(), "section", "Covariates.")
    validation: Validation = key(Validation(), "section", "Checks of the typology.")
    replication: Replication = key(Replication(), "section", "Comparison with a publication.")
    reforms: Reforms = key(Reforms(), "section", "Regimes compared.")
    flags: Flags = key(Flags(), "section", "What rules say of a grant.")
    sensitivity: Sensitivity = key(Sensitivity(), "section", "Other choices.")
    disclosure: Disclosure = key(..., "section", "Thresholds of the release.")
    nightly: Nightly = key(Nightly(), "section", "Runs that nobody watches.")
    continuity: Continuity = key(Continuity(), "section", "What is taken over from the run before.")
    jobs: Jobs = key(Jobs(), "section", "Jobs that share a stage.")
    sampling: Sampling = key(Sampling(), "section", "Cases drawn for review.")
    not_granted: NotGranted = key(NotGranted(), "section", "Persons without a grant.")

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        strange = sorted(set(self.clusters.k_by_area) - set(self.cohort.areas[1:]))
        if strange:
            raise ValueError(f"clusters.k_by_area names no municipality of the cohort: {', '.join(strange)}")
        if self.window.anchor == "grant_week" and self.sequences.min_weeks > self.window.weeks_per_quarter:
            raise ValueError("sequences.min_weeks is above window.weeks_per_quarter: all would be missing")
        if self.disclosure.rounding > 2 * self.disclosure.threshold:
            raise ValueError("disclosure.rounding is above twice the threshold: shown counts would become 0")
        if self.continuity.distances and self.jobs.distances > 1:
            raise ValueError("continuity.distances goes with jobs.distances: 1 alone")
        if self.comparison.at_risk and self.clusters.sampled:
            raise ValueError("comparison.at_risk needs all distances, which clusters.method: clara has not")
        return self


def sections(model: type[Section]) -> dict[str, type[Section]]:
    """Give the fields of a model that are sections themselves, under their config names."""
    found = {}
    for name, field in model.model_fields.items():
        inner = _section_of(field)
        if inner is not None:
            found[field.alias or name] = inner
    return found


def _section_of(field: FieldInfo) -> type[Section] | None:
    """Find the section class in a field's annotation, optional or not."""
    candidates = [field.annotation, *getattr(field.annotation, "__args__", ())]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, Section)), None)
