"""Import of large deliveries beside a plain pyreadstat read: rate and peak memory, side by side.

Run: .venv/bin/python benchmarks/bench_import.py [--rows 20000] [--weeks 1800] [--most 300000]
Every measurement is a process of its own, so that the peak is its own. Files are DREAM's shape, made
here by ReadStat's writer; SAS at several sizes shows that memory does not grow: `--most` adds a file
of so many rows that veje alone reads. Rates of our import include the SHA-256, the conversion to text
and code numbers, and writing Parquet.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from measuring import peak_mb

ROOT = Path(__file__).resolve().parents[1]
BASE_ROWS = 400
COLUMNS = (("file", 26), ("MB", 7), ("how", 20), ("rows", 9), ("s", 8), ("CPU s", 8))
COLUMNS = (*COLUMNS, ("rows/s", 9), ("MB/s", 7), ("Mcells/s", 10), ("peak MB", 9))
CODES = ["", "", "111", "130", "890", "740", "771", "651", "997"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--weeks", type=int, default=1_800)
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--one", nargs=2, metavar=("HOW", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measure(*chosen.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        files = make_files(Path(folder), chosen.rows, chosen.weeks, chosen.most)
        print("".join(f"{title:>{width}}" for title, width in COLUMNS))
        for file, hows in files.items():
            for how in hows:
                show(file, how, in_own_process(how, file), chosen.weeks)


def show(file: Path, how: str, found: dict, weeks: int) -> None:
    size, seconds, rows = file.stat().st_size / 1e6, found["seconds"], found["rows"]
    cells = rows * (weeks + 3) / seconds / 1e6
    figures = (f"{size:,.0f}", how, f"{rows:,}", f"{seconds:.1f}", f"{found['cpu']:.1f}")
    rest = (f"{rows / seconds:,.0f}", f"{size / seconds:.1f}", f"{cells:.1f}", f"{found['peak']:,.0f}")
    told = (file.name, *figures, *rest)
    print("".join(f"{text:>{width}}" for text, (_, width) in zip(told, COLUMNS, strict=True)), flush=True)


def in_own_process(how: str, file: Path) -> dict:
    command = [sys.executable, __file__, "--one", how, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return json.loads(done.stdout)


def measure(how: str, file: str) -> dict:
    sys.path.insert(0, str(ROOT))
    begun = time.perf_counter()
    rows = HOWS[how](Path(file))
    seconds = time.perf_counter() - begun
    return {"rows": rows, "seconds": seconds, "cpu": time.process_time(), "peak": peak_mb()}


def ours(file: Path) -> int:
    from veje.importing import import_file

    with tempfile.TemporaryDirectory() as out:
        return import_file(file, Path(out) / "a.parquet", weeks=Path(out) / "w.parquet").rows


def plain(file: Path) -> int:
    import pyreadstat

    read = pyreadstat.read_dta if file.suffix == ".dta" else pyreadstat.read_sas7bdat
    return read(str(file), output_format="polars")[0].height


def plain_chunks(file: Path) -> int:
    import pyreadstat

    read = pyreadstat.read_dta if file.suffix == ".dta" else pyreadstat.read_sas7bdat
    chunks = pyreadstat.read_file_in_chunks(read, str(file), chunksize=1_000, output_format="polars")
    return sum(frame.height for frame, _ in chunks)


def polars_csv(file: Path) -> int:
    import polars as pl

    return pl.read_csv(file, infer_schema=False).height


HOWS = {
    "veje import": ours,
    "pyreadstat whole": plain,
    "pyreadstat chunks": plain_chunks,
    "polars.read_csv": polars_csv,
}


def make_files(folder: Path, rows: int, weeks: int, most: int) -> dict[Path, list[str]]:
    sys.path.insert(0, str(ROOT))
    from veje.weeks import column_of, week_of

    names = [column_of(week_of(date(1991, 8, 5)) + i) for i in range(weeks)]
    people = [person(number, weeks) for number in range(BASE_ROWS)]
    times = max(1, rows // BASE_ROWS)
    made = make_sas(folder, names, people, times, most // BASE_ROWS)
    return made | make_others(folder, names, people, times)


def make_sas(
    folder: Path, names: list[str], people: list[list], times: int, most: int
) -> dict[Path, list[str]]:
    from tests.formats.saswriter import grown, write_sas

    head = [("PNR", 10, ""), ("KON", 1, ""), ("FOEDDT", 0, "DATE9.")]
    text, number, packed = (folder / f"{kind}.sas7bdat" for kind in ("text", "numeric", "packed"))
    texts = head + [(name, 3, "") for name in names]
    write_sas(text, texts, people, count=BASE_ROWS)
    numeric = [p[:3] + [float(code) if code else None for code in p[3:]] for p in people]
    write_sas(number, head + [(name, 0, "") for name in names], numeric, count=BASE_ROWS)
    write_sas(packed, texts, people * min(times, 10), count=BASE_ROWS * min(times, 10), packed=True)
    found = {packed: ["veje import", "pyreadstat whole"]}
    whole = ["veje import", "pyreadstat whole"]
    for source, more, hows in (
        (text, 1, [*whole, "pyreadstat chunks"]),
        (text, 3, ["veje import", "pyreadstat chunks"]),
        (number, 1, [*whole, "pyreadstat chunks"]),
        (text, most // times, ["veje import"]),
        (number, most // times, ["veje import"]),
    ):
        if not more:
            continue
        target = folder / f"{source.stem}_{more}x.sas7bdat"
        grown(source, target, times * more)
        found[target] = hows
    return found


def make_others(folder: Path, names: list[str], people: list[list], times: int) -> dict[Path, list[str]]:
    import polars as pl
    import pyreadstat

    texts = [[str(cell) for cell in p] for p in people]
    frame = pl.DataFrame(texts, schema=["PNR", "KON", "FOEDDT", *names], orient="row")
    stata, csv = folder / "dream.dta", folder / "dream.csv"
    pyreadstat.write_dta(pl.concat([frame] * times), str(stata))
    with csv.open("wb") as file:
        for turn in range(times * 3):
            frame.write_csv(file, include_header=turn == 0)
    return {stata: ["veje import", "pyreadstat whole"], csv: ["veje import", "polars.read_csv"]}


def person(number: int, weeks: int) -> list:
    """Make a row: a personal number, sex, SAS birth date, and spells of codes."""
    draw = random.Random(number)
    codes: list[str] = []
    while len(codes) < weeks:
        codes += [draw.choice(["", "", "111", "130", "890", "740", "771", "651", "997"])] * draw.randint(
            1, 80
        )
    return [f"{number:010d}", "MK"[number % 2], float(draw.randint(-10_000, 14_000)), *codes[:weeks]]


if __name__ == "__main__":
    main()
