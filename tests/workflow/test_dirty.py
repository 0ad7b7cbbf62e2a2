"""Every fault planted in the rows is kept aside under its rule, no clean row is; and `veje check`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.workflow.conftest import Study, config_in, copy_of
from tests.workflow.sharing import common, once
from veje.twin import make_twin, write_dirty

KEY = ["register", "file", "row", "rule"]


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Registers with planted faults, read under a limit that lets them pass."""
    folder = common(tmp_path_factory) / "dirty"
    return Study(folder, once(folder, read_dirty))


def read_dirty(folder: Path) -> str:
    write_dirty(make_twin(seed=7, others=2_000), folder / "twin", 7)
    config = config_in(folder)
    (folder / "config.yaml").write_text(config.replace("  limit: 0\n", "  limit: 0.5\n"), encoding="utf-8")
    done = Study(folder, "").run("--until", "ingest")
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_planted_faults_are_caught_and_nothing_else(dirty: Study) -> None:
    listed = pl.read_csv(dirty.folder / "twin/truth/planted_faults.csv").with_columns(
        pl.col("row").cast(pl.Int64)
    )
    # The run reads DREAM as Parquet; the list has its CSV too.
    read = pl.col("file") != "DREAM200912.csv"
    planted = listed.filter(read & (pl.col("expected") == "quarantine")).select(KEY).unique()
    aside = dirty.private / "study/quarantine"
    parts = [pl.read_parquet(path) for path in aside.glob("*.parquet") if path.stem != "summary"]
    caught = pl.concat(parts).select(KEY).unique()
    assert planted.height > 200
    assert planted.join(caught, on=KEY, how="anti").rows() == []
    assert caught.join(planted, on=KEY, how="anti").rows() == []


def test_more_than_the_limit_stops_the_run_and_leaves_the_quarantine(dirty: Study, tmp_path: Path) -> None:
    # Without the rows kept aside under the limit that let them pass.
    strict = copy_of(dirty, tmp_path / "strict", "quarantine")
    config = (strict.folder / "config.yaml").read_text(encoding="utf-8")
    (strict.folder / "strict.yaml").write_text(
        config.replace("  limit: 0.5\n", "  limit: 0\n"), encoding="utf-8"
    )
    done = strict.run(config="strict.yaml")
    assert done.returncode == 11, done.stderr
    assert "quarantine.limit" in done.stderr.strip().splitlines()[-1]
    assert pl.read_parquet(strict.private / "study/quarantine/grants.parquet").height > 10


def checked(folder: Path, config: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "veje", "check", "--config", config]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_check_shows_every_register_and_no_problem(study: Study) -> None:
    done = checked(study.folder, "config.yaml")
    assert done.returncode == 0, done.stderr
    for word in (
        "DREAM200912.parquet",
        "Y_9601 to Y_0953",
        "afgdato",
        "(8 files)",
        "predicted",
        "0 problems",
    ):
        assert word in done.stdout


def test_check_tells_every_problem_in_a_line(broken: Study) -> None:
    registers = broken.folder / "twin/registers"
    grants = pl.read_csv(registers / "GRANTS2009.csv", infer_schema=False)
    grants.rename({"AFGDATO": "AFG_DATO"}).write_csv(registers / "GRANTS2009.csv")
    (registers / "UDDA2008.parquet").unlink()
    dream = pl.read_parquet(registers / "DREAM200912.parquet")
    dream.drop("Y_0520").with_columns(pl.lit("555").alias("Y_0601")).write_parquet(
        registers / "DREAM200912.parquet"
    )
    done = checked(broken.folder, "config.yaml")
    assert done.returncode == 10
    problems = [line for line in done.stdout.splitlines() if line.startswith("problem: ")]
    assert len(problems) == 3
    assert any("no column 'afgdato'" in line and "did you mean 'afg_dato'" in line for line in problems)
    assert any("UDDA2008.parquet: no such file" in line for line in problems)
    assert any("Y_0520" in line for line in problems)
    assert "555 (" in done.stdout
