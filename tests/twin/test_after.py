"""The twin after 2013: its law, who is planted in it, and the range of years that it is asked for by."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from veje.errors import BadInput
from veje.twin.after import make_after, parse_years
from veje.weeks import column_of, is_week_column, week_of, week_of_column

YEARS = (2013, 2022)


@pytest.fixture(scope="module")
def twin():
    return make_after(YEARS, seed=7, grants=700, others=200)


@pytest.fixture(scope="module")
def planted(twin):
    return twin.truth.join(twin.registers["DREAM202301"], on="PNR", how="left")


def weeks_with(planted: pl.DataFrame, prefix: str) -> dict[str, list[int]]:
    """List the weeks of each person whose code begins so."""
    columns = [name for name in planted.columns if is_week_column(name)]
    number = {name: week_of_column(name) for name in columns}
    return {
        row["PNR"]: [number[name] for name in columns if (row[name] or "").startswith(prefix)]
        for row in planted.to_dicts()
    }


def test_the_same_seed_gives_the_same_registers_and_another_one_others(twin) -> None:
    again, other = make_after(YEARS, 7, 700, 200), make_after(YEARS, 8, 700, 200)
    assert all(frame.equals(again.registers[name]) for name, frame in twin.registers.items())
    assert not twin.registers["GRANTS2022"].equals(other.registers["GRANTS2022"])


def test_no_number_can_be_a_living_persons(twin) -> None:
    numbers = twin.registers["DREAM202301"]["PNR"]
    assert numbers.n_unique() == numbers.len()
    assert numbers.str.slice(0, 2).cast(pl.Int64).is_between(61, 91).all()


def test_schemes_begin_with_the_law_but_for_the_planted_errors(planted) -> None:
    first = week_of(date(2013, 1, 1))
    early = {pnr for pnr, weeks in weeks_with(planted, "81").items() if weeks and min(weeks) < first}
    assert early == set(planted.filter(role="early_scheme")["PNR"])
    assert early
    clarified = [min(weeks) for weeks in weeks_with(planted, "785").values() if weeks]
    assert min(clarified) >= week_of(date(2014, 7, 1))


def test_there_are_windows_that_straddle_the_reform(planted) -> None:
    """A grant of 2014 or 2015 by scheme has cash benefit or work in 2012 and a scheme after it."""
    straddling = planted.filter(
        pl.col("path") == "scheme_from_cash", pl.col("day").is_between(date(2014, 6, 1), date(2015, 12, 31))
    )
    assert straddling.height > 5
    assert all(weeks_with(straddling, "81").values())


def test_eighteen_year_olds_have_no_benefit_before_their_birthday(twin, planted) -> None:
    young = planted.filter(path="turning_18").join(
        twin.registers["BEF2021"].select("PNR", "FOED_DAG"), on="PNR", how="inner"
    )
    assert young.height > 10
    for row in young.to_dicts():
        age = (row["day"] - row["FOED_DAG"]).days / 365.25
        assert 17.99 < age < 18.8
        child = column_of(week_of(row["day"]) - 100)
        assert row[child] is None


def test_a_resting_pension_taken_up_again_is_no_grant(twin, planted) -> None:
    resting = planted.filter(kind="resting")
    decisions = twin.registers["GRANTS2022"].join(resting.select("PNR", "day"), on="PNR")
    again = decisions.filter(pl.col("AFGDATO") == pl.col("day"))
    assert set(again["AFGTYPE"]) == {"4"}
    assert set(decisions["AFGTYPE"]) == {"1", "4"}
    assert all(weeks_with(resting, "783").values())


def test_people_abroad_have_moved_and_have_the_code(twin, planted) -> None:
    abroad = planted.filter(role="abroad")
    assert set(abroad["PNR"]) == set(twin.registers["VNDS2022"]["PNR"])
    for row in abroad.to_dicts():
        assert row[column_of(week_of(row["day"]) - 1)] == "997"


def test_roles_are_planted_where_the_law_has_them(twin, planted) -> None:
    seniors = planted.filter(role="senior")
    assert seniors["day"].dt.year().is_between(2014, 2019).all()
    ill = planted.filter(role="terminal").join(twin.registers["DOD2022"], on="PNR", how="inner")
    assert ill.height
    assert (ill["DODDATO"] - ill["day"]).dt.total_days().is_between(0, 183).all()
    cases = twin.registers["CASES2022"].filter(pl.col("TEAMDATO").is_not_null())
    assert cases["TEAMDATO"].min() >= date(2013, 1, 1)


def test_grants_lie_in_the_years_and_the_two_before(planted) -> None:
    years = set(planted["day"].dt.year())
    assert years == set(range(2011, 2023))


def test_paths_hold_their_state_to_the_week_before_the_grant(planted) -> None:
    last = {"clarification": "785", "flexjob": "74", "long_cash": "7", "several_schemes": "81"}
    later = planted.filter(pl.col("day") > date(2019, 1, 1), pl.col("role") == "")
    for path, code in last.items():
        own = later.filter(path=path)
        found = [row[column_of(week_of(row["day"]) - 1)] or "" for row in own.to_dicts()]
        assert np.mean([one.startswith((code, "13")) for one in found]) > 0.99, path


@pytest.mark.parametrize("text", ["2013", "2013..", "2013-2022", "2022..2013", "1990..2000", "2013..2040"])
def test_a_range_that_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadInput, match="--regime: not a range of years from 2010 to 2025"):
        parse_years(text)


def test_more_persons_than_numbers_are_refused() -> None:
    with pytest.raises(BadInput, match="there are numbers for 4,000"):
        make_after(YEARS, 1, grants=3_900, others=100)
    assert parse_years("2013..2022") == YEARS
