"""Income, unemployment, deaths and migration of the twin agree with its weeks, and its cohort stays."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from veje.cohort import build_cohort
from veje.contracts import register
from veje.ingest import (
    Delivery,
    Everyone,
    check_limit,
    number_persons,
    read_register,
    replace_identifiers,
)
from veje.settings import Cohort, Register
from veje.twin import Twin
from veje.twin.law import AREAS
from veje.twin.yearly import LATE_DEATHS, LATE_MOVES

YEARS = (2006, 2007, 2008)
STUDY = Cohort.model_validate(
    {
        "from": "2007-07-01",
        "to": "2009-03-31",
        "municipalities": {code: name for name, code in AREAS.items()},
    }
)


def typed(twin: Twin, name: str, *stems: str) -> pl.DataFrame:
    """Read a register of the twin as the stage does."""
    text = [Delivery(stem, twin.registers[stem].select(pl.all().cast(pl.String))) for stem in stems]
    found = read_register(text, register(name), Register(files=["x"]), checked=True)
    check_limit(found.faults, found.rows, 0)
    everyone = Everyone([twin.registers["PARENTS"]["PNR"], twin.registers["GRANTS2009"]["PNR"]])
    numbers = number_persons(everyone, 1)
    return replace_identifiers(found.frame, register(name), numbers)


@pytest.fixture(scope="module")
def flow(twin: Twin) -> dict[str, int]:
    tables = {
        "grants": typed(twin, "grants", "GRANTS2009"),
        "deaths": typed(twin, "deaths", "DOD2009"),
        "migration": typed(twin, "migration", "VNDS2009"),
    }
    bef = pl.concat([typed(twin, "bef", f"BEF{year}") for year in YEARS])
    result = build_cohort(
        tables["grants"], bef, STUDY, deaths=tables["deaths"], migration=tables["migration"]
    )
    return dict(result.flow.select("key", "persons").rows())


def test_late_deaths_and_moves_are_left_out_and_the_cohort_stays(flow: dict[str, int]):
    assert flow["first_per_person"] - flow["alive"] == LATE_DEATHS
    assert flow["alive"] - flow["in_the_country"] == LATE_MOVES
    assert flow["in_municipalities"] == 1553


def test_unemployment_is_the_share_of_weeks(twin: Twin):
    dream = twin.registers["DREAM200912"]
    weeks = [name for name in dream.columns if name.startswith("Y_07")]
    assert len(weeks) == 52
    # 2007 ends on a Monday: its last day lies in the first week of 2008.
    codes = dream.select([*weeks, "Y_0801"]).with_columns(pl.all().fill_null(""))
    out_of_work = codes.select(pl.sum_horizontal(pl.all().is_in(["111"]).cast(pl.Int64)))
    share = pl.DataFrame([dream["PNR"], out_of_work.to_series().alias("weeks")])
    both = twin.registers["IDAP2007"].join(share, on="PNR")
    assert both.height == twin.registers["IDAP2007"].height
    assert both["ARLEDGR"].is_between(0, 1000).all()
    # Two thirds of a week of unemployment benefit count, less where table 6.3 has less than the weeks.
    least = both.select((both["ARLEDGR"] / (1000 * pl.col("weeks") / 53)).filter(pl.col("weeks") > 5))
    assert least.min().item() > 0.5
    assert both.filter(pl.col("weeks") > 26)["ARLEDGR"].min() > 280


def test_who_worked_earned_more(twin: Twin):
    income = twin.registers["IND2007"].join(twin.registers["IDAP2007"], on=["PNR", "AAR"])
    assert income.height == twin.registers["IND2007"].height
    never, always = income.filter(pl.col("ARLEDGR") == 0), income.filter(pl.col("ARLEDGR") > 550)
    assert never["PERINDKIALT_13"].median() > 1.2 * always["PERINDKIALT_13"].median()
    assert income["PERINDKIALT_13"].min() >= 0


def test_yearly_files_hold_who_lived_here_at_new_year(twin: Twin):
    dead = twin.registers["DOD2009"]
    for year in YEARS:
        gone = dead.filter(pl.col("DODDATO") < date(year, 12, 25))["PNR"]
        frame = twin.registers[f"IND{year}"]
        assert frame["PNR"].n_unique() == frame.height
        assert (frame["AAR"] == year).all()
        late = frame.filter(pl.col("PNR").is_in(gone.implode())).height
        assert late <= LATE_DEATHS


def test_a_person_dies_once_and_moves_by_turns(twin: Twin):
    dead, moves = twin.registers["DOD2009"], twin.registers["VNDS2009"]
    assert dead["PNR"].n_unique() == dead.height
    assert dead["DODDATO"].max() <= date(2009, 12, 31)
    ordered = moves.sort("PNR", "HAEND_DATO")
    same = pl.col("INDUD_KODE") == pl.col("INDUD_KODE").shift(1).over("PNR")
    assert ordered.filter(same).height <= LATE_MOVES
    assert set(moves["INDUD_KODE"]) == {"U", "I"}
