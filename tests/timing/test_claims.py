"""The study's claims on timing: the list covers the publication, and each test can fail."""

from __future__ import annotations

import polars as pl
import pytest

from veje.published import read_published
from veje.timing_claims import (
    FAILS,
    HOLDS,
    NO_TEST,
    TESTS,
    TOO_CLOSE,
    UNKNOWN,
    any_computable,
    judge_claims,
    read_claims,
)

OWN, OTHER, THIRD = "timing/a/t/early", "timing/a/t/late", "timing/a/t/mixed"


def released(slack: float = 0.0, **values: float | None) -> pl.DataFrame:
    """Shares of one type by class, all moved by rounding as far; None is withheld."""
    rows = [
        {"table": "timing", "area": "a", "type_key": "t", "key": key, "measure": "share", "value": value}
        | {"slack": slack, "hidden": value is None}
        for key, value in values.items()
    ]
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64})


def judge(test: str, frame: pl.DataFrame, others: str = "", limit: str = "") -> tuple[object, ...]:
    claim = pl.DataFrame({"figure": [OWN], "test": [test], "others": [others], "limit": [limit]})
    return judge_claims(frame, claim).select("value", "compared", "verdict").row(0)


@pytest.mark.parametrize("name", ["timing_scenarios", "type_timing"])
def test_every_line_of_the_publication_has_its_claim(name: str) -> None:
    printed = read_published(name)
    mine = read_claims().filter(source=name)
    assert mine["line"].cast(pl.Int64).to_list() == list(range(1, printed.height + 1))
    scenario = "scenario_key" if name == "timing_scenarios" else "pattern"
    subject = "key" if name == "timing_scenarios" else "type_key"
    assert mine["scenario"].to_list() == printed[scenario].to_list()
    assert mine["subject"].to_list() == printed[subject].to_list()


def test_a_claim_names_what_its_test_needs() -> None:
    for row in read_claims().iter_rows(named=True):
        needs = row["test"] not in NO_TEST
        assert bool(row["figure"]) is needs, row
        assert bool(row["others"] or row["limit"]) is needs, row
        if row["test"] in ("at_least", "less_than"):
            assert float(row["limit"]) in (5, 10, 50), row


@pytest.mark.parametrize(
    ("test", "value", "verdict"),
    [
        ("above", 20.1, HOLDS),
        ("above", 20.0, FAILS),
        ("below", 19.9, HOLDS),
        ("below", 20.0, FAILS),
        ("largest", 20.0, HOLDS),
        ("largest", 19.9, FAILS),
        ("at_least", 20.0, HOLDS),
        ("at_least", 19.9, FAILS),
        ("less_than", 19.9, HOLDS),
        ("less_than", 20.0, FAILS),
    ],
)
def test_each_test_holds_and_fails_at_its_border(test: str, value: float, verdict: str) -> None:
    assert judge(test, released(early=value, late=20.0), OTHER) == (value, 20.0, verdict)
    assert judge(test, released(early=value), limit="20") == (value, 20.0, verdict)


@pytest.mark.parametrize(
    ("test", "value", "verdict"),
    [
        ("above", 22.1, HOLDS),
        ("above", 22.0, TOO_CLOSE),
        ("above", 18.1, TOO_CLOSE),
        ("above", 18.0, FAILS),
        ("below", 17.9, HOLDS),
        ("below", 18.0, TOO_CLOSE),
        ("below", 22.0, FAILS),
        ("largest", 22.0, HOLDS),
        ("largest", 17.9, FAILS),
    ],
)
def test_what_rounding_of_both_shares_leaves_open_is_too_close(test: str, value: float, verdict: str) -> None:
    assert judge(test, released(slack=1.0, early=value, late=20.0), OTHER) == (value, 20.0, verdict)


@pytest.mark.parametrize(("value", "verdict"), [(21.0, HOLDS), (20.9, TOO_CLOSE), (18.9, FAILS)])
def test_a_limit_is_not_rounded(value: float, verdict: str) -> None:
    assert judge("at_least", released(slack=1.0, early=value), limit="20")[2] == verdict


def test_one_other_that_cannot_be_met_fails_the_claim() -> None:
    frame = released(slack=1.0, early=20.0, late=19.5, mixed=30.0)
    assert judge("largest", frame, f"{OTHER};{THIRD}") == (20.0, 30.0, FAILS)
    assert judge("largest", frame, OTHER) == (20.0, 19.5, TOO_CLOSE)


def test_of_several_others_the_hardest_is_told() -> None:
    frame = released(early=30.0, late=20.0, mixed=25.0)
    assert judge("largest", frame, f"{OTHER};{THIRD}") == (30.0, 25.0, HOLDS)
    assert judge("below", frame, f"{OTHER};{THIRD}") == (30.0, 20.0, FAILS)


def test_withheld_or_absent_figures_give_no_verdict() -> None:
    assert judge("above", released(early=None, late=1.0), OTHER) == (None, None, UNKNOWN)
    assert judge("above", released(early=5.0, late=None), OTHER) == (5.0, None, UNKNOWN)
    assert judge("above", released(early=5.0), OTHER) == (5.0, None, UNKNOWN)
    leaking = released(early=5.0, late=1.0).with_columns(pl.lit(True).alias("hidden"))
    assert judge("above", leaking, OTHER) == (None, None, UNKNOWN)
    assert all(judge(test, released(early=5.0)) == (5.0, None, UNKNOWN) for test in NO_TEST)


def test_a_study_of_other_places_has_no_claims() -> None:
    assert not any_computable(judge_claims(released(early=5.0), read_claims()))
    assert set(read_claims()["test"]) == {*TESTS, *NO_TEST}
