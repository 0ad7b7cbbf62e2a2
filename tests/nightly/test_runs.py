"""Dated runs, `latest`, and the manifest: whole whatever the moment of a kill, and kept by a rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from veje import io
from veje.cli import runs
from veje.cli.manifest import MANIFEST, differences, digests_in, read_manifest
from veje.errors import BadInput, Unsafe, VejeError


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Results with a release of three files."""
    folder = tmp_path / "results"
    fill(folder, "first")
    return folder


def fill(results: Path, text: str) -> None:
    for name in ("report.html", "tables/a.csv", "provenance.json"):
        io.write_text(f"{text} {name}\n", results / "release" / name)


def publish(results: Path, number: int, *gates) -> str:
    told = {"number": number, "fingerprint": f"made from {number}"}
    return runs.publish(results, results / "release", told, [*gates, runs.whole])


def views(results: Path) -> set[str]:
    """Give the first words of all files that a reader of `latest` sees: one word when it is whole."""
    paths = [p for p in (results / "latest").rglob("*") if p.is_file() and p.name != MANIFEST]
    return {path.read_text().split()[0] for path in paths}


def test_a_run_is_a_copy_with_a_manifest_and_latest_names_it(results: Path) -> None:
    name = publish(results, 1)
    run = results / "runs" / name
    assert (results / "latest").resolve() == run.resolve()
    assert str((results / "latest").readlink()) == f"runs/{name}"
    assert differences(run) == []
    told = read_manifest(run)
    assert told["number"] == 1
    assert set(told["outputs"]) == {"report.html", "tables/a.csv", "provenance.json"}
    release = digests_in(results / "release")
    assert {path: told["outputs"][path] for path in release} == release


def test_a_gate_that_stops_leaves_the_former_run(results: Path) -> None:
    former = publish(results, 1)
    fill(results, "second")

    def closed(_staged: Path) -> None:
        raise Unsafe("not this one")

    with pytest.raises(Unsafe):
        publish(results, 2, closed)
    assert str((results / "latest").readlink()) == f"runs/{former}"
    assert views(results) == {"first"}
    assert runs.recover(results), "the staged folder is taken away"
    assert [path.name for path in (results / "runs").iterdir()] == [former]


class Killed(BaseException):
    """Stands for SIGKILL: nothing may be done after it but by the next run."""


STEPS = [(io, "clear_folder"), (io, "copy_file"), (io, "write_json"), (io, "rename"), (runs, "point_latest")]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize(("where", "step"), STEPS, ids=[name for _, name in STEPS])
def test_a_kill_at_any_step_is_made_good_by_the_next_run(
    results: Path, monkeypatch: pytest.MonkeyPatch, where, step: str, nth: int, when: str
) -> None:
    publish(results, 1)
    fill(results, "second")
    real, calls = getattr(where, step), []

    def killed(*args, **options):
        calls.append(1)
        if len(calls) == nth and when == "before":
            raise Killed
        done = real(*args, **options)
        if len(calls) == nth:
            raise Killed
        return done

    monkeypatch.setattr(where, step, killed)
    try:
        publish(results, 2)
    except Killed:
        assert views(results) in ({"first"}, {"second"}), "never of two runs"
    else:
        assert len(calls) < nth
    monkeypatch.setattr(where, step, real)
    runs.recover(results)
    assert views(results) in ({"first"}, {"second"})
    if read_manifest(runs.in_order(results)[-1])["number"] == 1:
        publish(results, 2)
    assert views(results) == {"second"}
    assert [differences(run) for run in runs.in_order(results)] == [[], []]
    assert [path for path in (results / "runs").iterdir() if path.name.startswith(".")] == []


def test_two_runs_of_one_second_have_two_names(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(results, 1)
    monkeypatch.setattr(runs, "_STAMP", first)
    assert publish(results, 2) == f"{first}-2"
    assert [run.name for run in runs.in_order(results)] == [first, f"{first}-2"]


def test_order_is_that_of_publishing_whatever_the_clock(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, stamp in ((1, "20260301T000000Z"), (2, "20250101T000000Z"), (3, "20260302T000000Z")):
        monkeypatch.setattr(runs, "_STAMP", stamp)
        publish(results, number)
    assert [run.name[:6] for run in runs.in_order(results)] == ["202603", "202501", "202603"]
    assert runs.recover(results) == []


def test_old_runs_go_by_the_rule(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamps = [f"2026{month:02d}{day:02d}T000000Z" for month in (1, 2, 3, 4) for day in (1, 2, 3)]
    for number, stamp in enumerate(stamps):
        monkeypatch.setattr(runs, "_STAMP", stamp)
        publish(results, number)
    gone = runs.drop_old(results, keep=2, keep_months=3)
    kept = [run.name[4:8] for run in runs.in_order(results)]
    assert kept == ["0203", "0303", "0402", "0403"]
    assert len(gone) + len(kept) == 12
    assert runs.drop_old(results, keep=1, keep_months=0) == [f"2026{day}T000000Z" for day in kept[:-1]]
    assert runs.drop_old(results, keep=1, keep_months=0) == []


CHANGES = {
    "changed": (lambda run: (run / "tables/a.csv").write_text("other\n"), ["tables/a.csv: changed"]),
    "gone": (lambda run: (run / "report.html").unlink(), ["report.html: gone"]),
    "added": (lambda run: (run / "tables/b.csv").write_text("x"), ["tables/b.csv: not of this run"]),
    "a link": (
        lambda run: ((run / "report.html").unlink(), (run / "report.html").symlink_to("/etc/hostname")),
        ["report.html: changed"],
    ),
    "swapped": (
        lambda run: (
            (run / "report.html").rename(run / "x"),
            (run / "tables/a.csv").rename(run / "report.html"),
            (run / "x").rename(run / "tables/a.csv"),
        ),
        ["report.html: changed", "tables/a.csv: changed"],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_verify_names_what_differs(results: Path, change: str) -> None:
    run = results / "runs" / publish(results, 1)
    spoil, told = CHANGES[change]
    spoil(run)
    assert differences(run) == told
    with pytest.raises(VejeError, match="nothing was published"):
        runs.whole(run)


def test_every_bit_of_a_manifest_is_under_its_seal(results: Path) -> None:
    run = results / "runs" / publish(results, 1)
    whole = (run / MANIFEST).read_bytes()
    silent = []
    for at in range(len(whole)):
        (run / MANIFEST).write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        try:
            if read_manifest(run) != {k: v for k, v in json.loads(whole).items() if k != "seal"}:
                silent.append(at)
        except BadInput:
            continue
    assert silent == []


@pytest.mark.parametrize("to", ["/etc", "../..", "runs", "runs/../../x", "runs/.new-x", "private"])
def test_a_latest_that_leads_elsewhere_stops(results: Path, to: str) -> None:
    publish(results, 1)
    (results / "latest").unlink()
    (results / "latest").symlink_to(to)
    with pytest.raises(BadInput, match="leads elsewhere"):
        runs.latest(results)


def test_a_lost_latest_is_put_back(results: Path) -> None:
    name = publish(results, 1)
    (results / "latest").unlink()
    assert runs.recover(results) == [f"latest now names {name}"]
    assert runs.latest(results) == results / "runs" / name


def test_a_folder_that_is_no_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no finished run"):
        differences(tmp_path)
