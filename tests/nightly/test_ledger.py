"""What a stage noted, and which change of a file makes it run again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from veje import io
from veje.cli.ledger import AGAIN, Ledger, digest_of, digests, note, refuse_damaged
from veje.errors import BadInput


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Notes of a stage that read a table and wrote a file and a folder."""
    (tmp_path / "pictures").mkdir()
    for name in ("read.npy", "written.npy", "pictures/a.png", "pictures/b.png"):
        (tmp_path / name).write_bytes(name.encode() * 100)
    before = digests([tmp_path / "read.npy"])
    note(tmp_path / "ledger", "clusters", before, [tmp_path / "written.npy", tmp_path / "pictures"])
    return tmp_path / "ledger"


def mark(ledger: Path) -> str:
    return Ledger(ledger).again({"clusters": ["clusters"]}, look=True)["clusters"]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    keep = path.stat()
    path.write_bytes(bytes(content))
    os.utime(path, ns=(keep.st_atime_ns, keep.st_mtime_ns))


CHANGES = {
    "a bit of what was written": lambda at: flip(at / "written.npy"),
    "a bit of what was read": lambda at: flip(at / "read.npy"),
    "a bit of a file in a folder": lambda at: flip(at / "pictures/a.png"),
    "cut": lambda at: (at / "written.npy").write_bytes((at / "written.npy").read_bytes()[:-1]),
    "gone": lambda at: (at / "written.npy").unlink(),
    "one more file in a folder": lambda at: (at / "pictures/c.png").write_bytes(b"x"),
    "two files swapped": lambda at: (
        (at / "pictures/a.png").rename(at / "x"),
        (at / "pictures/b.png").rename(at / "pictures/a.png"),
        (at / "x").rename(at / "pictures/b.png"),
    ),
    "the notes cut": lambda at: (at / "ledger/clusters.json").write_text('{"inputs": {'),
    "the notes gone": lambda at: (at / "ledger/clusters.json").unlink(),
    "the notes of another layout": lambda at: (at / "ledger/clusters.json").write_text("[]"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_not_as_noted_gives_another_mark(ledger: Path, change: str) -> None:
    first = mark(ledger)
    assert mark(ledger) == first
    CHANGES[change](ledger.parent)
    second = mark(ledger)
    assert len({first, second, mark(ledger)}) == 3, "until the stage has run"


def test_nothing_is_written_where_nothing_changed(ledger: Path) -> None:
    first = mark(ledger)
    before = (ledger / AGAIN).stat()
    assert mark(ledger) == first
    assert (ledger / AGAIN).stat() == before


def test_another_time_or_a_hidden_file_is_no_change(ledger: Path) -> None:
    first = mark(ledger)
    os.utime(ledger.parent / "written.npy", (1, 1))
    (ledger.parent / "pictures/.snakemake_timestamp").write_text("")
    assert mark(ledger) == first


def test_a_job_reads_the_numbers_and_looks_at_no_file(ledger: Path) -> None:
    first = mark(ledger)
    flip(ledger.parent / "written.npy")
    assert Ledger(ledger).again({"clusters": ["clusters"]}, look=False) == {"clusters": first}


@pytest.mark.parametrize("lost", ["{", None])
def test_a_lost_list_of_marks_gives_new_ones(ledger: Path, lost: str | None) -> None:
    first = mark(ledger)
    io.write_text(lost, ledger / AGAIN) if lost else (ledger / AGAIN).unlink()
    assert mark(ledger) not in {first, ""}


def test_names_and_contents_of_a_folder_are_told_apart(tmp_path: Path) -> None:
    for name, text in (("one/ab", "c"), ("two/a", "bc"), ("three/ab", "c")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    assert digest_of(tmp_path / "one") != digest_of(tmp_path / "two")
    assert digest_of(tmp_path / "one") == digest_of(tmp_path / "three")
    assert digest_of(tmp_path / "four") == "absent"


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """A part of the distances that was noted by the job that made it."""
    path = tmp_path / "distances/parts/2-of-3.npy"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"stretch" * 100)
    note(tmp_path / "ledger", "distances_2-of-3", {}, passing=[path])
    return path


def test_a_part_that_was_gathered_is_no_change_but_a_damaged_one_is(part: Path) -> None:
    rules = {"part": ["distances_2-of-3"]}
    folder = part.parents[2] / "ledger"
    first = Ledger(folder).again(rules, look=True)
    whole = part.read_bytes()
    part.unlink()
    assert Ledger(folder).again(rules, look=True) == first
    part.write_bytes(whole)
    assert Ledger(folder).again(rules, look=True) == first
    flip(part)
    assert Ledger(folder).again(rules, look=True) != first


def test_what_gathers_refuses_a_part_that_is_not_as_it_was_written(part: Path) -> None:
    """It goes once it is gathered: nothing could tell afterwards."""
    folder = part.parents[2] / "ledger"
    refuse_damaged(folder, "distances", [part])
    flip(part)
    with pytest.raises(BadInput, match=r"2-of-3\.npy: not as it was written"):
        refuse_damaged(folder, "distances", [part])
    with pytest.raises(BadInput, match=r"2-of-3\.npy: not as it was written"):
        refuse_damaged(folder, "validation", [part])
