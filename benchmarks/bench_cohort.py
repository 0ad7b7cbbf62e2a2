"""A cohort's sequences out of a national weekly file: only the weeks and rows that are needed are read.

    python benchmarks/bench_cohort.py 1000000 28000

The file is the twin's national population in 1,800 weeks, written as `veje import` writes it; the
reading runs in a process of its own, from the weekly file to the sequences table.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
from measuring import peak_mb

from veje import config, io
from veje.cli.lists import alphabet_of
from veje.groups import Groups
from veje.lists import read_codes
from veje.sequences import build_sequences, find_rows, needed_weeks
from veje.twin.chain import draw_lives
from veje.twin.codes import ALL_CODES
from veje.twin.crowd import draw_crowd
from veje.twin.national import make_plan, make_source
from veje.weekfile import read_weekly
from veje.weeks import column_of, week_of_column

ROOT = Path(__file__).resolve().parents[1]
FIRST, WEEKS = "Y_9132", 1_800
CHUNK = 16_384
SPAN = (date(2007, 7, 1), date(2009, 3, 31))


def write_file(path: Path, persons: int) -> None:
    """Write the weekly file of a national population, part by part."""
    last = column_of(week_of_column(FIRST) + WEEKS - 1)
    source = make_source(make_plan(persons, 2012, FIRST, last))
    names = [name.lower() for name in source.plan.columns]
    with path.open("w+b") as file, Groups(file) as groups:
        for start in range(0, persons, CHUNK):
            rows = np.arange(start, min(start + CHUNK, persons))
            codes = np.empty((WEEKS, rows.size), dtype=np.uint8)
            crowd = draw_crowd(source.lot, source.numbering, source.plan.span, rows)
            draw_lives(source.chain, source.lot, crowd, codes)
            columns = dict(zip(names, codes.astype(np.uint16), strict=True))
            groups.add(pa.table(columns | {"_row": rows + 1}))
        groups.close({"veje.codes": json.dumps(list(ALL_CODES)), "veje.rows": str(persons)})


def cohort_of(persons: int, size: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw the tables dream (a row everyone) and cohort (some of them, decisions over 21 months)."""
    draw = np.random.default_rng(1)
    chosen = np.sort(draw.choice(persons, size, replace=False))
    days = draw.integers(0, (SPAN[1] - SPAN[0]).days + 1, size).tolist()
    person = pl.Series("person", draw.permutation(persons) + 1)
    position = pl.int_range(persons, eager=True).alias("position")
    dream = pl.DataFrame([person, pl.Series("source", ["weeks"]).new_from_index(0, persons), position])
    cohort = pl.DataFrame(
        {
            "person": person.gather(chosen),
            "index_date": [SPAN[0] + timedelta(days=day) for day in days],
            "area": ["denmark"] * size,
        }
    )
    return dream, cohort


def measure(path: str, persons: int, size: int) -> None:
    """Read the sequences of a cohort; prints seconds, peak memory and the unique sequences."""
    settings = config.load(str(ROOT / "config/config.yaml"))
    own = settings.sequences.model_copy(update={"unknown_limit": 1.0})
    dream, cohort = cohort_of(persons, size)
    began = time.perf_counter()
    alphabet = alphabet_of(own)
    codes = read_codes(
        io.read_list(own.codes, "codes"), own.state_column, alphabet, "202601", own.codes, own.switches
    )
    weekly = read_weekly(
        {"weeks": Path(path)}, find_rows(dream, cohort), *needed_weeks(cohort, settings.window)
    )
    read = time.perf_counter()
    found = build_sequences(weekly, cohort, codes, alphabet, own, settings.window)
    assert found.sequences.height == size
    print(json.dumps([read - began, time.perf_counter() - began, peak_mb(), found.unique.height]))


def main(persons: int, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weeks.parquet"
        write_file(path, persons)
        print(f"{persons:,} persons x {WEEKS:,} weeks, {path.stat().st_size / 1e6:,.0f} MB")
        command = [sys.executable, __file__, "--measure", str(path), str(persons), str(size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        read, seconds, peak, unique = json.loads(done.stdout)
        told = f"{seconds:.1f} s ({read:.1f} s of it reading), {peak:,.0f} MB"
        print(f"cohort of {size:,}: {told}, {unique:,} unique sequences")


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(int(sys.argv[1]), int(sys.argv[2]))
