"""`veje nightly` on the finished study: published once, recovered from whatever was left, never torn."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.workflow.conftest import Study, hashes
from veje.cli.locking import held
from veje.cli.persons import read_persons, record_of, remember
from veje.cli.processes import MARK, survivors
from veje.scan import find_identifiers


def start(study: Study, *command: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "veje", *command, "--config", "config.yaml"]
    return subprocess.run(words, cwd=study.folder, capture_output=True, text=True, check=False)


def status(study: Study) -> dict[str, Any]:
    return json.loads((study.folder / "results/status.json").read_text())


def published(study: Study) -> list[str]:
    return sorted(path.name for path in (study.folder / "results/runs").iterdir())


def set_up(study: Study, **changes: object) -> None:
    path = study.folder / "config.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}))


def wait_for(stage: str, study: Study, run: subprocess.Popen[Any]) -> None:
    """Wait until a stage is at work, which must be before the run ends."""
    while status(study)["stage"] != stage:
        assert run.poll() is None, f"the run ended before {stage}"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def published_once(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The finished study under an operator's care, with one published run."""
    folder = tmp_path_factory.mktemp("nightly") / "copy"
    shutil.copytree(study.folder, folder, symlinks=True)
    night = Study(folder, "")
    set_up(night, nightly={"heartbeat": 0.2, "grace": 2})
    done = start(night, "nightly")
    assert done.returncode == 0, done.stderr
    return night


@pytest.fixture
def night(published_once: Study, tmp_path: Path) -> Study:
    """A copy of it, for a test to break."""
    folder = tmp_path / "copy"
    shutil.copytree(published_once.folder, folder, symlinks=True)
    return Study(folder, "")


@pytest.fixture
def orphan(night: Study) -> Iterator[int]:
    """A job that a killed run left at work."""
    environment = {**os.environ, MARK: str((night.folder / "results").resolve())}
    with subprocess.Popen(["sleep", "300"], env=environment, start_new_session=True) as job:
        yield job.pid
        job.kill()


def test_a_run_is_published_once_and_open_to_nobody_else(night: Study) -> None:
    first = status(night)
    assert (first["state"], first["exit_code"], first["published"]) == ("published", 0, published(night)[0])
    run = night.folder / "results/latest"
    assert hashes(run).items() >= hashes(night.release).items()
    told = json.loads((run / "manifest.json").read_text())
    assert told["outputs"] == {k: v for k, v in hashes(run).items() if k != "manifest.json"}
    assert len(told["inputs"]) == 27
    again = start(night, "nightly")
    assert again.returncode == 0
    assert "nothing has changed" in again.stderr
    assert status(night)["state"] == "unchanged"
    assert len(published(night)) == 1
    for folder in ("results", ".snakemake"):
        for path in (night.folder / folder).rglob("*"):
            wanted = 0o600 if "keys" in path.relative_to(night.folder).parts else 0o640
            if path.is_dir():
                wanted = 0o700 if path.name in {"keys", "tmp"} else 0o750
            assert path.is_symlink() or not stat.S_IMODE(path.stat().st_mode) & ~wanted, path


def test_what_a_crash_left_is_made_good_without_a_hand(night: Study, orphan: int) -> None:
    locks = night.folder / ".snakemake/locks"
    locks.mkdir(exist_ok=True)
    (locks / "0.input.lock").write_text("x\n")
    results = night.folder / "results"
    (results / "runs/.new-20260101T000000Z").mkdir()
    (night.private / "study/clusters/.abc.part").write_bytes(b"half")
    (results / "latest").unlink()
    damaged = night.private / "study/candidate/figures/en/flow.png"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-8] + bytes(8))
    done = start(night, "nightly")
    assert done.returncode == 0, done.stderr
    told = status(night)
    assert not alive(orphan)
    assert len(told["recovered"]) == 5, told["recovered"]
    assert damaged.read_bytes() == whole
    assert told["done"] == ["figures", "report", "publish"]
    assert told["state"] == "unchanged", "the same came out"
    assert start(night, "status").returncode == 0


def one_person_more(record: Path) -> Callable[[], None]:
    """Let a record tell of one more person; gives what puts it back."""
    before = read_persons(record)
    remember({**before, "f" * 24: 1}, record)
    return lambda: remember(before, record)


def test_killed_at_work_the_next_run_recovers_and_is_held_against_the_last(night: Study) -> None:
    """Killed in its second night; the third and fourth differ by one person from what was published."""
    set_up(night, title={"en": "Another"})
    words = [sys.executable, "-m", "veje", "nightly", "--config", "config.yaml"]
    with subprocess.Popen(words, cwd=night.folder, stderr=subprocess.DEVNULL) as run:
        wait_for("report", night, run)
        # Held still, so that they are there when the next run comes, however long that takes.
        left = survivors(night.folder / "results")
        for pid in set(left) - {run.pid}:
            os.kill(pid, signal.SIGSTOP)
        second = start(night, "nightly")
        assert second.returncode == 20, second.stderr
        assert start(night, "status").returncode == 0
        run.send_signal(signal.SIGKILL)
    assert start(night, "status").returncode == 50
    assert len(published(night)) == 1
    before, first = hashes(night.folder / "results/latest"), status(night)
    records = (
        night.private / "study/published.json",
        record_of(night.folder / "results", published(night)[0]),
    )
    put_back = [one_person_more(record) for record in records]
    for number in range(2):
        done = start(night, "nightly")
        assert (done.returncode, status(night)["exit_code"]) == (40, 40)
        assert "fewer than 5 persons differ" in status(night)["message"]
        assert [status(night)[name] for name in ("published", "succeeded")] == [
            first[name] for name in ("published", "succeeded")
        ]
        assert hashes(night.folder / "results/latest") == before
        assert start(night, "status").returncode == 40
        if not number:
            assert f"{len(left)} jobs of a former run ended" in status(night)["recovered"]
            assert status(night)["done"] == ["report"]
        put_back[number]()
    done = start(night, "nightly")
    assert done.returncode == 0, done.stderr
    assert len(published(night)) == 2
    assert not any(map(alive, left))
    assert hashes(night.folder / "results/latest")["report.html"] != before["report.html"]


def test_told_to_stop_it_ends_its_jobs(night: Study) -> None:
    set_up(night, title={"en": "Another"})
    words = [sys.executable, "-m", "veje", "nightly", "--config", "config.yaml"]
    with subprocess.Popen(words, cwd=night.folder, stderr=subprocess.PIPE, text=True) as run:
        wait_for("report", night, run)
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 50
    assert "stopped by SIGTERM" in said
    assert status(night)["state"] == "stopped"
    group = status(night)["group"]
    assert [p for p in Path("/proc").glob("[0-9]*/stat") if f" {group} {group} " in p.read_text()] == []


def test_a_bad_delivery_leaves_what_was_published(night: Study) -> None:
    grants = night.folder / "twin/registers/GRANTS2009.csv"
    lines = grants.read_text(encoding="utf-8").splitlines(keepends=True)
    grants.write_text("".join([lines[0], lines[1].replace("-", "/"), *lines[2:]]), encoding="utf-8")
    before = hashes(night.folder / "results/latest")
    done = start(night, "nightly")
    assert done.returncode == 11, done.stderr
    told = status(night)
    assert (told["state"], told["exit_code"]) == ("failed", 11)
    assert "GRANTS2009.csv" in told["message"]
    known = frozenset({lines[1].split(",")[0].encode()})
    assert find_identifiers(json.dumps(told).encode() + done.stderr.encode(), known) == 0
    assert start(night, "status").returncode == 11
    assert hashes(night.folder / "results/latest") == before
    with held(night.folder / "results"):
        refused = start(night, "nightly")
    assert refused.returncode == 20
    assert status(night) == told, "not the refused one's to write"
