"""Plant faults in a twin's registers, with a list of what was planted where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from veje.errors import BadInput
from veje.twin.decisions import GRANT
from veje.twin.faults import FAULTS, Fault, Form
from veje.twin.law import FROM
from veje.twin.make import Twin
from veje.twin.write import CSV_ONLY, CSV_TOO, replace_file, write_csv, write_twin

COPIES = 2
"""Rows for each form of each fault."""
SPAWN = 900
"""Streams of this module among the children of a seed (`seeds.STEPS` holds the twin's own)."""
RELATIVES = ("MOR_ID", "FAR_ID", "E_FAELLE_ID")
PLANTED = {
    "register": pl.String,
    "file": pl.String,
    "row": pl.Int64,
    "rule": pl.String,
    "expected": pl.String,
}
README = """
FAULTS ARE PLANTED in this copy (seed {seed}): truth/planted_faults.csv names register, file, row, rule
and what must follow. Rows not listed there are as in the clean twin, as text. No row of a person
with a grant in the study's window is hit, nor of parents and partners: the cohort stays as planted.
Some planted numbers begin with the day 01 to 09: of births 1900 to 1902, so of nobody alive.
"""


@dataclass(frozen=True)
class Dirty:
    """Registers by file stem with every cell as text, and what was planted.

    planted: register, file, row (CSV: the header is row 1; Parquet: the first record is row 1), rule,
    expected. A `short_row` or `long_row` is whole in the frame: only in the CSV file it has too few or
    too many cells.
    """

    registers: dict[str, pl.DataFrame]
    planted: pl.DataFrame


@dataclass(frozen=True)
class Planting:
    """One changed or added row: where it stands in its frame (from 0), its fault and its changed cells."""

    stem: str
    position: int
    fault: Fault
    cells: dict[str, str | None]


def make_dirty(registers: Mapping[str, pl.DataFrame], seed: int) -> Dirty:
    """Plant every fault of the list in copies of a twin's registers.

    Persons of the study, their parents and their partners are left alone. Raises `BadInput` when a
    register has too few other rows.
    """
    protected = find_protected(registers)
    dirty = {stem: frame.select(pl.all().cast(pl.String)) for stem, frame in registers.items()}
    listed: list[dict[str, object]] = []
    for k, (register, faults) in enumerate(FAULTS.items()):
        rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=(SPAWN, k)))
        own = {stem: frame for stem, frame in dirty.items() if register_of(stem) == register}
        if not own:
            continue
        chosen = choose_rows(rng, register, own, faults, protected)
        for stem, frame in own.items():
            changed, plantings = plant(stem, frame, chosen)
            dirty[stem] = changed
            listed += [row for planting in plantings for row in list_rows(register, planting)]
    planted = pl.DataFrame(listed, schema=PLANTED).sort("register", "file", "row")
    return Dirty(dirty, planted)


def register_of(stem: str) -> str:
    """Give the register that a file belongs to: AMFO2004 is of amfo."""
    return re.sub(r"\d+$", "", stem).lower()


def find_protected(registers: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Name everybody with a grant since the study's window opened, and their parents and partners."""
    grants = pl.concat([frame for stem, frame in registers.items() if register_of(stem) == "grants"])
    late = grants.filter(pl.col("AFGTYPE") == GRANT, pl.col("AFGDATO").cast(pl.Date) >= FROM)["PNR"]
    parts = [late]
    for frame in registers.values():
        held = [name for name in RELATIVES if name in frame.columns]
        own = frame.filter(pl.col("PNR").is_in(late.unique().implode())) if held else frame
        parts += [own[name].alias("PNR") for name in held]
    return pl.concat(parts).drop_nulls().unique()


def candidates(register: str, own: Mapping[str, pl.DataFrame], protected: pl.Series) -> pl.DataFrame:
    """Give the rows that may be hit: stem, position, and `alone` (the person's only row of the register)."""
    parts = []
    for stem, frame in own.items():
        free = ~pl.col("PNR").is_in(protected.implode())
        if register == "grants":
            free &= pl.col("AFGDATO") < FROM.isoformat()
        if register == "dream":
            coded = pl.sum_horizontal(pl.exclude("PNR", "position").is_not_null())
            free &= coded.is_between(1, frame.width - 2)
        if register == "amfo":
            free &= pl.col("STARTDTO") < pl.col("SLUTDTO")
        rows = frame.with_row_index("position").select("position", "PNR", free=free)
        parts.append(rows.with_columns(stem=pl.lit(stem)))
    rows = pl.concat(parts).with_columns(alone=pl.len().over("PNR") == 1)
    return rows.filter("free").select("stem", "position", "alone")


def choose_rows(
    rng: np.random.Generator,
    register: str,
    own: Mapping[str, pl.DataFrame],
    faults: Sequence[Fault],
    protected: pl.Series,
) -> list[tuple[str, int, Fault, Form]]:
    """Deal out rows of the register's files to the faults, each row once: stem, position, fault, form."""
    free = candidates(register, own, protected)
    free = free[rng.permutation(free.height)]
    # Overlaps go to persons with one record, so that each planted one adds exactly one overlap.
    wanted = [(fault, form) for fault in faults for form in fault.forms for _ in range(COPIES)]
    ordered = sorted(wanted, key=lambda want: want[0].adds != 1)
    lone = free.filter("alone").head(sum(fault.adds == 1 for fault, _ in wanted))
    rest = free.join(lone, on=["stem", "position"], how="anti", maintain_order="left")
    rows = pl.concat([lone, rest]).rows()
    if len(rows) < len(ordered):
        raise BadInput(f"twin: {register} has {len(rows):,} rows to spare, the faults need {len(ordered):,}")
    return [(row[0], row[1], *want) for row, want in zip(rows, ordered, strict=False)]


def plant(
    stem: str, frame: pl.DataFrame, chosen: list[tuple[str, int, Fault, Form]]
) -> tuple[pl.DataFrame, list[Planting]]:
    """Change and add the rows chosen in one file; gives the changed frame and what was done."""
    plantings: list[Planting] = []
    added: list[dict[str, str | None]] = []
    for k, (of, position, fault, form) in enumerate(chosen):
        if of != stem:
            continue
        row = frame.row(position, named=True)
        cells = form(row, k)
        if fault.adds:
            plantings.append(Planting(stem, frame.height + len(added), fault, {}))
            added.append({**row, **cells})
        if fault.adds != 1:
            plantings.append(Planting(stem, position, fault, {} if fault.adds else cells))
    changed = write_cells(frame, plantings)
    return pl.concat([changed, pl.DataFrame(added, schema=frame.schema)]), plantings


def write_cells(frame: pl.DataFrame, plantings: list[Planting]) -> pl.DataFrame:
    """Write the changed cells into a frame."""
    by_column: dict[str, dict[int, str | None]] = {}
    for planting in plantings:
        for name, cell in planting.cells.items():
            by_column.setdefault(name, {})[planting.position] = cell
    columns = [frame[name].scatter(list(at), list(at.values())) for name, at in by_column.items()]
    return frame.with_columns(columns)


def list_rows(register: str, planting: Planting) -> Iterator[dict[str, object]]:
    """Name the rows of the written files in which a fault shows."""
    stem, fault = planting.stem, planting.fault
    told = {"register": register, "rule": fault.rule, "expected": fault.expected}
    if stem not in CSV_ONLY and not fault.cells:
        yield {**told, "file": f"{stem}.parquet", "row": planting.position + 1}
    if stem in CSV_ONLY + CSV_TOO:
        yield {**told, "file": f"{stem}.csv", "row": planting.position + 2}


def write_dirty(twin: Twin, out: Path, seed: int) -> list[Path]:
    """Write a twin with planted faults: as `write_twin`, and truth/planted_faults.csv; gives the paths."""
    dirty = make_dirty(twin.registers, seed)
    written = write_twin(Twin(dirty.registers, twin.truth, twin.cases, twin.seed), out)
    ragged = dirty.planted.filter(pl.col("rule").is_in(["short_row", "long_row"]))
    for (name,), rows in ragged.group_by("file", maintain_order=True):
        fray_rows(out / "registers" / str(name), dict(rows.select("row", "rule").rows()))
    told = (out / "README.txt").read_text(encoding="utf-8") + README.format(seed=seed)
    replace_file(out / "README.txt", lambda part: part.write_text(told, encoding="utf-8"))
    return [*written, write_csv(dirty.planted, out / "truth" / "planted_faults.csv")]


def fray_rows(path: Path, rules: Mapping[int, str]) -> None:
    """Cut one to three cells off the end of short rows of a CSV file, and add one to long rows.

    No cell holds a comma or a line end.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    for row, rule in rules.items():
        line = lines[row - 1]
        lines[row - 1] = line.rsplit(",", 1 + row % 3)[0] if rule == "short_row" else f"{line},1"
    replace_file(path, lambda part: part.write_text("\n".join(lines), encoding="utf-8"))
