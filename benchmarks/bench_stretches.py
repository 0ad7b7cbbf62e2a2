"""The triangle of distances in stretches, and onto those of a former run.

    python benchmarks/bench_stretches.py

Every line is a process of its own on the same sequences; seconds are processor time of one thread.
"""

from __future__ import annotations

import subprocess
import sys
import time

from bench_distances import STATES, sequences
from measuring import peak_mb

from veje.distances import costs, pairwise
from veje.distances.known import Known, extended
from veje.distances.stretches import stretch

UNIQUE = (10_000, 20_000, 40_000)
PARTS = (1, 4, 16)
# Of so many sequences one is new.
NEW = (1_000, 100, 10)
# A fast method and a slow one.
METHODS = ("OM", "NMS")


def one_stretch(unique: int, parts: int) -> str:
    """Compute the middle one of some stretches."""
    seq = sequences(unique, 20)
    price = costs(seq, "TRATE", STATES)
    stretch(seq[:64], 0, 1, "OM", price, threads=1)
    before, started = peak_mb(), time.process_time()
    made = stretch(seq, parts // 2, parts, "OM", price, threads=1)
    seconds = time.process_time() - started
    return f"| {unique:,} | 1 of {parts} | {made.size:,} | {seconds:.2f} | {peak_mb() - before:,.0f} |"


def onto_former(unique: int, rare: int, method: str = "OM") -> str:
    """Add one new sequence to every so many."""
    seq = sequences(unique, 20)
    price = costs(seq, "CONSTANT", STATES)
    former = [row for row in range(unique) if row % rare]
    known = Known(seq[former], pairwise(seq[former], method, price, threads=1))
    extended(seq[:64], known, method, price, threads=1)
    started = time.process_time()
    computed = extended(seq, known, method, price, threads=1)[1]
    again = time.process_time()
    pairwise(seq, method, price, threads=1)
    clean = time.process_time() - again
    share, took = computed / (unique * (unique - 1) / 2), again - started
    return f"| {method} | {unique:,} | {unique - len(former):,} | {share:.1%} | {took:.2f} | {clean:.2f} |"


def main() -> None:
    """Print both tables, or one line of them."""
    if len(sys.argv) > 1:
        what, *numbers = sys.argv[1:]
        given = [int(number) for number in numbers]
        if what == "stretch":
            print(one_stretch(*given))
        else:
            for method in METHODS:
                print(onto_former(*given, method=method))
        return
    heads = {
        "stretch": ("| unique | stretch | pairs | s | MB |\n|---|---|---|---|---|", PARTS, UNIQUE),
        "former": (
            "| method | unique | new | pairs computed | s | clean run s |\n|---|---|---|---|---|---|",
            NEW,
            UNIQUE[:2],
        ),
    }
    for what, (head, seconds, firsts) in heads.items():
        print(head, flush=True)
        for first in firsts:
            for second in seconds:
                subprocess.run([sys.executable, __file__, what, str(first), str(second)], check=True)
        print()


if __name__ == "__main__":
    main()
