"""Write a twin to disk: each file under a temporary name first, then renamed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from veje.twin.conflicts import conflicts
from veje.twin.make import VERSION, Twin

CSV_ONLY = ("GRANTS2009",)
CSV_TOO = ("DREAM200912",)
README = """SYNTHETIC DATA: no row describes a real person.

These registers are a synthetic twin of the population of Caswell et al. (2012), Veje til
førtidspension, made by `veje twin` (twin version {version}, seed {seed}, {persons} persons in DREAM).
They are drawn from the printed tables of the study; no register was used to make them.

Every personal number (PNR) has day + 60 (61 to 91). The Danish civil registry issues days 1 to 31
only, so no number here can belong to a living person.

registers/  DREAM200912 (Parquet and CSV, same content), AMFO2002 to AMFO2009, GRANTS2009,
            BEF2006 to BEF2008, UDDA2008, LMDB2006 to LMDB2009, PARENTS, IND2006 to IND2008,
            IDAP2006 to IDAP2008, DOD2009, VNDS2009
truth/      planted_types.csv: what was planted (PNR, type, area, index_date); planted_cases.csv: who
            stands for the study's four case persons; conflicts.csv: printed facts that exclude each
            other, and which of them the twin carries; never an input
"""


def replace_file(path: Path, write: Callable[[Path], object]) -> Path:
    """Write to a temporary name beside the file and rename, so that a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    write(part)
    part.replace(path)
    return path


def write_parquet(frame: pl.DataFrame, path: Path) -> Path:
    """Write Parquet without statistics: they would carry the least and largest PNR in the footer."""
    return replace_file(path, lambda part: frame.write_parquet(part, statistics=False))


def write_csv(frame: pl.DataFrame, path: Path) -> Path:
    """Write CSV with commas in UTF-8, nulls as empty fields."""
    return replace_file(path, frame.write_csv)


def write_twin(twin: Twin, out: Path) -> list[Path]:
    """Write registers/, truth/ and README.txt below `out`; gives the written paths."""
    written = []
    for name, frame in twin.registers.items():
        if name not in CSV_ONLY:
            written.append(write_parquet(frame, out / "registers" / f"{name}.parquet"))
        if name in CSV_ONLY + CSV_TOO:
            written.append(write_csv(frame, out / "registers" / f"{name}.csv"))
    truth = {"planted_types": twin.truth, "planted_cases": twin.cases, "conflicts": conflicts()}
    written += [write_csv(frame, out / "truth" / f"{name}.csv") for name, frame in truth.items()]
    persons = twin.registers["DREAM200912"].height
    text = README.format(version=VERSION, seed=twin.seed, persons=persons)
    written.append(replace_file(out / "README.txt", lambda part: part.write_text(text, encoding="utf-8")))
    return written
