"""Snakemake's records under digests: what a damaged one told of is made anew, and nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from veje.cli import jobrecords

RECORD = {"rule": "cohort", "input": ["a"], "params": ["'x'"], "record_format_version": 6, "code": "c"}
NAMES = ["Y29ob3J0", "ZGlzdGFuY2Vz", "@bG9uZw/ZmlsZQ"]
RESULTS = Path("results")


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The records of three outputs, as Snakemake left them and veje remembers them."""
    monkeypatch.chdir(tmp_path)
    paths = [jobrecords.RECORDS / name for name in NAMES]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(RECORD))
    assert jobrecords.keep(RESULTS) == 0
    return paths


def changed(path: Path, change: Callable[[bytes], bytes]) -> None:
    stat = path.stat()
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: changed(path, lambda content: content[: len(content) // 2]),
    "emptied": lambda path: changed(path, lambda content: b""),
    "another setting": lambda path: changed(path, lambda content: content.replace(b"'x'", b"'y'")),
    "no text": lambda path: changed(path, lambda content: b"\xff" + content[1:]),
    "gone": Path.unlink,
    "half written by a killed Snakemake": lambda path: path.write_text('{"rule": "coh'),
    "of another form": lambda path: path.write_text(json.dumps({**RECORD, "params": None})),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_what_a_damaged_record_told_of_is_made_anew(records: list[Path], case: str) -> None:
    DAMAGE[case](records[2])
    assert jobrecords.damaged(RESULTS) == [NAMES[2]]
    assert jobrecords.keep(RESULTS) == 1
    assert [path.is_file() for path in records] == [True, True, False]
    marks = [path for path in jobrecords.UNFINISHED.rglob("*") if path.is_file()]
    assert [path.relative_to(jobrecords.UNFINISHED).as_posix() for path in marks] == [NAMES[2]]
    assert jobrecords.keep(RESULTS) == 0, "it is told once"


def test_a_record_that_snakemake_wrote_anew_is_taken_as_it_is(records: list[Path]) -> None:
    before = records[0].stat().st_mtime_ns
    records[0].write_text(json.dumps({**RECORD, "params": ["'y'"]}))
    os.utime(records[0], ns=(before + 1, before + 1))
    assert jobrecords.keep(RESULTS) == 0
    assert not jobrecords.UNFINISHED.exists()
    changed(records[0], lambda content: content.replace(b"'y'", b"'x'"))
    assert jobrecords.damaged(RESULTS) == [NAMES[0]]


def test_a_damaged_memory_of_the_records_is_not_believed(records: list[Path]) -> None:
    changed(RESULTS / jobrecords.NAME, lambda content: content.replace(b"a", b"b"))
    assert jobrecords.keep(RESULTS) == 0
    DAMAGE["another setting"](records[1])
    assert jobrecords.damaged(RESULTS) == [NAMES[1]], "it was written anew"
