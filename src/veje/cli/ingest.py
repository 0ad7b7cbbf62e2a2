"""Rim of stage `ingest`: converted deliveries in, typed tables, broken rows and the key file out."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.contracts import contract, register
from veje.errors import BadInput
from veje.importing import read_imported
from veje.ingest import (
    Delivery,
    Faults,
    Read,
    check_limit,
    check_rows,
    identifier_columns,
    number_persons,
    read_dream,
    read_register,
    replace_identifiers,
)
from veje.settings import Register, Settings
from veje.versions import check_last_week, check_version, dream_version
from veje.weekfile import weeks_of
from veje.weeks import week_of_column

REGISTERS = ("dream", "grants", "bef", "amfo", "udda", "lmdb", "parents")


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read every register of the config, keep broken rows aside, number the persons, write the tables.

    Notes a DREAM delivery whose weeks end long before its version.
    """
    reads: dict[str, Read] = {}
    record: list[dict[str, object]] = []
    dream = settings.registers.dream
    version = dream_version(dream.files, dream.version)
    check_version(version, io.read_list("dream_versions", "codes"))
    weeks = {path.stem: path for path in inputs.many("dream_weeks")}
    for name, delivered in settings.registers:
        if delivered is not None:
            reads[name] = read_one(name, delivered, inputs, weeks, settings, record)
            files = [Path(file).name for file in delivered.files]
            check_rows(name, reads[name].rows, delivered.rows, files)
    write_faults(reads, outputs.one("quarantine"), settings.quarantine.limit)
    with io.all_or_none():
        outputs.write(pl.concat(_count(read.faults, read.rows) for read in reads.values()), "reading")
        write_tables({name: read.frame for name, read in reads.items()}, settings.seed, outputs)
        io.write_json(record, outputs.one("deliveries"))
    return note_last_week(inputs, version)


def write_tables(frames: dict[str, pl.DataFrame], seed: int, outputs: Files) -> None:
    """Number the persons of all registers, and write the typed tables and the key file."""
    identifiers = [f.get_column(c) for name, f in frames.items() for c in identifier_columns(register(name))]
    keys = number_persons(identifiers, seed)
    outputs.write(keys, "keys")
    for name in REGISTERS:
        table = register(name).table
        given = name in frames
        typed = replace_identifiers(frames[name], register(name), keys) if given else contract(table).empty()
        outputs.write(typed, table)


def note_last_week(inputs: Files, version: str | None) -> list[str]:
    """Say when DREAM's weeks end long before its version, in the words of `veje check`."""
    weeks = [week_of_column(name) for path in inputs.many("dream_weeks") for name in weeks_of(path)]
    warning = check_last_week(max(weeks), version)
    return [warning] if warning else []


def read_one(
    name: str,
    delivered: Register,
    inputs: Files,
    weeks: dict[str, Path],
    settings: Settings,
    record: list[dict[str, object]],
) -> Read:
    """Read one register's converted files, and note each delivered file in the record."""
    if not inputs.many(name):
        raise BadInput(f"no file was given for register {name}, which the config names")
    deliveries = []
    for path in inputs.many(name):
        done = read_imported(path)
        if done is None:
            raise BadInput(f"{path.name}: not a converted delivery, or damaged; delete it and run again")
        names = tuple(weeks_of(weeks[path.stem])) if path.stem in weeks else ()
        refused = tuple((problem.rule, problem.row) for problem in done.problems)
        deliveries.append(Delivery(done.file, io.read_text_table(path), refused, names, path.stem))
        record.append({"register": name, "file": done.file, "sha256": done.sha256, "rows": done.rows})
    read = read_dream if name == "dream" else read_register
    return read(deliveries, register(name), delivered, settings.quarantine.personal_numbers == "cpr")


def write_faults(reads: dict[str, Read], folder: Path, limit: float) -> None:
    """Write the broken rows, a table a register; then check the limit.

    Written first and under no name that the workflow takes away, so that they can be looked at
    after a stop.
    """
    io.clear_folder(folder)
    for name, read in reads.items():
        io.write_table(read.faults.table(), folder / f"{name}.parquet", "quarantine")
    for read in reads.values():
        check_limit(read.faults, read.rows, limit)


def _count(faults: Faults, rows: int) -> pl.DataFrame:
    """Count a register's rows and the broken ones by rule: table `reading`."""
    table = faults.table()
    broken = (
        table.select("file", "row", "rule")
        .unique()
        .group_by("rule")
        .agg(pl.len().cast(pl.Int64).alias("rows"))
    )
    whole = pl.DataFrame({"rule": [""], "rows": [rows]}, schema=broken.schema)
    counted = pl.concat([whole, broken]).sort("rule")
    return counted.select(pl.lit(faults.register).alias("register"), "rule", "rows")
