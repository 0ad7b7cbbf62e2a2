"""Faults of a night: after each, the next unattended night gives byte-equal results and needs no hand."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from itertools import chain
from pathlib import Path

from flips import flip
from kills import kill, points, sample
from nights import prepare
from surroundings import disturb


def main() -> None:
    """Do all faults, or a sample; ends with 1 when anything was wrong after any of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=10_000, help="kill points at most")
    parser.add_argument("--flips", type=int, default=500, help="bit flips and cuts")
    parser.add_argument("--nights", type=int, default=20, help="of the flips, so many with a whole night")
    parser.add_argument("--around", type=int, default=100, help="disturbances from around at most")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="veje-faults-") as place:
        begun = time.perf_counter()
        nights = prepare(Path(place))
        every = points(nights)
        chosen = sample(every, given.points)
        print(f"{len(every)} kill points of {len({point[0] for point in every})} programs", flush=True)
        done, failed = Counter[str](), 0
        cases = chain(
            (("surroundings", *case) for case in disturb(nights, given.around)),
            (("flips and cuts", *case) for case in flip(nights, given.flips, given.nights)),
            (("kill points", *case) for case in kill(nights, chosen)),
        )
        for sort, name, wrong in cases:
            done[sort] += 1
            failed += bool(wrong)
            print(
                f"{'WRONG' if wrong else 'ok'}: {name}{': ' + '; '.join(wrong[:5]) if wrong else ''}",
                flush=True,
            )
        told = ", ".join(f"{count} {sort}" for sort, count in done.items())
        print(f"{told}: {failed} wrong, in {time.perf_counter() - begun:,.0f} s")
    sys.exit(1 if failed or not done["kill points"] else 0)


if __name__ == "__main__":
    main()
