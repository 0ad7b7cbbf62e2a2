"""Claims in words: the printed tables contradict those that the publication's register names."""

import polars as pl
import pytest

from veje.claims import FAILS, HOLDS, NOT_COMPUTABLE, TOO_CLOSE, judge_claims
from veje.published import read_published, read_rules
from veje.replication import printed_figures

CLAIMS, RULES, TOLERANCES = read_published("text_claims"), read_rules("claims"), read_rules("tolerances")
CONTRADICTED = {
    "C028", "C029", "C031", "C032", "C033", "C057", "C058", "C059", "C076", "C091", "C092", "C101", "C111",
}  # fmt: skip
"""By T01 to T04, T06 to T10 and T15 of the register; T05 and parts of T08 lie within the tolerance."""
WITHOUT_A_RULE = {"C105", "C106", "C108", "C109", "C110", "C113"}
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
    tables = {cell.split("/")[0] for side in ("left", "right", "about") for row in RULES[side]
              for cell in row.split()}  # fmt: skip
    printed = printed_figures(sorted(tables - {"profile"}))
    return printed.rename({"published": "value"}).with_columns(pl.lit(0.0).alias("slack"))


def test_the_printed_tables_contradict_the_claims_that_the_register_names():
    found = judge_claims(CLAIMS, RULES, in_print(), TOLERANCES)
    assert found.height == 113
    assert set(found.filter(verdict=FAILS)["claim_id"]) == CONTRADICTED
    # C107 needs the table `profile`, which is a run's own.
    assert set(found.filter(verdict=NOT_COMPUTABLE)["claim_id"]) == WITHOUT_A_RULE | {"C107"}
    assert found.filter(verdict=HOLDS).height == 113 - 13 - 7


def test_every_rule_is_of_a_claim_and_the_others_are_known():
    assert set(RULES["claim_id"]) | WITHOUT_A_RULE == set(CLAIMS["claim_id"])


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
