"""How a stage runs as a job of the workflow: whole, or a part of it that other jobs gather."""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path

from veje import config
from veje.cli import ledger as ledgers
from veje.cli.files import Files
from veje.cli.nobody import write_nothing
from veje.cli.stages import STAGES
from veje.cli.telling import say, told
from veje.errors import BadInput

# Logs are written while the workflow runs, the last release and what it left changes with each publishing,
# what is kept for the next run is checked when it is read, and parts go once they are gathered. Rows kept
# aside and what the audit found are noted: after a stop they are not those of the last success any more.
NOT_NOTED = frozenset({"logs", "former", "kept", "part"})


def run_stage(
    stage: str, text: str, inputs: list[str], outputs: list[str], log: Path | None, ledger: Path | None
) -> None:
    """Run one stage and say how long it took; a failure is one line."""
    started = time.perf_counter()
    with told(stage, log):
        settings, read, written = config.part(text, STAGES[stage].settings), Files(inputs), Files(outputs)
        before = ledgers.digests(read.all(NOT_NOTED)) if ledger else {}
        if ledger:
            ledgers.refuse_damaged(ledger, stage, read.many("part"))
        notes = write_nothing(stage, read, written)
        if notes is None:
            notes = import_module(f"veje.cli.{stage}").run(settings, read, written)
        if ledger:
            ledgers.note(ledger, log.stem if log else stage, before, written.all(NOT_NOTED))
    _say_done(stage, notes, started, log)


def run_part(
    stage: str,
    part: str,
    text: str,
    inputs: list[str],
    outputs: list[str],
    log: Path | None,
    ledger: Path | None,
) -> None:
    """Run one part of a stage, as `run_stage` runs the whole.

    part: which of how many, as `2-of-8`.
    """
    started, command = time.perf_counter(), f"{stage}-part"
    with told(command, log):
        number, parts = numbers(part)
        settings, read, written = config.part(text, STAGES[stage].settings), Files(inputs), Files(outputs)
        before = ledgers.digests(read.all()) if ledger else {}
        notes = write_nothing(stage, read, written)
        if notes is None:
            rim = import_module(f"veje.cli.{stage}")
            notes = rim.run_part(settings, read, written, number, parts)
        if ledger:
            ledgers.note(ledger, f"{stage}_{part}", before, passing=written.all())
    _say_done(command, notes, started, log)


def numbers(part: str) -> tuple[int, int]:
    """Read `2-of-8` as the part's number from 0 and the number of parts."""
    number, of, parts = part.partition("-of-")
    if not (of and number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise BadInput(f"--part: '{part}' is not of the form 2-of-8")
    return int(number) - 1, int(parts)


def _say_done(command: str, notes: list[str] | None, started: float, log: Path | None) -> None:
    lines = [f"veje {command}: note: {note}" for note in notes or []]
    say("\n".join([*lines, f"veje {command}: done in {time.perf_counter() - started:.1f} s"]), log)
