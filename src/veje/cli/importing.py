"""Rim of `veje import`: a delivered file in, one Parquet file out (two for DREAM)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from veje import importing
from veje.cli.ledger import entry_of, note
from veje.errors import BadInput
from veje.formats import Encoding

SECONDS_BETWEEN_LINES = 5.0


def convert(
    files: Sequence[Path],
    weeks: Sequence[Path],
    encoding: Encoding,
    separator: str,
    ledger: Path | None = None,
) -> list[str]:
    """Convert delivered files and show how far each is; gives a clause on what was read of each.

    files: source and target in turn. weeks: of DREAM sources, the second target of each. ledger:
    where the digests of what was written are noted, an entry a target.
    """
    sources, targets = files[::2], files[1::2]
    if len(sources) != len(targets) or (weeks and len(weeks) != len(sources)):
        raise BadInput(f"{len(sources)} sources, {len(targets)} targets and {len(weeks)} files for weeks")
    lines = []
    for source, target, second in zip(sources, targets, weeks or repeat(None, len(sources)), strict=True):
        lines.append(_one(source, target, second, encoding, separator))
        if ledger:
            note(ledger, entry_of(target), {}, [target, second] if second else [target])
    return lines


def _one(source: Path, target: Path, weeks: Path | None, encoding: Encoding, separator: str) -> str:
    with told(source.name) as progress:
        done = importing.import_file(
            source, target, weeks=weeks, encoding=encoding, separator=separator, progress=progress
        )
    refused = f" ({len(done.problems):,} with more or fewer cells than the header)" if done.problems else ""
    return f"{source.name} {done.rows:,} rows{refused}" + (" as before" if done.reused else "")


@contextmanager
def told(file: str) -> Iterator[importing.Progress]:
    """Show how far a file is read: a bar on a terminal, else a line every few seconds."""
    if not sys.stderr.isatty():
        yield _lines(file)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(file, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(file: str) -> importing.Progress:
    last = time.monotonic()

    def say(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            of = f" of {total:,}" if total else ""
            print(f"veje import: {file}: {done:,}{of} rows", file=sys.stderr, flush=True)

    return say
