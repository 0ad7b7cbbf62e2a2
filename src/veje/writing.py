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
KEYS, KEYS_MODE = "keys", 0o600
"""What lies in a folder of this name holds personal numbers, and is for its owner alone."""
OWN, OWN_MODE = frozenset({KEYS, "tmp"}), 0o700
"""Folders of veje's that nobody but their owner may look into."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
_HELD: ContextVar[list[tuple[Path, Path]] | None] = ContextVar("_HELD", default=None)
"""Finished files and the names they will have, where `all_or_none` holds them back."""


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file so that it appears under its name finished or not at all.

    Raises `NoRoom` when the disk is full or cannot be written to.
    """
    with room_for(path):
        make_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.chmod(mode_of(path))
            held = _HELD.get()
            if held is None:
                temporary.replace(path)
            else:
                held.append((temporary, path))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def mode_of(path: Path) -> int:
    """Give the rights of a file in its place."""
    return KEYS_MODE if KEYS in path.parent.parts else FILE_MODE


def rename(source: Path, target: Path) -> None:
    """Give a finished file, folder or link its name, and see to it that the name is on the disk."""
    with room_for(target):
        source.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def all_or_none() -> Iterator[None]:
    """Give the files written inside their names at the end: all of them, or none when anything fails."""
    held: list[tuple[Path, Path]] = []
    before = _HELD.set(held)
    try:
        yield
        for temporary, path in held:
            with room_for(path):
                temporary.replace(path)
    finally:
        _HELD.reset(before)
        for temporary, _ in held:
            temporary.unlink(missing_ok=True)


@contextmanager
def room_for(path: Path) -> Iterator[None]:
    """Raise `NoRoom` that names the path when the disk is full or may not be written to."""
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
        # A folder for the owner alone, where personal numbers lie or temporary files do.
        folder.mkdir(mode=OWN_MODE if folder.name in OWN else FOLDER_MODE, exist_ok=True)


def clear_folder(folder: Path) -> None:
    """Empty a folder, so that it holds no file that is no longer written; a link in its place goes."""
    with room_for(folder):
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
    with room_for(root):
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
        allowed = mode_of(path)
        if path.is_dir():
            allowed = OWN_MODE if path.name in OWN else FOLDER_MODE
        if mode & ~allowed:
            path.chmod(mode & allowed)
