"""Faults of a night: after each, the next unattended night gives byte-equal results and needs no hand."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from chains import kill_on
from flips import flip
from kills import kill, points, sample
from nights import prepare
from surroundings import disturb

from veje.cli.processes import end_all, survivors

Case = tuple[str, str, list[str]]


def main() -> None:
    """Do all faults, or a sample; ends with 1 when anything was wrong after any of them."""
    given = asked()
    part, parts = map(int, given.part.split("/"))
    # Told to end, it still says what was done so far.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="veje-faults-") as place:
        nights = prepare(Path(place))
        every = points(nights)
        wanted = [point for point in every if given.only is None or point[0] in given.only]
        single, in_chains = (
            sample(wanted, count)[part - 1 :: parts] for count in (given.points, given.chained)
        )
        print(f"{len(every)} kill points of {len({point[0] for point in every})} programs", flush=True)
        cases = chain(
            (("surroundings", *case) for case in disturb(nights, given.around)),
            (("flips and cuts", *case) for case in flip(nights, given.flips, given.nights)),
            (("kill points", *case) for case in kill(nights, single)),
            (("kill points in chains", *case) for case in kill_on(nights, in_chains)),
        )
        try:
            sys.exit(run(cases))
        finally:
            end_all(lambda: survivors(nights.work / "results"), grace=5)


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--points", type=int, default=200, help="kill points at most, each with a night after it"
    )
    parser.add_argument("--chained", type=int, default=10_000, help="kill points in chains of nights at most")
    parser.add_argument("--flips", type=int, default=500, help="bit flips and cuts")
    parser.add_argument("--nights", type=int, default=20, help="of the flips, so many with a whole night")
    parser.add_argument("--around", type=int, default=100, help="disturbances from around at most")
    parser.add_argument("--only", nargs="*", help="the programs that are killed, as their logs are named")
    parser.add_argument(
        "--part", default="1/1", help="of the kill points, as 2/3: every third from the second"
    )
    return parser.parse_args()


def run(cases: Iterable[Case]) -> int:
    """Do all cases and print each with its seconds, and the counts; gives 1 when any was wrong."""
    begun = before = time.perf_counter()
    done, failed = Counter[str](), Counter[str]()
    try:
        for sort, name, wrong in cases:
            now = time.perf_counter()
            done[sort] += 1
            failed[sort] += bool(wrong)
            told = f"WRONG: {name}: {'; '.join(wrong[:5])}" if wrong else f"ok: {name}"
            print(f"{told} ({now - before:.1f} s)", flush=True)
            before = now
    finally:
        told = ", ".join(f"{count} {sort} ({failed[sort]} wrong)" for sort, count in done.items())
        print(f"{told}: {time.perf_counter() - begun:,.0f} s", flush=True)
    return int(bool(failed.total()) or not done.total())


if __name__ == "__main__":
    main()
