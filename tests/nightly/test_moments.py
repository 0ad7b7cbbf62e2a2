"""Killed at any step of a write, the name holds the former file or the whole new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from veje import config
from veje.cli.workflow import deliveries_of

ROOT = Path(__file__).resolve().parents[2]
WRITE = "import sys; sys.argv = ['veje', 'write', '--log', 'logs/write.log']; from pathlib import Path;"
WRITE += "from veje import io; io.write_text('after' * 1_000, Path('table.csv'))"


def write(folder: Path, **faults: str) -> int:
    path = os.pathsep.join([str(ROOT / "harness/moment"), str(ROOT / "src")])
    told = {**os.environ, "PYTHONPATH": path, "FAULT_STOP": str(os.getpid()), **faults}
    return subprocess.run([sys.executable, "-c", WRITE], cwd=folder, env=told, check=False).returncode


def test_every_step_of_a_write_is_a_kill_point(tmp_path: Path) -> None:
    record = tmp_path / "steps"
    assert write(tmp_path, FAULT_RECORD=str(record)) == 0
    steps = [line.split() for line in record.read_text().splitlines()]
    assert [step[2] for step in steps] == ["before", "during", "named", "done"]
    for number, (_, _, kind, *_) in enumerate(steps, start=1):
        (tmp_path / "table.csv").write_text("before")
        assert write(tmp_path, FAULT_KILL=f"write {number} job") == -signal.SIGKILL
        wanted = "after" * 1_000 if kind == "done" else "before"
        assert (tmp_path / "table.csv").read_text() == wanted, kind
        halves = [path.stat().st_size for path in tmp_path.glob(".*.part")]
        assert halves == {"before": [], "during": [2_500], "named": [5_000], "done": []}[kind]
        for path in tmp_path.glob(".*.part"):
            path.unlink()
        assert write(tmp_path) == 0
        assert (tmp_path / "table.csv").read_text() == "after" * 1_000


def test_nothing_is_watched_where_no_fault_is_asked_for(tmp_path: Path) -> None:
    assert write(tmp_path) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_no_flipped_bit_of_the_kept_digests_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    settings = config.parse(data)
    for register in data["registers"].values():
        for file in register["files"]:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text(file)
    cache = Path("digests.json")
    known = deliveries_of(settings, cache)
    content, believed = cache.read_bytes(), []
    for bit in range(0, len(content) * 8, 331):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        cache.write_bytes(bytes(flipped))
        if deliveries_of(settings, cache) != known:
            believed.append(bit)
    assert len(content) * 8 > 331 * 50
    assert believed == []
