"""Processes of a run: what a killed one left behind, and how a whole group is ended.

Every job carries the name of its results in its environment, so that what belongs to a run is known
whoever started it, whatever became of its parents, and also when numbers of processes come again.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

MARK = "VEJE_RUN"
"""The variable of the environment that holds the results' folder."""

_PROC = Path("/proc")
_WAIT = 0.05


def survivors(results: Path) -> list[int]:
    """List the processes that a run with these results left, other than this one.

    Where the system shows no processes, none are found.
    """
    wanted = f"{MARK}={results.resolve()}".encode()
    return [pid for pid in _others() if wanted in _read(pid, "environ").split(b"\0")]


def snakemakes(folder: Path) -> list[int]:
    """List the Snakemakes that work in a folder, started by whatever hand."""
    found = []
    for pid in _others():
        words = _read(pid, "cmdline").split(b"\0")
        if any(Path(os.fsdecode(word)).name == "snakemake" for word in words[:4]):
            # Another user's, or gone meanwhile: not to be seen.
            with suppress(OSError):
                if (_PROC / str(pid) / "cwd").samefile(folder):
                    found.append(pid)
    return found


def end_all(find: Callable[[], list[int]], grace: float) -> bool:
    """End processes: ask, wait for `grace` seconds, then kill; gives whether none is left.

    find: lists those that are still there, so that children which come meanwhile are ended too.
    """
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, max(grace, 5.0))):
        until, told = time.monotonic() + seconds, set[int]()
        while found := find():
            for pid in set(found) - told:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            told.update(found)
            if time.monotonic() > until:
                break
            time.sleep(_WAIT)
        else:
            return True
    return False


def end_group(leader: int, grace: float) -> bool:
    """End the process group of a leader; gives whether none of it is left."""
    return end_all(lambda: [pid for pid in _others() if _group(pid) == leader], grace)


def _others() -> Iterator[int]:
    if _PROC.is_dir():
        own = os.getpid()
        names = (path.name for path in _PROC.iterdir())
        yield from (int(name) for name in names if name.isdigit() and int(name) != own)


def _read(pid: int, what: str) -> bytes:
    try:
        return (_PROC / str(pid) / what).read_bytes()
    except OSError:
        return b""


def _group(pid: int) -> int:
    """Give a process's group; 0 for one that is gone, or dead and only waited for."""
    # The name in parentheses may hold anything; state, parent and group come after it.
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[2]) if len(fields) > 2 and fields[0] not in (b"Z", b"X") else 0
