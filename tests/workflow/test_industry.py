"""Blank weeks split by DREAM's industry months, through the workflow, against a count of the delivery."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.workflow.conftest import OTHERS, ROOT, Study
from tests.workflow.sharing import common, once
from veje.twin import make_twin, write_twin

SPLIT = """
sequences:
  alphabet: modern
  state_column: modern
  blank: {blank}
"""


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Quarter states of the study's registers with industry months: as listed, as `modern`, and split."""
    folder = common(tmp_path_factory) / "industry"
    return Study(folder, once(folder, run_split))


def run_split(folder: Path) -> str:
    write_twin(make_twin(seed=2012, others=OTHERS, industry=True), folder / "twin")
    shutil.copy(ROOT / "config/config.yaml", folder / "config.yaml")
    plain = (folder / "config.yaml").read_text()
    for blank in ("by_list", "by_industry"):
        text = plain.replace("scenario: study", f"scenario: {blank}") + SPLIT.format(blank=blank)
        (folder / f"{blank}.yaml").write_text(text)
    done = Study(folder, "")
    for name in ("config", "by_list", "by_industry"):
        ran = done.run("--until", "sequences", config=f"{name}.yaml")
        assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def table(study: Study, scenario: str, name: str) -> pl.DataFrame:
    return pl.read_parquet(study.private / scenario / "sequences" / f"{name}.parquet")


def counted(folder: Path) -> dict[str, int]:
    """Count the blank weeks in the windows from the delivered file: by day and month, without veje."""
    truth = pl.read_csv(folder / "twin/truth/planted_types.csv", try_parse_dates=True)
    dream = pl.read_csv(folder / "twin/registers/DREAM200912.csv", infer_schema=False)
    rows = truth.select(pl.col("PNR").cast(pl.String).str.zfill(10), "index_date").join(dream, on="PNR")
    counts = {"present": 0, "absent": 0, "unknown": 0}
    for person in rows.iter_rows(named=True):
        monday = person["index_date"] - timedelta(days=person["index_date"].weekday())
        for back in range(1, 261):
            thursday = monday - timedelta(weeks=back) + timedelta(days=3)
            iso = thursday.isocalendar()
            if person[f"Y_{iso.year % 100:02d}{iso.week:02d}"] is not None:
                continue
            if thursday < date(2008, 1, 1):
                counts["unknown"] += 1
            else:
                counts["present" if person[f"BRANCHE_{thursday:%Y_%m}"] else "absent"] += 1
    return counts


def test_without_the_setting_the_months_change_nothing(study: Study, split: Study) -> None:
    for name in ("sequences", "unique", "week_codes"):
        ours = split.private / "study/sequences" / f"{name}.parquet"
        assert ours.read_bytes() == (study.private / "study/sequences" / f"{name}.parquet").read_bytes(), name


def test_blank_weeks_are_split_as_a_count_of_the_delivery_says(split: Study) -> None:
    weeks = table(split, "by_industry", "week_codes").filter(code="")
    states = {("present", "employment"), ("absent", "self_supporting"), ("unknown", "employment")}
    assert set(weeks.select("industry", "state").rows()) == states
    expected = counted(split.folder)
    assert dict(weeks.select("industry", "weeks").rows()) == expected
    assert min(expected.values()) > 100
    assert f"{expected['absent']:,} without; {expected['unknown']:,} lie before 2008" in split.output


def test_the_check_knows_what_the_split_needs(split: Study, study: Study) -> None:
    assert checked(split.folder, "by_industry.yaml").returncode == 0
    plain = (split.folder / "by_industry.yaml").read_text().replace("twin/", f"{study.folder}/twin/")
    lacking = plain.replace("alphabet: modern", "alphabet: caswell9").replace(": modern", ": caswell_state")
    (split.folder / "bare.yaml").write_text(plain)
    (split.folder / "lacking.yaml").write_text(lacking)
    problems = [
        [line for line in checked(split.folder, name).stdout.splitlines() if line.startswith("problem: ")]
        for name in ("bare.yaml", "lacking.yaml")
    ]
    months = "DREAM200912.parquet: no column BRANCHE_YYYY_MM, which sequences.blank: by_industry needs"
    assert problems[0] == [f"problem: {months}"]
    assert problems[1][0] == f"problem: {months}"
    assert "alphabet caswell9 has no state 'self_supporting'" in problems[1][1]


def checked(folder: Path, config: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "veje", "check", "--config", config]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_only_quarters_of_employment_become_self_support(split: Study) -> None:
    before, after = (table(split, name, "sequences").sort("person") for name in ("by_list", "by_industry"))
    pairs = pl.DataFrame({"before": before["states"].explode(), "after": after["states"].explode()})
    alphabet = pl.read_csv(ROOT / "data_schema/alphabets/modern.csv")["state"].to_list()
    moved = pairs.filter(pl.col("before") != pl.col("after"))
    assert 0 < moved.height < pairs.height / 100
    assert set(moved["before"]) == {alphabet.index("employment")}
    assert alphabet.index("self_supporting") in set(moved["after"])
