"""The rim of stage `figures`: which files are written, and which are taken away."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from tests.figures.frames import only, sources
from veje import config, io
from veje.cli.figures import run
from veje.cli.files import Files
from veje.cli.stages import STAGES

SETTINGS = """{
 "scenario": "small",
 "registers": {"dream": {"files": ["d"]}, "grants": {"files": ["g"]}, "bef": {"files": ["b"]}},
 "cohort": {"from": "2008-01-01", "to": "2008-12-31", "municipalities": {"657": "herning", "791": "viborg"}},
 "disclosure": {"threshold": 5, "rounding": 5, "rule": "r"}, "languages": ["da"]}"""


@pytest.fixture
def settings():
    whole = config.dump(config.load(SETTINGS))
    return config.part(json.dumps(whole, default=str), STAGES["figures"].settings)


def test_files_and_leftovers(tmp_path, settings) -> None:
    io.write_table(only("flow", "timing"), tmp_path / "released.parquet", "released")
    public = tmp_path / "public"
    public.mkdir()
    (public / "old.png").write_bytes(b"of an earlier run")
    (public / "keep.txt").write_text("not a picture")
    outputs = Files([f"da={public}"])
    run(settings, Files([f"released={tmp_path / 'released.parquet'}"]), outputs)
    assert {path.name for path in public.iterdir()} == {"flow.png", "timing_classes.png", "keep.txt"}


def test_private_pictures_have_a_folder_of_their_own(tmp_path, settings) -> None:
    made = sources()
    for name, frame in {"sequences": made.sequences, "types": made.types}.items():
        io.write_table(frame, tmp_path / f"{name}.parquet", name)
    rng = np.random.default_rng(1)
    n = made.sequences["sequence"].n_unique()
    io.write_array(rng.random(n * (n - 1) // 2).astype(np.float32), tmp_path / "distances.npy")
    inputs = [f"{name}={tmp_path / name}.parquet" for name in ("sequences", "types")]
    run(
        settings,
        Files([*inputs, f"distances={tmp_path / 'distances.npy'}"]),
        Files([f"private={tmp_path / 'b'}"]),
    )
    assert {path.name for path in (tmp_path / "b").iterdir()} == {"index_plot.png", "medoids.png"}


def test_frames_are_a_release() -> None:
    frame = only("timing")
    assert set(frame["status"]) <= {"published", "withheld"}
    assert (
        frame.filter(pl.col("status") == "withheld")["value"].null_count()
        == frame.filter(pl.col("status") == "withheld").height
    )
