"""Ends a process at one moment of one write, or moves its clock; no code of veje's knows of it.

Python loads this file by itself where the harness put its folder on the path. A moment is a step of a
program: before a temporary file is made, when half of it is written, before and after it gets its name.
"""

from __future__ import annotations

import datetime
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECORD, KILL, CLOCK, STOP = "FAULT_RECORD", "FAULT_KILL", "FAULT_CLOCK", "FAULT_STOP"
_steps = 0


def program() -> str:
    """Name this process: a job as its log is named, else the command."""
    words = sys.argv
    if "--log" in words:
        return Path(words[words.index("--log") + 1]).stem
    return "snakemake" if "snakemake" in words[0] else words[1] if len(words) > 1 else ""


def step(kind: str, name: str, before: Callable[[], object] = lambda: None) -> None:
    """Count a step; note it, or end here when it is the one."""
    global _steps
    own = program()
    # Compiled code is written by whoever comes first: no step of a program's own.
    if not own or name.endswith((".nbi", ".nbc")):
        return
    _steps += 1
    if RECORD in os.environ:
        with Path(os.environ[RECORD]).open("a", encoding="utf-8") as file:
            file.write(f"{own} {_steps} {kind} {name}\n")
    wanted = os.environ.get(KILL, "").split()
    if wanted and wanted[:2] == [own, str(_steps)]:
        if wanted[2] != "controller":
            # A job that goes on has all of what it wrote.
            before()
        for pid in {"job": [os.getpid()], "controller": above(), "all": [*above(), os.getpid()]}[wanted[2]]:
            os.kill(pid, signal.SIGKILL)


def above() -> list[int]:
    """List the processes that started this one, up to the harness."""
    found, pid = [], os.getpid()
    while True:
        stat = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        pid = int(stat[1])
        if pid in (0, 1, int(os.environ[STOP])):
            return found or [os.getpid()]
        found.append(pid)


def half(file: int) -> None:
    """Leave half of what was written."""
    os.ftruncate(file, os.fstat(file).st_size // 2)


def naming(call: Callable[..., None]) -> Callable[..., None]:
    """Put a step before and after a call that gives a file its name."""

    def named(source: Any, target: Any, *more: Any, **words: Any) -> None:
        step("named", str(target))
        call(source, target, *more, **words)
        step("done", str(target))

    return named


def watch() -> None:
    """Put a step before and after what gives files their names, and into what fills them."""
    make, sync, dump = tempfile.mkstemp, os.fsync, json.dump

    def mkstemp(*args: Any, **words: Any) -> tuple[int, str]:
        step("before", str(words.get("dir", "")))
        return make(*args, **words)

    def fsync(file: int) -> None:
        step("during", "", lambda: half(file))
        sync(file)

    def recorded(value: Any, file: Any, *more: Any, **words: Any) -> None:
        # Snakemake writes its records under their names: one cut off is found as a half.
        if program() != "snakemake":
            return dump(value, file, *more, **words)
        step("before", file.name)
        dump(value, file, *more, **words)
        file.flush()
        step("during", file.name, lambda: half(file.fileno()))
        return step("done", file.name)

    tempfile.mkstemp, os.fsync, json.dump = mkstemp, fsync, recorded
    os.replace, os.rename, os.symlink = naming(os.replace), naming(os.rename), naming(os.symlink)


def move_clock(seconds: float) -> None:
    """Let this process believe in another time."""
    now = time.time
    time.time = lambda: now() + seconds

    class Moved(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Moved:
            return cls.fromtimestamp(time.time(), tz)

    datetime.datetime = Moved


if RECORD in os.environ or KILL in os.environ:
    watch()
if CLOCK in os.environ:
    move_clock(float(os.environ[CLOCK]))
