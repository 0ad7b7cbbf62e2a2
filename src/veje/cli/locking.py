"""The lock of a results folder: one run at a time, whatever becomes of it.

The system lets go of it when its holder ends, also by `kill -9`: a lock never has to be taken away.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from veje import io
from veje.errors import BadInput, Busy

NAME = "private/run.lock"


@contextmanager
def held(results: Path) -> Iterator[None]:
    """Hold the lock of a results folder. Raises `Busy` when another run holds it."""
    file = _open(results)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"another run has {results} in hand; nothing was done") from None
        yield
    finally:
        os.close(file)


def is_held(results: Path) -> bool:
    """Tell whether a run holds the lock of a results folder."""
    if not (results / NAME).is_file():
        return False
    file = _open(results)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _open(results: Path) -> int:
    path = results / NAME
    with io.room_for(path):
        io.make_folder(path.parent)
        if path.is_symlink():
            raise BadInput(f"{path}: a link where the lock belongs; take it away and run again")
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, io.FILE_MODE)
