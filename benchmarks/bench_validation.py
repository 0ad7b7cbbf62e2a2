"""Validation of a register's rows: veje's reading of delivered text beside a schema library on the same text.

    python benchmarks/bench_validation.py 3000000

Every contender is a process of its own on the same Parquet file of measure spells as text, of which
one row in a hundred breaks a rule. veje reads the register: codes, dates and numbers typed, personal
numbers checked, broken rows kept aside with rule and row. dataframely and pandera get the columns
typed by polars (cells that are no date or number become null) and then check the same rules; neither
checks personal numbers nor tells a row's number. pandera is a peer for this benchmark only: pip
install pandera[polars].
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from measuring import peak_mb

TEXTS = ["PNR", "FORANST", "STARTDTO", "SLUTDTO", "TIMERPU"]
BAD = {
    "PNR": ["", "0000000000", "3002801234"],
    "FORANST": [""],
    "STARTDTO": ["20060230", "2006-01-02", "99991231"],
    "SLUTDTO": ["19000101", ""],
    "TIMERPU": ["37 t"],
}
EARLIEST, LATEST = pl.date(1880, 1, 1), pl.date(2100, 1, 1)


def write_file(path: Path, rows: int) -> int:
    """Write spells as text, as a converted delivery holds them; gives the broken rows."""
    draw = np.random.default_rng(1)
    start = np.datetime64("2002-01-01") + draw.integers(0, 2_500, rows)
    end = start + draw.integers(0, 300, rows)
    month, day = draw.integers(1, 13, rows), draw.integers(61, 89, rows)
    number = day * 10**8 + month * 10**6 + draw.integers(0, 10**6, rows)
    frame = pl.DataFrame(
        {
            "PNR": pl.Series(number).cast(pl.String).str.zfill(10),
            "FORANST": pl.Series(draw.integers(1, 39, rows)).cast(pl.String).str.zfill(2),
            "STARTDTO": pl.Series(start).cast(pl.Date).dt.strftime("%Y%m%d"),
            "SLUTDTO": pl.Series(end).cast(pl.Date).dt.strftime("%Y%m%d"),
            "TIMERPU": pl.Series(draw.integers(1, 38, rows)).cast(pl.String),
        }
    )
    broken = np.flatnonzero(draw.random(rows) < 0.01)
    columns = draw.integers(0, len(TEXTS), broken.size)
    for at, name in enumerate(TEXTS):
        own = broken[columns == at]
        frame = frame.with_columns(frame[name].scatter(own, draw.choice(BAD[name], own.size).tolist()))
    frame.columns = [name.lower() for name in TEXTS]
    frame = frame.with_columns(pl.int_range(2, rows + 2).alias("_row"))
    frame.write_parquet(path, row_group_size=100_000, statistics=False)
    return broken.size


def run_veje(path: Path) -> tuple[int, int]:
    from veje.contracts import register
    from veje.ingest import Delivery, read_register
    from veje.io import TextTable
    from veje.settings import Register

    given = Register(files=["AMFO.csv"])
    read = read_register([Delivery("AMFO.csv", TextTable(path))], register("amfo"), given, True)
    return read.frame.height, read.faults.table()["row"].n_unique()


def typed(path: Path) -> pl.DataFrame:
    """Type the text by polars alone; what cannot be typed is null."""
    text = pl.read_parquet(path).with_columns(pl.exclude("_row").replace("", None))
    return text.with_columns(
        pl.col("startdto", "slutdto").str.to_date("%Y%m%d", strict=False),
        pl.col("timerpu").cast(pl.Float64, strict=False),
    )


def run_dataframely(path: Path) -> tuple[int, int]:
    import dataframely as dy

    class Spells(dy.Schema):
        pnr = dy.String(nullable=False)
        foranst = dy.String(nullable=False)
        startdto = dy.Date(nullable=False)
        slutdto = dy.Date(nullable=False)
        timerpu = dy.Float64(nullable=False)
        _row = dy.Int64(nullable=False)

        @dy.rule()
        def in_range(cls) -> pl.Expr:  # noqa: N805
            return pl.all_horizontal(pl.col("startdto", "slutdto").is_between(EARLIEST, LATEST))

        @dy.rule()
        def in_order(cls) -> pl.Expr:  # noqa: N805
            return pl.col("startdto") <= pl.col("slutdto")

    good, failure = Spells.filter(typed(path))
    return good.height, failure.invalid().height


def run_pandera(path: Path) -> tuple[int, int]:
    import pandera.polars as pa

    dates = pa.Check.in_range(np.datetime64("1880-01-01").item(), np.datetime64("2100-01-01").item())
    in_order = pa.Check(lambda data: data.lazyframe.select(pl.col("startdto") <= pl.col("slutdto")))
    columns = {
        "pnr": pa.Column(str),
        "foranst": pa.Column(str),
        "startdto": pa.Column(pl.Date, dates),
        "slutdto": pa.Column(pl.Date, dates),
        "timerpu": pa.Column(float),
    }
    frame = typed(path)
    try:
        pa.DataFrameSchema(columns, checks=[in_order]).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        found = error.failure_cases.drop_nulls("index")["index"].n_unique()
        return frame.height - found, found
    return frame.height, 0


RUNS = {"veje": run_veje, "dataframely, typed": run_dataframely, "pandera, typed": run_pandera}


def measure(name: str, path: str) -> None:
    """Run one contender three times; prints the best seconds, peak memory, and good and broken rows."""
    few = Path(path).with_name("few.parquet")
    pl.read_parquet(path, n_rows=1_000).write_parquet(few)
    RUNS[name](few)
    # Libraries are loaded now.
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        good, broken = RUNS[name](Path(path))
        seconds.append(time.perf_counter() - began)
    print(json.dumps([min(seconds), peak_mb(), good, broken]))


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spells.parquet"
        print(f"{rows:,} spells, {write_file(path, rows):,} broken")
        for name in RUNS:
            command = [sys.executable, __file__, "--measure", name, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name:20} failed: {done.stderr.strip().splitlines()[-1]}")
                continue
            seconds, peak, good, broken = json.loads(done.stdout)
            rate = f"{seconds:6.1f} s {rows / seconds / 1e6:6.2f} M rows/s {peak:6.0f} MB"
            print(f"{name:20} {rate} {good:10,} good {broken:8,} broken", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(*sys.argv[2:4])
    else:
        main(int(sys.argv[1]))
