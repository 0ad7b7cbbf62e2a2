"""What a night may find: a full disk, no leave to write, little memory, another time, a second start."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from nights import Nights, start

DAY = 86_400


def limit(what: int, size: int) -> None:
    """Limit a resource of the process that is about to start, and of all that it starts."""
    resource.setrlimit(what, (size, size))


def limited(folder: Path, what: int, size: int) -> int:
    """Start a night within a limit."""
    return start(folder, preexec_fn=partial(limit, what, size))


@contextmanager
def small_disk(folder: Path, free: int) -> Iterator[Path]:
    """Let the results lie on a disk of their own with so many bytes free. Only for root."""
    results = folder / "results"
    aside = results.with_name("aside")
    results.rename(aside)
    results.mkdir(mode=0o750)
    size = sum(path.stat().st_blocks * 512 + 4_096 for path in aside.rglob("*")) + free
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0750", "none", results], check=True)
    try:
        shutil.copytree(aside, results, symlinks=True, dirs_exist_ok=True)
        yield results
    finally:
        subprocess.run(["umount", "--lazy", results], check=True)
        shutil.rmtree(aside)


def on_a_disk(nights: Nights, free: int, read_only: bool) -> list[str]:
    """Let a night find a full disk or one that is read only, and the next one room."""
    with small_disk(nights.restore(), free) as results:
        if read_only:
            subprocess.run(["mount", "-o", "remount,ro", results], check=True)
        code = start(nights.work)
        told = [] if code == 30 else [f"exit code {code} in place of 30"]
        told += ["the published run is torn"] if nights.torn() else []
        subprocess.run(["mount", "-o", "remount,rw,size=4g", results], check=True)
        return told + nights.wrong()


def without_rights(nights: Nights, place: str) -> list[str]:
    """Take the right to write in a folder away for one night."""
    folder = nights.restore() / "results" / place
    mode = folder.stat().st_mode
    folder.chmod(0o500)
    code = start(nights.work)
    folder.chmod(mode)
    return ([] if code == 30 else [f"exit code {code} in place of 30"]) + after(nights)


def within(nights: Nights, what: int, size: int) -> list[str]:
    """Limit a resource for one night, which must not end well."""
    code = limited(nights.restore(), what, size)
    return ([] if code else ["the night ended well in spite of the limit"]) + after(nights)


def at_another_time(nights: Nights, seconds: int) -> list[str]:
    """Let one night believe in another time, killed at its report, and the next one in the right one."""
    folder = nights.restore()
    code = start(folder, {"FAULT_CLOCK": str(seconds), "FAULT_KILL": "report 5 all"})
    return ([] if code else ["the night was not killed"]) + after(nights)


def two_at_once(nights: Nights) -> list[str]:
    """Start two nights at once: one does the work, the other ends with 20."""
    folder = nights.restore()
    command = [sys.executable, "-m", "veje", "nightly", "--config", "config.yaml"]
    both = [subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) for _ in range(2)]
    codes = sorted(one.wait() for one in both)
    return ([] if codes == [0, 20] else [f"exit codes {codes}"]) + after(nights)


def after(nights: Nights) -> list[str]:
    """List what is wrong after a fault, before and after the next night."""
    return [*(["the published run is torn"] if nights.torn() else []), *nights.wrong()]


def disturb(nights: Nights, most: int) -> Iterator[tuple[str, list[str]]]:
    """Do so many disturbances at most, and let a night follow; gives each with what was wrong after it."""
    cases: dict[str, Callable[[], list[str]]] = {"two starts at once": lambda: two_at_once(nights)}
    for size in (2_000, 60_000, 200_000):
        cases[f"files of {size:,} bytes at most"] = partial(within, nights, resource.RLIMIT_FSIZE, size)
    for megabytes in (200, 500, 900):
        cases[f"{megabytes:,} MB of memory at most"] = partial(
            within, nights, resource.RLIMIT_AS, megabytes << 20
        )
    for days in (-4_000, -1, 1, 4_000):
        cases[f"the clock moved by {days:,} days"] = partial(at_another_time, nights, days * DAY)
    if os.geteuid() == 0:
        for free in (0, 100_000, 1_000_000):
            cases[f"a disk with {free:,} bytes free"] = partial(on_a_disk, nights, free, False)
        cases["a disk that is read only"] = partial(on_a_disk, nights, 1_000_000, True)
    else:
        for place in ("private/study/candidate", "release", "runs"):
            cases[f"no right to write in {place}"] = partial(without_rights, nights, place)
    for name, case in list(cases.items())[:: -(-len(cases) // most)] if most else []:
        yield name, case()
