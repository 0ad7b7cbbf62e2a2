"""Paths of a config stay inside declared folders, wherever links in between lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from veje.cli.workflow import named_lists
from veje.errors import BadInput, some
from veje.settings import Settings


def check_roots(settings: Settings, folders: Sequence[Path]) -> None:
    """Raise `BadInput` for every path that lies outside all of the declared folders.

    folders: those that need no declaration: where veje is started, and the config's own.
    """
    declared = [Path(root).resolve() for root in settings.roots]
    if any(_whole_system(root) for root in declared):
        raise BadInput("config: roots: the whole system is no root; name a folder")
    roots = [
        *declared,
        *(root for root in (folder.resolve() for folder in folders) if not _whole_system(root)),
    ]
    outside = [f"{key}: {path}" for key, path in _paths(settings) if not _inside(Path(path).resolve(), roots)]
    if outside:
        raise BadInput(
            f"config: {some(outside)}: outside the project's and the config's folders; if that is"
            " meant, name the folder under 'roots'"
        )


def with_root(settings: Settings, folder: Path) -> Settings:
    """Give settings that declare one more folder, such as that of their config file."""
    root = folder.resolve()
    known = [*settings.roots] if _whole_system(root) else [*settings.roots, str(root)]
    return settings.model_copy(update={"roots": known})


def _whole_system(folder: Path) -> bool:
    return folder == Path(folder.anchor)


def _inside(path: Path, roots: Sequence[Path]) -> bool:
    return any(path.is_relative_to(root) for root in roots)


def _paths(settings: Settings) -> Iterator[tuple[str, str]]:
    """Give every path that a config names, with its key."""
    yield "results", settings.results
    for name, register in settings.registers:
        for file in register.files if register else []:
            yield f"registers.{name}.files", file
    for file in named_lists(settings):
        yield "a list", file
