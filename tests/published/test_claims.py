"""Claims in words: the printed tables contradict those that the publication's register names."""

import polars as pl
import pytest

from veje.claims import FAILS, HOLDS, NOT_COMPUTABLE, TOO_CLOSE, judge_claims
from veje.published import read_published, read_rules
from veje.replication import printed_figures

CLAIMS, RULES, TOLERANCES = read_published("text_claims"), read_rules("claims"), read_rules("tolerances")
CONTRADICTED = {
    "C028", "C029", "C031", "C032", "C033", "C057", "C058", "C059", "C076", "C091", "C092", "C101", "C106",
    "C111",
}  # fmt: skip
"""By T01 to T04, T06 to T10, T15 and N18 of the register; T05 and parts of T08 lie within the tolerance."""
OF_A_RUN_ALONE = {"C107", "C108", "C109"}
"""They need the table `profile`, which is a run's own."""
WHERE = ("table_6_1", "grants", "", "partner", "share")


def cells(area, **numbers):
    """Figures of one table by area, each with its slack."""
    table, base, type_key, key, measure = WHERE
    rows = [
        (table, base, name, type_key, key, measure, value, slack) for name, (value, slack) in numbers.items()
    ]
    names = ["table", "base", "area", "type_key", "key", "measure", "value", "slack"]
    return pl.DataFrame(rows, schema=names, orient="row")


def verdict(claim, known):
    return judge_claims(CLAIMS.filter(claim_id=claim), RULES, known, TOLERANCES).row(0)


def in_print():
    words = [word for side in ("left", "right", "about") for row in RULES[side] for word in row.split()]
    tables = {cell.split("/")[0] for word in words for cell in word.split("+") if "/" in cell}
    printed = printed_figures(sorted(tables - {"profile"}))
    return printed.rename({"published": "value"}).with_columns(pl.lit(0.0).alias("slack"))


def test_the_printed_tables_contradict_the_claims_that_the_register_names():
    found = judge_claims(CLAIMS, RULES, in_print(), TOLERANCES)
    assert found.height == 113
    assert set(found.filter(verdict=FAILS)["claim_id"]) == CONTRADICTED
    assert set(found.filter(verdict=NOT_COMPUTABLE)["claim_id"]) == OF_A_RUN_ALONE
    assert found.filter(verdict=HOLDS).height == 113 - 14 - 3


def test_every_claim_has_a_rule():
    assert sorted(RULES["claim_id"]) == sorted(CLAIMS["claim_id"])


def profile(type_key, key, value, slack=0.0):
    return ("profile", "persons", "four_municipalities", type_key, key, "share", value, slack)


@pytest.mark.parametrize(
    ("musculoskeletal", "slack", "told"),
    [
        (29.0, 0.0, HOLDS),
        (31.0, 0.0, HOLDS),
        (27.5, 0.0, FAILS),
        (33.0, 0.0, FAILS),
        (31.5, 1.0, TOO_CLOSE),
    ],
)
def test_a_share_as_frequent_as_another_lies_within_two_points(musculoskeletal, slack, told):
    rows = [
        profile("flexjob_referred", "diagnosis.musculoskeletal", musculoskeletal, slack),
        profile("flexjob_referred", "diagnosis.mental_disorder", 30.0),
    ]
    names = ["table", "base", "area", "type_key", "key", "measure", "value", "slack"]
    known = pl.DataFrame(rows, schema=names, orient="row")
    assert verdict("C109", known)[2] == told


def counted(per_type):
    """Measures by type of two persons in every municipality that the rule of C105 names."""
    rows = []
    rule = RULES.filter(claim_id="C105").row(0, named=True)
    for side, by_type in (("left", per_type), ("right", dict.fromkeys(per_type, 2.0))):
        for cell in rule[side].replace("+", " ").split():
            table, area, type_key, key, measure = cell.split("/")
            rows.append((table, "", area, type_key, key, measure, by_type[type_key], 0.0))
    names = ["table", "base", "area", "type_key", "key", "measure", "value", "slack"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_measures_per_person_are_of_sums_over_the_municipalities():
    most = {
        "long_term_cash_benefit": 14.0, "short_term_cash_benefit": 10.0, "commuter": 9.0,
        "wage_earner_became_ill": 3.0, "flexjob_referred": 8.0,
    }  # fmt: skip
    known = counted(most)
    assert verdict("C105", known)[2] == HOLDS
    assert verdict("C105", counted({**most, "commuter": 15.0}))[2] == FAILS
    one_gone = known.filter((pl.col("area") != "viborg") | (pl.col("table") != "table_7_4"))
    assert verdict("C105", one_gone)[2] == NOT_COMPUTABLE


@pytest.mark.parametrize(
    ("viborg", "slack", "told"),
    [
        (60.0, 0.0, HOLDS),
        (57.0, 0.0, FAILS),
        (60.0, 1.5, TOO_CLOSE),
        (60.0, 0.9, HOLDS),
        (57.0, 0.6, TOO_CLOSE),
    ],
)
def test_an_order_that_rounding_leaves_open_is_too_close_to_tell(viborg, slack, told):
    known = cells(
        "partner", herning=(50.0, 0.0), holstebro=(58.0, slack), silkeborg=(47.0, 0.0), viborg=(viborg, slack)
    )
    claim, value, found = verdict("C031", known)
    assert (claim, found) == ("C031", told)
    assert (value is None) == (told == TOO_CLOSE)


def test_a_withheld_figure_makes_a_claim_not_computable():
    known = cells(
        "partner", herning=(50.0, 0.0), holstebro=(None, 0.0), silkeborg=(47.0, 0.0), viborg=(55.0, 0.0)
    )
    assert verdict("C031", known) == ("C031", None, NOT_COMPUTABLE)
