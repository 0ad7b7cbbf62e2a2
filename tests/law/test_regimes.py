"""Regimes: every day has one, windows that straddle the reform are marked, bad lists are refused."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from veje import config, io
from veje.cli.law import reforms_asked
from veje.errors import BadInput
from veje.labels import Labels
from veje.lists import Alphabet
from veje.reforms import place_grants
from veje.regimes import groups_of, read_regimes, regimes_between, uncovered
from veje.settings import Window

LISTED = io.read_list("regimes", "law")
REGIMES = read_regimes(LISTED, "regimes")


def placed(*days: date) -> pl.DataFrame:
    cohort = pl.DataFrame(
        {"person": range(1, len(days) + 1), "index_date": days, "area": ["herning"] * len(days)},
        schema_overrides={"person": pl.Int64},
    )
    return place_grants(cohort, REGIMES, {"before": ["R1"], "after": ["R2", "R3"]}, Window())


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        (date(2002, 12, 31), "R0"),
        (date(2003, 1, 1), "R1"),
        (date(2012, 12, 31), "R1"),
        (date(2013, 1, 1), "R2"),
        (date(2018, 5, 31), "R2"),
        (date(2018, 6, 1), "R3"),
        (date(2019, 12, 31), "R3"),
        (date(2020, 1, 1), "R3b"),
        (date(2022, 1, 1), "R4"),
        (date(2023, 1, 1), "R5"),
        (date(2025, 12, 31), "R5"),
        (date(2026, 1, 1), "outside"),
    ],
)
def test_a_grant_has_the_regime_of_its_day(day: date, regime: str) -> None:
    assert placed(day)["regime"].to_list() == [regime]


def test_groups_and_windows_across_the_reform() -> None:
    found = placed(
        date(2012, 12, 28), date(2013, 1, 2), date(2017, 12, 27), date(2018, 1, 5), date(2021, 3, 1)
    )
    assert found["group"].to_list() == ["before", "after", "after", "after", ""]
    assert found["straddles"].to_list() == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("to", "", "regime R2 has no dates"),
        ("from", "", "regime R2 has no dates"),
        ("from", "2013", "regime R2 has what is no date or no number"),
        ("from", "2012-06-01", "regime R2 begins before R1 ends"),
        ("to", "2012-06-01", "regime R2 ends before it begins"),
        ("regime", "R1", "a regime stands twice"),
    ],
)
def test_a_bad_list_is_refused_in_one_line(column: str, value: str, told: str) -> None:
    bad = LISTED.with_columns(
        pl.when(pl.col("regime") == "R2").then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    )
    with pytest.raises(BadInput) as error:
        read_regimes(bad, "mine")
    assert told in str(error.value)
    assert "list mine" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_group_of_an_unknown_regime_is_refused() -> None:
    with pytest.raises(BadInput, match=r"reforms\.groups: no regime 'R9'"):
        groups_of({"late": ["R9"]}, REGIMES, "reforms.groups")
    assert list(groups_of({}, REGIMES, "reforms.groups")) == ["r0", "r1", "r2", "r3", "r3b", "r4", "r5"]


def test_the_chapter_is_asked_for_by_the_dates_or_by_the_setting() -> None:
    study = config.load("config/config.yaml")
    assert not reforms_asked(study)
    always = study.model_copy(update={"reforms": study.reforms.model_copy(update={"chapter": "always"})})
    assert reforms_asked(always)
    later = study.cohort.model_copy(update={"to": date(2013, 1, 1)})
    assert reforms_asked(study.model_copy(update={"cohort": later}))
    never = always.reforms.model_copy(update={"chapter": "never"})
    assert not reforms_asked(study.model_copy(update={"cohort": later, "reforms": never}))
    assert regimes_between(REGIMES, date(2012, 12, 31), date(2013, 1, 1)) == ["R1", "R2"]


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_regime_and_flag_has_a_label(language: str) -> None:
    labels = Labels(language, Alphabet((), {}, ()))
    for regime in LISTED["regime"]:
        assert labels.find("regimes", regime)
        assert labels.find("regime_groups", regime.lower())
    flags = io.read_list("flags", "law")
    for column, group in (("flag", "flags"), ("kind", "flag_kinds"), ("certainty", "certainties")):
        assert all(labels.find(group, one) for one in flags[column])
    for name in ("regimes", "flags", "not_computable", "pension_age"):
        table = io.read_list(name, "law")
        assert table["source"].null_count() == 0, name


def test_days_that_no_regime_holds_are_noticed() -> None:
    assert not uncovered(REGIMES, date(1999, 1, 1), date(2025, 12, 31))
    assert uncovered(REGIMES, date(2024, 1, 1), date(2026, 1, 1)), "after the last regime"
    assert uncovered(REGIMES[2:], date(2012, 12, 31), date(2013, 2, 1)), "before the first one"
    gap = [one for one in REGIMES if one.name != "R3"]
    assert uncovered(gap, date(2013, 1, 1), date(2020, 6, 1)), "between two"
    assert not uncovered(gap, date(2013, 1, 1), date(2018, 5, 31))
