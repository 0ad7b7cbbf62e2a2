"""Stage `ingest` on registers of national size: rows a second and peak memory, by register and whole.

    python benchmarks/bench_ingest.py 1000000

Every line is a process of its own on the same converted files. The twin's DREAM is cut to one year
of weeks: ingest reads its persons, and of the weeks their names only.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import peak_mb

from veje import config
from veje.cli import ingest
from veje.cli.files import Files
from veje.contracts import register
from veje.importing import import_file
from veje.twin.national import write_national

ROOT = Path(__file__).resolve().parents[1]
STEMS = {
    "dream": "DREAM",
    "grants": "GRANTS",
    "bef": "BEF",
    "amfo": "AMFO",
    "udda": "UDDA",
    "lmdb": "LMDB",
    "parents": "PARENTS",
}


def settings():
    return config.load(str(ROOT / "config/config.yaml"))


def convert(folder: Path, persons: int) -> None:
    """Write the twin and convert its files as the workflow does."""
    write_national(folder, persons, first="Y_0801", last="Y_0852")
    for name, stem in STEMS.items():
        for path in sorted((folder / "registers").glob(f"{stem}*")):
            weeks = folder / "weeks" / f"{path.stem}.parquet" if name == "dream" else None
            import_file(path, folder / "text" / name / f"{path.stem}.parquet", weeks=weeks)
            path.unlink()


def inputs(folder: Path) -> Files:
    text = [f"{name}={p}" for name in STEMS for p in sorted((folder / "text" / name).iterdir())]
    return Files([*text, *(f"dream_weeks={path}" for path in (folder / "weeks").iterdir())])


def read_one(folder: Path, name: str) -> int:
    """Read one register for the persons of the grant register; gives its rows."""
    given = inputs(folder)
    files = {one: ingest.open_files(one, given) for one in dict.fromkeys(["grants", name])}
    reads, _ = ingest.read_all(files, settings())
    return reads[name].rows


def whole(folder: Path) -> int:
    """Run the stage; gives the rows of all registers."""
    tables = [register(name).table for name in STEMS]
    names = [*tables, "keys", "reading", "deliveries", "quarantine"]
    ingest.run(settings(), inputs(folder), Files(f"{name}={folder / 'out' / name}" for name in names))
    return sum(one["rows"] for one in json.loads((folder / "out/deliveries").read_text()))


def measure(folder: str, name: str) -> None:
    """Run one contender; prints rows, seconds and peak memory."""
    began = time.perf_counter()
    rows = whole(Path(folder)) if name == "whole stage" else read_one(Path(folder), name)
    print(json.dumps([rows, time.perf_counter() - began, peak_mb()]))


def main(persons: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        convert(Path(folder), persons)
        print(f"{persons:,} persons")
        for name in [*STEMS, "whole stage"]:
            command = [sys.executable, __file__, "--measure", folder, name]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name:12} failed: {done.stderr.strip().splitlines()[-1]}")
                continue
            rows, seconds, peak = json.loads(done.stdout)
            told = f"{seconds:7.1f} s {rows / seconds / 1e6:6.2f} M rows/s {peak:7.0f} MB"
            print(f"{name:12} {rows:12,} rows {told}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        measure(*sys.argv[2:4])
    else:
        main(int(sys.argv[1]))
