"""Rim of `veje nightly`: one unattended run from lock to `latest`, whatever became of the one before.

    lock > what a former run left is ended > room, deliveries > workflow > gates > dated run > latest

The results' own lock is held all the time. Every step may be the last before a kill: each finds what
the steps before it left, done, half done or not at all, and none needs a hand.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from veje import io
from veje.cli import runs
from veje.cli.drift import write_drift
from veje.cli.files import Files
from veje.cli.gates import audit_found_nothing, withheld_are_withheld
from veje.cli.launch import checked
from veje.cli.leftovers import end_former
from veje.cli.lists import alphabet_of
from veje.cli.locking import held
from veje.cli.manifest import PROVENANCE, differences, fingerprint, read_manifest
from veje.cli.mending import mend_release
from veje.cli.nightflow import run_workflow
from veje.cli.persons import drift_of, forget_all_but, hold_against, read_persons, record_of, remember
from veje.cli.publish import same_figures, scan
from veje.cli.room import refuse_without_room
from veje.cli.status import Status, now
from veje.cli.workflow import deliveries_of
from veje.errors import BadInput, VejeError
from veje.settings import Settings


class Stopped(VejeError):
    """The run was told to stop."""


@dataclass(frozen=True)
class Night:
    """One run: its settings, its results folder, the status it tells, the cores it may use."""

    settings: Settings
    results: Path
    status: Status
    cores: int


def nightly(file: str, cores: int) -> str:
    """Run a config unattended and publish what came out, where anything it follows from has changed.

    Gives what was done in a line. Raises `VejeError` with the exit code of what went wrong; what was
    published before is then as it was.
    """
    settings = checked(file)
    results = Path(settings.results)
    with stoppable(), held(results):
        status = Status(results, config=Path(file).name)
        with told(status):
            # Before the heart beats: unfinished files go, and a heartbeat is one for a moment.
            status.tell(stage="recovery", recovered=end_former(results, settings.nightly.grace))
            with status.beating(settings.nightly.heartbeat):
                return _steps(Night(settings, results, status, cores))


def _steps(night: Night) -> str:
    settings, results, status = night.settings, night.results, night.status
    recovered = [*status.told("recovered"), *runs.recover(results), *mend_release(results)]
    status.tell(stage="preflight", recovered=recovered)
    refuse_without_room(results, settings.nightly)
    deliveries = deliveries_of(settings, results / "private/digests.json")
    made_from = fingerprint(settings, deliveries)
    status.tell(stage="workflow")
    run_workflow(settings, night.cores, status)
    status.tell(stage="gates")
    _same_deliveries(results / "release", deliveries)
    if _is_published(results, made_from):
        status.tell(state="unchanged", stage="end")
        return f"nothing has changed since {status.told('published')}; nothing was published"
    name = _publish(night, made_from)
    status.tell(state="published", stage="old runs", published=name)
    gone = runs.drop_old(results, settings.nightly.keep, settings.nightly.keep_months)
    forget_all_but(results, [run.name for run in runs.in_order(results)])
    dropped = f"; {len(gone)} old runs taken away" if gone else ""
    return f"published {results / runs.RUNS / name}{dropped}"


def _publish(night: Night, made_from: str) -> str:
    """Copy the release to a dated run, past the gates."""
    results, private = night.results, night.results / "private"
    n_states = len(alphabet_of(night.settings.sequences).states)
    keys = Files([f"keys={private / 'keys' / night.settings.scenario}.parquet"])
    gates: list[Callable[[Path], None]] = [
        lambda staged: withheld_are_withheld(
            staged, private / night.settings.scenario, night.settings.disclosure, n_states
        ),
        lambda _: audit_found_nothing(private / night.settings.scenario),
        lambda staged: scan(staged, keys),
        lambda staged: _differs_enough(night, staged),
        lambda staged: _tell_drift(night, staged),
        runs.whole,
    ]
    provenance = io.read_json(results / "release" / PROVENANCE)
    kept = ("veje", "commit", "lock_sha256", "versions", "settings", "inputs", "inputs_note")
    former = runs.in_order(results)
    number = int(read_manifest(former[-1])["number"]) + 1 if former else 1
    told = {
        "number": number,
        "fingerprint": made_from,
        "seed": night.settings.seed,
        **{name: provenance[name] for name in kept},
    }
    return runs.publish(results, results / "release", told, gates)


def _differs_enough(night: Night, staged: Path) -> None:
    """Raise `Unsafe` when the run differs by few persons from the last published one; else remember its own.

    The release was held against the release before it; that one may never have become a run.
    """
    results, private = night.results, night.results / "private"
    now = read_persons(private / night.settings.scenario / "published.json")
    former = runs.latest(results)
    if former is not None:
        same = same_figures(staged, former)
        hold_against(record_of(results, former.name), now, night.settings.disclosure.threshold, same=same)
    remember(now, record_of(results, runs.name_of(staged)))


def _tell_drift(night: Night, staged: Path) -> None:
    """Write which figures moved since the last published run, and tell how many."""
    results = night.results
    moved = write_drift(staged, runs.latest(results), drift_of(results, runs.name_of(staged)))
    night.status.tell(drift=moved)


def _same_deliveries(release: Path, deliveries: dict[str, dict[str, str]]) -> None:
    """Raise `BadInput` when what was released was made from other files than those looked at first."""
    read = sorted(one["sha256"] for one in io.read_json(release / PROVENANCE)["inputs"])
    if read != sorted(sha for files in deliveries.values() for sha in files):
        raise BadInput("a delivery changed while it was read; nothing was published")


def _is_published(results: Path, made_from: str) -> bool:
    """Tell whether the latest run was made from the same, and is as it was published."""
    run = runs.latest(results)
    try:
        return run is not None and read_manifest(run)["fingerprint"] == made_from and not differences(run)
    except BadInput:
        # Its manifest is damaged: what was published is published again.
        return False


@contextmanager
def told(status: Status) -> Iterator[None]:
    """Tell the status how a run ended: also the kind of an error that nobody foresaw, and no more."""
    status.tell()
    try:
        yield
    except BaseException as error:
        code = error.exit_code if isinstance(error, VejeError) else _code_of(error)
        line = str(error) if isinstance(error, VejeError) else f"internal error: {type(error).__name__}"
        state = "stopped" if isinstance(error, Stopped) else "failed"
        status.tell(state=state, exit_code=code, message=line, ended=now())
        raise
    status.tell(exit_code=0, ended=now(), succeeded=now())


def _code_of(error: BaseException) -> int:
    return 30 if isinstance(error, MemoryError) else VejeError.exit_code


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the signals that end a service into an error, once: the workflow is then ended in order."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(f"stopped by {signal.Signals(number).name}; nothing was published")

    before: dict[signal.Signals, Any] = {
        one: signal.signal(one, stop) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
