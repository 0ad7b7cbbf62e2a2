"""Printed figures beside a run's: each verdict once, and the tables' counts."""

import polars as pl
import pytest

from veje.contracts import data_schema
from veje.replication import VERDICTS, add_tolerance, compare, count_verdicts, printed_figures

KEYS = ["table", "base", "area", "type_key", "key", "measure"]
FOLDER = data_schema() / "replication"


def read(name):
    frame = pl.read_csv(FOLDER / f"{name}.csv", infer_schema=False)
    numbers = [column for column in ("absolute", "relative", "corrected") if column in frame.columns]
    texts = [pl.col(column).fill_null("") for column in frame.columns if column not in numbers]
    return frame.with_columns(pl.col(numbers).cast(pl.Float64), *texts)


TOLERANCES, ERRATA = read("tolerances"), read("errata")


def cells(*rows):
    schema = dict.fromkeys(KEYS, pl.String()) | {"value": pl.Float64(), "slack": pl.Float64()}
    made = pl.DataFrame(rows, schema=schema, orient="row")
    return made.with_columns(pl.col("value").is_null().alias("hidden"))


def verdict_of(ours, table, **where):
    found = compare(printed_figures([table]), ours, TOLERANCES, ERRATA).filter(**where)
    assert found.height == 1
    return found.row(0, named=True)


def share(key, area, value, slack=0.0):
    return ("table_6_4", "grants", area, "", key, "share", value, slack)


@pytest.mark.parametrize(
    ("value", "slack", "verdict"),
    [(39.5, 0.0, "agrees"), (41.5, 0.0, "agrees"), (41.6, 0.0, "differs"), (42.5, 1.0, "agrees"),
     (None, 0.0, "withheld")],
)  # fmt: skip
def test_a_share_may_lie_two_points_and_the_rounding_away(value, slack, verdict):
    ours = cells(share("cash_benefit", "herning", value, slack))
    found = verdict_of(ours, "table_6_4", area="herning", key="cash_benefit")
    assert found["published"] == 39.5
    assert found["verdict"] == verdict


def test_a_figure_without_a_row_was_not_computed():
    found = verdict_of(cells(), "table_4_1", area="region_nord", key="total", measure="count")
    assert (found["verdict"], found["reproduced"]) == ("not_computed", None)


def test_a_misprint_is_compared_with_the_right_figure():
    ours = cells(("table_7_5", "measures", "holstebro", "commuter", "total", "count", 352.0, 0.0))
    found = verdict_of(ours, "table_7_5", area="holstebro", key="total")
    assert (found["published"], found["compared"], found["inconsistency"]) == (335.0, 355.0, "N12")
    assert (found["difference"], found["verdict"]) == (-3.0, "agrees")


def test_a_figure_of_another_typology_cannot_be_reproduced():
    ours = cells(
        ("table_7_2", "grants", "four_municipalities", "commuter", "individuals", "count", 162.0, 0.0)
    )
    where = {"area": "four_municipalities", "type_key": "commuter"}
    assert verdict_of(ours, "table_7_2", **where)["verdict"] == "not_reproducible"


def test_two_bases_side_by_side_are_told_apart():
    key = ("four_municipalities", "", "antidepressant", "share")
    ours = cells(
        ("table_6_5", "grants_19_59", *key, 30.0, 0.0), ("table_6_5", "other_citizens", *key, 5.0, 0.0)
    )
    found = compare(printed_figures(["table_6_5"]), ours, TOLERANCES, ERRATA)
    both = found.filter(area="four_municipalities", key="antidepressant")
    assert dict(both.select("base", "reproduced").rows()) == {"grants_19_59": 30.0, "other_citizens": 5.0}


def test_errata_name_printed_figures_and_entries_of_the_register():
    printed = printed_figures(sorted(set(ERRATA["table"])))
    assert ERRATA.join(printed, on=KEYS, how="anti").rows() == []
    register = pl.read_csv(data_schema() / "published/inconsistencies.csv")
    assert set(ERRATA["id"]) <= set(register["id"])


def test_a_table_of_its_own_tolerance_goes_before_the_general_one():
    tolerances = pl.concat([TOLERANCES.drop("why"), pl.DataFrame(
        {"table": ["table_6_1"], "measure": ["mean"], "absolute": [1.0], "relative": [0.0]})])  # fmt: skip
    found = pl.DataFrame(
        {
            "table": ["table_6_1", "bilag_1"],
            "measure": ["mean"] * 2,
            "compared": [42.0, 42.0],
            "slack": [None, 0.1],
        },
        schema_overrides={"slack": pl.Float64},
    )
    assert add_tolerance(found, tolerances)["tolerance"].to_list() == [1.0, pytest.approx(0.52)]


def test_verdicts_are_counted_by_table():
    ours = cells(share("cash_benefit", "herning", 39.5), share("cash_benefit", "holstebro", 0.0))
    counted = count_verdicts(compare(printed_figures(["table_6_4"]), ours, TOLERANCES, ERRATA))
    row = counted.row(0, named=True)
    assert (row["agrees"], row["differs"], row["not_computed"]) == (1, 1, 43)
    assert sum(row[verdict] for verdict in VERDICTS) == row["figures"] == 45
    assert row["share_agreeing"] == 50.0
