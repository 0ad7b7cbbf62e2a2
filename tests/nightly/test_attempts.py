"""Attempts to read, write or run what a config, a link or a file must not reach: none succeeds.

The story: somebody who may write a config or a delivery, or who has a folder on the same server, wants
another's file read, veje's output elsewhere, or own code run.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml

from veje import config, io
from veje.cli import ledger, runs
from veje.cli.launch import checked, command_for
from veje.cli.leftovers import end_former
from veje.cli.locking import held
from veje.cli.manifest import differences
from veje.cli.status import Status
from veje.errors import BadInput, VejeError
from veje.formats import open_source

ROOT = Path(__file__).resolve().parents[2]
SECRET = "PNR,KOM\n0203541234,657\n"


@dataclass(frozen=True)
class Place:
    """The project folder in which veje is started, and another's folder beside it."""

    project: Path
    theirs: Path

    @property
    def config(self) -> Path:
        return self.project / "config.yaml"

    def edit(self, change: Callable[[dict], object]) -> None:
        data = yaml.safe_load(self.config.read_text())
        change(data)
        self.config.write_text(yaml.safe_dump(data))

    def untouched(self) -> bool:
        files = {path.name: path.read_text() for path in self.theirs.rglob("*") if path.is_file()}
        return files == {"secret.csv": SECRET}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    project, theirs = tmp_path / "project", tmp_path / "theirs"
    project.mkdir()
    theirs.mkdir()
    (theirs / "secret.csv").write_text(SECRET)
    data = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    for register in data["registers"].values():
        for file in register["files"]:
            (project / file).parent.mkdir(parents=True, exist_ok=True)
            (project / file).write_bytes(b"x")
    (project / "config.yaml").write_text(yaml.safe_dump(data))
    monkeypatch.chdir(project)
    before = os.umask(0o022)
    yield Place(project, theirs)
    os.umask(before)


def begin(place: Place) -> None:
    """Do all that comes before the first job: the config is read and checked, the lock taken."""
    settings = checked(str(place.config))
    with held(Path(settings.results)):
        command_for(settings, 1)
        end_former(Path(settings.results), 1)


def files(value: str) -> Callable[[dict], object]:
    return lambda data: data["registers"]["grants"].update(files=[value])


def key(section: str, name: str, value: object) -> Callable[[dict], object]:
    return lambda data: data.setdefault(section, {}).update({name: value})


def whole(name: str, value: object) -> Callable[[dict], object]:
    return lambda data: data.update({name: value})


PATHS = {
    "a delivery by its whole path": files("{theirs}/secret.csv"),
    "a delivery up and away": files("../theirs/secret.csv"),
    "a delivery up, away and back in between": files("twin/../../theirs/secret.csv"),
    "a file of the system": files("/etc/passwd"),
    "a device": files("/dev/zero"),
    "a process's own memory": files("/proc/self/environ"),
    "an address": files("https://example.org/secret.csv"),
    "a file address": files("file://{theirs}/secret.csv"),
    "a home": files("~/secret.csv"),
    "a pattern": files("../theirs/*.csv"),
    "a folder": files("../theirs"),
    "a name with a zero byte": files("twin/registers/GRANTS2009.csv\0"),
    "a list of codes elsewhere": key("sequences", "codes", "../theirs/secret.csv"),
    "an alphabet elsewhere": key("sequences", "alphabet", "{theirs}/secret.csv"),
    "profiles elsewhere": key("typology", "reference", "../theirs/secret.csv"),
    "costs elsewhere": lambda data: data.setdefault("distances", {}).update(
        costs="OWN", matrix="{theirs}/secret.csv"
    ),
    "results elsewhere": whole("results", "../theirs"),
    "results by a whole path": whole("results", "{theirs}"),
    "a scenario that is a path": whole("scenario", "../../theirs"),
    "the whole system as a root": whole("roots", ["/"]),
    "the whole system, written otherwise": whole("roots", ["/usr/.."]),
    "a list in a variant": lambda data: data.setdefault("sensitivity", {}).update(
        variants={"own": {"sequences": {"codes": "../theirs/secret.csv"}}}
    ),
}


@pytest.mark.parametrize("attempt", PATHS)
def test_no_path_of_a_config_leads_out(place: Place, attempt: str) -> None:
    place.edit(PATHS[attempt])
    place.config.write_text(place.config.read_text().replace("{theirs}", str(place.theirs)))
    with pytest.raises((BadInput, ValueError)) as stopped:
        begin(place)
    assert "0203541234" not in str(stopped.value)
    assert place.untouched()


def link(place: Place, inside: str, to: str) -> None:
    path = place.project / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file():
        path.unlink()
    path.symlink_to(place.theirs / to)


LINKS = {
    "a delivery that is a link": ("twin/registers/GRANTS2009.csv", "secret.csv"),
    "a folder of the results": ("results/private", ""),
    "the folder of keys": ("results/private/keys", ""),
    "the folder of temporary files": ("results/private/tmp", ""),
    "the release": ("results/release", ""),
    "the runs": ("results/runs", ""),
    "the lock": ("results/private/run.lock", "lock"),
    "the notes": ("results/private/study/ledger", ""),
    "Snakemake's folder": (".snakemake/locks", ""),
}


@pytest.mark.parametrize("attempt", LINKS)
def test_no_link_is_followed_out(place: Place, attempt: str) -> None:
    inside, to = LINKS[attempt]
    link(place, inside, to)
    with pytest.raises(BadInput):
        begin(place)
    assert place.untouched()


def test_a_file_that_is_written_replaces_a_link(place: Place) -> None:
    link(place, "results/status.json", "secret.csv")
    link(place, "results/private/study/ledger/cohort.json", "secret.csv")
    Status(place.project / "results").tell()
    ledger.note(place.project / "results/private/study/ledger", "cohort", {}, [])
    assert place.untouched()


def test_a_latest_that_leads_out_is_not_read(place: Place) -> None:
    link(place, "results/latest", "")
    with pytest.raises(BadInput, match="leads elsewhere"):
        runs.recover(place.project / "results")
    assert place.untouched()


def test_old_runs_behind_links_stay(place: Place) -> None:
    link(place, "results/runs/20250101T000000Z", "")
    assert runs.in_order(place.project / "results") == []
    runs.recover(place.project / "results")
    assert place.untouched()


def test_a_link_inside_a_run_is_told_and_not_read(place: Place) -> None:
    run = place.project / "run"
    io.write_json({"outputs": {"a.csv": "0" * 64}}, run / "provenance.json")
    link(place, "run/a.csv", "secret.csv")
    assert differences(run) == ["a.csv: changed"]


MARKER = "ran"
YAMLS = {
    "yte": '__use_yte__: true\n?__import__("pathlib").Path("ran").touch(): 1\n',
    "yte with a definition": '__use_yte__: true\n__definitions__:\n- open("ran", "w")\n',
    "yte under a merge": 'a: &a {__use_yte__: true}\n<<: *a\n?open("ran", "w"): 1\n',
    "a Python object": '!!python/object/apply:os.system ["touch ran"]\n',
    "a Python object as a value": 'scenario: !!python/object/apply:os.system ["touch ran"]\n',
    "a Python name": "scenario: !!python/name:os.system\n",
    "a Python module": "scenario: !!python/module:antigravity\n",
    "a new Python object": 'scenario: !!python/object/new:subprocess.Popen [["touch", "ran"]]\n',
    "a tag of one's own": "scenario: !run touch ran\n",
    "Jinja": "scenario: \"{{ cycler.__init__.__globals__.os.system('touch ran') }}\"\n",
    "a shell in a name": 'scenario: "$(touch ran)"\n',
    "aliases of aliases": "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" if n else "a0: &a0 [x]\n" for n in range(40)
    ),
    "a tower of brackets": "scenario: " + "[" * 5_000 + "\n",
    "a very long file": "scenario: " + "x" * 2_000_000 + "\n",
    "JSON with yte": "{\"__use_yte__\": true, \"?open('ran', 'w')\": 1}",
}


@pytest.mark.parametrize("attempt", YAMLS)
def test_no_config_runs_code(place: Place, attempt: str) -> None:
    place.config.write_text(YAMLS[attempt])
    with pytest.raises(BadInput):
        begin(place)
    text = YAMLS[attempt]
    if text.startswith("{"):
        with pytest.raises(BadInput):
            config.load(text)
    assert not (place.project / MARKER).exists()


def test_snakemake_never_sees_the_yaml(place: Place) -> None:
    """A file that is exchanged after the check is not read again."""
    command = command_for(checked(str(place.config)), 1)
    told = Path(command[command.index("--configfile") + 1])
    assert told.suffix == ".json"
    assert config.parse(io.read_json(told)).scenario == "study"
    assert "config.yaml" not in " ".join(command)


class Payload:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {MARKER}",)


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps(Payload()))


def object_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.array([Payload()], dtype=object), allow_pickle=True)


READERS = {
    "a pickle for distances": (pickled, "distances.npy", io.read_array),
    "an array of objects for distances": (object_array, "distances.npy", io.read_array),
    "a pickle for a table": (pickled, "a.parquet", lambda path: io.read_table(path, "keys")),
    "a pickle for a delivery": (pickled, "DREAM.pkl", open_source),
    "a pickle called Parquet": (pickled, "DREAM.parquet", open_source),
    "a pickle called SAS": (pickled, "DREAM.sas7bdat", open_source),
    "a pickle called Stata": (pickled, "DREAM.dta", open_source),
    "a pickle for a list of codes": (pickled, "codes.csv", lambda path: io.read_list(str(path), "codes")),
    "a pickle for a config": (pickled, "config.yaml", lambda path: config.load(str(path))),
}


@pytest.mark.parametrize("attempt", READERS)
def test_no_pickle_is_unpickled(place: Place, attempt: str) -> None:
    make, name, read = READERS[attempt]
    make(place.project / name)
    with contextlib.suppress(VejeError, UnicodeDecodeError):
        read(place.project / name)
    assert not (place.project / MARKER).exists()


def test_the_payload_would_have_run(place: Place) -> None:
    pickle.loads(pickle.dumps(Payload()))
    assert (place.project / MARKER).exists()


def test_a_traceback_tells_no_cell(tmp_path: Path) -> None:
    code = "from veje.cli.telling import scrub_tracebacks\nscrub_tracebacks()\n"
    code += "import threading\npnr = '0203541234'\n"
    code += "def fail():\n    raise ValueError(f'could not parse {pnr}')\n"
    code += "thread = threading.Thread(target=fail)\nthread.start()\nthread.join()\nfail()\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr == "veje: internal error: ValueError\n" * 2


def test_there_are_enough_attempts() -> None:
    assert len(PATHS) + len(LINKS) + len(YAMLS) + len(READERS) >= 50
