"""Readers of `latest` while one run after the other is published: none sees files of two runs."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from veje import io
from veje.cli import runs

PATIENCE = 60
"""Seconds that are waited for a second run at most."""
FILES = [f"tables/table_{number}.csv" for number in range(40)] + ["report.html", "provenance.json"]


def write_release(results: Path, number: int) -> None:
    """Write a release whose every file holds the run's number."""
    for name in FILES:
        io.write_text(f"{number}\n" * 50, results / "release" / name)


def publish_on(results: Path, stop: Synchronized[int], count: Synchronized[int]) -> None:
    """Publish one run after the other, and take old ones away, until told to stop."""
    number = 1
    while not stop.value:
        number += 1
        write_release(results, number)
        told = {"number": number, "fingerprint": str(number)}
        runs.publish(results, results / "release", told, [runs.whole])
        runs.drop_old(results, keep=200, keep_months=0)
        count.value = number


def view(results: Path) -> set[str]:
    """Give the numbers in all files that a reader sees who goes in through `latest` once."""
    run = (results / "latest").resolve()
    return {(run / name).read_text().split()[0] for name in FILES}


def main() -> None:
    """Read `--reads` times; ends with 1 when a reader saw two runs, or none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=10_000)
    given = parser.parse_args()
    mixed = broken = 0
    seen: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="veje-readers-") as place:
        results = Path(place) / "results"
        write_release(results, 1)
        runs.publish(results, results / "release", {"number": 1, "fingerprint": "1"}, [runs.whole])
        stop, count = multiprocessing.Value("i", 0), multiprocessing.Value("i", 1)
        writer = multiprocessing.Process(target=publish_on, args=(results, stop, count))
        writer.start()
        begun, reads = time.perf_counter(), 0
        # A busy machine may let the readers be done before a second run is published.
        while reads < given.reads or (len(seen) < 2 and time.perf_counter() < begun + PATIENCE):
            reads += 1
            try:
                found = view(results)
            except FileNotFoundError:
                broken += 1
                continue
            mixed += len(found) != 1
            seen |= found
        stop.value = 1
        writer.join()
    seconds = time.perf_counter() - begun
    print(
        f"{reads:,} reads of {len(FILES)} files in {seconds:.0f} s while {count.value:,} runs were"
        f" published, {len(seen):,} of them seen: {mixed} mixed, {broken} of a run that was taken away"
    )
    sys.exit(1 if mixed or broken or writer.exitcode or len(seen) < 2 else 0)


if __name__ == "__main__":
    main()
