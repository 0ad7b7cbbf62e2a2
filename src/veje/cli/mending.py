"""A release that is not as veje published it, put aside so that a night needs no hand."""

from __future__ import annotations

from pathlib import Path

from veje import io
from veje.cli import runs
from veje.cli.manifest import MANIFEST, differences
from veje.cli.publish import recover
from veje.cli.record import read_record, visible_files
from veje.errors import BadInput

ASIDE = "release-aside-"


def mend_release(results: Path) -> list[str]:
    """Put aside a release that is not as recorded, and the latest run in its place; gives what was done.

    Nobody can tell damage from an edit: nothing is deleted. Where no whole run is published there is no
    release then, as before the first night. Killed at any step, the next night goes on.
    """
    release, done = results / "release", []
    recover(release)
    if release.is_dir() and any(release.iterdir()):
        try:
            read_record(release)
        except BadInput:
            aside = results / f"{ASIDE}{runs.stamp_for(results)}"
            io.rename(release, aside)
            done.append(f"the release was not as veje published it: it lies in {aside.name}")
        else:
            return []
    return [*done, *_put_back(results, release)]


def _put_back(results: Path, release: Path) -> list[str]:
    run = runs.latest(results)
    if run is None or differences(run):
        return []
    # Under a name that the next night clears away where this one is killed.
    staged = results / ".release-new-former"
    io.clear_folder(staged)
    for path in visible_files(run):
        if path.name != MANIFEST:
            io.copy_file(path, staged / path.relative_to(run))
    io.rename(staged, release)
    return [f"run {run.name} is the release again"]
