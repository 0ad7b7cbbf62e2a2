"""DREAM's industry months: an addition that moves nothing else, with persons on own means."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from veje.cli.app import app
from veje.twin import Twin, make_twin
from veje.twin.industry import INDUSTRIES

MONTHS = [f"BRANCHE_{year}_{month:02d}" for year in (2008, 2009) for month in range(1, 13)]


@pytest.fixture(scope="module")
def with_industry() -> Twin:
    return make_twin(seed=7, others=1_000, industry=True)


def test_the_months_are_added_and_nothing_else_changes(small: Twin, with_industry: Twin) -> None:
    assert with_industry.truth.equals(small.truth)
    assert list(with_industry.registers) == list(small.registers)
    for name, frame in small.registers.items():
        other = with_industry.registers[name]
        assert other.columns[frame.width :] == (MONTHS if name == "DREAM200912" else [])
        assert other.select(frame.columns).equals(frame), name


def test_a_seed_gives_the_same_months(with_industry: Twin) -> None:
    again = make_twin(seed=7, others=1_000, industry=True)
    assert again.registers["DREAM200912"].equals(with_industry.registers["DREAM200912"])


def test_some_live_on_own_means_and_most_without_transfer_have_a_wage(with_industry: Twin) -> None:
    dream = with_industry.registers["DREAM200912"]
    assert set(dream.select(pl.concat_list(MONTHS).explode()).to_series().drop_nulls()) == set(INDUSTRIES)
    thursday = date(2008, 1, 3)
    blank = {True: 0, False: 0}
    transfer = {True: 0, False: 0}
    while thursday.year < 2010:
        iso = thursday.isocalendar()
        week, month = f"Y_{iso.year % 100:02d}{iso.week:02d}", f"BRANCHE_{thursday:%Y_%m}"
        counted = dream.group_by(pl.col(week).is_null().alias("blank"), pl.col(month).is_not_null()).len()
        for empty, wage, n in counted.rows():
            (blank if empty else transfer)[wage] += n
        thursday += timedelta(weeks=1)
    assert 0.05 < blank[False] / sum(blank.values()) < 0.15
    assert 0.02 < transfer[True] / sum(transfer.values()) < 0.25


def test_a_national_file_has_no_industry_months(tmp_path: Path) -> None:
    arguments = ["twin", "--out", str(tmp_path / "out"), "--population", "100", "--industry"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 10
    assert done.stderr == "veje twin: --population goes neither with --dirty nor with --industry\n"
    assert not (tmp_path / "out").exists()
