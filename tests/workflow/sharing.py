"""What all processes of a test session share: whoever comes first makes it, behind a lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def common(factory: pytest.TempPathFactory) -> Path:
    """Give the session's folder: pytest-xdist gives each of its processes one below it."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def once(folder: Path, make: Callable[[Path], str]) -> str:
    """Make a folder unless a process of the session did; gives what making it said.

    Nobody writes to it afterwards, as others may read it. One that could not be made is not tried
    again.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    said = folder.with_name(f"{folder.name}.said")
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.is_file():
            assert not folder.exists(), f"{folder.name} could not be made: the first test with it says why"
            folder.mkdir()
            said.write_text(make(folder), encoding="utf-8")
    return said.read_text(encoding="utf-8")
