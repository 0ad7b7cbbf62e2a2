"""`status.json`: what the nightly run does or did, for a person and for a monitor."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from veje import io
from veje.cli.locking import is_held
from veje.errors import BadInput, NoRoom, VejeError
from veje.settings import Nightly

NAME = "status.json"
FORM = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """Give the time, in UTC."""
    return datetime.now(UTC).strftime(FORM)


class Status:
    """The state of a run, written whole whenever it changes and at every heartbeat."""

    def __init__(self, results: Path, **told: Any) -> None:
        self._path = results / NAME
        self._begun = time.monotonic()
        self._guard = threading.Lock()
        former = io.read_json_or(self._path, {})
        kept = {name: former.get(name) for name in ("published", "succeeded", "drift")}
        self._told: dict[str, Any] = {
            **kept,
            "state": "running",
            "stage": "start",
            "done": [],
            "rows": 0,
            "exit_code": None,
            "message": "",
            "started": now(),
            "ended": None,
            **told,
        }

    def tell(self, **told: Any) -> None:
        """Change what is told, and write it."""
        with self._guard:
            self._told.update(told)
            self._write()

    def told(self, name: str) -> Any:
        """Give what was told last."""
        with self._guard:
            return self._told[name]

    def finished(self, stage: str) -> None:
        """Tell that a stage of the workflow is done."""
        with self._guard:
            self._told["done"] = [*self._told["done"], stage]
            self._write()

    def add_rows(self, rows: int) -> None:
        """Count rows that were read; they are told with the next heartbeat."""
        with self._guard:
            self._told["rows"] += rows

    @contextmanager
    def beating(self, seconds: float) -> Iterator[None]:
        """Write a heartbeat every so many seconds."""
        end = threading.Event()

        def beat() -> None:
            while not end.wait(seconds):
                # A disk that is full for a moment: the next beat tries again, the run itself tells.
                with suppress(NoRoom):
                    self.tell()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()

    def _write(self) -> None:
        self._told["heartbeat"] = now()
        self._told["seconds"] = round(time.monotonic() - self._begun, 1)
        io.write_json(self._told, self._path)


@dataclass(frozen=True)
class Judged:
    """What `veje status` says: the file's content, a line for a person, and the exit code for a monitor."""

    told: dict[str, Any]
    line: str
    exit_code: int


def judge(results: Path, rules: Nightly) -> Judged:
    """Read the status and say whether somebody has to look.

    Exit code 0: the last run succeeded not too long ago, or one is running and alive. Else that of
    the run, and 50 for one that was killed, hangs, or is overdue. Raises `BadInput` where nothing ran.
    """
    path = results / NAME
    if not path.is_file():
        raise BadInput(f"{path}: no such file: no nightly run was started with these results")
    told = io.read_json(path)
    if told["state"] == "running":
        return _running(told, is_held(results), rules)
    code = int(told["exit_code"])
    since = _age(told["succeeded"]) / 3600 if told["succeeded"] else None
    line = f"{told['state']} at {told['ended']} after {told['seconds']:,.0f} s, exit code {code}"
    line += f": {told['message']}" if told["message"] else ""
    if code == 0 and since is not None and since > rules.overdue_hours:
        late = f"{line}; overdue: the last success is {since:,.0f} hours ago"
        return Judged(told, late, VejeError.exit_code)
    return Judged(told, line, code)


def _running(told: dict[str, Any], alive: bool, rules: Nightly) -> Judged:
    silent = _age(told["heartbeat"])
    line = f"running since {told['started']}: {told['stage']}, {told['rows']:,} rows read"
    if not alive:
        gone = f"killed while at {told['stage']}, last heard of at {told['heartbeat']}; the next run recovers"
        return Judged(told, gone, VejeError.exit_code)
    if silent > rules.silent_minutes * 60:
        return Judged(
            told, f"{line}; hangs: no heartbeat for {silent / 60:,.0f} minutes", VejeError.exit_code
        )
    return Judged(told, line, 0)


def _age(stamp: str) -> float:
    then = datetime.strptime(stamp, FORM).replace(tzinfo=UTC)
    return (datetime.now(UTC) - then).total_seconds()
