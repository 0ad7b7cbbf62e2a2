"""The stages that replace all pairs where clusters come from samples, as the workflow calls them.

    python benchmarks/bench_sampled.py [persons ...]

Every line is a process of its own with the shipped study's settings and `clusters.method: clara`, k = 2..12
tried in the pooled area and in each of four municipalities; reading and writing of tables is part of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from bench_clusters import persons

from veje import config, io
from veje.cli.workflow import stage_json
from veje.settings import Clusters
from veje.uniques import unique_sequences

SIZES = (10_000, 100_000, 1_000_000)
AUTO = Clusters(method="clara", k="auto")


def write_tables(n: int, areas: list[str], folder: Path) -> int:
    """Write tables `unique` and `sequences` of so many persons; gives the unlike sequences."""
    seq = persons(n)
    found = unique_sequences(seq)
    u = len(found.states)
    unique = {"sequence": np.arange(u), "weight": np.rint(found.weights).astype(np.int64)}
    listed = pl.Series("states", seq, dtype=pl.Array(pl.UInt8, seq.shape[1])).arr.to_list()
    ways = pl.Series("states", found.states, dtype=pl.Array(pl.UInt8, seq.shape[1])).arr.to_list()
    io.write_table(pl.DataFrame(unique).with_columns(ways), folder / "unique.parquet", "unique")
    rows = {
        "person": np.arange(1, n + 1),
        "area": np.array(areas)[np.arange(n) % len(areas)],
        "sequence": found.index.astype(np.int64),
    }
    io.write_table(pl.DataFrame(rows).with_columns(listed), folder / "sequences.parquet", "sequences")
    return u


def timed(stage: str, told: str, folder: Path, inputs: list[str], outputs: list[str]) -> tuple[float, float]:
    """Run a stage; gives its processor seconds and peak in MB."""
    words = [f"{name}={folder / name}.parquet" for name in (*inputs, *outputs)]
    given = [part for word in words[: len(inputs)] for part in ("--in", word)]
    made = [part for word in words[len(inputs) :] for part in ("--out", word)]
    command = [sys.executable, "-m", "veje", stage, "--config", told, *given, *made]
    job = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, code, used = os.wait4(job.pid, 0)
    if code:
        raise SystemExit(f"{stage} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Print a line for each number of persons."""
    shipped = config.load("config/config.yaml")
    settings = shipped.model_copy(update={"clusters": AUTO})
    costs, groups = (stage_json(settings, stage) for stage in ("distances", "clusters"))
    print(
        "| persons | unique | costs s | MB | clusters s, processor | clusters s | MB |\n" + "|---" * 7 + "|"
    )
    for n in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        with tempfile.TemporaryDirectory(prefix="veje-sampled-") as place:
            folder = Path(place)
            u = write_tables(n, shipped.cohort.areas[1:], folder)
            first = timed("distances", costs, folder, ["unique"], ["costs"])
            begun = time.perf_counter()
            made = ["partitions", "quality", "trees"]
            second = timed("clusters", groups, folder, ["unique", "sequences"], made)
            took = time.perf_counter() - begun
        line = f"| {n:,} | {u:,} | {first[0]:.1f} | {first[1]:,.0f} | {second[0]:.1f} | {took:.1f}"
        print(f"{line} | {second[1]:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
