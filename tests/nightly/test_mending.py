"""A damaged release needs no hand: it is put aside, and the last published run takes its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from veje import io
from veje.cli import runs
from veje.cli.mending import ASIDE, mend_release
from veje.cli.record import read_record

TABLE, PAGE, RECORD = "tables/bilag_1.csv", "report.html", "provenance.json"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Results with a release of two files, published as a run."""
    release = tmp_path / "release"
    for name in (TABLE, PAGE):
        io.write_text(f"content of {name}\n", release / name)
    outputs = {name: io.digest(release / name) for name in (TABLE, PAGE)}
    io.write_json({"settings": {}, "inputs": [], "outputs": outputs}, release / RECORD)
    runs.publish(tmp_path, release, {"number": 1, "fingerprint": "1"}, [runs.whole])
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a flipped bit": lambda release: (release / TABLE).write_bytes(b"\xe3ontent of tables/bilag_1.csv\n"),
    "a cut record": lambda release: (release / RECORD).write_text('{"settings": {'),
    "a record that is no text": lambda release: (release / RECORD).write_bytes(b"\xff\xfe"),
    "a lost file": lambda release: (release / PAGE).unlink(),
    "a file of somebody's own": lambda release: (release / "note.txt").write_text("mine"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_release_that_is_not_as_published_is_put_aside(results: Path, case: str) -> None:
    before = contents(results / "release")
    DAMAGE[case](results / "release")
    damaged = contents(results / "release")
    assert len(mend_release(results)) == 2
    assert contents(results / "release") == before
    (aside,) = results.glob(f"{ASIDE}*")
    assert contents(aside) == damaged, "nothing is lost"
    assert mend_release(results) == []


def test_a_whole_release_stays_also_where_it_is_newer_than_the_run(results: Path) -> None:
    release = results / "release"
    io.write_text("newer\n", release / PAGE)
    told = io.read_json(release / RECORD)
    told["outputs"][PAGE] = io.digest(release / PAGE)
    io.write_json(told, release / RECORD)
    assert mend_release(results) == []
    assert (release / PAGE).read_text() == "newer\n"
    read_record(release)


def test_killed_after_the_first_rename_the_next_night_goes_on(results: Path) -> None:
    before = contents(results / "release")
    (results / "release").rename(results / f"{ASIDE}1")
    assert len(mend_release(results)) == 1
    assert contents(results / "release") == before


def test_without_a_whole_run_there_is_no_release(results: Path) -> None:
    DAMAGE["a lost file"](results / "release")
    (results / "latest" / TABLE).write_text("damaged too\n")
    assert len(mend_release(results)) == 1
    assert not (results / "release").exists()
