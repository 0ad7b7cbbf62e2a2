"""The shipped service, timer and crontab line call what exists, as systemd itself reads them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from veje.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
CALLS = re.compile(r"\.venv/bin/veje (\w+) ((?:--\w+ \S+ ?)*)")


@pytest.mark.parametrize("name", ["veje-nightly.service", "veje-nightly.timer", "veje-nightly.cron"])
def test_every_call_is_a_command_with_its_options(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    calls = CALLS.findall(text)
    assert calls or name.endswith("timer")
    for command, options in calls:
        shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
        for option in re.findall(r"--\w+", options):
            assert option in shown, f"{name}: veje {command} has no {option}"


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze here")
    veje = Path(sys.executable).parent / "veje"
    if not veje.is_file():
        pytest.skip("veje is not installed beside this Python, and systemd asks for the program")
    # By links: the folders' own paths may hold spaces, which a unit would have to quote.
    (tmp_path / "opt").symlink_to(ROOT)
    (tmp_path / "bin").symlink_to(veje.parent)
    for name in ("veje-nightly.service", "veje-nightly.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        text = text.replace("/opt/veje/.venv/bin", f"{tmp_path}/bin").replace("/opt/veje", f"{tmp_path}/opt")
        (tmp_path / name).write_text(re.sub(r"(User|Group)=veje", r"\1=root", text))
    units = [str(tmp_path / name) for name in ("veje-nightly.service", "veje-nightly.timer")]
    done = subprocess.run([program, "verify", *units], capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    assert [line for line in told.splitlines() if "veje-nightly" in line] == []
    assert done.returncode == 0, told


def test_systemd_refuses_a_broken_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze here")
    text = (DEPLOY / "veje-nightly.timer").read_text(encoding="utf-8").replace("03:15:00", "27:15:00")
    (tmp_path / "veje-nightly.timer").write_text(text)
    done = subprocess.run(
        [program, "verify", str(tmp_path / "veje-nightly.timer")], capture_output=True, text=True, check=False
    )
    assert "Failed to parse calendar" in done.stdout + done.stderr
