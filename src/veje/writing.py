"""Files that appear whole or not at all, and that are for their owner and group only.

A file is written under a temporary name in its own folder, flushed to disk and renamed, so that a
name either holds a finished file or what it held before.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO

from veje.errors import BadInput, NoRoom

FILE_MODE, FOLDER_MODE = 0o640, 0o750

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
_HELD: ContextVar[list[tuple[Path, Path]] | None] = ContextVar("_HELD", default=None)
"""Finished files and the names they will have, where `all_or_none` holds them back."""


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file so that it appears under its name finished or not at all.

    Raises `NoRoom` when the disk is full or cannot be written to.
    """
    with _told(path):
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(FILE_MODE)
            held = _HELD.get()
            if held is None:
                temporary.replace(path)
            else:
                held.append((temporary, path))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def all_or_none() -> Iterator[None]:
    """Give the files written inside their names at the end: all of them, or none when anything fails."""
    held: list[tuple[Path, Path]] = []
    before = _HELD.set(held)
    try:
        yield
        for temporary, path in held:
            with _told(path):
                temporary.replace(path)
    finally:
        _HELD.reset(before)
        for temporary, _ in held:
            temporary.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NoRoom(f"{path}: not written: {os.strerror(error.errno).lower()}") from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, closed to others whatever the umask."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def clear_folder(folder: Path) -> None:
    """Empty a folder, so that it holds no file that is no longer written; a link in its place goes."""
    with _told(folder):
        if folder.is_symlink():
            folder.unlink()
        elif folder.is_dir():
            shutil.rmtree(folder)
        make_folder(folder)


def close_to_others(root: Path, folders: Sequence[str]) -> None:
    """Take all rights of others from veje's folders in a root, as an older run may have left them.

    Raises `BadInput` for a link that leads out of the root: what is written through it would lie
    elsewhere.
    """
    with _told(root):
        for folder in map(root.joinpath, folders):
            for path in (folder, *folder.rglob("*")):
                _close(path, root)


def _close(path: Path, root: Path) -> None:
    if path.is_symlink():
        if not path.resolve().is_relative_to(root.resolve()):
            raise BadInput(f"{path}: a link that leads out of {root}; take it away and run again")
        return
    # What another job has just taken away needs no rights.
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(path.stat().st_mode)
        allowed = FOLDER_MODE if path.is_dir() else FILE_MODE
        if mode & ~allowed:
            path.chmod(mode & allowed)
