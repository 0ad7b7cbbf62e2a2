"""What this machine lets a run use."""

from __future__ import annotations

import os
from pathlib import Path

from veje.errors import BadInput

# Where Linux says what a container or a batch job may take; "max" is no limit.
GRANTED = Path("/sys/fs/cgroup/memory.max")


def memory_gb() -> float:
    """Return the memory this machine has, or grants this process where that is less, in GB (1e9)."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        raise BadInput("distances.memory_gb: this machine does not say how much memory it has; set it")
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    granted = GRANTED.read_text().strip() if GRANTED.is_file() else "max"
    return float(whole if granted == "max" else min(whole, int(granted))) / 1e9
