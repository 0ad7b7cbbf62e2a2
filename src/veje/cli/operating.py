"""The commands of an operator: a run that nobody watches, what it did, and whether a run is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from veje.cli.telling import say, told
from veje.errors import BadInput, some

Config = Annotated[str, typer.Option(help="The config file of the run.")]
SHIPPED = "config/config.yaml"


def nightly(config: Config = SHIPPED, cores: Annotated[int, typer.Option(help="Jobs at once.")] = 2) -> None:
    """Run unattended: one at a time, after any crash, published whole as a dated run or not at all.

    Exit codes: 0 done, 10 bad input, 11 too many faulty rows, 20 another run is at work, 30 no room,
    40 disclosure, 50 internal.
    """
    from veje.cli import nightly as rim

    with told("nightly"):
        line = rim.nightly(config, cores)
    say(f"veje nightly: {line}", None)


def status(
    config: Config = SHIPPED,
    as_json: Annotated[bool, typer.Option("--json", help="The whole status, for a program.")] = False,
) -> None:
    """Tell what the nightly run does or did; the exit code is 0 when nobody has to look."""
    from veje import config as configs
    from veje.cli.status import judge

    with told("status"):
        settings = configs.load(config)
        judged = judge(Path(settings.results), settings.nightly)
    if as_json:
        print(json.dumps({**judged.told, "verdict": judged.line, "attention": judged.exit_code}, indent=1))
    else:
        published, drift = judged.told.get("published") or "none", judged.told.get("drift") or {}
        moved = ", ".join(f"{figures:,} {what}" for what, figures in drift.items()) or "none"
        print(
            f"veje nightly: {judged.line}\npublished: {published}\nfigures not as in the run before: {moved}"
        )
    raise typer.Exit(judged.exit_code)


def verify(
    run: Annotated[Path, typer.Argument(help="A folder of results/runs, results/latest, or a release.")],
) -> None:
    """Check a finished run against its manifest; exit code 10, with what differs, when it does."""
    from veje.cli.manifest import differences

    with told("verify"):
        wrong = differences(run)
        if wrong:
            raise BadInput(f"{run}: {len(wrong)} files differ from the manifest: {some(wrong)}")
    say(f"veje verify: {run} is as it was made", None)


def add_to(app: typer.Typer) -> None:
    """Give the commands to the program."""
    for command in (nightly, status, verify):
        app.command()(command)
