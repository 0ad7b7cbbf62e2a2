"""The manifest of a published run: its files by SHA-256, and what they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from veje import config, io
from veje.cli.stages import EVERYTHING
from veje.cli.workflow import named_lists
from veje.errors import BadInput
from veje.provenance import lock_digest, package_digest, versions, without_folders
from veje.seals import digest_of, unsealed
from veje.settings import Settings

MANIFEST, PROVENANCE = "manifest.json", "provenance.json"


def fingerprint(settings: Settings, deliveries: Mapping[str, Mapping[str, str]]) -> str:
    """Give one digest of all that results follow from: deliveries' content, settings, lists and code.

    deliveries: the files of each register by their SHA-256. Names of folders do not count.
    """
    told = {
        "deliveries": {name: sorted(files) for name, files in deliveries.items()},
        "settings": without_folders({name: config.dump(settings)[name] for name in EVERYTHING}),
        "lists": {Path(file).name: io.digest(Path(file)) for file in named_lists(settings)},
        "code": package_digest(),
        "lock": lock_digest(),
        "versions": versions(),
    }
    return digest_of(told)


def digests_in(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file below a folder by its place; a link is told and not followed."""
    return {
        path.relative_to(folder).as_posix(): "a link" if path.is_symlink() else io.digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def read_manifest(run: Path) -> dict[str, Any]:
    """Read a published run's manifest. Raises `BadInput` when it is absent, damaged or changed."""
    told = unsealed(io.read_json_or(run / MANIFEST, None))
    if told is None:
        raise BadInput(f"{run / MANIFEST}: absent, or not as it was written")
    return told


def differences(run: Path) -> list[str]:
    """List what differs between a finished run and its manifest, one clause a file.

    run: a folder of `runs`, or a release, whose provenance is its manifest. Raises `BadInput` for
    a folder that has neither.
    """
    if (run / MANIFEST).is_file():
        itself, outputs = MANIFEST, read_manifest(run)["outputs"]
    elif (run / PROVENANCE).is_file():
        itself, outputs = PROVENANCE, io.read_json(run / PROVENANCE)["outputs"]
    else:
        raise BadInput(f"{run}: no finished run: neither {MANIFEST} nor {PROVENANCE} is there")
    found = digests_in(run)
    found = {name: one for name, one in found.items() if name != itself and not _hidden(name)}
    return [
        *(f"{name}: gone" for name in sorted(set(outputs) - set(found))),
        *(f"{name}: not of this run" for name in sorted(set(found) - set(outputs))),
        *(f"{name}: changed" for name in sorted(outputs) if name in found and outputs[name] != found[name]),
    ]


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))
