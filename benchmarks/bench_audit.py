"""What the audit of a release costs: its time, what it finds, and what it withholds.

Read are the raw figures of a finished run (`make demo` makes those of the shipped study). Beside the
audit stand the parts of its time that are no program: writing the program down, and the outer limits.

    python benchmarks/bench_audit.py [config] [cells.parquet]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import polars as pl
from measuring import peak_mb

from veje import config
from veje.audit import audit_release, count_withheld, declare, summary
from veje.audit.build import build_program
from veje.audit.propagate import propagate
from veje.cli.disclosure import structure_of
from veje.disclosure import judge


def main() -> None:
    given = sys.argv[1:]
    settings = config.load(given[0] if given else "config/config.yaml")
    default = Path(settings.results) / "private" / settings.scenario / "tables/cells.parquet"
    cells = pl.read_parquet(Path(given[1]) if len(given) > 1 else default)
    structure, rules = structure_of(settings), settings.disclosure
    judged = judge(declare(cells, structure), rules)
    times = [time.perf_counter()]
    program = build_program(judged, structure, rules, settings.cohort.pooled)
    times.append(time.perf_counter())
    propagate(program.rows.matrix(len(program.lower)), program.rows, program.lower, program.upper)
    times.append(time.perf_counter())
    processor = time.process_time()
    audited = audit_release(judged, structure, rules, settings.cohort.pooled)
    processor = time.process_time() - processor
    times.append(time.perf_counter())
    told = summary(audited, count_withheld(audited.judged, audited.repairs, structure))
    print(f"{len(program.lower):,} unknown counts, {len(program.rows.lower):,} rows")
    print("| step | s |\n|---|---|")
    for name, before, after in zip(("program", "limits", "audit and repair"), times, times[1:], strict=False):
        print(f"| {name} | {after - before:.2f} |")
    print(f"| processor time of the audit | {processor:.1f} |\n\n| found | |\n|---|---|")
    for name, value in told.items():
        print(f"| {name.replace('_', ' ')} | {value:,} |")
    print(f"| peak memory, MB | {peak_mb():.0f} |")


if __name__ == "__main__":
    main()
