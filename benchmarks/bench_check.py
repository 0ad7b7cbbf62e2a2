"""What `veje check` predicts of a conversion beside what it takes: seconds and peak memory.

    python benchmarks/bench_check.py

Every line is a process of its own. On a busy machine compare with the CPU seconds.
`veje.cli.predict` was fitted to these lines and to those of bench_import.py (SAS and Stata).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from veje.cli.predict import Predicted, predict
from veje.formats import open_source
from veje.importing import import_file
from veje.weeks import column_of, week_of_column

SHAPES = [(10_000, 4), (1_000_000, 4), (4_000_000, 4), (20_000, 200), (100_000, 200), (20_000, 1_500)]
CODES = np.array(["", "", "", "111", "130", "730", "781"])


def write_file(path: Path, rows: int, columns: int) -> None:
    """Write numbers and weekly codes, as wide as asked for."""
    draw = np.random.default_rng(1)
    first = week_of_column("Y_9101")
    frame = pl.DataFrame({"PNR": pl.Series(range(7_000_000_000, 7_000_000_000 + rows)).cast(pl.String)})
    codes = {column_of(first + k): CODES[draw.integers(0, len(CODES), rows)] for k in range(columns - 1)}
    frame = frame.with_columns(pl.Series(name, cells) for name, cells in codes.items())
    frame.write_csv(path) if path.suffix == ".csv" else frame.write_parquet(path, row_group_size=50_000)


def convert(path: Path) -> None:
    """Convert a file and tell the seconds and the peak memory of this process."""
    start, used = time.perf_counter(), time.process_time()
    target = path.with_name("converted.parquet")
    import_file(path, target, weeks=path.with_name("weeks.parquet"))
    seconds, used = time.perf_counter() - start, time.process_time() - used
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")
    )
    print(f"{seconds} {used} {int(line.split()[1]) / 1024}")


def main() -> None:
    print("| file | rows x columns | predicted s | CPU s | s | predicted MB | peak MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for ending in (".csv", ".parquet"):
            for rows, columns in SHAPES:
                path = Path(folder) / f"DREAM{ending}"
                write_file(path, rows, columns)
                source = open_source(path)
                told: Predicted = predict([(source.format, rows, columns)])
                command = [sys.executable, __file__, str(path)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                seconds, used, peak = map(float, done.stdout.split())
                shape = f"{rows:,} x {columns:,}"
                print(
                    f"| {source.format} | {shape} | {told.seconds:.1f} | {used:.1f} | {seconds:.1f} | "
                    f"{told.megabytes:,.0f} | {peak:,.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    convert(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
