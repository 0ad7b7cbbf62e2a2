"""Identical digests of all tables with 1 and with 2 threads, run after run from nothing."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from study import digests, forget, veje, write_study

LEFT_OUT = (
    "logs/",
    "ledger/",
    "tmp/",
    "run.lock",
    "digests.json",
    "config.json",
    "records.json",
    "published/",
)
"""What says when or how a run was made, and is no result."""


def results_of(folder: Path) -> dict[str, str]:
    """Give the digests of the release, and of every private table, array and picture."""
    found = {f"release/{name}": one for name, one in digests(folder / "results/release").items()}
    for name, one in digests(folder / "results/private").items():
        if not any(part in name for part in LEFT_OUT):
            found[f"private/{name}"] = one
    return found


def main() -> None:
    """Run the study `--runs` times with each number of threads and compare every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--whole", action="store_true", help="all checks and variants of the shipped study")
    given = parser.parse_args()
    seen: list[tuple[str, dict[str, str]]] = []
    with tempfile.TemporaryDirectory(prefix="veje-reproducible-") as place:
        folder = Path(place)
        write_study(folder, light=not given.whole)
        for run in range(given.runs):
            for threads in (1, 2):
                forget(folder)
                begun = time.perf_counter()
                done = veje(folder, "run", "--cores", str(threads), threads=threads)
                if done.returncode:
                    sys.exit(
                        f"run {run + 1} with {threads} threads: exit code {done.returncode}\n{done.stderr}"
                    )
                seen.append((f"run {run + 1}, {threads} threads", results_of(folder)))
                print(f"{seen[-1][0]}: {time.perf_counter() - begun:.0f} s", flush=True)
    sys.exit(compare(seen))


def compare(seen: list[tuple[str, dict[str, str]]]) -> int:
    """Print which files differ from the first run's; gives 1 when any does."""
    (first, wanted), *others = seen
    wrong = 0
    for name, found in others:
        for file in sorted(set(wanted) | set(found)):
            if wanted.get(file) != found.get(file):
                print(f"{file}: {name} differs from {first}")
                wrong += 1
    tables = sum(file.endswith((".parquet", ".csv", ".npy")) for file in wanted)
    print(f"{len(seen)} runs, {len(wanted)} files each, of which {tables} tables: {wrong} differ")
    return int(bool(wrong) or not tables)


if __name__ == "__main__":
    main()
