"""The workflow of an unattended run: in a process group of its own, followed line by line."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from veje import io
from veje.cli.launch import command_for, status_of, surroundings
from veje.cli.processes import end_group
from veje.cli.status import Status
from veje.errors import BadInput, Busy, NoRoom, OverLimit, Unsafe, VejeError
from veje.settings import Settings

KINDS = {kind.exit_code: kind for kind in (VejeError, BadInput, OverLimit, Busy, NoRoom, Unsafe)}
KILLED = {137, -9}
"""How a shell and Python tell of a job that was killed outright, as the system does out of memory."""

_STARTED = re.compile(r"^Shell command: (?:\w+=\w+ )*veje ([\w-]+) ")
_FINISHED = re.compile(r"^veje ([\w-]+): .*?done in [0-9.]+ s$")
_READ = re.compile(r"\S+ ([\d,]+) rows(?= |,|:)")
_STAGE = re.compile(r"^veje [\w-]+: (?!note: )(?!.*done in [0-9.]+ s$)")


def run_workflow(settings: Settings, cores: int, status: Status) -> None:
    """Run the workflow and tell its stages; all of its processes are gone when this ends.

    Raises the error of the stage that failed, with its line and exit code.
    """
    # Commands are shown, so that the stage at work is known: of a rule with a message no name is.
    command = [*command_for(settings, cores), "--quiet", "host", "reason", "progress", "--printshellcmds"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=surroundings(settings),
        start_new_session=True,
    ) as job:
        status.tell(group=job.pid)
        try:
            lines = _follow(map(_text, job.stdout or []), status)
        finally:
            # At a normal end too: nothing that Snakemake left may write on while the gates look.
            ended = end_group(job.pid, settings.nightly.grace)
    io.write_text("".join(lines), Path(settings.results) / "private" / "logs" / "nightly.log")
    if not ended:
        raise Busy("jobs of the workflow do not end; nothing was published")
    _raise_failure(status_of(job.returncode, lines), lines)


def _text(line: bytes) -> str:
    """Read a line; one that is not UTF-8, as a library may print, is shown as Python writes bytes."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return f"{line!r}\n"


def _follow(lines: Iterable[str], status: Status) -> list[str]:
    """Tell each stage as it begins and ends, and show the stages' own lines; gives all lines."""
    seen = []
    for line in lines:
        seen.append(line)
        if line.startswith("veje "):
            print(line, file=sys.stderr, end="", flush=True)
        if started := _STARTED.match(line):
            status.tell(stage=started[1])
        elif finished := _FINISHED.match(line.rstrip()):
            status.finished(finished[1])
            if finished[1] == "import":
                status.add_rows(sum(int(rows.replace(",", "")) for rows in _READ.findall(line)))
    return seen


def _raise_failure(code: int, lines: list[str]) -> None:
    if not code:
        return
    if code in KILLED:
        raise NoRoom("a job was killed by the system, as it does when memory runs out")
    said = [line.strip() for line in lines if _STAGE.match(line)]
    told = said[-1].removeprefix("veje ") if said else "the workflow failed; see private/logs/nightly.log"
    raise KINDS.get(code, VejeError)(told)
