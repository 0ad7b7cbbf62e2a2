"""One run of the shipped study on a small twin, under a path with spaces, shared by the workflow's tests.

The processes of pytest-xdist share it too. A test that runs or changes anything does so in a copy.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.workflow.sharing import common, once
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
    return finished_study(tmp_path_factory)


def finished_study(factory: pytest.TempPathFactory) -> Study:
    """Run the study once a session; the browser's tests read it too."""
    folder = common(factory) / "work" / "a path with spaces"
    return Study(folder, once(folder, run_study))


def run_study(folder: Path) -> str:
    write_twin(make_twin(seed=2012, others=OTHERS), folder / "twin")
    (folder / "config.yaml").write_text(config_in(folder), encoding="utf-8")
    done = Study(folder, "").run()
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def config_in(folder: Path) -> str:
    """Give the shipped config with a folder as a root, so that a copy's link may lead to its deliveries."""
    config = (ROOT / "config/config.yaml").read_text(encoding="utf-8")
    return f"{config}roots: [{json.dumps(str(folder))}]\n"


@pytest.fixture
def broken(study: Study, tmp_path: Path) -> Study:
    """A copy of the finished study whose deliveries a test may break."""
    folder = tmp_path / "copy"
    shutil.copytree(study.folder, folder, symlinks=True)
    return Study(folder, "")


@pytest.fixture
def copied(study: Study, tmp_path: Path) -> Study:
    """A copy of the finished study with the very deliveries that were read: a test leaves them alone."""
    return copy_of(study, tmp_path / "copy")


def copy_of(study: Study, folder: Path, *left_out: str) -> Study:
    """Copy a study but for what has one of these names; its deliveries are a link to the study's."""
    ignored = shutil.ignore_patterns("twin", *left_out)
    shutil.copytree(study.folder, folder, symlinks=True, ignore=ignored, dirs_exist_ok=True)
    (folder / "twin").symlink_to(study.folder / "twin")
    return Study(folder, "")
