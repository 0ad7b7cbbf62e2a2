"""From persons to rated partitions: trees and k-medoids of all, CLARA of samples.

    python benchmarks/bench_clusters.py

Every line is a process of its own on courses drawn like benefit courses, so that peaks are its own;
seconds include loading the compiled kernels, which a first run of all compiles. WeightedCluster is
no peer that pip installs: its seconds are fixed figures, measured earlier with WeightedCluster 2.0 in
R 4.2 on 2 cores, on aggregated cases and with seqclararange.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

SHARES = np.array([0.30, 0.22, 0.15, 0.10, 0.08, 0.06, 0.04, 0.03, 0.02])
STATES = len(SHARES)
# A quarter's state is kept with this chance: of 10,000 persons about 4,800 courses are unlike.
STAY = 0.91
TREE_KS, CLARA_KS = range(2, 13), range(2, 9)
# Persons, what is done, and WeightedCluster's seconds where they were measured.
CASES: list[tuple[int, str, float | None]] = [
    (10_000, "ward", 159.0),
    (27_893, "ward", None),
    (27_893, "average", None),
    (27_893, "complete", None),
    (27_893, "single", None),
    (10_000, "k_medoids", None),
    (27_893, "k_medoids", None),
    (100_000, "clara", 204.0),
    (1_000_000, "clara", None),
]


def persons(n: int, length: int = 20, seed: int = 1) -> np.ndarray:
    """Draw the courses of `n` persons, equal ones as often as they come."""
    draw = np.random.default_rng(seed)
    seq = np.empty((n, length), np.uint8)
    seq[:, 0] = draw.choice(STATES, n, p=SHARES)
    for t in range(1, length):
        moved = draw.random(n) > STAY
        seq[:, t] = np.where(moved, draw.choice(STATES, n, p=SHARES), seq[:, t - 1])
    return seq


def of_all(seq: np.ndarray, method: str) -> dict[str, float]:
    """Costs, distances, partitions for all numbers of clusters and ten indices of each, timed."""
    from veje.clusters import cut, k_medoids_range, linkage, qualities
    from veje.distances import costs, pairwise
    from veje.uniques import unique_sequences

    marks = [time.perf_counter()]
    unique = unique_sequences(seq)
    price = costs(unique.states, "TRATE", STATES, unique.weights)
    d = pairwise(unique.states, "OM", price)
    marks.append(time.perf_counter())
    if method == "k_medoids":
        found = k_medoids_range(d, TREE_KS, unique.weights)
        labels = {k: one.labels for k, one in found.items()}
    else:
        tree = linkage(d, "ward_d2" if method == "ward" else method, unique.weights)
        labels = {k: cut(tree, k) for k in TREE_KS}
    marks.append(time.perf_counter())
    qualities(d, labels, unique.weights)
    marks.append(time.perf_counter())
    steps = dict(zip(("distances", "clusters", "indices"), np.diff(marks).tolist(), strict=True))
    return {"unique": len(unique.states), **steps}


def of_samples(seq: np.ndarray, _method: str) -> dict[str, float]:
    """Five samples of 1,000 and the stability of each number of clusters, timed as one."""
    from veje.clusters import clara_range
    from veje.distances import costs
    from veje.uniques import unique_sequences

    began = time.perf_counter()
    price = costs(seq, "TRATE", STATES)
    clara_range(seq, CLARA_KS, costs=price, n_samples=5, sample_size=1000)
    seconds = time.perf_counter() - began
    return {"unique": len(unique_sequences(seq).states), "clusters": seconds}


def measure(n: int, method: str) -> None:
    """Run one case; prints its seconds and the peak in MB."""
    found = (of_samples if method == "clara" else of_all)(persons(n), method)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "peak": peak}))


def child(n: int, method: str) -> dict[str, float]:
    """Run one case in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", str(n), method]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{method} of {n:,} failed: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the table; the small cases run once before, so that nothing is compiled while timed."""
    for method in ("ward", "average", "k_medoids", "clara"):
        child(2_000, method)
    print(
        "| persons | unique | method | distances s | clusters s | indices s | all s | peak MB "
        "| WeightedCluster s | ratio |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for n, method, peer in CASES:
        found = child(n, method)
        steps = [found.get(name) for name in ("distances", "clusters", "indices")]
        total = sum(s for s in steps if s is not None)
        shown = " | ".join("" if s is None else f"{s:.1f}" for s in steps)
        beside = f"{peer:.0f} | 1/{peer / total:.0f}" if peer else " | "
        size = f"{n:,} | {found['unique']:,} | {method}"
        print(f"| {size} | {shown} | {total:.1f} | {found['peak']:,.0f} | {beside} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(int(sys.argv[2]), sys.argv[3])
    else:
        main()
