"""Rim of `veje run`: the workflow started with its profile, from any folder, without Snakemake knowledge."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from veje import config
from veje.cli.workflow import report_names
from veje.errors import BadInput

ROOT = Path(__file__).resolve().parents[3]


def launch(file: str, cores: int, extra: list[str]) -> int:
    """Run the workflow on a config; gives Snakemake's exit code.

    Checks the config first, so that a fault in it is one line and not a traceback.
    """
    if not (ROOT / "Snakefile").is_file():
        raise BadInput("the Snakefile is not beside this package: run veje from its checkout")
    config.load(file)
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--workflow-profile", str(ROOT / "workflow/profiles/default"), "--cores", str(cores)]
    return subprocess.run([*command, "--configfile", file, *extra], check=False).returncode


def reports(file: str) -> list[Path]:
    """Give the paths of the reports that a config's run publishes."""
    settings = config.load(file)
    return [Path(settings.results) / "release" / name for name in report_names(settings).values()]
