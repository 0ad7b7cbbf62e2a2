"""What `veje check` counts and predicts before anything runs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.people import EVERYONE, delivered
from tests.unit.test_cli import Run
from veje import config, io
from veje.cli import check, predict, present
from veje.contracts import register as register_of
from veje.formats import open_source
from veje.settings import Registers


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


def people(register: str) -> set[str]:
    return set(delivered()[register]["PNR"].drop_nulls())


def test_persons_are_those_of_the_registers_and_of_the_grants_among_them(run, capsys):
    screen = check.check(str(run.config))
    assert screen.problems == []
    assert set(screen.persons) == set(Registers.model_fields)
    assert {name: len(found) for name, found in screen.persons.items()} == {
        name: len(people(name)) for name in screen.persons
    }
    check.show(screen)
    shown = capsys.readouterr().out
    for name in ("bef", "lmdb"):
        both = f"{len(people(name) & people('grants')):,} of {len(people('grants')):,}"
        (line,) = (line for line in shown.splitlines() if line.strip().startswith(f"{name} "))
        assert f" {len(people(name)):,} " in line
        assert both in line
    assert not any(person.pnr in shown for person in EVERYONE)


def test_numbers_are_read_as_ingest_does(run):
    """Lost zeros are the same person, empty cells and the header again nobody, files come together."""
    numbers = ["0703581113", "703581113", "070358-1113", "", "PNR", "3013581113"]
    lines = [f"{number},N06AB04,2008-05-02\n" for number in numbers]
    run.paths["lmdb"].write_text("PNR,ATC,EKSD\n" + "".join(lines))
    for kind, count in (("pseudonyms", 2), ("cpr", 1)):
        run.configure(quarantine={"personal_numbers": kind})
        assert len(check.check(str(run.config)).persons["lmdb"]) == count
    plain = io.read_json(run.config)
    second = run.folder / "LMDB2.csv"
    second.write_text("PNR,ATC,EKSD\n0703581113,N06AB04,2008-05-02\n1206601114,N06AB04,2008-05-02\n")
    plain["registers"]["lmdb"]["files"].append(str(second))
    io.write_json(plain, run.config)
    assert len(check.check(str(run.config)).persons["lmdb"]) == 2


def test_a_file_that_is_too_long_to_count_says_at_least(run, monkeypatch, capsys):
    monkeypatch.setattr(present, "SECONDS", 0)
    monkeypatch.setattr(present, "_WAITING", 1)
    screen = check.check(str(run.config))
    assert not screen.persons["lmdb"].whole
    check.show(screen)
    assert "at least 1 of" in capsys.readouterr().out
    frame, register = delivered()["grants"], config.load(str(run.config)).registers.grants
    frame.write_parquet(run.folder / "g.parquet")
    spec = register_of("grants").columns["person"]
    found = present.find_persons(open_source(run.folder / "g.parquet"), "pnr", spec, register, True)
    assert (len(found), found.whole) == (frame["PNR"].n_unique(), True)


def test_a_cut_delivery_is_a_problem_before_anything_runs(run):
    plain = io.read_json(run.config)
    frame = delivered()["udda"]
    frame.write_parquet(run.folder / "UDDA.parquet")
    plain["registers"]["udda"] |= {"files": [str(run.folder / "UDDA.parquet")], "rows": 99}
    io.write_json(plain, run.config)
    assert check.check(str(run.config)).problems == [
        f"UDDA.parquet: {frame.height} rows, but registers.udda.rows says 99: is a file truncated?"
    ]


def test_persons_in_common():
    one, other = (present.Persons(np.array(part, dtype=np.uint64)) for part in ([1, 3, 5], [3, 4, 5, 9]))
    assert (one.of(other), other.of(one), len(one | other)) == (2, 2, 5)


def test_predictions_grow_with_the_work_and_memory_stops_growing():
    one, ten, hundred = (predict.predict([("csv", rows, 1_800)]) for rows in (50_000, 500_000, 5_000_000))
    assert 9 < ten.seconds / one.seconds < 10.5
    assert one.megabytes == ten.megabytes == hundred.megabytes < 1_000
    small = predict.predict([("csv", 100, 4)])
    assert small.megabytes < 310
    assert small.seconds < 1
    assert predict.predict([("csv", 100, 4), ("parquet", 50_000, 1_800)]).megabytes == one.megabytes
    assert predict.predict([]).seconds == 0


def test_formats_are_slow_in_the_order_that_was_measured():
    seconds = {form: predict.predict([(form, 300_000, 1_800)]).seconds for form in predict.CELLS_A_SECOND}
    assert (
        seconds["dta"] >= seconds["sas7bdat"] > seconds["csv.gz"] > seconds["csv"] > seconds["parquet"] > 30
    )
    assert predict.rate("unknown") == min(predict.CELLS_A_SECOND.values())
