"""Rim of stage `ingest`: converted deliveries in, typed tables, broken rows and the key file out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.contracts import contract, register
from veje.errors import BadInput
from veje.importing import Imported, read_imported
from veje.ingest import (
    Delivery,
    Everyone,
    Faults,
    Read,
    check_limit,
    check_rows,
    number_persons,
    read_dream,
    read_register,
    replace_identifiers,
)
from veje.settings import Registers, Settings
from veje.versions import check_last_week, check_version, dream_version
from veje.weekfile import weeks_of
from veje.weeks import week_of_column

REGISTERS = tuple(Registers.model_fields)
COMPARED = frozenset({"bef", "udda", "lmdb", "parents", "ind", "idap"})
"""Registers that tell of the persons without a decision too, where the config compares with them."""
AT_RISK = frozenset({"bef", "dream", "deaths"})
"""Registers that tell who could have been granted a pension, where the config asks for them."""


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read every register of the config, keep broken rows aside, number the persons, write the tables.

    Notes a DREAM delivery whose weeks end long before its version.
    """
    dream = settings.registers.dream
    version = dream_version(dream.files, dream.version)
    check_version(version, io.read_list("dream_versions", "codes"))
    record = {name: open_files(name, inputs) for name, given in settings.registers if given is not None}
    reads, everyone = read_all(record, settings)
    write_faults(reads, outputs.one("quarantine"), settings.quarantine.limit)
    with io.all_or_none():
        outputs.write(count_rows(reads), "reading")
        write_tables(reads, everyone, settings.seed, outputs)
        io.write_json(told_of(record), outputs.one("deliveries"))
    return note_last_week(inputs, version)


def told_of(record: Mapping[str, Sequence[tuple[Imported, Delivery]]]) -> list[dict[str, object]]:
    """Tell of every delivered file what it is known by."""
    return [
        {"register": name, "file": done.file, "sha256": done.sha256, "rows": done.rows}
        for name, files in record.items()
        for done, _ in files
    ]


def write_tables(reads: Mapping[str, Read], everyone: Everyone, seed: int, outputs: Files) -> None:
    """Number the persons of all registers, and write the typed tables and the key file."""
    keys = number_persons(everyone, seed)
    outputs.write_parts(keys, "keys")
    for name in REGISTERS:
        table = register(name).table
        given = name in reads
        typed = (
            replace_identifiers(reads[name].frame, register(name), keys) if given else contract(table).empty()
        )
        outputs.write(typed, table)


def note_last_week(inputs: Files, version: str | None) -> list[str]:
    """Say when DREAM's weeks end long before its version, in the words of `veje check`."""
    weeks = [week_of_column(name) for path in inputs.many("dream_weeks") for name in weeks_of(path)]
    warning = check_last_week(max(weeks), version)
    return [warning] if warning else []


def open_files(name: str, inputs: Files) -> list[tuple[Imported, Delivery]]:
    """Open one register's converted files; their rows are read later, part by part."""
    weeks = {path.stem: path for path in inputs.many("dream_weeks")}
    if not inputs.many(name):
        raise BadInput(f"no file was given for register {name}, which the config names")
    opened = []
    for path in inputs.many(name):
        done = read_imported(path)
        if done is None:
            raise BadInput(f"{path.name}: not a converted delivery, or damaged; delete it and run again")
        names = tuple(weeks_of(weeks[path.stem])) if path.stem in weeks else ()
        refused = tuple((problem.rule, problem.row) for problem in done.problems)
        opened.append((done, Delivery(done.file, io.TextTable(path), refused, names, path.stem)))
    return opened


def read_all(
    files: Mapping[str, Sequence[tuple[Imported, Delivery]]], settings: Settings
) -> tuple[dict[str, Read], Everyone]:
    """Read all registers: those first of whose persons alone others keep rows; gives them in config order."""
    everyone = Everyone()
    reads: dict[str, Read] = {}
    for name in sorted(files, key=lambda one: register(one).of is not None):
        promise, delivered = register(name), getattr(settings.registers, name)
        asked = settings.comparison
        all_persons = (
            promise.of is None
            or (name in COMPARED and asked.others == "everyone")
            or (name in AT_RISK and asked.at_risk)
        )
        wanted = None if all_persons else reads[promise.of or name].frame.get_column("person").unique()
        reader = read_dream if name == "dream" else read_register
        reads[name] = reader(
            [delivery for _, delivery in files[name]],
            promise,
            delivered,
            settings.quarantine.personal_numbers == "cpr",
            wanted=wanted,
            everyone=everyone,
        )
        check_rows(name, reads[name].rows, delivered.rows, [Path(file).name for file in delivered.files])
    return {name: reads[name] for name in files}, everyone


def write_faults(reads: dict[str, Read], folder: Path, limit: float) -> None:
    """Write the broken rows, a table a register, and how many there are; then check the limit.

    Written first and under no name that the workflow takes away, so that they can be looked at
    after a stop. The count lies beside them once more, because `reading` stays that of the last
    good run.
    """
    io.clear_folder(folder)
    for name, read in reads.items():
        io.write_table(read.faults.table(), folder / f"{name}.parquet", "quarantine")
    io.write_table(count_rows(reads), folder / "summary.parquet", "reading")
    for read in reads.values():
        check_limit(read.faults, read.rows, limit)


def count_rows(reads: Mapping[str, Read]) -> pl.DataFrame:
    """Count every register's rows and the broken ones by rule: table `reading`."""
    return pl.concat(_count(read.faults, read.rows) for read in reads.values())


def _count(faults: Faults, rows: int) -> pl.DataFrame:
    rules = ["", *faults.rules()]
    counts = [rows, *(faults.rows(rule) for rule in rules[1:])]
    schema = {"register": pl.String, "rule": pl.String, "rows": pl.Int64}
    return pl.DataFrame({"register": [faults.register] * len(rules), "rule": rules, "rows": counts}, schema)
