"""The same workflow on 712 real life courses, by a config alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.workflow.conftest import ROOT, hashes
from tests.workflow.sharing import common, once

REAL = ROOT.parent / "shared/real/mvad"

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="the folder with the real life courses is not beside the checkout"
)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = common(tmp_path_factory) / "real"
    once(folder, run_real)
    return folder / "results/mvad"


def run_real(folder: Path) -> str:
    shutil.copytree(ROOT / "config", folder / "config")
    config = folder / "config/mvad.yaml"
    config.write_text(config.read_text().replace("../shared/real/mvad", str(REAL)))
    command = [sys.executable, "-m", "veje", "run", "--config", "config/mvad.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_everyone_is_followed(real: Path) -> None:
    sequences = pl.read_parquet(real / "private/mvad/sequences/sequences.parquet")
    assert sequences.height == 712
    assert sequences["states"].list.len().unique().to_list() == [20]
    weeks = pl.read_parquet(real / "private/mvad/sequences/week_codes.parquet")
    assert weeks["weeks"].sum() == 712 * 260
    assert set(weeks["state"]) == {"employment", "FE", "HE", "joblessness", "school", "training"}


def test_types_are_named_by_states(real: Path) -> None:
    clusters = pl.read_parquet(real / "private/mvad/typology/named_clusters.parquet")
    pooled = clusters.filter(pl.col("area") == "all_regions")
    assert pooled["persons"].sum() == 712
    assert "school_then_he" in set(pooled["type_key"])


def test_a_release_comes_out(real: Path) -> None:
    names = set(hashes(real / "release"))
    assert {"report.html", "report.da.html", "provenance.json", "tables/timing.csv"} <= names
    assert not any(b"MV000" in path.read_bytes() for path in (real / "release").rglob("*") if path.is_file())
