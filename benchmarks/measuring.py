"""What the benchmarks measure with."""

from __future__ import annotations

from pathlib import Path


def peak_mb() -> float:
    """Give this process's peak memory in MB.

    Not ru_maxrss: a process that another started has that one's peak until its own is higher.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
