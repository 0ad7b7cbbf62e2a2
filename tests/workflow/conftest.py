"""One run of the shipped study on a small twin, under a path with spaces, shared by the workflow's tests."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from veje.twin import make_twin, write_twin

ROOT = Path(__file__).resolve().parents[2]
OTHERS = 2_000


@dataclass(frozen=True)
class Study:
    """A folder with registers, config and results, and the output of the run that made them."""

    folder: Path
    output: str

    @property
    def release(self) -> Path:
        return self.folder / "results/release"

    @property
    def private(self) -> Path:
        return self.folder / "results/private"

    def run(self, *more: str, config: str = "config.yaml") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "veje", "run", "--config", config, *more]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


def hashes(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file below a folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return finished_study(tmp_path_factory.getbasetemp())


@cache
def finished_study(base: Path) -> Study:
    """Run the study once a process, in a folder of the session; the browser's tests read it too."""
    folder = base / "work" / "a path with spaces"
    folder.mkdir(parents=True)
    write_twin(make_twin(seed=2012, others=OTHERS), folder / "twin")
    shutil.copy(ROOT / "config/config.yaml", folder / "config.yaml")
    done = Study(folder, "").run()
    assert done.returncode == 0, done.stderr
    return Study(folder, done.stdout + done.stderr)


@pytest.fixture
def broken(study: Study, tmp_path: Path) -> Study:
    """A copy of the finished study whose deliveries a test may break."""
    folder = tmp_path / "copy"
    shutil.copytree(study.folder, folder, symlinks=True)
    return Study(folder, "")
