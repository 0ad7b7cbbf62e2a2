"""A sample of the harness of readers: what `latest` shows while runs are published is never of two runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_reader_sees_two_runs() -> None:
    command = [sys.executable, str(ROOT / "harness/readers.py"), "--reads", "150"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 mixed, 0 of a run that was taken away" in done.stdout
