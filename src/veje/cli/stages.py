"""The stages in order: what each is for, and the settings it may read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A stage of the pipeline: its line of help and its settings."""

    help: str
    settings: tuple[str, ...]


STAGES = {
    "ingest": Stage("Read register files and replace every personal number.", ("seed", "registers")),
    "cohort": Stage("Select who is studied and count every exclusion.", ("cohort",)),
    "sequences": Stage("Turn weekly codes into quarter states.", ("sequences", "window", "registers")),
    "distances": Stage("Compute costs and distances between unique sequences.", ("distances", "sequences")),
    "clusters": Stage("Cluster, pooled and by municipality.", ("clusters", "cohort")),
    "typology": Stage("Name the clusters as pathway types.", ("typology", "sequences", "cohort")),
    "timing": Stage("Join measure spells and classify their timing.", ("timing", "window")),
    "background": Stage("Add covariates at the index date.", ("background", "registers")),
    "tables": Stage(
        "Count the tables and pass them through disclosure control.",
        ("disclosure", "sequences", "timing", "cohort"),
    ),
    "figures": Stage("Draw the pictures.", ("languages", "sequences", "timing", "cohort", "synthetic")),
    "report": Stage(
        "Write the report.",
        (
            "scenario",
            "title",
            "synthetic",
            "seed",
            "languages",
            "registers",
            "window",
            "cohort",
            "sequences",
            "distances",
            "clusters",
            "typology",
            "timing",
            "background",
            "disclosure",
        ),
    ),
}
