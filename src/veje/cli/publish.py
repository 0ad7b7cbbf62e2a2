"""Rim of `publish`: the candidate becomes the release, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from veje import config, io
from veje.cli.files import Files
from veje.disclosure import round_to
from veje.errors import Unsafe
from veje.provenance import commit, lock_digest, version_of_veje, versions, without_folders
from veje.scan import scan_files
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Put the candidate's files together, scan them, and swap them in for the former release."""
    release = outputs.one("release")
    io.make_folder(release.parent)
    recover(release)
    # A folder of the same file system, so that the swap is a rename; closed to others until then.
    staged = Path(tempfile.mkdtemp(dir=release.parent, prefix=".release-new-"))
    try:
        collect(inputs, staged)
        io.write_json(provenance(settings, inputs, staged), staged / "provenance.json")
        scan(staged, inputs)
        staged.chmod(0o750)
        swap(staged, release)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def collect(inputs: Files, staged: Path) -> None:
    """Copy tables, the workbook, pictures and reports to the staged release."""
    for name, target in (("tables", "tables"), ("replication", "tables"), ("figures", "figures")):
        for folder in inputs.many(name):
            for path in _files(folder):
                io.copy_file(path, staged / target / path.name)
    dictionary = inputs.one("dictionary")
    io.copy_file(dictionary, staged / "tables" / dictionary.name)
    for path in (inputs.one("workbook"), *inputs.many("report")):
        io.copy_file(path, staged / path.name)


def provenance(settings: Settings, inputs: Files, staged: Path) -> dict[str, Any]:
    """Tell what the release was made from: inputs, settings, code, libraries, and what came out.

    No date and no path: the same deliveries, settings and code give the same bytes. Rows of inputs
    are rounded as counts are; `deliveries.json`, which stays private, has them as they are.
    """
    inputs_told = [
        without_folders(one) | {"rows": round_to(int(one["rows"]), settings.disclosure)}
        for one in io.read_json(inputs.one("deliveries"))
    ]
    return {
        "veje": version_of_veje(),
        "commit": commit(),
        "lock_sha256": lock_digest(),
        "versions": versions(),
        "settings": without_folders(config.dump(settings)),
        "inputs": inputs_told,
        "inputs_note": f"rows are rounded to a multiple of {settings.disclosure.rounding}",
        "outputs": {str(path.relative_to(staged)): io.digest(path) for path in _files(staged)},
    }


def scan(staged: Path, inputs: Files) -> None:
    """Raise `Unsafe` when any byte or file name of the staged release holds a delivered personal number."""
    known = frozenset(pnr.encode() for pnr in inputs.table("keys")["pnr"])
    files = ((path.relative_to(staged).as_posix(), path.read_bytes()) for path in _files(staged))
    told = ", ".join(f"{path} ({count})" for path, count in sorted(scan_files(files, known).items()))
    if told:
        raise Unsafe(f"personal numbers in the candidate: {told}; nothing was published")


def swap(staged: Path, release: Path) -> None:
    """Put the staged folder in the release's place by renames; the former one goes last."""
    former = _former(release)
    if release.exists():
        release.rename(former)
    staged.rename(release)
    shutil.rmtree(former, ignore_errors=True)


def recover(release: Path) -> None:
    """Undo a swap that was cut off: bring the former release back, or clear it away."""
    former = _former(release)
    if former.exists() and not release.exists():
        former.rename(release)
    shutil.rmtree(former, ignore_errors=True)


def _former(release: Path) -> Path:
    return release.with_name(f".{release.name}-former")


def _files(folder: Path) -> Iterator[Path]:
    # Snakemake leaves a hidden time stamp in folders that a rule makes.
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
