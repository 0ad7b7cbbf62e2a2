"""What the workflow's jobs ask a cluster for, from the files that they read."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import pyarrow.parquet as pq

from veje.cli.workflow import shares
from veje.settings import Settings
from veje.sizing import job_megabytes, job_minutes


def rows_of(path: Path) -> int:
    """Give the unlike sequences behind table `unique`, or behind condensed distances.

    Raises FileNotFoundError while the file is not made yet: Snakemake then asks again later.
    """
    # The system's own error, which names the file: Snakemake looks for it among the rule's inputs.
    size = path.stat().st_size
    if path.suffix == ".npy":
        return round((1 + sqrt(1 + 2 * size)) / 2)
    rows: int = pq.read_metadata(path).num_rows
    return rows


def pairs_of(path: Path) -> int:
    """Give the pairs of unlike sequences."""
    rows = rows_of(path)
    return rows * (rows - 1) // 2


def work_of(settings: Settings, stage: str, path: Path) -> int:
    """Give the pairs that a job of a stage handles: all, or those of a sample where there are samples."""
    everyone = pairs_of(path)
    if not settings.clusters.sampled:
        return everyone
    rules, checks = settings.clusters, settings.validation
    persons = {"distances": 0, "clusters": rules.sample_size, "validation": checks.most_persons}
    few = persons[stage.partition("_")[0]]
    return min(everyone, few * few // 2)


def megabytes(settings: Settings, stage: str, path: str, attempt: int) -> int:
    """Give the memory for a job of a stage that reads `path`, in MB."""
    pairs, unique = work_of(settings, stage, Path(path)), rows_of(Path(path))
    return job_megabytes(stage, pairs, parts_of(settings, stage), attempt, unique)


def minutes(settings: Settings, stage: str, path: str, threads: int, attempt: int) -> int:
    """Give the time for a job of a stage that reads `path`, in minutes."""
    checks, parts = settings.validation, parts_of(settings, stage)
    # A sample is a tree; a random set is distances and a tree; all areas together are twice the pooled one.
    drawn = 2 * checks.bootstraps + checks.null_replications * len(checks.null_models)
    sampled = settings.clusters.samples * len(settings.cohort.areas) if settings.clusters.sampled else 1
    times = {"validation": drawn, "clusters": sampled}.get(stage.partition("_")[0], 1)
    pairs, how = work_of(settings, stage, Path(path)), settings.distances.method
    return attempt * job_minutes(stage, pairs, how, parts, threads, times)


def parts_of(settings: Settings, stage: str) -> int:
    """Give the number of jobs that share a stage's work."""
    return shares(settings, stage.removesuffix("_part")) if stage.endswith("_part") else 1
