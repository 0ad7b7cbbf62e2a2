"""What must be there before a run begins: room on the disk, leave to write, free memory."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from veje import io
from veje.cli.machine import memory_gb
from veje.errors import NoRoom
from veje.settings import Nightly

MEMORY = Path("/proc/meminfo")
_AVAILABLE = re.compile(r"^MemAvailable:\s+(\d+) kB$", re.MULTILINE)


def refuse_without_room(results: Path, rules: Nightly) -> None:
    """Raise `NoRoom` when the disk or the memory has less than the config asks for."""
    probe = results / "private" / ".probe"
    io.write_text("", probe)
    probe.unlink()
    free = shutil.disk_usage(results).free / 1e9
    if free < rules.free_gb:
        raise NoRoom(f"{results}: {free:.1f} GB of disk are free, nightly.free_gb asks for {rules.free_gb:g}")
    memory = free_memory_gb()
    if memory < rules.memory_gb:
        raise NoRoom(f"{memory:.1f} GB of memory are free, nightly.memory_gb asks for {rules.memory_gb:g}")


def free_memory_gb() -> float:
    """Return the memory that new programs may take, in GB (1e9); all that is granted where none is told."""
    found = _AVAILABLE.search(MEMORY.read_text()) if MEMORY.is_file() else None
    return min(int(found[1]) * 1024 / 1e9, memory_gb()) if found else memory_gb()
