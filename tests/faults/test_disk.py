"""Full and read-only disks, links in the way, open rights, and tables that a spreadsheet would run."""

from __future__ import annotations

import csv
import errno
import os
import random
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from veje import io
from veje.cli.app import told as told_as_a_line
from veje.cli.workflow import close_results
from veje.config import load
from veje.errors import BadInput, NoRoom
from veje.importing import import_file

ROOT = Path(__file__).resolve().parents[2]
FLOW = pl.DataFrame({"step": [0, 1], "key": ["decisions", "grants"], "rows": [40, 30], "persons": [35, 30]})


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


# A disk that is full


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 256 kB; skipped where nothing can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(path: Path) -> None:
    io.write_array(np.arange(200_000), path)


def test_a_real_full_disk_leaves_the_former_file(small_disk: Path, told) -> None:
    io.write_table(FLOW, small_disk / "flow.parquet", "flow")
    before = (small_disk / "flow.parquet").read_bytes()
    for write in (fill, lambda path: io.write_text("x" * 900_000, path)):
        with pytest.raises(NoRoom) as error:
            write(small_disk / "flow.parquet")
        assert told(error).endswith("flow.parquet: not written: no space left on device")
        assert names(small_disk) == ["flow.parquet"]
        assert (small_disk / "flow.parquet").read_bytes() == before
    assert io.read_table(small_disk / "flow.parquet", "flow").equals(FLOW)


def test_a_read_only_disk_is_told(small_disk: Path, told) -> None:
    io.write_text("former\n", small_disk / "a.txt")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for write in (
        lambda: io.write_text("new\n", small_disk / "a.txt"),
        lambda: io.clear_folder(small_disk / "b"),
    ):
        with pytest.raises(NoRoom) as error:
            write()
        assert told(error).endswith("not written: read-only file system")
    assert names(small_disk) == ["a.txt"]


CONVERT = """
import resource, sys
from veje.cli.app import app
import veje.cli.importing
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
app(["import", sys.argv[1], sys.argv[2], "--weeks", sys.argv[2] + ".weeks"])
"""


@pytest.mark.parametrize("limit", [0, 10_000, 60_000])
def test_a_conversion_that_finds_no_room_ends_with_30_and_leaves_nothing(
    tmp_path: Path, told, limit: int
) -> None:
    source, target = tmp_path / "DREAM200912.csv", tmp_path / "out" / "dream.parquet"
    draw = random.Random(4)
    weeks = [f"Y_08{week:02d}" for week in range(1, 53)]
    rows = [[f"{7_000_000_000 + k * 7_919}", *draw.choices(["", "111", "130"], k=52)] for k in range(8_000)]
    source.write_text("\n".join(",".join(row) for row in [["PNR", *weeks], *rows]) + "\n")
    # Without -B the limit would cut compiled modules too.
    command = [sys.executable, "-B", "-c", CONVERT, str(source), str(target), str(limit)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT / "src")}
    )
    assert done.returncode == 30, done.stderr
    assert told(done.stderr).endswith("not written: file too large")
    assert names(tmp_path) == ["DREAM200912.csv", "out"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "no space left on device"),
        (errno.EROFS, "read-only file system"),
        (errno.EACCES, "permission denied"),
        (errno.EDQUOT, "disk quota exceeded"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "mkdir", "mkstemp", "replace"])
def test_every_step_of_writing_may_fail(
    tmp_path: Path, monkeypatch, told, call: str, code: int, words: str
) -> None:
    def fail(*_args, **_options):
        raise OSError(code, os.strerror(code))

    where = {"fsync": os, "mkdir": Path, "mkstemp": tempfile, "replace": Path}[call]
    monkeypatch.setattr(where, call, fail)
    with pytest.raises(NoRoom) as error:
        io.write_text("new\n", tmp_path / "folder" / "a.txt")
    monkeypatch.undo()
    assert told(error) == f"{tmp_path}/folder/a.txt: not written: {words}"
    assert [name for name in names(tmp_path) if name != "folder"] == []


def test_another_fault_of_the_system_is_not_called_a_full_disk(tmp_path: Path) -> None:
    def fail(_file):
        raise OSError(errno.EPIPE, "x")

    with pytest.raises(BrokenPipeError):
        io.write_whole(tmp_path / "a", fail)
    assert names(tmp_path) == []


def test_too_little_memory_has_the_same_exit_code(capsys) -> None:
    with pytest.raises(typer.Exit) as stop, told_as_a_line("tables"):
        raise MemoryError
    assert stop.value.exit_code == 30
    assert capsys.readouterr().err == "veje tables: not enough memory\n"


def test_files_of_one_stage_come_together_or_not_at_all(tmp_path: Path) -> None:
    for name in ("a", "b"):
        io.write_text("former\n", tmp_path / name)

    def write_two_and_fail() -> None:
        with io.all_or_none():
            io.write_text("new\n", tmp_path / "a")
            io.write_text("new\n", tmp_path / "c")
            raise BadInput("b: cannot be used")

    with pytest.raises(BadInput):
        write_two_and_fail()
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "a").read_text() == "former\n"
    with io.all_or_none():
        io.write_text("new\n", tmp_path / "a")
        assert (tmp_path / "a").read_text() == "former\n"
        io.write_text("new\n", tmp_path / "c")
    assert [(tmp_path / name).read_text() for name in names(tmp_path)] == ["new\n", "former\n", "new\n"]
    io.write_text("later\n", tmp_path / "a")
    assert (tmp_path / "a").read_text() == "later\n"


# Links, and paths that lead elsewhere


def test_a_link_under_a_files_name_is_replaced_and_not_followed(tmp_path: Path) -> None:
    other, results = tmp_path / "other", tmp_path / "results"
    other.mkdir()
    results.mkdir()
    (other / "theirs").write_text("theirs\n")
    (results / "flow.parquet").symlink_to(other / "theirs")
    (results / "new").symlink_to(other / "not there yet")
    io.write_table(FLOW, results / "flow.parquet", "flow")
    io.write_text("x\n", results / "new")
    assert names(other) == ["theirs"]
    assert (other / "theirs").read_text() == "theirs\n"
    assert not (results / "flow.parquet").is_symlink()
    assert not (results / "new").is_symlink()


def test_a_link_in_a_folders_place_is_taken_away_and_not_emptied(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "theirs").write_text("theirs\n")
    (tmp_path / "quarantine").symlink_to(other)
    io.clear_folder(tmp_path / "quarantine")
    io.write_text("x\n", tmp_path / "quarantine" / "grants.parquet")
    assert names(other) == ["theirs"]
    assert not (tmp_path / "quarantine").is_symlink()


def settings_in(folder: Path):
    text = (ROOT / "config/config.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(f"{text}\nresults: {folder}/results\n", encoding="utf-8")
    return load(str(folder / "config.yaml"))


@pytest.mark.parametrize("place", ["private", "private/keys", "private/study/tables", "release"])
def test_a_folder_that_leads_out_of_the_results_stops_the_start(tmp_path: Path, told, place: str) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "results" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "elsewhere")
    before = os.umask(0o022)
    try:
        with pytest.raises(BadInput) as error:
            close_results(settings)
    finally:
        os.umask(before)
    assert f"{place}: a link that leads out of" in told(error)
    assert names(tmp_path / "elsewhere") == []


def test_results_that_are_a_link_themselves_are_the_users_choice(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "large disk" / "private").mkdir(parents=True)
    (tmp_path / "results").symlink_to(tmp_path / "large disk")
    before = os.umask(0o022)
    close_results(settings)
    os.umask(before)
    assert stat.S_IMODE((tmp_path / "large disk/private").stat().st_mode) == 0o750


@pytest.mark.parametrize(
    "name", ["../elsewhere", "/elsewhere", "a/b", "..", ".hidden", "", "a\\b", "study\n"]
)
@pytest.mark.parametrize("key", ["scenario", "area"])
def test_no_name_of_the_config_leads_out_of_the_results(tmp_path: Path, told, key: str, name: str) -> None:
    text = (ROOT / "config/config.yaml").read_text(encoding="utf-8")
    quoted = f'"{name}"'.replace("\\", "\\\\").replace("\n", "\\n")
    old, new = {
        "scenario": ("scenario: study\n", f"scenario: {quoted}\n"),
        "area": ("herning\n", f"{quoted}\n"),
    }[key]
    assert old in text
    (tmp_path / "config.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        load(str(tmp_path / "config.yaml"))
    assert "key '" in told(error)


def test_nothing_is_written_to_the_shared_folder_for_temporary_files(tmp_path: Path, monkeypatch) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    source = tmp_path / "UDDA.csv"
    source.write_text("PNR,HFAUDD\n0703581113,30\n")
    import_file(source, tmp_path / "udda.parquet")
    io.write_table(FLOW, tmp_path / "flow.parquet", "flow")
    assert names(shared) == []
    assert names(tmp_path) == ["UDDA.csv", "flow.parquet", "shared", "udda.parquet"]


# Rights


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_and_folders_are_closed_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        io.write_table(FLOW, tmp_path / "a/b/flow.parquet", "flow")
        io.write_csv(FLOW, tmp_path / "a/c/flow.csv")
        io.write_array(np.arange(3), tmp_path / "a/d.npy")
        io.write_json({}, tmp_path / "a/e.json")
        io.copy_file(tmp_path / "a/e.json", tmp_path / "a/f/g.json")
        io.clear_folder(tmp_path / "a/h")
    finally:
        os.umask(before)
    written = list((tmp_path / "a").rglob("*"))
    assert len(written) == 9
    for path in written:
        assert not stat.S_IMODE(path.stat().st_mode) & ~(0o750 if path.is_dir() else 0o640), path


def test_what_an_older_run_left_open_is_closed_at_the_start(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    keys, release = tmp_path / "results/private/keys", tmp_path / "results/release"
    for folder in (keys, release):
        folder.mkdir(parents=True)
        (folder / "a.parquet").write_bytes(b"x")
        (folder / "a.parquet").chmod(0o666)
        folder.chmod(0o777)
    (keys / "own.parquet").write_bytes(b"x")
    (keys / "own.parquet").chmod(0o600)
    (tmp_path / "results/notes.txt").write_text("the user's own\n")
    (tmp_path / "results/notes.txt").chmod(0o644)
    before = os.umask(0o000)
    close_results(settings)
    assert os.umask(before) == 0o027
    results = tmp_path / "results"
    modes = {
        path.relative_to(results).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in results.rglob("*")
    }
    assert modes["release"] == 0o750
    assert modes["release/a.parquet"] == 0o640
    # Personal numbers are for their owner alone.
    assert modes["private/keys"] == 0o700
    assert modes["private/keys/a.parquet"] == modes["private/keys/own.parquet"] == 0o600
    assert modes["notes.txt"] == 0o644


# Tables that a spreadsheet opens


FIRST = ("=", "+", "-", "@", "\t", "\r", "\n")


@given(
    st.lists(
        st.tuples(st.sampled_from((*FIRST, "a", "1", "'")), st.text(max_size=8)), min_size=1, max_size=6
    ),
    st.floats(-1e6, 1e6, allow_nan=False),
)
def test_no_cell_of_a_released_table_is_a_formula(tmp_path_factory, cells, number: float) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    texts = [first + rest for first, rest in cells]
    io.write_csv(pl.DataFrame({"key": texts, "value": [number] * len(texts)}), path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    for text, (key, value) in zip(texts, rows, strict=True):
        assert key in (text, f"'{text}")
        assert not key.startswith(FIRST) or float(key.replace(",", ".")) is not None
        assert float(value) == number


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=", "-", "--1"]
)
def test_formulas_get_an_apostrophe(tmp_path: Path, cell: str) -> None:
    io.write_csv(pl.DataFrame({"key": [cell, "herning"], "n": [-1, 2]}), tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["key", "n"], [f"'{cell}", "-1"], ["herning", "2"]]


def test_numbers_are_unharmed(tmp_path: Path) -> None:
    frame = pl.DataFrame({"key": ["-2", "+4.5", "-0,5", None], "value": [-1.5, 2.0, -3.25, None]})
    io.write_csv(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == 'key,value\n-2,-1.5\n+4.5,2.0\n"-0,5",-3.25\n,\n'
