"""Rim of stage `ingest`: delivered files in, typed tables and the key file out."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.contracts import contract, register
from veje.errors import BadInput
from veje.ingest import (
    Delivery,
    identifier_columns,
    number_persons,
    read_dream,
    read_register,
    replace_identifiers,
)
from veje.settings import Register, Settings

REGISTERS = ("dream", "grants", "bef", "amfo", "udda", "lmdb", "parents")


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read every register of the config, number the persons, and write one table a register."""
    frames: dict[str, pl.DataFrame] = {}
    record = []
    for name in REGISTERS:
        delivered: Register | None = getattr(settings.registers, name)
        if delivered is None:
            continue
        if not inputs.many(name):
            raise BadInput(f"no file was given for register {name}, which the config names")
        deliveries = [Delivery(str(path), io.read_delivery(path, delivered)) for path in inputs.many(name)]
        read = read_dream if name == "dream" else read_register
        frames[name] = read(deliveries, register(name), delivered)
        record += [
            {"register": name, "file": path.name, "sha256": io.digest(path), "rows": d.frame.height}
            for path, d in zip(inputs.many(name), deliveries, strict=True)
        ]
    identifiers = [f.get_column(c) for name, f in frames.items() for c in identifier_columns(register(name))]
    keys = number_persons(identifiers, settings.seed)
    outputs.write(keys, "keys")
    for name in REGISTERS:
        table = register(name).table
        typed = (
            replace_identifiers(frames[name], register(name), keys)
            if name in frames
            else contract(table).empty()
        )
        outputs.write(typed, table)
    io.write_json(record, outputs.one("deliveries"))
