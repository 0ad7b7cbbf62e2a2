from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest

from tests.people import BY_NAME, table
from veje.cli.stages import STAGES
from veje.contracts import check, contract, data_schema, names, register
from veje.errors import BadInput, VejeError

SAID = {
    *("delivered", "type", "unit", "empty", "years", "en", "da"),
    *("optional", "format", "values", "otherwise", "min", "max"),
}
TORBEN = BY_NAME["Torben"].pnr
COHORT = table(
    "cohort",
    [
        {"person": 1, "index_date": date(2008, 3, 6), "area": "herning", "age": 49, "diagnosis": None},
        {"person": 2, "index_date": date(2008, 6, 12), "area": "holstebro", "age": 48, "diagnosis": "F33"},
    ],
)


def broken(told, frame, name="cohort", *cells):
    with pytest.raises(VejeError) as error:
        check(frame, name)
    return told(error, *cells)


def test_a_frame_that_keeps_its_contract_comes_back_in_the_contracts_order():
    mixed = COHORT.select("diagnosis", "age", "area", "index_date", "person").with_columns(extra=1)
    assert check(mixed, "cohort").equals(COHORT)


def test_a_missing_column_is_named(told):
    assert broken(told, COHORT.drop("age")) == "table cohort: column 'age' is missing"


def test_a_wrong_type_is_named(told):
    wrong = COHORT.with_columns(pl.col("person").cast(pl.String))
    assert broken(told, wrong) == "table cohort: column 'person' is String, not Int64"


def test_a_double_key_is_counted(told):
    assert broken(told, pl.concat([COHORT, COHORT.head(1)])) == (
        "table cohort: rules broken: primary_key (2 rows)"
    )


def test_nulls_limits_and_values_are_counted(told):
    wrong = pl.concat([COHORT, COHORT, COHORT]).with_columns(
        person=pl.Series([0, 2, 3, 4, 5, 6]),
        area=pl.Series([None, None, "x", "x", "x", "x"], dtype=pl.String),
        age=pl.Series([121, -1, 121, 120, 0, None]),
    )
    assert broken(told, wrong, "cohort", "121") == (
        "table cohort: rules broken: age|max (2 rows), age|min (1 rows), area|nullability (2 rows), "
        "person|min (1 rows)"
    )


def test_a_value_that_is_not_in_the_list_is_counted_and_not_shown(told):
    timing = table(
        "timing",
        [
            {"person": i, "area": "herning", "scenario": s, "spells": 0, "active_weeks": [0]}
            for i, s in enumerate(["early", "Early", "none", TORBEN, "early late"], 1)
        ],
    )
    assert broken(told, timing, "timing", "Early") == "table timing: rules broken: scenario|regex (3 rows)"


def test_lists_of_states_may_not_hold_nulls(told):
    rows = [{"person": 1, "area": "herning", "sequence": 0, "states": [0, None]}]
    assert "table sequences: rules broken: states" in broken(told, table("sequences", rows), "sequences")


@pytest.mark.parametrize("name", names("tables"))
def test_every_table_says_its_stage_and_every_column(name):
    promise = contract(name)
    assert promise.stage in STAGES
    assert promise.description.endswith(".")
    assert set(promise.key) <= set(promise.types)
    for column, spec in promise.columns.items():
        assert spec["description"], column
        assert set(spec) <= {"type", "description", "nullable", "min", "max", "in"}, column
        assert not (column in promise.key and spec.get("nullable")), column


@pytest.mark.parametrize("name", names("tables"))
def test_a_table_without_rows_keeps_its_contract(name):
    empty = contract(name).empty()
    assert check(empty, name).equals(empty)
    assert empty.columns == list(contract(name).columns)


@pytest.mark.parametrize("name", names("registers"))
def test_every_register_gives_a_table_that_has_its_columns(name):
    promise = register(name)
    typed = contract(promise.table)
    assert typed.stage == "ingest"
    assert set(promise.key) <= set(promise.columns)
    if name != "dream":
        assert set(promise.columns) == set(typed.types)
    for column, spec in promise.columns.items():
        assert spec["delivered"] == spec["delivered"].upper()
        assert spec["type"] in {"identifier", "code", "date", "number", "year"}
        assert spec["en"]
        assert spec["da"]
        assert ("format" in spec) == (spec["type"] == "date"), column
        if spec["type"] == "identifier":
            assert typed.types.get(column) == pl.Int64
        if spec["type"] == "number":
            assert typed.types[column] == pl.Float64
    if promise.year:
        assert promise.columns[promise.year]["type"] == "year"
        assert promise.year in promise.key
    if promise.order:
        assert {promise.columns[column]["type"] for column in promise.order} == {"date"}


@pytest.mark.parametrize("name", names("registers"))
def test_every_column_of_a_register_is_described(name):
    promise = register(name)
    assert set(promise.about) == {"en", "da", "source", "confidence"}
    assert all(promise.about.values())
    assert promise.about["confidence"] in {"high", "medium", "low"}
    for column, spec in promise.columns.items():
        assert {"delivered", "type", "unit", "empty", "years", "en", "da"} <= set(spec), column
        assert set(spec) <= SAID, column
        assert all(isinstance(spec[word], str) and spec[word] for word in ("unit", "en", "da")), column
        assert spec["empty"] in {"refused", "unknown", "none"}, column
        assert re.fullmatch(r"\d{4}-(\d{4})?|not public", str(spec["years"])), column


def test_an_empty_cell_keeps_its_rule():
    # A column that need not be there may be empty, but the year of a yearly register: its file tells it.
    for name in names("registers"):
        for column, spec in register(name).columns.items():
            if spec.get("optional") and spec["empty"] == "refused":
                assert register(name).year == column, (name, column)


def test_only_the_key_table_holds_a_personal_number():
    holders = [name for name in names("tables") if "pnr" in contract(name).types]
    assert holders == ["keys"]


def test_a_contract_that_is_not_there(told):
    with pytest.raises(BadInput) as error:
        contract("cohrot")
    assert told(error) == "data_schema/tables: no contract 'cohrot'"


def test_the_folder_is_the_checkouts():
    assert (data_schema() / "tables" / "cohort.yaml").is_file()
