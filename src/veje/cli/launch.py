"""Rim of `veje run`: the workflow started with its profile, from any folder, without Snakemake knowledge."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from veje import config, io
from veje.cli.law import check_law
from veje.cli.locking import held
from veje.cli.processes import MARK
from veje.cli.roots import check_roots, with_root
from veje.cli.workflow import check_files, close_results, report_names
from veje.errors import BadInput
from veje.settings import Settings

_DONE = re.compile(r": done in [0-9.]+ s$|^veje \w+: note: |: [\d,]+( of [\d,]+)? rows$")
_STATUS = re.compile(r"returned non-zero exit status (\d+)")
ROOT = Path(__file__).resolve().parents[3]


def checked(file: str) -> Settings:
    """Read a config and look at all that it names, so that a fault in it is one line before any work."""
    if not (ROOT / "Snakefile").is_file():
        raise BadInput("the Snakefile is not beside this package: run veje from its checkout")
    settings = with_root(config.load(file), Path(file).parent)
    check_roots(settings, [Path()])
    check_files(settings)
    check_law(settings)
    # Before anything is written: a link in a folder's place would lead it elsewhere.
    close_results(settings)
    return settings


def command_for(settings: Settings, cores: int) -> list[str]:
    """Give the command that runs the workflow with settings that were checked.

    Snakemake gets them as JSON that veje wrote: it would run code that stands in a YAML file.
    """
    told = Path(settings.results) / "private" / f"{settings.scenario}.config.json"
    io.write_json(config.dump(settings), told)
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--workflow-profile", str(ROOT / "workflow/profiles/default"), "--cores", str(cores)]
    return [*command, "--configfile", str(told)]


def surroundings(settings: Settings) -> dict[str, str]:
    """Give the environment that the workflow runs in, marked as one with these results."""
    return {**os.environ, MARK: str(Path(settings.results).resolve())}


def launch(file: str, cores: int, extra: list[str], verbose: bool) -> int:
    """Run the workflow on a config; gives the exit code of the stage that failed, or Snakemake's.

    Shows the stages' own lines as they come; Snakemake's only when it is asked for, or when it failed
    and no stage said why. Raises `Busy` when another run has these results in hand.
    """
    settings = checked(file)
    with held(Path(settings.results)):
        command, environment = [*command_for(settings, cores), *extra], surroundings(settings)
        if verbose or extra:
            return subprocess.run(command, check=False, env=environment).returncode
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=environment
        ) as job:
            said, other = _listen(job.stdout or [])
    if job.returncode and not any(not _DONE.search(line) for line in said):
        print("".join(other), file=sys.stderr, end="")
    return status_of(job.returncode, other)


def status_of(code: int, lines: list[str]) -> int:
    """Give the exit code of the stage that failed, which says what to do; else Snakemake's."""
    stages = [int(found[1]) for line in lines if (found := _STATUS.search(line))]
    return stages[-1] if code and stages else code


def _listen(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Print the stages' lines as they come; give them, and all others."""
    said: list[str] = []
    other: list[str] = []
    for line in lines:
        if line.startswith("veje "):
            print(line, file=sys.stderr, end="", flush=True)
            said.append(line)
        else:
            other.append(line)
    return said, other


def outcome(file: str, before: str) -> str:
    """Say where a config's reports are, and whether the run changed them.

    before: the state of the release (see `release_state`) before the run.
    """
    settings = config.load(file)
    release = Path(settings.results) / "release"
    now = release_state(file)
    if not now:
        return "nothing is published yet"
    names = " and ".join(str(release / name) for name in report_names(settings).values())
    return f"nothing to do, the report is still {names}" if now == before else f"the report is {names}"


def release_state(file: str) -> str:
    """Tell one published release from another: empty when there is none."""
    record = Path(config.load(file).results) / "release" / "provenance.json"
    return f"{record.stat().st_mtime_ns}" if record.is_file() else ""
