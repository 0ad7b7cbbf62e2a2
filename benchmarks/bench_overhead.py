"""What hashing, validation and the audit cost of a whole night on a national population.

    python benchmarks/bench_overhead.py 1000000 [FOLDER]

FOLDER keeps the twin's registers for another time. One job runs at a time, so that seconds add up to
those of the night. Hashing: all SHA-256 (deliveries, notes of what was read and written, manifests, code).
Validation: every table against its contract, personal numbers, limits, doubled and reversed rows, the
scan for personal numbers, the gates. Audit: the linear programs, the repair, the last release.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from veje.twin.national import write_national

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("hashing", "validation", "audit")
AROUND = ("nightly", "snakemake")
"""Processes that wait for others: of theirs, only what is left of the night is their own."""
STEMS = {
    "dream": "DREAM",
    "grants": "GRANTS",
    "bef": "BEF",
    "amfo": "AMFO",
    "udda": "UDDA",
    "lmdb": "LMDB",
    "parents": "PARENTS",
}


def write_config(folder: Path) -> None:
    """Write the shipped study's config with the registers that the national twin has."""
    data = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    for name in set(data["registers"]) - set(STEMS):
        del data["registers"][name]
    for name, stem in STEMS.items():
        files = sorted((folder / "twin/registers").glob(f"{stem}*"))
        data["registers"][name]["files"] = [str(path.relative_to(folder)) for path in files]
    (folder / "config.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")


def night(folder: Path) -> tuple[float, list[dict[str, float]]]:
    """Run a night from nothing; gives its seconds and what each of its processes spent."""
    record = folder / "spent"
    path = os.pathsep.join([str(ROOT / "benchmarks/watched"), os.environ.get("PYTHONPATH", "")])
    told = {**os.environ, "PYTHONPATH": path.rstrip(os.pathsep), "OVERHEAD_RECORD": str(record)}
    command = [sys.executable, "-m", "veje", "nightly", "--config", "config.yaml", "--cores", "1"]
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, env=told, check=True)
    seconds = time.perf_counter() - begun
    return seconds, [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]


def show(seconds: float, spent: list[dict[str, float]]) -> None:
    """Print a line a process; what a process waited for is in the lines of others."""
    print("| program | s | hashing s | validation s | audit s |\n|---|---|---|---|---|")
    jobs = [one for one in spent if one["program"] not in AROUND]
    for one in sorted(jobs, key=lambda one: -one["seconds"]):
        print(line(str(one["program"]), one["seconds"], one))
    around = added([one for one in spent if one["program"] in AROUND])
    print(line("start, plan, gates", seconds - added(jobs)["seconds"], around))
    both = added(spent)
    print(line("the night", seconds, both))
    told = ", ".join(f"{kind} {100 * both[kind] / seconds:.1f} %" for kind in KINDS)
    print(f"\n{told}: together {100 * sum(both[kind] for kind in KINDS) / seconds:.1f} % of the night")


def added(spent: list[dict[str, float]]) -> dict[str, float]:
    """Add up what processes spent."""
    return {name: sum(one.get(name, 0.0) for one in spent) for name in ("seconds", *KINDS)}


def line(name: str, seconds: float, spent: dict[str, float]) -> str:
    return f"| {name} | {seconds:.1f} | " + " | ".join(f"{spent.get(kind, 0.0):.1f}" for kind in KINDS) + " |"


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
