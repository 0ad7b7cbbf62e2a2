"""What reviewers found, weighted to all cases: against the textbook, the published counts, and bad files."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from veje import io
from veje.contracts import check
from veje.errors import BadInput
from veje.sampling import estimate, korn_graubard, read_coding, read_outcomes
from veje.sampling.estimate import spread

CODING = read_coding(io.read_list("outcomes", "sampling"), io.read_list("reasons", "sampling"))
PUBLISHED = io.read_list("published", "sampling")
SIZES = {"S1": 80, "S2": 40, "S3": 400}


def drawn(quota: int = 20, reserves: int = 2) -> pl.DataFrame:
    """Cases of three strata drawn with equal quotas."""
    rows = [
        {
            "case": f"{name}-{'R' * reserve}{number:02d}",
            "stratum": name,
            "area": "herning",
            "person": 1_000 * at + 100 * reserve + number,
            "reserve": bool(reserve),
            "size": size,
            "probability": quota / size,
            "weight": size / quota,
        }
        for at, (name, size) in enumerate(SIZES.items(), start=1)
        for reserve, count in ((0, quota), (1, reserves))
        for number in range(1, count + 1)
    ]
    return check(pl.DataFrame(rows), "sample_cases")


def handed_in(**changes: tuple[str, str, str]) -> pl.DataFrame:
    """The published 42, 11 and 7 of 60: S1 all upheld, S2 9 changed, S3 2 changed and 7 remitted."""
    found = [("upheld", "yes", "")] * 20
    found += [("changed", "no", "not_documented")] * 9 + [("upheld", "yes", "")] * 11
    found += [("changed", "yes", "wrong_date")] * 2 + [("remitted", "yes", "other")] * 3
    found += [("remitted", "no", "not_documented")] * 4 + [("upheld", "yes", "")] * 11
    cases = drawn().filter(~pl.col("reserve"))["case"].to_list()
    rows = dict(zip(cases, found, strict=True)) | {
        name.replace("_", "-"): told for name, told in changes.items()
    }
    return pl.DataFrame(
        [(case, *told) for case, told in rows.items()],
        schema=["case", "outcome", "eligible", "reason"],
        orient="row",
    )


def read(table: pl.DataFrame) -> pl.DataFrame:
    return read_outcomes(table, "outcomes.csv", drawn(), CODING)


def row(table: pl.DataFrame, name: str, stratum: str = "all") -> dict[str, object]:
    return table.filter(stratum=stratum, row=name).row(0, named=True)


def test_the_published_counts_stand_beside_the_weighted_shares() -> None:
    table = estimate(drawn(), read(handed_in()), CODING, PUBLISHED, 0.95)
    for name, count, share in (("upheld", 42, 70.0), ("changed", 11, 18.3), ("remitted", 7, 11.7)):
        own = row(table, name)
        assert (own["count"], own["published"], own["published_of"]) == (count, count, 60)
        assert own["percent"] == pytest.approx(share, abs=0.05) == own["published_percent"]
    assert row(table, "eligible")["count"] == row(table, "eligible")["published"] == 47
    assert row(table, "not_documented")["count"] == row(table, "not_documented")["published"] == 13
    assert row(table, "wrong_date")["published"] is None


def test_each_stratum_weighs_as_many_as_it_has() -> None:
    """By hand: upheld are all of 80, 11/20 of 40 and 11/20 of 400: 322 of 520."""
    table = estimate(drawn(), read(handed_in()), CODING, PUBLISHED, 0.95)
    own = row(table, "upheld")
    assert own["weighted"] == pytest.approx(100 * 322 / 520)
    assert own["low"] < own["weighted"] < own["high"]
    assert row(table, "upheld", "S3")["weighted"] == pytest.approx(55)
    assert row(table, "upheld", "S3")["published"] is None


def test_a_share_of_all_or_none_has_the_exact_binomial_s_limit() -> None:
    table = estimate(drawn(), read(handed_in()), CODING, PUBLISHED, 0.95)
    own = row(table, "upheld", "S1")
    exact = binomtest(20, 20).proportion_ci(0.95, "exact")
    assert (own["weighted"], own["high"]) == (100, 100)
    assert own["low"] == pytest.approx(100 * exact.low)
    assert row(table, "changed", "S1")["high"] == pytest.approx(100 * (1 - exact.low))


@given(st.lists(st.lists(st.booleans(), min_size=2, max_size=20), min_size=1, max_size=4), st.data())
def test_the_variance_is_the_textbook_s(found: list[list[bool]], data: st.DataObject) -> None:
    """Sum of W^2 (1 - f) p q / (n - 1) over strata (Cochran 1977, 5.52)."""
    sizes = [data.draw(st.integers(len(own), 400)) for own in found]
    total, expected = sum(sizes), 0.0
    for own, size in zip(found, sizes, strict=True):
        p, n = np.mean(own), len(own)
        expected += (size / total) ** 2 * (1 - n / size) * p * (1 - p) / (n - 1)
    weight = np.concatenate([np.full(len(own), s / len(own)) for own, s in zip(found, sizes, strict=True)])
    number = np.repeat(np.arange(len(found)), [len(own) for own in found])
    held = np.concatenate(found).astype(float)
    assert spread(weight, held, number, np.array(sizes, float)) == pytest.approx(expected, abs=1e-12)


def test_limits_of_a_simple_random_sample_are_clopper_and_pearson_s() -> None:
    """One stratum, hardly any of it drawn: the effective number of cases is the number of cases."""
    exact = binomtest(6, 20).proportion_ci(0.95, "exact")
    assert korn_graubard(0.3, 0.3 * 0.7 / 20, 20, 1, 0.95) == pytest.approx((exact.low, exact.high))


def test_intervals_hold_the_share_as_often_as_they_say() -> None:
    """Of 2,000 draws of 20 of each of 80, 40 and 400, at least 94% (the limits are on the safe side)."""
    rng = np.random.default_rng(2025)
    truth = [np.arange(size) < size * share for size, share in ((80, 0.9), (40, 0.5), (400, 0.7))]
    whole = np.concatenate(truth).mean()
    weight, number = np.repeat([4.0, 2.0, 20.0], 20), np.repeat([0, 1, 2], 20)
    sizes, within = np.array([80.0, 40.0, 400.0]), 0
    for _ in range(2_000):
        held = np.concatenate([rng.choice(one, 20, replace=False) for one in truth]).astype(float)
        share = float(np.average(held, weights=weight))
        low, high = korn_graubard(share, spread(weight, held, number, sizes), 60, 3, 0.95)
        within += low <= whole <= high
    assert within >= 0.94 * 2_000


def test_a_reserve_takes_the_place_of_a_case_that_was_not_reviewed() -> None:
    table = handed_in(S1_03=("", "", ""), S1_R01=("upheld", "yes", ""))
    found = estimate(drawn(), read(table), CODING, PUBLISHED, 0.95)
    assert row(found, "upheld")["weighted"] == pytest.approx(100 * 322 / 520)
    assert row(found, "upheld", "S1")["reviewed"] == 20


def test_reserves_are_taken_in_their_order() -> None:
    upheld, none = ("upheld", "yes", ""), ("", "", "")
    told = r"line 62: case S1-R02 is taken before S1-R01: the reserves of S1 are taken in their order"
    with pytest.raises(BadInput, match=rf"^outcomes\.csv: {told}$"):
        read(handed_in(S1_03=none, S1_R02=upheld))
    with pytest.raises(BadInput, match=r"case S2-R02 is taken before S2-R01"):
        read(handed_in(S1_03=none, S1_R01=upheld, S2_03=none, S2_R02=upheld))
    for found in ({"S1_R01": none, "S1_R02": upheld}, {"S1_R02": upheld, "S1_R01": none}):
        table = read(handed_in(S1_03=none, **found))
        assert "S1-R02" in set(table["case"]), "the first one could not be reviewed either"


def test_a_case_less_leaves_its_weight_to_its_stratum() -> None:
    found = estimate(drawn(), read(handed_in(S1_03=("", "", ""))), CODING, PUBLISHED, 0.95)
    assert row(found, "upheld", "S1")["reviewed"] == 19
    assert row(found, "upheld")["weighted"] == pytest.approx(100 * 322 / 520)


def test_a_reserve_besides_all_drawn_cases_is_refused() -> None:
    with pytest.raises(BadInput, match="stratum S1: 21 reviewed cases, and 20 were drawn"):
        estimate(drawn(), read(handed_in(S1_R01=("upheld", "yes", ""))), CODING, PUBLISHED, 0.95)


def test_a_stratum_that_was_not_reviewed_is_named() -> None:
    none = handed_in().filter(~pl.col("case").str.starts_with("S2"))
    with pytest.raises(BadInput, match="stratum S2: 0 reviewed cases; an interval needs two"):
        estimate(drawn(), read(none), CODING, PUBLISHED, 0.95)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"S9_01": ("upheld", "yes", "")}, r"line 62: case 'S9-01' was not drawn"),
        ({"0101901234": ("upheld", "yes", "")}, r"line 62: case '\(not shown\)' was not drawn"),
        ({"S1_01": ("uphold", "yes", "")}, r"line 2: outcome 'uphold' of case S1-01 is not known: did you"),
        ({"S1_01": ("upheld", "maybe", "")}, r"line 2: eligible 'maybe' of case S1-01 is not known"),
        ({"S1_01": ("changed", "no", "late")}, r"line 2: reason 'late' of case S1-01 is not known"),
        ({"S1_01": ("upheld", "no", "")}, r"line 2: case S1-01 is upheld, which says eligible: yes"),
        ({"S1_01": ("", "yes", "")}, r"line 2: case S1-01 has no outcome, but a value in eligible"),
    ],
)
def test_a_faulty_row_is_one_line_that_names_it(changes: dict[str, tuple[str, str, str]], told: str) -> None:
    with pytest.raises(BadInput, match=rf"^outcomes\.csv: {told}"):
        read(handed_in(**changes))


def test_a_case_twice_and_a_column_less_are_refused() -> None:
    table = handed_in()
    with pytest.raises(BadInput, match="line 62: case S1-01 stands in line 2 too"):
        read(pl.concat([table, table.head(1)]))
    with pytest.raises(BadInput, match="no column 'reason'"):
        read(table.drop("reason"))
