"""What the workflow's jobs ask a cluster for, from the files that they read."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from veje.settings import Settings
from veje.sizing import job_megabytes, job_minutes


def pairs_of(path: Path) -> int:
    """Give the pairs of unlike sequences behind table `unique`, or behind condensed distances.

    Raises FileNotFoundError while the file is not made yet: Snakemake then asks again later.
    """
    if path.suffix == ".npy":
        return path.stat().st_size // 4
    if not path.is_file():
        raise FileNotFoundError(path)
    rows = int(pq.read_metadata(path).num_rows)
    return rows * (rows - 1) // 2


def megabytes(settings: Settings, stage: str, path: str, attempt: int) -> int:
    """Give the memory for a job of a stage that reads `path`, in MB."""
    return job_megabytes(stage, pairs_of(Path(path)), parts_of(settings, stage), attempt)


def minutes(settings: Settings, stage: str, path: str, threads: int, attempt: int) -> int:
    """Give the time for a job of a stage that reads `path`, in minutes."""
    checks = settings.validation
    # A sample is a tree; a random set is distances and a tree; all areas together are twice the pooled one.
    times = 2 * checks.bootstraps + checks.null_replications * len(checks.null_models)
    parts = parts_of(settings, stage)
    pairs = pairs_of(Path(path))
    how = settings.distances.method
    return attempt * job_minutes(stage, pairs, how, parts, threads, times if "validation" in stage else 1)


def parts_of(settings: Settings, stage: str) -> int:
    """Give the number of jobs that share a stage's work."""
    shared = stage.removesuffix("_part")
    return int(getattr(settings.jobs, shared)) if stage.endswith("_part") else 1
