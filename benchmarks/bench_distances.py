"""Distances between unique sequences: veje beside sequenzo, their growth, and the rate of each method.

    python benchmarks/bench_distances.py peers --sequenzo /path/to/its/python
    python benchmarks/bench_distances.py growth
    python benchmarks/bench_distances.py rates

Every measurement is a process of its own on the same saved sequences, so that peaks are its own.
sequenzo is a peer for this benchmark only, in an environment of its own: pip install sequenzo.
Seconds are processor time of one thread, which a busy machine distorts least; "wall" is beside it.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SHARES = np.array([0.30, 0.22, 0.15, 0.10, 0.08, 0.06, 0.04, 0.03, 0.02])
STATES = len(SHARES)
# A quarter's state is kept with this chance: of 10,000 persons about 4,800 courses are unlike.
STAY = 0.91
# Parameters without a default, as in the golden values.
OWN = {"OMstran": {"otto": 0.5}, "TWED": {"nu": 0.5}}


def benefit_like(persons: int, length: int, seed: int = 1) -> np.ndarray:
    """Draw courses whose states are kept for about eleven quarters, and collapse equal ones."""
    draw = np.random.default_rng(seed)
    seq = np.empty((persons, length), np.uint8)
    seq[:, 0] = draw.choice(STATES, persons, p=SHARES)
    for t in range(1, length):
        moved = draw.random(persons) > STAY
        seq[:, t] = np.where(moved, draw.choice(STATES, persons, p=SHARES), seq[:, t - 1])
    return np.unique(seq, axis=0)


def sequences(unique: int, length: int) -> np.ndarray:
    """Draw `unique` unlike courses: every so many-th of more, still in order."""
    persons = unique
    while len(seq := benefit_like(persons, length)) < unique:
        persons = persons * 3 // 2
    return seq[np.sort(np.random.default_rng(2).permutation(len(seq))[:unique])]


def timed(call, repeats: int) -> tuple[float, float, object]:
    """Return the least processor and wall seconds of some calls, and the last result."""
    best = [math.inf, math.inf]
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        result = call()
        best[0] = min(best[0], time.process_time() - cpu)
        best[1] = min(best[1], time.perf_counter() - wall)
    return *best, result


def peak() -> float:
    """Return the most memory this process has had, in MB (1e6)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def veje(file: str, method: str, costing: str, dtype: str, repeats: int, tree: bool) -> dict:
    """Measure veje, with its kernels compiled before."""
    from veje.clusters import ward
    from veje.distances import costs, pairwise

    seq = np.load(file)
    price = costs(seq, costing, STATES, **({"time_varying": True} if method == "DHD" else {}))
    own = OWN.get(method, {})
    for rows in (seq[:40], seq[:200]):
        small = pairwise(rows, method, price, dtype=dtype, threads=1, **own)
    if tree:
        ward(small)
    before = peak()
    cpu, wall, d = timed(lambda: pairwise(seq, method, price, dtype=dtype, threads=1, **own), repeats)
    row = {"cpu": cpu, "wall": wall, "memory": peak() - before, "head": [float(x) for x in d[:5000]]}
    if tree:
        row["tree"], _, _ = timed(lambda: ward(d), 1)
        row["with_tree"] = peak() - before
    return row


SEQUENZO = """
import json, sys, time, warnings, io, contextlib
import numpy as np, pandas as pd
warnings.simplefilter("ignore")
file, costing, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
with contextlib.redirect_stdout(io.StringIO()):
    from sequenzo import SequenceData, get_distance_matrix
    seq = np.load(file)
    frame = pd.DataFrame(seq.astype(int), columns=[str(t) for t in range(seq.shape[1])])
    frame.insert(0, "id", range(len(frame)))
    states = sorted(set(seq.ravel().tolist()))
    data = SequenceData(frame, time=[str(t) for t in range(seq.shape[1])], id_col="id", states=states)
    best = [9e9, 9e9]
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        d = get_distance_matrix(data, method="OM", sm=costing, indel="auto")
        best = [min(best[0], time.process_time() - cpu), min(best[1], time.perf_counter() - wall)]
d = np.asarray(d)
print(json.dumps({"cpu": best[0], "wall": best[1], "head": d[0, 1:5001].tolist()}))
"""


def child(*words: object) -> dict:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "one", *map(str, words)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peer(python: str, *words: object) -> dict:
    """Run sequenzo, on one thread as far as it lets itself be told."""
    command = ["env", "OMP_NUM_THREADS=1", python, "-c", SEQUENZO, *map(str, words)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def save(folder: str, unique: int, length: int) -> Path:
    """Save unlike sequences where all contenders read them."""
    path = Path(folder) / f"{unique}_{length}.npy"
    np.save(path, sequences(unique, length))
    return path


def peers(python: str, unique: int, length: int) -> None:
    """Print veje beside sequenzo on the same sequences, as ratios, and how far results differ."""
    pairs = unique * (unique - 1) / 2
    print(
        "| costs | contender | cpu s | wall s | M unique pairs/s | ratio | differs by |\n" + "|---" * 7 + "|"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = save(folder, unique, length)
        for costing in ("TRATE", "CONSTANT"):
            other = peer(python, file, costing, 3)
            lines = [("sequenzo", other)]
            for dtype in ("float32", "float64"):
                lines.append((f"veje {dtype}", child(file, "OM", costing, dtype, 5, 0)))
            for name, row in lines:
                head = min(len(row["head"]), len(other["head"]))
                off = np.abs(np.array(row["head"][:head]) / np.array(other["head"][:head]) - 1).max()
                print(
                    f"| {costing} | {name} | {row['cpu']:.2f} | {row['wall']:.2f} |"
                    f" {pairs / row['cpu'] / 1e6:.1f} | {other['cpu'] / row['cpu']:.0f} | {off:.0e} |"
                )


def growth(sizes: list[int], lengths: list[int]) -> None:
    """Print time and memory against the number of unlike sequences, and against their length."""
    print(
        "| unique | length | distances s | M pairs/s | MB | Ward s | MB with Ward | bytes a pair |\n"
        + "|---" * 8
        + "|"
    )
    cases = [(n, 20) for n in sizes] + [(2000, length) for length in lengths]
    with tempfile.TemporaryDirectory() as folder:
        for unique, length in cases:
            tree = unique <= 30_000
            row = child(save(folder, unique, length), "OM", "TRATE", "float32", 1, int(tree))
            pairs = unique * (unique - 1) / 2
            ward = f"{row['tree']:.2f} | {row['with_tree']:,.0f}" if tree else "- | -"
            most = row["with_tree"] if tree else row["memory"]
            print(
                f"| {unique:,} | {length} | {row['cpu']:.2f} | {pairs / row['cpu'] / 1e6:.1f} |"
                f" {row['memory']:,.0f} | {ward} | {most * 1e6 / pairs:.1f} |",
                flush=True,
            )


def rates() -> None:
    """Print what a pair costs by each method, and the power of the length that it grows with."""
    from veje.distances import METHODS

    print("| method | ns a pair, 20 states | 60 states | power |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for method in METHODS:
            ns = []
            for unique, length in ((2000, 20), (500, 60)):
                row = child(save(folder, unique, length), method, "TRATE", "float32", 2, 0)
                ns.append(row["cpu"] / (unique * (unique - 1) / 2) * 1e9)
            power = math.log(ns[1] / ns[0]) / math.log(3)
            print(f"| {method} | {ns[0]:.0f} | {ns[1]:.0f} | {power:.1f} |", flush=True)


def main() -> None:
    """Read the command line."""
    if sys.argv[1:2] == ["one"]:
        file, method, costing, dtype, repeats, tree = sys.argv[2:]
        print(json.dumps(veje(file, method, costing, dtype, int(repeats), tree == "1")))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["peers", "growth", "rates"])
    parser.add_argument("--sequenzo", default=sys.executable, help="Python that has sequenzo.")
    parser.add_argument("--unique", type=int, default=4800)
    parser.add_argument("--length", type=int, default=20)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 2000, 5000, 10_000, 20_000, 50_000])
    parser.add_argument("--lengths", type=int, nargs="*", default=[20, 60, 120, 260])
    chosen = parser.parse_args()
    if chosen.what == "peers":
        peers(chosen.sequenzo, chosen.unique, chosen.length)
    elif chosen.what == "growth":
        growth(chosen.sizes, chosen.lengths)
    else:
        rates()


if __name__ == "__main__":
    main()
