"""What hashing, validation and the audit cost of a whole night on a national population.

    python benchmarks/bench_overhead.py 1000000 [FOLDER]

FOLDER keeps the twin's registers for another time. One job runs at a time, so that seconds add up to
those of the night; those of the processor tell more where other work is on the machine.

Hashing: all SHA-256 (deliveries, notes of what was read and written, manifests, code). Validation: every
table against its contract, personal numbers, limits, doubled and reversed rows, the scan for personal
numbers, the gates. Audit: the linear programs, the repair, the last release.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml
from bench_ingest import STEMS

from veje.twin.national import write_national

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("hashing", "validation", "audit")
WALL, CPU = 0, 1
Spent = dict[str, Any]
"""Of a process: its program, and under `all` and each kind its seconds on the wall and of the processor."""
AROUND = ("nightly", "snakemake")
"""Processes that wait for others: of theirs, only what is left of the night is their own."""


def write_config(folder: Path) -> None:
    """Write the shipped study's config with the registers that the national twin has."""
    data = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    for name in set(data["registers"]) - set(STEMS):
        del data["registers"][name]
    for name, stem in STEMS.items():
        files = sorted((folder / "twin/registers").glob(f"{stem}*"))
        data["registers"][name]["files"] = [str(path.relative_to(folder)) for path in files]
    (folder / "config.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")


def night(folder: Path) -> tuple[float, list[Spent]]:
    """Run a night from nothing; gives its seconds and what each of its processes spent."""
    for name in ("results", ".snakemake"):
        shutil.rmtree(folder / name, ignore_errors=True)
    record = folder / "spent"
    record.unlink(missing_ok=True)
    path = os.pathsep.join([str(ROOT / "benchmarks/watched"), os.environ.get("PYTHONPATH", "")])
    told = {**os.environ, "PYTHONPATH": path.rstrip(os.pathsep), "OVERHEAD_RECORD": str(record)}
    command = [sys.executable, "-m", "veje", "nightly", "--config", "config.yaml", "--cores", "1"]
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, env=told, check=True)
    seconds = time.perf_counter() - begun
    return seconds, [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


def show(seconds: float, spent: list[Spent]) -> None:
    """Print a line a process; seconds are on the wall for the whole, of the processor for its parts."""
    print("| program | s | CPU s | hashing | validation | audit |\n|---|---|---|---|---|---|")
    jobs = [one for one in spent if one["program"] not in AROUND]
    for one in sorted(jobs, key=lambda one: -one["all"][1]):
        print(line(one["program"], one["all"][WALL], one))
    around = added([one for one in spent if one["program"] in AROUND])
    print(line("start, plan, gates", seconds - added(jobs)["all"][WALL], around))
    whole = added(spent)
    print(line("the night", seconds, whole) + "\n")
    for name, clock, all_ in (("processor", CPU, whole["all"][CPU]), ("wall", WALL, seconds)):
        told = ", ".join(f"{kind} {100 * whole[kind][clock] / all_:.1f} %" for kind in KINDS)
        print(f"{name}: {told}: together {100 * sum(whole[kind][clock] for kind in KINDS) / all_:.1f} %")


def added(spent: list[Spent]) -> Spent:
    """Add up what processes spent."""
    names = ("all", *KINDS)
    return {
        name: [sum(one.get(name, (0, 0))[clock] for one in spent) for clock in (WALL, CPU)] for name in names
    }


def line(name: str, seconds: float, spent: Spent) -> str:
    """Write a line of the table."""
    parts = " | ".join(f"{spent.get(kind, (0, 0))[CPU]:.1f}" for kind in KINDS)
    return f"| {name} | {seconds:.1f} | {spent['all'][CPU]:.1f} | {parts} |"


def main() -> None:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else Path(place)
        if not (folder / "twin/registers").is_dir():
            write_national(folder / "twin", persons)
        write_config(folder)
        show(*night(folder))


if __name__ == "__main__":
    main()
