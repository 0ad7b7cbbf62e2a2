"""Pairs a second of every dissimilarity, one thread: `python bench_families.py [persons] [quarters]`.

Sequences are drawn like benefit histories: a state is kept for a quarter with probability 0.85. The
kernels are compiled, or loaded, before the clock starts, which counts processor seconds: other load
slows them too, by what it takes of caches, but not as much as it slows the wall clock.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray

from veje.distances import METHODS, Costs, costs, pairwise
from veje.uniques import unique_sequences

STATES = 9
STAYS = 0.85
OWN = {"OMstran": {"otto": 0.5}, "TWED": {"nu": 0.5}, "CHI2": {"step": 5}, "EUCLID": {"step": 5}}


def histories(persons: int, quarters: int) -> NDArray[np.uint8]:
    """Draw unique sequences of persons who rarely change state."""
    random = np.random.default_rng(2012)
    seq = np.empty((persons, quarters), np.uint8)
    seq[:, 0] = random.integers(0, STATES, persons)
    for quarter in range(1, quarters):
        moved = random.random(persons) > STAYS
        seq[:, quarter] = np.where(moved, random.integers(0, STATES, persons), seq[:, quarter - 1])
    return unique_sequences(seq).states


def seconds(seq: NDArray[np.uint8], method: str, price: Costs | None) -> float:
    """Time all pairs, after a few that load the kernel."""
    own = OWN.get(method, {})
    pairwise(seq[:40], method, price, threads=1, **own)
    started = time.process_time()
    pairwise(seq, method, price, threads=1, **own)
    return time.process_time() - started


def main() -> None:
    """Print a line for each dissimilarity, with TRATE and with CONSTANT costs where it takes costs."""
    persons, quarters = (int(given) for given in (sys.argv[1:] + ["4000", "20"][len(sys.argv) - 1 :]))
    seq = histories(persons, quarters)
    pairs = len(seq) * (len(seq) - 1) // 2
    print(f"{len(seq):,} unique sequences of {quarters} quarters, {pairs:,} pairs")
    print("| method | costs | s | M pairs/s |\n|---|---|---|---|")
    for method, known in METHODS.items():
        for kind in ("TRATE", "CONSTANT") if known.needs_costs else ("",):
            took = seconds(seq, method, costs(seq, kind, STATES) if kind else None)
            print(f"| {method} | {kind} | {took:.2f} | {pairs / took / 1e6:.1f} |", flush=True)


if __name__ == "__main__":
    main()
