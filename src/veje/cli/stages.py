"""The stages in order: what each is for, the settings it may read, and the lists it reads."""

from __future__ import annotations

from dataclasses import dataclass

from veje.settings import OPERATING, Settings

EVERYTHING = tuple(name for name in Settings.model_fields if name not in OPERATING)


@dataclass(frozen=True)
class Stage:
    """A stage of the pipeline: its line of help, its settings, and its files under `data_schema/`.

    Both decide reruns: a stage sees no setting that is not named here, and a change of one that is
    named, or of a file, runs the stage again.
    """

    help: str
    settings: tuple[str, ...]
    data: tuple[str, ...] = ()


PARTS = {
    "distances": "Compute one stretch of the distances; `veje distances` lays them end to end.",
    "clusters": "Cluster a share of the samples; `veje clusters` takes the best one.",
    "validation": "Compute a share of the samples and random sets; `veje validation` gathers them.",
}
"""What of a stage several jobs can share, each by `veje STAGE-part --part 2-of-8`."""

STAGES = {
    "ingest": Stage(
        "Read registers, keep broken rows aside, replace every personal number.",
        ("seed", "registers", "quarantine", "comparison"),
        ("registers",),
    ),
    "cohort": Stage("Select who is studied and count every exclusion.", ("cohort", "registers"), ("codes",)),
    "sequences": Stage(
        "Turn weekly codes into quarter states.", ("sequences", "window", "registers"), ("codes", "alphabets")
    ),
    "distances": Stage(
        "Compute costs and distances between unique sequences.", ("distances", "sequences"), ("alphabets",)
    ),
    "clusters": Stage(
        "Cluster, pooled and by municipality.",
        ("clusters", "cohort", "continuity", "sequences", "distances", "seed"),
        ("alphabets",),
    ),
    "typology": Stage(
        "Name the clusters as pathway types.",
        ("typology", "sequences", "cohort", "continuity"),
        ("reference", "alphabets"),
    ),
    "timing": Stage(
        "Join measure spells, classify their timing, and look into it.",
        ("timing", "timing_depth", "window", "sequences", "registers"),
        ("codes", "alphabets"),
    ),
    "background": Stage(
        "Add covariates at the index date.", ("background", "cohort", "comparison", "registers"), ("codes",)
    ),
    "validation": Stage(
        "Check the typology: stability, null models, what explains it.",
        ("validation", "distances", "clusters", "cohort", "sequences", "seed", "disclosure"),
        ("alphabets",),
    ),
    "reforms": Stage(
        "Give grants their regime and flags, and compare types across regimes.",
        (
            "reforms",
            "flags",
            "sequences",
            "window",
            "registers",
            "clusters",
            "typology",
            "validation",
            "disclosure",
            "seed",
        ),
        ("law", "codes", "alphabets", "reference"),
    ),
    "nongrants": Stage(
        "Set persons without a grant beside the cohort, on the same days and types.",
        (
            *("not_granted", "cohort", "sequences", "window", "registers", "distances", "comparison"),
            "seed",
        ),
        ("codes", "alphabets"),
    ),
    "sensitivity": Stage(
        "Make each choice that the study left unsaid otherwise, and compare.",
        (
            "sensitivity",
            "sequences",
            "window",
            "registers",
            "distances",
            "clusters",
            "typology",
            "cohort",
            "seed",
        ),
        ("codes", "alphabets", "reference", "published"),
    ),
    "tables": Stage(
        "Count the tables.",
        ("disclosure", "sequences", "timing", "typology", "background", "cohort", "registers", "reforms"),
        ("codes", "alphabets", "registers", "reference", "law"),
    ),
    "disclosure": Stage(
        "Audit the release and withhold what it would tell of few persons.",
        (
            *("disclosure", "seed", "window", "cohort", "sequences", "distances", "clusters", "typology"),
            *("timing", "timing_depth", "background", "validation", "sensitivity"),
            *("reforms", "flags", "not_granted"),
        ),
        ("audit.yaml", "alphabets", "reference", "replication", "law"),
    ),
    "replication": Stage(
        "Hold every printed figure of a publication against the run's own.",
        ("replication", "disclosure"),
        ("published", "replication"),
    ),
    "workbook": Stage(
        "Write the released tables as one Excel workbook, with a data dictionary.",
        ("languages", "sequences", "disclosure", "replication"),
        ("alphabets", "labels.yaml", "dictionary.yaml", "replication"),
    ),
    "figures": Stage(
        "Draw the pictures.",
        ("languages", "sequences", "cohort"),
        ("alphabets", "codes", "labels.yaml"),
    ),
    "report": Stage(
        "Write the report.",
        EVERYTHING,
        ("alphabets", "codes", "labels.yaml", "published", "replication", "law"),
    ),
    "publish": Stage(
        "Put the candidate in the release's place, after a scan for personal numbers.", EVERYTHING
    ),
}
