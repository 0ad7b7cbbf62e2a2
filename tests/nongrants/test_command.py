"""`veje not-granted` on the named people and forty neighbours of theirs who never had a decision."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.unit.test_cli import Run
from veje import io
from veje.cli.app import app
from veje.cli.nongrants import STAGES

NEIGHBOURS = 40


def add_neighbours(run: Run) -> None:
    """Write forty women of 50 in Herning to DREAM and the population; they have Mogens' weeks or Torben's."""
    weeks, people = (pl.read_csv(run.paths[name], infer_schema=False) for name in ("dream", "bef"))
    numbers = [f"{61 + at % 28}0757{1000 + at}" for at in range(NEIGHBOURS)]
    own = pl.Series("PNR", numbers)
    rows = weeks.filter(pl.col("PNR").is_in(["0703581113", "0809551119"]))
    more = pl.concat([rows] * (NEIGHBOURS // 2)).with_columns(own)
    pl.concat([weeks, more]).write_csv(run.paths["dream"])
    home = {"PNR": own, "REFERENCETID": "2006-12-31", "KOEN": "2", "FOED_DAG": "1957-07-01", "KOM": "657"}
    lived = pl.DataFrame(
        {name: [value] * NEIGHBOURS if name != "PNR" else value for name, value in home.items()}
    )
    pl.concat([people, lived.select(people.columns)]).write_csv(run.paths["bef"])


def lay_out(run: Run) -> Path:
    """Put the stages' tables where the workflow puts them."""
    private = run.folder / "results/private"
    for name, stage in STAGES.items():
        target = private / "people" / stage / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(run.file(name), target)
    (private / "people/distances").mkdir()
    shutil.copy(run.file("distances"), private / "people/distances/distances.npy")
    (private / "weeks").mkdir()
    shutil.copy(run.folder / "weeks/DREAM.parquet", private / "weeks/DREAM.parquet")
    return private / "people/not_granted"


def configure(run: Run, **changes: object) -> None:
    run.configure(results=str(run.folder / "results"), **changes)


def call(run: Run) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["not-granted", "--config", str(run.config)])
    return result.exit_code, result.output


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = Run(tmp_path)
    configure(run, comparison={"at_risk": True}, not_granted={"per_grant": 3})
    add_neighbours(run)
    run.until("timing")
    return run


def test_neighbours_are_drawn_weighted_and_placed(run: Run) -> None:
    folder = lay_out(run)
    code, told = call(run)
    assert code == 0, told
    assert "persons at risk" in told
    assert "describes how often paths end in a grant, and does not explain why" in told
    drawn = io.read_table(folder / "not_granted.parquet", "not_granted")
    aged = drawn.filter(pl.col("age") >= 50)
    assert set(aged["area"]) == {"west"}
    assert set(drawn["first_state"]) == {"wage_earner"}
    cohort = io.read_table(run.file("cohort"), "cohort")
    assert drawn.join(cohort, on="person", how="semi").is_empty()
    assert set(drawn["index_date"]) <= set(cohort["index_date"])
    types = set(io.read_table(run.file("types"), "types")["type_pooled"])
    assert set(drawn["type_key"]) <= types
    paths = pl.read_csv(folder / "paths.csv")
    whole = paths.filter(~pl.col("area").is_in(["west", "east"]))
    assert whole["granted"].sum() == cohort.height
    assert whole["compared"].sum() == drawn.height
    assert whole["standing_for"].sum() == pytest.approx(drawn["weight"].sum())
    again = drawn
    assert call(run)[0] == 0
    assert io.read_table(folder / "not_granted.parquet", "not_granted").equals(again)


def test_what_the_run_did_not_keep_is_one_line(run: Run) -> None:
    code, told = call(run)
    assert code == 10
    assert "no such file: run `veje run --config" in told
    configure(run)
    folder = lay_out(run)
    code, told = call(run)
    assert code == 10
    assert "comparison.at_risk is off: no weeks are kept of persons without a decision" in told
    assert not folder.exists()


def test_without_at_risk_ingest_keeps_no_neighbour(tmp_path: Path) -> None:
    run = Run(tmp_path)
    configure(run)
    add_neighbours(run)
    assert run.stage("ingest").exit_code == 0, run.log
    few = io.read_table(run.file("dream"), "dream").height
    configure(run, comparison={"at_risk": True})
    assert run.stage("ingest").exit_code == 0, run.log
    assert io.read_table(run.file("dream"), "dream").height == few + NEIGHBOURS
