"""Rim of `publish`: the candidate becomes the release, whole or not at all."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from veje import config, io
from veje.cli.files import Files
from veje.cli.persons import hold_against, remember
from veje.cli.record import read_record
from veje.contracts import contract
from veje.disclosure import round_to
from veje.errors import Unsafe, some
from veje.known import know
from veje.provenance import commit, lock_digest, version_of_veje, versions, without_folders
from veje.rerelease import prints_of
from veje.scan import scan_files
from veje.settings import Settings

PERSONS = frozenset(contract("keys").types)
"""Columns that name single persons."""
HOW_MADE = frozenset({"provenance.json", "manifest.json"})


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Put the candidate's files together, scan them, and swap them in for the former release.

    Raises `BadInput` when the folder holds anything that veje did not publish: it would be lost.
    """
    release = outputs.one("release")
    io.make_folder(release.parent)
    recover(release)
    if release.exists() and any(release.glob("*")):
        read_record(release)
    # A folder of the same file system, so that the swap is a rename; closed to others until then.
    staged = Path(tempfile.mkdtemp(dir=release.parent, prefix=".release-new-"))
    try:
        collect(inputs, staged)
        io.write_json(provenance(settings, inputs, staged), staged / "provenance.json")
        scan(staged, inputs)
        compare(settings, inputs, outputs, same_figures(staged, release))
        staged.chmod(0o750)
        swap(staged, release)
        if outputs.many("kept"):
            io.copy_file(inputs.one("profiles"), outputs.one("kept"))
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
        "disclosure": io.read_json(inputs.one("summary")),
        "inputs_note": f"rows are rounded to a multiple of {settings.disclosure.rounding}",
        "outputs": {str(path.relative_to(staged)): io.digest(path) for path in _files(staged)},
    }


def scan(staged: Path, inputs: Files) -> None:
    """Raise `Unsafe` when the staged release or a log holds a delivered personal number, or persons' rows.

    Looked at are all bytes and all names of files, also those of the folders given as `logs`.
    """
    known = know(inputs.table("keys")["pnr"])
    folders = [("the candidate", staged, staged), *(("logs", one, one.parent) for one in inputs.many("logs"))]
    for where, folder, base in folders:
        hits = scan_files(_contents(folder, base), known)
        told = ", ".join(f"{path} ({count})" for path, count in sorted(hits.items()))
        if told:
            raise Unsafe(f"personal numbers in {where}: {told}; nothing was published")
    rows = [path.name for path in staged.rglob("*.csv") if not _columns(path).isdisjoint(PERSONS)]
    if rows:
        raise Unsafe(f"a column of single persons in {some(sorted(rows))}; nothing was published")


def compare(settings: Settings, inputs: Files, outputs: Files, same: bool) -> None:
    """Raise `Unsafe` when the release differs by few persons from the last one; else remember its persons.

    They are remembered before the swap: a run that is cut off in between publishes the same next time.
    same: whether the figures are those of the last one.
    """
    memory = outputs.one("memory")
    now = prints_of([inputs.table(name) for name in ("sequences", "timing", "background")])
    hold_against(memory, now, settings.disclosure.threshold, same=same)
    remember(now, memory)


def same_figures(staged: Path, release: Path) -> bool:
    """Tell whether two releases hold the same files, but for what says how they were made."""
    one, other = (
        {path.relative_to(folder): io.digest(path) for path in _files(folder) if path.name not in HOW_MADE}
        for folder in (staged, release)
    )
    return one == other


def _contents(folder: Path, base: Path) -> Iterator[tuple[str, bytes]]:
    """Read all files below a folder, one at a time; one that a running job took away holds nothing."""
    for path in sorted(folder.rglob("*")):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue
        yield path.relative_to(base).as_posix(), content


def _columns(path: Path) -> set[str]:
    """Read the names of a CSV file's columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return {name.strip().lower() for name in next(csv.reader(file), [])}


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
