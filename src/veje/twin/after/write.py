"""The twin after 2013 on disk, and the range of years that it is asked for by."""

from __future__ import annotations

import re
from pathlib import Path

from veje.errors import BadInput
from veje.twin.after.make import VERSION, AfterTwin
from veje.twin.write import replace_file, write_csv, write_parquet

FIRST, LAST = 2010, 2025
README = """SYNTHETIC DATA: no row describes a real person.

Registers of made-up grants of disability pension in {first} to {last}, and in the two years before,
made by `veje twin --regime {first}..{last}` (version {version}, seed {seed}). No register and no
statistic was used to make them. Every personal number (PNR) has day + 60 (61 to 91), which the
Danish civil registry never issues.

registers/  the deliveries; GRANTS as CSV, the others as Parquet
truth/      planted.csv: what each person was planted for (PNR, kind, path, role, day); never an input
"""


def parse_years(text: str) -> tuple[int, int]:
    """Read a range of years of decision, such as 2013..2022; `BadInput` for what is none."""
    match = re.fullmatch(r"(\d{4})\.\.(\d{4})", text)
    years = (int(match[1]), int(match[2])) if match else (0, 0)
    if not FIRST <= years[0] <= years[1] <= LAST:
        raise BadInput(f"--regime: not a range of years from {FIRST} to {LAST} of the form 2013..2022")
    return years


def write_after(twin: AfterTwin, out: Path) -> list[Path]:
    """Write registers/, truth/ and README.txt below `out`; gives the written paths."""
    written = []
    for name, frame in twin.registers.items():
        as_csv = name.startswith("GRANTS")
        path = out / "registers" / f"{name}.{'csv' if as_csv else 'parquet'}"
        written.append(write_csv(frame, path) if as_csv else write_parquet(frame, path))
    written.append(write_csv(twin.truth, out / "truth" / "planted.csv"))
    text = README.format(first=twin.years[0], last=twin.years[1], version=VERSION, seed=twin.seed)
    written.append(replace_file(out / "README.txt", lambda part: part.write_text(text, encoding="utf-8")))
    return written
