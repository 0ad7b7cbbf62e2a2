"""The study's printed figures beside the pipeline's own, on twins of several seeds.

    python benchmarks/bench_replication.py 2012 1 2 3 4

Each seed's registers are written to a folder of their own and the shipped config runs on them as far
as stage `replication`; sensitivity and the grid of timing are left out, and validation is at its
smallest, because no printed figure reads them. Exact figures are counted by verdict, table by table;
released ones all together. The adjusted Rand index is that of the types with the planted ones:
pooled, each person's own, and own in the municipality where it is lowest. The spread of a figure is
its range over the seeds as a part of its tolerance.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import yaml
from sklearn.metrics import adjusted_rand_score

from veje.names import CELL
from veje.replication import AGREES, DIFFERS, MISPRINT, NOT_COMPUTED, count_verdicts
from veje.twin import make_twin, write_twin

ROOT = Path(__file__).resolve().parents[1]
REPLICATION = "results/private/study/replication"
LIGHT = {
    "sensitivity": {"variants": {}},
    "timing_depth": {"grid": {}},
    "validation": {
        "bootstraps": 1, "null_replications": 2, "orders": 1, "ties": 1,
        "choices": ["CONSTANT"], "permutations": 99,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """One seed's comparison of exact and of released figures, claims, Rand indices and seconds."""

    seed: int
    exact: pl.DataFrame
    released: pl.DataFrame
    claims: pl.DataFrame
    rand: tuple[float, float, float]
    seconds: float


def measure(seed: int, folder: Path) -> Measured:
    """Write a seed's registers, run the workflow on them, and read what stage `replication` wrote."""
    write_twin(make_twin(seed=seed), folder / "twin")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    (folder / "config.yaml").write_text(
        yaml.safe_dump({**config, **LIGHT}, sort_keys=False), encoding="utf-8"
    )
    began = time.perf_counter()
    command = [sys.executable, "-m", "veje", "run", "--config", "config.yaml"]
    done = subprocess.run(
        [*command, "--until", "replication"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"seed {seed}: the run failed:\n{done.stdout}{done.stderr}")
    seconds = time.perf_counter() - began
    names = ("replication", "replication_released", "claims")
    tables = [pl.read_parquet(folder / REPLICATION / f"{name}.parquet") for name in names]
    return Measured(seed, *tables, rand_indices(folder), seconds)


def rand_indices(folder: Path) -> tuple[float, float, float]:
    """Give the agreement with the planted types: pooled, own, and own where it is lowest."""
    truth = pl.read_csv(folder / "twin/truth/planted_types.csv", infer_schema=False)
    keys = pl.read_parquet(folder / "results/private/keys/study.parquet")
    found = pl.read_parquet(folder / "results/private/study/typology/types.parquet")
    both = found.join(keys, on="person").join(truth.select(pnr="PNR", planted="type"), on="pnr")
    places = [adjusted_rand_score(own["planted"], own["type_own"]) for _, own in both.group_by("area")]
    pooled, own = (adjusted_rand_score(both["planted"], both[name]) for name in ("type_pooled", "type_own"))
    return pooled, own, min(places)


def verdicts(frame: pl.DataFrame) -> tuple[int, int, int, int, float]:
    """Count agreeing, differing, not computed, not reproducible figures; percent agreeing of those tried."""
    counts = {name: frame.filter(verdict=name).height for name in (AGREES, DIFFERS, NOT_COMPUTED, MISPRINT)}
    return *counts.values(), 100 * counts[AGREES] / (counts[AGREES] + counts[DIFFERS])


def show_seed(one: Measured) -> None:
    """Print a seed's line: verdicts of exact figures, share agreeing of both, claims, Rand indices."""
    agree, differ, absent, misprint, share = verdicts(one.exact)
    claims = {name: one.claims.filter(verdict=name).height for name in ("holds", "does_not_hold")}
    lost = one.claims.filter(verdict="does_not_hold", verdict_in_print="holds").height
    pooled, own, lowest = one.rand
    print(
        f"| {one.seed} | {agree:,} | {differ} | {absent} | {misprint} | {share:.1f} "
        f"| {verdicts(one.released)[-1]:.1f} | {claims['holds']} | {claims['does_not_hold']} | {lost} "
        f"| {pooled:.3f} | {own:.3f} | {lowest:.3f} | {one.seconds:.0f} |",
        flush=True,
    )


def show_tables(runs: list[Measured]) -> None:
    """Print by table what each seed agrees with and how many figures differ."""
    print("\n| table | figures | not computed | not reproducible |", end="")
    print("".join(f" {one.seed} |" for one in runs) + " lowest % |")
    print("|---" * (5 + len(runs)) + "|")
    counted = [count_verdicts(one.exact) for one in runs]
    for row in counted[0].iter_rows(named=True):
        own = [frame.filter(table=row["table"]).row(0, named=True) for frame in counted]
        told = "".join(f" {one[AGREES]} / {one[DIFFERS]} |" for one in own)
        shares = [one["share_agreeing"] for one in own if one["share_agreeing"] is not None]
        fixed = f"{row['figures']} | {row[NOT_COMPUTED]} | {row[MISPRINT]}"
        print(f"| {row['table']} | {fixed} |{told} {f'{min(shares):.1f}' if shares else '-'} |")


def show_spread(runs: list[Measured]) -> None:
    """Print how many figures have one verdict in every seed, and how far figures range over the seeds."""
    judged = [one.exact.filter(pl.col("verdict").is_in([AGREES, DIFFERS])) for one in runs]
    by_figure = (
        pl.concat(judged)
        .group_by(CELL)
        .agg(
            (pl.col("verdict") == AGREES).sum().alias("agreeing"),
            pl.len().alias("seeds"),
            ((pl.col("reproduced").max() - pl.col("reproduced").min()) / pl.col("tolerance").max()).alias(
                "range"
            ),
        )
    )
    always = by_figure.filter(pl.col("agreeing") == pl.col("seeds")).height
    never = by_figure.filter(agreeing=0).height
    print(f"\n{by_figure.height:,} figures were tried: {always:,} agree in every seed, {never} in none,")
    print(f"{by_figure.height - always - never} in some.", end=" ")
    ranges = by_figure.filter(pl.col("range").is_finite())["range"]
    told = {at: ranges.quantile(at) for at in (0.5, 0.9, 0.99)}
    print("Range of a figure over the seeds as a part of its tolerance:")
    print(", ".join(f"{at:.0%} of them at most {value:.2f}" for at, value in told.items()) + ".")
    print("\nFigures that agree in no seed:\n")
    for row in by_figure.filter(agreeing=0).sort(CELL).iter_rows(named=True):
        print("- " + " ".join(str(row[name]) for name in CELL if row[name]))


def main(seeds: list[int]) -> None:
    print("| seed | agree | differ | not computed | not reproducible | % agreeing | % of released |", end="")
    print(" claims hold | do not | of these hold in print | ARI pooled | own | own, lowest | s |")
    print("|---" * 14 + "|")
    runs = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            runs.append(measure(seed, Path(folder)))
        show_seed(runs[-1])
    show_tables(runs)
    show_spread(runs)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]])
