"""Cases drawn for review: who is in which stratum, what the draw's probabilities are, and what it refuses."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veje import io
from veje.contracts import check
from veje.errors import BadInput
from veje.sampling import Design, draw_cases, place_cases, read_strata
from veje.sampling.draw import draw_stratum, inclusion
from veje.sampling.frame import (
    NO_AGE,
    NO_RULE,
    NO_STRATUM,
    NO_TEAM,
    OTHER_MUNICIPALITY,
    OUTSIDE_PERIOD,
    Scope,
)

D = date
STRATA = read_strata(io.read_list("strata", "sampling"), "strata")
NAMES = [one.name for one in STRATA]
SCOPE = Scope(["herning", "viborg"], D(2016, 1, 1), D(2018, 12, 31), team_only=True)
ANNE = {
    "person": 1,
    "area": "herning",
    "decision_date": D(2017, 6, 1),
    "anchor": D(2017, 6, 1),
    "birth_date": D(1985, 1, 1),
    "team_meeting": D(2017, 2, 1),
    "prior_scheme": True,
    "from_cash_benefit": False,
}
"""32 years old with a resource scheme, before Herning's team and granted in 2017: stratum S1."""
DRAWS = 10_000


def grants(*changes: dict[str, object]) -> pl.DataFrame:
    rows = [ANNE | change | {"person": number} for number, change in enumerate(changes, start=1)]
    kinds = {"birth_date": pl.Date(), "team_meeting": pl.Date(), "prior_scheme": pl.Boolean()}
    return pl.DataFrame(rows, schema_overrides=kinds)


def frame_of(sizes: dict[str, dict[str, int]]) -> pl.DataFrame:
    """Persons of strata by municipality."""
    rows = [(area, name) for name, own in sizes.items() for area, size in own.items() for _ in range(size)]
    frame = pl.DataFrame(rows, schema=["area", "stratum"], orient="row")
    return frame.with_columns(
        pl.int_range(1, pl.len() + 1).alias("person"), pl.lit(None, dtype=pl.String).alias("reason")
    ).select("person", "area", "stratum", "reason")


@pytest.mark.parametrize(
    ("story", "change", "stratum", "reason"),
    [
        ("a scheme before the grant", {}, "S1", None),
        ("turns 40 the day after", {"birth_date": D(1977, 6, 2)}, "S1", None),
        ("40 that day", {"birth_date": D(1977, 6, 1)}, "S3", None),
        ("20 that day", {"birth_date": D(1997, 6, 1)}, "S1", None),
        ("20 the day after", {"birth_date": D(1997, 6, 2)}, None, NO_STRATUM),
        ("straight from cash benefit", {"prior_scheme": False, "from_cash_benefit": True}, "S2", None),
        ("cash benefit and a scheme", {"from_cash_benefit": True}, "S1", None),
        ("from sickness benefit", {"prior_scheme": False}, None, NO_STRATUM),
        ("55 without a scheme", {"birth_date": D(1962, 1, 1), "prior_scheme": False}, "S3", None),
        ("not before the team", {"team_meeting": None}, None, NO_TEAM),
        ("lives in Aarhus", {"area": "aarhus"}, None, OTHER_MUNICIPALITY),
        ("decided before the period", {"decision_date": D(2015, 12, 31)}, None, OUTSIDE_PERIOD),
        ("decided on its first day", {"decision_date": D(2016, 1, 1)}, "S1", None),
        ("granted by the law before 2013", {"prior_scheme": None}, None, NO_RULE),
        ("no date of birth", {"birth_date": None}, None, NO_AGE),
    ],
)
def test_truth_table(story: str, change: dict[str, object], stratum: str | None, reason: str | None) -> None:
    placed = place_cases(grants(change), STRATA, SCOPE)
    assert placed.select("stratum", "reason").row(0) == (stratum, reason), story


def test_cases_that_were_not_before_the_team_are_drawn_when_asked_for() -> None:
    scope = Scope(SCOPE.areas, SCOPE.first, SCOPE.last, team_only=False)
    assert place_cases(grants({"team_meeting": None}), STRATA, scope)["stratum"].to_list() == ["S1"]


def test_a_list_whose_strata_overlap_is_refused() -> None:
    table = io.read_list("strata", "sampling").with_columns(pl.lit(None, pl.String).alias("prior_scheme"))
    strata = read_strata(table, "strata")
    with pytest.raises(BadInput, match="1 grants are in more than one stratum"):
        place_cases(grants({"from_cash_benefit": True}), strata, SCOPE)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("age_from", "twenty", "line 2: no ages in years"),
        ("prior_scheme", "maybe", "line 2: no ages in years, or neither yes nor no"),
        ("stratum", None, "line 2: a stratum without a name"),
        ("stratum", "S3", "a stratum stands twice"),
    ],
)
def test_a_faulty_list_of_strata_is_refused(column: str, value: str | None, told: str) -> None:
    table = io.read_list("strata", "sampling")
    first = pl.int_range(pl.len()) == 0
    broken = table.with_columns(pl.when(first).then(pl.lit(value)).otherwise(column).alias(column))
    with pytest.raises(BadInput, match=told):
        read_strata(broken, "strata")


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
    st.integers(0, 3),
    st.integers(2, 25),
    st.integers(0, 2**32),
)
def test_quota_least_and_probabilities_hold_for_any_stratum(
    sizes: list[int], least: int, quota: int, seed: int
) -> None:
    area = np.repeat(np.arange(len(sizes)), sizes)
    first = sum(min(size, least) for size in sizes)
    if len(area) < quota or first > quota:
        return
    design = Design(quota, least, 5, seed)
    drawn, reserve = draw_stratum(area, design, np.random.default_rng(seed))
    assert len(drawn) == len(set(drawn)) == quota
    assert not set(drawn) & set(reserve)
    assert len(reserve) == min(5, len(area) - quota)
    assert (np.bincount(area[drawn], minlength=len(sizes)) >= np.minimum(sizes, least)).all()
    chance = inclusion(area, design)
    assert chance.sum() == pytest.approx(quota)
    assert ((chance > 0) & (chance <= 1 + 1e-12)).all()


@pytest.mark.parametrize("least", [0, 2])
def test_ten_thousand_draws_have_the_stated_probabilities(least: int) -> None:
    """Within 4.5 standard errors for each of 60 persons; the sum is the quota in every draw."""
    area = np.repeat(np.arange(4), [3, 12, 20, 25])
    design, rng = Design(20, least, 0, 1), np.random.default_rng(20_25)
    counts = np.zeros(len(area))
    for _ in range(DRAWS):
        counts[draw_stratum(area, design, rng)[0]] += 1
    chance = inclusion(area, design)
    assert counts.sum() == 20 * DRAWS
    error = np.sqrt(chance * (1 - chance) / DRAWS)
    assert (np.abs(counts / DRAWS - chance) < 4.5 * error).all()
    if least:
        assert chance[0] > 1.5 * chance[-1], "a least number favours the small municipality"


def test_weights_add_up_to_the_stratum() -> None:
    frame = frame_of({"S1": {"herning": 30, "viborg": 50}, "S2": {"herning": 25}, "S3": {"viborg": 400}})
    cases = check(draw_cases(frame, NAMES, Design(20, 0, 10, 7)).cases, "sample_cases")
    drawn = cases.filter(~pl.col("reserve"))
    totals = drawn.group_by("stratum", maintain_order=True).agg(pl.len(), pl.col("weight").sum(), "size")
    assert totals["len"].to_list() == [20, 20, 20]
    assert totals["weight"].to_list() == pytest.approx([80, 25, 400])
    assert cases["case"].to_list()[:2] == ["S1-01", "S1-02"]
    assert cases.filter("reserve", stratum="S2")["case"].to_list() == [f"S2-R0{n}" for n in range(1, 6)]


def test_the_same_seed_draws_the_same_cases_whatever_the_order() -> None:
    frame = frame_of({name: {"herning": 40, "viborg": 40} for name in NAMES})
    design = Design(20, 3, 10, 7)
    one = draw_cases(frame, NAMES, design).cases
    assert one.equals(draw_cases(frame.sample(fraction=1, shuffle=True, seed=1), NAMES, design).cases)
    assert not one.equals(draw_cases(frame, NAMES, Design(20, 3, 10, 8)).cases)
    fewer = frame.filter((pl.col("stratum") != "S2") | (pl.col("person") % 7 > 0))
    again = draw_cases(fewer, NAMES, design).cases
    assert again.filter(stratum="S1").equals(one.filter(stratum="S1")), "strata are drawn apart"


def test_a_stratum_smaller_than_its_quota_is_named() -> None:
    frame = frame_of({"S1": {"herning": 40}, "S2": {"herning": 19}, "S3": {"herning": 40}})
    with pytest.raises(BadInput, match=r"^stratum S2: 19 cases, fewer than its quota of 20$"):
        draw_cases(frame, NAMES, Design(20, 0, 10, 7))


def test_least_numbers_beyond_the_quota_are_refused() -> None:
    frame = frame_of({"S1": {"herning": 40, "viborg": 40}})
    with pytest.raises(BadInput, match="asks for 22 cases of its 2 municipalities"):
        draw_cases(frame, ["S1"], Design(20, 11, 0, 7))


def test_municipalities_and_reserves_that_are_short_are_told() -> None:
    frame = frame_of({"S1": {"herning": 20, "viborg": 2}})
    notes = draw_cases(frame, ["S1"], Design(20, 3, 10, 7)).notes
    assert notes == [
        "stratum S1: viborg has fewer than 3 cases, and all are drawn",
        "stratum S1: 2 cases in reserve, of 10",
    ]
