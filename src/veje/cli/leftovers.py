"""What a killed run left behind, ended and cleared away while the lock is held."""

from __future__ import annotations

import shutil
from pathlib import Path

from veje import io
from veje.cli.processes import end_all, snakemakes, survivors
from veje.errors import Busy

LOCKS = Path(".snakemake/locks")


def end_former(results: Path, grace: float) -> list[str]:
    """End the jobs of a killed run, take its lock and its temporary files away; gives what was done.

    Only with the lock of the results held. Raises `Busy` when jobs do not end, or when a Snakemake
    that somebody else started is at work in this folder.
    """
    done = []
    left = survivors(results)
    if left:
        if not end_all(lambda: survivors(results), grace):
            raise Busy(f"jobs of a former run with {results} do not end; nothing was done")
        done.append(f"{len(left)} jobs of a former run ended")
    if snakemakes(Path.cwd()):
        raise Busy("a Snakemake that veje did not start is at work in this folder; nothing was done")
    if LOCKS.is_dir() and any(LOCKS.iterdir()):
        # What `snakemake --unlock` does, without building the whole plan for it.
        io.clear_folder(LOCKS)
        done.append("Snakemake's lock taken away")
    parts = _unfinished(results)
    for path in parts:
        path.unlink(missing_ok=True)
    if parts:
        done.append(f"{len(parts)} unfinished files taken away")
    io.clear_folder(results / "private/tmp")
    for staged in results.glob(".release-new-*"):
        shutil.rmtree(staged)
        done.append(f"{staged.name} taken away")
    return done


def _unfinished(results: Path) -> list[Path]:
    """List the temporary files of `writing`, which a kill left without their final names."""
    # Of the results' folder itself and of veje's own below it: what else a user keeps there is not ours.
    below = [path for name in ("private", "runs") for path in (results / name).rglob(".*.part")]
    return [*results.glob(".*.part"), *below]
