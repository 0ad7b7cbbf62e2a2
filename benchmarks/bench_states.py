"""Weekly codes -> 20 quarter states of a whole population: veje beside polars and DuckDB, in one run.

    python benchmarks/bench_states.py 1000000

Each contender runs in a process of its own on the same Parquet file, so that peaks are its own.
DuckDB is a peer for this benchmark only: pip install duckdb.
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
import pyarrow as pa
import pyarrow.parquet as pq
from measuring import peak_mb

from veje import io
from veje.lists import read_alphabet, read_codes
from veje.sealed import BLANK, SEAL, seal
from veje.weeks import column_of, week_of_column

WEEKS, QUARTERS = 260, 20
FIRST = week_of_column("Y_0301")
CODES = ["", "111", "130", "730", "890", "893", "740", "750", "771", "783", "997"]
CHUNK = 50_000


def write_file(path: Path, persons: int) -> None:
    """Write a weekly file as `veje import` does: mostly blank lives with a few spells."""
    draw = np.random.default_rng(1)
    names = [column_of(FIRST + week).lower() for week in range(WEEKS)]
    schema = pa.schema([(name, pa.uint16()) for name in names], {"veje.codes": json.dumps(CODES)})
    options = {
        "compression": "zstd",
        "write_statistics": False,
        "write_page_checksum": True,
        "store_schema": False,
    }
    with path.open("w+b") as file, pq.ParquetWriter(file, schema, **options) as writer:
        for start in range(0, persons, CHUNK):
            m = min(CHUNK, persons - start)
            lives = np.zeros((WEEKS, m), dtype=np.uint16)
            week = np.arange(WEEKS)[:, None]
            for _ in range(4):
                begin, length = draw.integers(0, WEEKS, m), draw.integers(4, 90, m)
                hit = (draw.random(m) < 0.35) & (week >= begin) & (week < begin + length)
                lives = np.where(hit, draw.integers(1, len(CODES), m).astype(np.uint16), lives)
            writer.write_table(
                pa.table(dict(zip(names, lives, strict=True)), schema=schema), row_group_size=m
            )
        writer.add_key_value_metadata({"veje.codes": json.dumps(CODES), SEAL: BLANK})
        writer.close()
        seal(file)


def states_of() -> tuple[object, list[object]]:
    alphabet = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    return alphabet, read_codes(io.read_list("dream", "codes"), "caswell_state", alphabet, "200912", "dream")


def run_veje(path: Path) -> int:
    from veje.population import population_states

    alphabet, rows = states_of()
    return sum(
        int(block[:, -1].astype(np.int64).sum()) for block in population_states(path, FIRST, rows, alphabet)
    )


def lut() -> dict[int, int]:
    alphabet, rows = states_of()
    state = {row.code: alphabet.code(row.state) for row in rows if row.state}
    return {n: 255 if state[c] == alphabet.missing else state[c] for n, c in enumerate(CODES)}


def run_polars(path: Path) -> int:
    """The plain way: long format, count by person, quarter and state, take the commonest (ties: any)."""
    total = 0
    for start in range(0, pl.scan_parquet(path).select(pl.len()).collect().item(), CHUNK):
        part = pl.scan_parquet(path).slice(start, CHUNK).with_row_index("person").collect()
        long = part.unpivot(index="person", variable_name="week", value_name="code")
        order = {name: n // 13 for n, name in enumerate(part.columns[1:])}
        counted = (
            long.with_columns(
                pl.col("week").replace_strict(order).alias("q"),
                pl.col("code").replace_strict(lut()).alias("s"),
            )
            .filter(pl.col("s") != 255)
            .group_by("person", "q", "s")
            .len()
            .sort("len")
            .group_by("person", "q")
            .agg(pl.col("s").last())
        )
        total += int(counted.filter(pl.col("q") == QUARTERS - 1)["s"].sum())
    return total


def run_duckdb(path: Path) -> int:
    """The same in SQL: unpivot, count, arg_max (ties: any)."""
    import duckdb

    link = duckdb.connect()
    link.execute("SET threads = 2; SET memory_limit = '4GB'")
    table = " ".join(f"WHEN {n} THEN {s}" for n, s in lut().items())
    names = [column_of(FIRST + week).lower() for week in range(WEEKS)]
    total = 0
    for quarter in range(QUARTERS):
        columns = ", ".join(names[quarter * 13 : quarter * 13 + 13])
        found = link.execute(
            f"""WITH long AS (UNPIVOT (SELECT file_row_number AS person, {columns}
                FROM read_parquet('{path}', file_row_number = true)) ON {columns} INTO NAME week VALUE code),
                counted AS (SELECT person, CASE code {table} END AS s, count(*) AS n FROM long GROUP BY ALL)
                SELECT sum(s) FROM (SELECT person, arg_max(s, n) AS s FROM counted
                    WHERE s <> 255 GROUP BY person)"""
        ).fetchone()
        total = int(found[0])
    return total


RUNS = {"veje": run_veje, "polars, long format": run_polars, "duckdb, unpivot": run_duckdb}


def measure(name: str, path: str) -> None:
    """Run one contender; prints seconds, peak memory and a check sum."""
    began = time.perf_counter()
    total = RUNS[name](Path(path))
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, peak_mb(), total]))


def main(persons: int, most: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weeks.parquet"
        write_file(path, persons)
        print(f"{persons:,} persons x {WEEKS} weeks, {path.stat().st_size / 1e6:,.0f} MB")
        base = 0.0
        for name in RUNS:
            if name != "veje" and persons > most:
                print(f"{name:22} left out above {most:,} persons")
                continue
            command = [sys.executable, __file__, "--measure", name, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name:22} failed: {done.stderr.strip().splitlines()[-1]}")
                continue
            seconds, peak, _ = json.loads(done.stdout)
            rate = persons * WEEKS / seconds / 1e6
            base = base or rate
            told = f"{seconds:7.1f} s {rate:7.0f} M person-weeks/s {peak:7.0f} MB   1/{base / rate:.0f}"
            print(f"{name:22} {told}")


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(sys.argv[2], sys.argv[3])
    else:
        main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300_000)
