"""A study that a harness breaks and puts back, and the nights before and after each fault."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from reproducible import results_of
from study import digests, write_study

MOMENT = Path(__file__).resolve().parent / "moment"


def start(folder: Path, environment: Mapping[str, str] | None = None, **more: object) -> int:
    """Start `veje nightly` in a folder and wait for it; gives its exit code."""
    path = os.pathsep.join([str(MOMENT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    told = {**os.environ, "FAULT_STOP": str(os.getpid()), **(environment or {})}
    if environment:
        told["PYTHONPATH"] = path
    with (folder / "said").open("w") as said:
        command = [sys.executable, "-m", "veje", "nightly", "--config", "config.yaml"]
        return subprocess.run(
            command, cwd=folder, env=told, stdout=said, stderr=said, check=False, **more
        ).returncode


@dataclass(frozen=True)
class Nights:
    """The study as published once, the settings of its next night, and what that night must give.

    place: a folder of the harness. wanted: the digests of all results of an undisturbed next night.
    former, latest: the digests of the run that was published before it, and by it.
    """

    place: Path
    wanted: dict[str, str] = field(default_factory=dict)
    former: dict[str, str] = field(default_factory=dict)
    latest: dict[str, str] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        """Name the copy that is broken."""
        return self.place / "work"

    def restore(self) -> Path:
        """Give the study as it was before the next night."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.place / "base", self.work, symlinks=True)
        return self.work

    def shows(self) -> dict[str, str]:
        """Give what a reader of `latest` sees now."""
        return run_of(self.work)

    def torn(self) -> bool:
        """Tell whether a reader sees anything but the former run or the next one."""
        return self.shows() not in (self.former, self.latest)

    def partial(self) -> list[str]:
        """List the results that are neither as before the night nor as after an undisturbed one."""
        found, before = results_of(self.work), results_of(self.place / "base")
        return sorted(
            name for name, one in found.items() if one not in (before.get(name), self.wanted.get(name))
        )

    def wrong(self) -> list[str]:
        """Start the night that follows a fault and list what is not as after an undisturbed one."""
        code = start(self.work)
        if code:
            return [f"exit code {code}: {(self.work / 'said').read_text().strip()[-300:]}"]
        found = results_of(self.work)
        faults = [name for name in {*found, *self.wanted} if found.get(name) != self.wanted.get(name)]
        left = [path.name for path in (self.work / "results").rglob(".*.part")]
        return [*sorted(faults), *left, *([] if self.shows() == self.latest else ["latest"])]


def run_of(folder: Path) -> dict[str, str]:
    """Give the digests of what `latest` names, but for the name and number of the run."""
    found = digests(folder / "results" / "latest")
    told = json.loads((folder / "results/latest/manifest.json").read_text())
    kept = {name: told[name] for name in ("fingerprint", "outputs")}
    return {**found, "manifest.json": json.dumps(kept, sort_keys=True)}


def prepare(place: Path) -> Nights:
    """Make the study, publish it, and let an undisturbed night follow with another title.

    In between a night looks at the release beside the published one, as the first could not: what the
    audit notes is then the same in every later night.
    """
    nights = Nights(place)
    base = place / "base"
    base.mkdir(parents=True)
    # Without a heart that beats at its own times: the steps of a night are then always the same.
    write_study(base, small=True, heartbeat=600)
    _undisturbed(base, place / "first")
    (base / "results/private/study/ledger/disclosure.json").unlink()
    _undisturbed(base, place / "second")
    path = base / "config.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"title": {"en": "The next night"}}))
    nights.former.update(run_of(base))
    _undisturbed(nights.restore(), place / "third")
    nights.wanted.update(results_of(nights.work))
    nights.latest.update(run_of(nights.work))
    return nights


def _undisturbed(folder: Path, record: Path) -> None:
    """Start a night and note its steps; all ends here when it fails."""
    if start(folder, {"FAULT_RECORD": str(record)}):
        sys.exit(f"an undisturbed night failed: {(folder / 'said').read_text()}")
