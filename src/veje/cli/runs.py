"""The dated folders of published runs: made aside, given their name by one rename, and `latest`.

    results/runs/20260102T031500Z/     a whole run: release, pictures, tables, manifest.json
    results/latest -> runs/2026…       the last of them, swapped by one rename

Every step may be the last before a kill: what has its name is whole, and `recover` ends what was begun.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from veje import io
from veje.cli.manifest import MANIFEST, differences, digests_in, read_manifest
from veje.errors import BadInput, VejeError
from veje.seals import seal

LATEST, RUNS = "latest", "runs"
_NEW, _GONE, _STAMP = ".new-", ".gone-", "%Y%m%dT%H%M%SZ"


def stamp_for(results: Path) -> str:
    """Give the name of a new run: the time in UTC, with a number after it where that name is taken."""
    stamp = datetime.now(UTC).strftime(_STAMP)
    names = (stamp, *(f"{stamp}-{number}" for number in range(2, 1_000)))
    return next(name for name in names if not (results / RUNS / name).exists())


def name_of(staged: Path) -> str:
    """Give the name that a staged run will have."""
    return staged.name.removeprefix(_NEW)


def publish(
    results: Path, release: Path, told: dict[str, Any], gates: Iterable[Callable[[Path], None]]
) -> str:
    """Publish a copy of a release as a dated run; gives its name.

    told: what its manifest says beside the digests. gates: each raises when the staged folder may
    not be published. Nothing has its final name before all of them.
    """
    name = stamp_for(results)
    staged = results / RUNS / f"{_NEW}{name}"
    io.clear_folder(staged)
    for path in sorted(release.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            io.copy_file(path, staged / path.relative_to(release))
    outputs = digests_in(staged)
    io.write_json(seal({**told, "run": name, "outputs": outputs}), staged / MANIFEST)
    for gate in gates:
        gate(staged)
    io.rename(staged, results / RUNS / name)
    point_latest(results, name)
    return name


def whole(run: Path) -> None:
    """Raise `VejeError` unless a staged run is as its manifest says: the last gate."""
    wrong = differences(run)
    if wrong:
        raise VejeError(f"the staged run is not as it was written: {'; '.join(wrong)}; nothing was published")


def point_latest(results: Path, name: str) -> None:
    """Let `latest` name a run, by one rename: a reader has the former run or this one."""
    aside = results / f".{LATEST}-new"
    aside.unlink(missing_ok=True)
    aside.symlink_to(Path(RUNS) / name)
    io.rename(aside, results / LATEST)


def latest(results: Path) -> Path | None:
    """Give the run that `latest` names; None when there is none.

    Raises `BadInput` for a link that leads elsewhere than to a run, and for what is no link.
    """
    link = results / LATEST
    if not link.is_symlink():
        if link.exists():
            raise BadInput(f"{link}: not a link to a run; take it away and run again")
        return None
    to = link.readlink()
    if to.parent != Path(RUNS) or to.name.startswith("."):
        raise BadInput(f"{link}: leads elsewhere than to a run; take it away and run again")
    return results / to if (results / to).is_dir() else None


def in_order(results: Path) -> list[Path]:
    """List published runs, the first published first; those with a damaged manifest are left out."""
    found = []
    for run in sorted((results / RUNS).glob("[!.]*")):
        try:
            found.append((int(read_manifest(run)["number"]), run))
        except BadInput:
            continue
    return [run for _, run in sorted(found)]


def recover(results: Path) -> list[str]:
    """End what a killed run left undone; gives what was done.

    Staged folders go; a run that got its name but not `latest` gets it.
    """
    done = []
    for left in sorted((results / RUNS).glob(".*")):
        shutil.rmtree(left)
        done.append(f"{left.name} taken away")
    runs, named = in_order(results), latest(results)
    if runs and named != runs[-1] and not differences(runs[-1]):
        point_latest(results, runs[-1].name)
        done.append(f"{LATEST} now names {runs[-1].name}")
    return done


def drop_old(results: Path, keep: int, keep_months: int) -> list[str]:
    """Take old runs away; gives their names.

    keep: so many of the newest stay. keep_months: of so many of the newest months that have runs,
    the last one stays. What `latest` names stays. A folder goes under another name first, so that
    none is seen in part.
    """
    runs = in_order(results)
    months = {run.name[:6]: run for run in runs}
    kept = {*runs[-keep:], *[months[month] for month in sorted(months)[-keep_months:] if keep_months]}
    kept.add(latest(results) or runs[-1])
    gone = [run for run in runs if run not in kept]
    for run in gone:
        aside = run.with_name(f"{_GONE}{run.name}")
        io.rename(run, aside)
        shutil.rmtree(aside)
    return [run.name for run in gone]
