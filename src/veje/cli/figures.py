"""Rim of stage `figures`: pictures of the release, and apart from them those of single persons."""

from __future__ import annotations

import hashlib
from pathlib import Path

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.figures import draw_private, draw_public
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read the release, write public pictures; with `private` also those of sequences and types.

    `list` names every file written with its SHA-256.
    """
    areas, alphabet = settings.cohort.areas, alphabet_of(settings.sequences)
    released = inputs.table("released")
    drawn = {"public": draw_public(released, areas, alphabet, settings.languages)}
    if outputs.many("private"):
        sequences, types = inputs.table("sequences"), inputs.table("types")
        drawn["private"] = draw_private(sequences, types, released, areas, alphabet, settings.languages)
    for kind, pictures in drawn.items():
        write_pictures(pictures, outputs.one(kind))
    if outputs.many("list"):
        digests = {
            kind: {name: hashlib.sha256(data).hexdigest() for name, data in pictures.items()}
            for kind, pictures in drawn.items()
        }
        io.write_json(digests, outputs.one("list"))


def write_pictures(pictures: dict[str, bytes], folder: Path) -> None:
    """Write pictures into a folder and take away those of an earlier run that are not drawn now."""
    for name, data in pictures.items():
        io.write_whole(folder / name, lambda file, data=data: file.write(data))  # type: ignore[misc]
    for old in folder.glob("*.png"):
        if old.name not in pictures:
            old.unlink()
