"""The lock, the status file, and what `veje status` tells a monitor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from veje.cli import room
from veje.cli.locking import held, is_held
from veje.cli.nightly import Stopped, stoppable, told
from veje.cli.status import FORM, Status, judge
from veje.errors import BadInput, Busy, NoRoom, OverLimit
from veje.settings import Nightly

RULES = Nightly()


def test_a_second_holder_is_refused_and_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    hold = "import sys, time; from pathlib import Path; from veje.cli.locking import held\n"
    hold += "with held(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        assert is_held(tmp_path)
        with pytest.raises(Busy, match="nothing was done"), held(tmp_path):
            pytest.fail("two at once")
        assert Busy.exit_code == 20
        holder.kill()
        holder.wait()
    with held(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def test_the_lock_is_closed_to_others_and_no_link_is_followed(tmp_path: Path) -> None:
    with held(tmp_path / "a"):
        assert (tmp_path / "a/private/run.lock").stat().st_mode & 0o7777 == 0o640 & ~os.umask(os.umask(0))
    (tmp_path / "b/private").mkdir(parents=True)
    (tmp_path / "b/private/run.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="a link"), held(tmp_path / "b"):
        pytest.fail("followed")
    assert not (tmp_path / "elsewhere").exists()


def write(results: Path, **changed) -> None:
    stamp = datetime.now(UTC).strftime(FORM)
    usual = {"state": "published", "exit_code": 0, "ended": stamp, "succeeded": stamp, "message": ""}
    usual |= {"seconds": 60.0, "heartbeat": stamp, "started": stamp, "stage": "cohort", "rows": 1_553}
    results.mkdir(exist_ok=True)
    (results / "status.json").write_text(json.dumps(usual | changed))


def ago(**time_ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**time_ago)).strftime(FORM)


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({}, 0, "published at"),
        ({"state": "unchanged"}, 0, "unchanged at"),
        (
            {"state": "failed", "exit_code": 11, "message": "grants: 5 rows"},
            11,
            "exit code 11: grants: 5 rows",
        ),
        ({"succeeded": ago(hours=27)}, 50, "overdue"),
        ({"state": "running"}, 50, "killed while at cohort"),
    ],
)
def test_what_a_monitor_is_told(tmp_path: Path, changed, code: int, words: str) -> None:
    write(tmp_path, **changed)
    judged = judge(tmp_path, RULES)
    assert judged.exit_code == code
    assert words in judged.line


def test_a_run_at_work_is_told_by_its_lock_and_its_heartbeat(tmp_path: Path) -> None:
    write(tmp_path, state="running")
    with held(tmp_path):
        assert judge(tmp_path, RULES).exit_code == 0
        write(tmp_path, state="running", heartbeat=ago(minutes=6))
        judged = judge(tmp_path, RULES)
    assert judged.exit_code == 50
    assert "hangs: no heartbeat for 6 minutes" in judged.line


def test_nothing_ran_yet(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no nightly run was started"):
        judge(tmp_path, RULES)


def test_the_heart_beats_while_a_stage_works(tmp_path: Path) -> None:
    status = Status(tmp_path)
    path = tmp_path / "status.json"
    seen = set()
    with told(status), status.beating(0.01):
        until = time.monotonic() + 20
        while len(seen) < 3 and time.monotonic() < until:
            seen.add(path.stat().st_ino)
            json.loads(path.read_text())
    assert len(seen) == 3, "written anew, whole, at every beat"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (OverLimit("grants: 5 rows"), 11, "grants: 5 rows"),
        (NoRoom("no room"), 30, "no room"),
        (MemoryError(), 30, "internal error: MemoryError"),
        (ValueError("0203541234"), 50, "internal error: ValueError"),
        (KeyboardInterrupt(), 50, "internal error: KeyboardInterrupt"),
    ],
)
def test_how_a_run_ends_is_told_without_a_cell(tmp_path: Path, error, code: int, message: str) -> None:
    status = Status(tmp_path)
    with pytest.raises(type(error)), told(status):
        raise error
    kept = json.loads((tmp_path / "status.json").read_text())
    assert (kept["exit_code"], kept["message"], kept["state"]) == (code, message, "failed")


def test_the_last_success_is_remembered_through_failures(tmp_path: Path) -> None:
    with told(Status(tmp_path)) as _:
        pass
    first = json.loads((tmp_path / "status.json").read_text())["succeeded"]
    with pytest.raises(BadInput), told(Status(tmp_path)):
        raise BadInput("x")
    assert json.loads((tmp_path / "status.json").read_text())["succeeded"] == first


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_stops_a_run_once(name: str) -> None:
    import signal

    number = getattr(signal, name)
    before = signal.getsignal(number)
    with pytest.raises(Stopped, match=f"stopped by {name}"), stoppable():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_little_room_is_told_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room.refuse_without_room(tmp_path, RULES)
    with pytest.raises(NoRoom, match=r"nightly.free_gb asks for 1e\+09"):
        room.refuse_without_room(tmp_path, Nightly(free_gb=1e9))
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 9999999 kB\nMemAvailable:     500000 kB\n")
    monkeypatch.setattr(room, "MEMORY", meminfo)
    with pytest.raises(NoRoom, match=r"0\.5 GB of memory are free, nightly.memory_gb asks for 1"):
        room.refuse_without_room(tmp_path, RULES)


def test_results_that_may_not_be_written_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args, **_options):
        raise OSError(30, "x")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(NoRoom, match="read-only file system"):
        room.refuse_without_room(tmp_path, RULES)
