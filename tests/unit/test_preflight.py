"""What a run will take, told before it starts."""

import json

import polars as pl
import pytest

from veje import config, io
from veje.cli import distances, machine
from veje.cli.files import Files
from veje.contracts import contract
from veje.distances import METHODS
from veje.errors import BadInput
from veje.preflight import BYTES, GB, RATES, most_unique, preflight, refuse_unless_fits


def test_the_study_fits_and_takes_seconds():
    found = preflight(unique=3_500, length=20, memory_gb=8)
    assert found.fits
    assert found.pairs == 3_500 * 3_499 // 2
    assert found.seconds < 10
    assert found.memory < 0.5 * GB
    assert found.line.endswith("exact")


def test_time_and_memory_grow_with_the_pairs():
    small, large = (preflight(unique, 20, memory_gb=100) for unique in (10_000, 40_000))
    assert (large.seconds - 2) / (small.seconds - 2) == pytest.approx(16, rel=1e-3)
    assert large.memory - small.memory == BYTES * (large.pairs - small.pairs)


def test_longer_sequences_and_fewer_cores_take_longer_but_no_more_memory():
    weekly, quarterly, alone = (
        preflight(5_000, length, cores=cores) for length, cores in ((260, 2), (20, 2), (20, 1))
    )
    assert weekly.seconds > alone.seconds > quarterly.seconds
    assert weekly.memory == quarterly.memory


@pytest.mark.parametrize("memory_gb", [1, 2.5, 16])
def test_the_advice_names_the_greatest_number_that_fits(memory_gb):
    most = most_unique(memory_gb * GB)
    assert preflight(most, 20, memory_gb=memory_gb).fits
    over = preflight(most + 1, 20, memory_gb=memory_gb)
    assert not over.fits
    with pytest.raises(BadInput, match=rf"memory_gb.*At most {most:,} unlike.*raise.*clara") as refusal:
        refuse_unless_fits(over)
    assert "\n" not in str(refusal.value)


def test_every_dissimilarity_has_a_rate():
    assert set(METHODS) <= set(RATES)


@pytest.mark.parametrize("bad", [{"unique": 1}, {"length": 0}, {"cores": 0}, {"memory_gb": 0}])
def test_nothing_to_compare_is_refused(bad):
    with pytest.raises(ValueError, match=r"no comparison|above 0"):
        preflight(**{"unique": 5, "length": 20, **bad})


def test_memory_is_what_the_machine_grants(tmp_path, monkeypatch):
    granted = tmp_path / "memory.max"
    monkeypatch.setattr(machine, "GRANTED", granted)
    whole = machine.memory_gb()
    granted.write_text("max\n")
    assert machine.memory_gb() == whole > 0
    granted.write_text("500000000\n")
    assert machine.memory_gb() == 0.5


UNIQUE = pl.DataFrame(
    {"sequence": [0, 1, 2], "weight": [3, 1, 1], "states": [[0, 0, 0], [0, 0, 1], [1, 1, 1]]},
    schema=contract("unique").types,
)


@pytest.fixture
def stage(tmp_path, capsys):
    """Run the stage on three unlike sequences; gives its notes and what it said as it began."""

    def run(unique=UNIQUE, **own):
        files = {name: tmp_path / f"{name}.parquet" for name in ("unique", "costs")}
        files["distances"] = tmp_path / "distances.npy"
        io.write_table(unique, files["unique"], "unique")
        text = json.dumps({"distances": own, "sequences": {}})
        settings = config.part(text, ("distances", "sequences"))
        pairs = [f"{name}={path}" for name, path in files.items()]
        notes = distances.run(settings, Files(pairs), Files(pairs))
        return notes, capsys.readouterr().err, io.read_array(files["distances"])

    return run


def test_the_stage_says_what_it_will_take(stage):
    notes, told, result = stage(memory_gb=4)
    assert "3 unlike sequences, 3 pairs" in told
    assert "of 4.0 GB" in told
    assert told.strip().removeprefix("veje distances: ") == notes[0]
    assert len(result) == 3


def test_the_stage_refuses_what_does_not_fit(stage, tmp_path):
    with pytest.raises(BadInput, match=r"distances\.memory_gb.*0\.1 GB.*clara"):
        stage(memory_gb=0.1)
    assert not (tmp_path / "distances.npy").exists()


def test_one_sequence_is_nothing_to_compare(stage):
    with pytest.raises(BadInput, match="all 3 persons have the same sequence"):
        stage(UNIQUE.head(1))
