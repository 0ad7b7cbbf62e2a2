from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from veje import io
from veje.errors import BadInput
from veje.lists import add_by_prefix, meanings, read_alphabet, read_codes
from veje.weeks import week_of


def alphabet(*states):
    return read_alphabet(
        pl.DataFrame(
            {"state": states, "label_en": states, "label_da": states, "colour": ["#000000"] * len(states)}
        ),
        "own",
    )


def test_missing_is_added_as_the_last_state():
    own = alphabet("work", "sick")
    assert own.states == ("work", "sick", "missing")
    assert (own.missing, own.code("sick")) == (2, 1)
    assert own.labels["missing"] == {"en": "Missing", "da": "Mangler"}
    assert len(own.colours) == 3


def test_a_missing_state_of_the_users_own_goes_last_too():
    assert alphabet("missing", "work", "sick").states == ("work", "sick", "missing")


def test_a_list_without_danish_uses_its_english_labels():
    table = pl.DataFrame({"state": ["work"], "label_en": ["At work"], "colour": ["#000000"]})
    assert read_alphabet(table, "own").labels["work"] == {"en": "At work", "da": "At work"}


def test_the_studys_nine_states_stand_in_the_studys_order():
    own = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    assert own.states == (
        "wage_earner",
        "unemployment_benefit",
        "sickness_benefit",
        "cash_benefit",
        "rehabilitation_benefit",
        "ledighedsydelse",
        "introduction_benefit",
        "self_support_300_hour_rule",
        "no_benefit",
        "missing",
    )
    assert own.labels["cash_benefit"] == {"en": "Cash benefit", "da": "Kontanthjælp"}


def test_faulty_alphabets_are_refused(told):
    with pytest.raises(BadInput, match="alphabet own: a state stands twice"):
        alphabet("work", "work")
    with pytest.raises(BadInput) as error:
        read_alphabet(pl.DataFrame({"state": ["work"], "label": ["At work"]}), "own")
    assert told(error) == "list own: no column 'label_en'; it has state, label"


def test_a_state_that_is_not_there_is_told_with_near_ones(told):
    with pytest.raises(BadInput) as error:
        alphabet("wage_earner", "sickness_benefit").code("sicknes_benefit")
    assert "did you mean 'sickness_benefit'?" in told(error)


def codes(**columns):
    return pl.DataFrame(columns)


def test_every_shipped_weekly_code_has_a_state_of_the_alphabet():
    own = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    rows = read_codes(io.read_list("dream", "codes"), "caswell_state", own, None, "dream")
    state = {row.code: row.state for row in rows}
    assert len(state) == 139
    assert state[""] == "wage_earner"
    assert (state["111"], state["750"]) == ("unemployment_benefit", "rehabilitation_benefit")
    assert state["151"] == "missing"  # outside_alphabet
    assert "0" not in state
    assert "100" not in state


def test_the_shipped_list_follows_dreams_version():
    own = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    known = {
        version: {
            row.code
            for row in read_codes(io.read_list("dream", "codes"), "caswell_state", own, version, "dream")
        }
        for version in ("200912", "201802", "201803", "202506")
    }
    assert {"112", "122"} <= known["200912"]
    assert {"112", "122"} <= known["201802"]
    assert not {"112", "122"} & known["201803"]
    assert "115" in known["201803"]
    assert "115" not in known["201802"]
    assert "700" in known["201803"]
    assert "700" not in known["202506"]


def test_limits_are_weeks_of_their_days():
    rows = read_codes(
        codes(code=["1"], s=["work"], valid_from=["2008-01-01"], valid_to=["2008-12-31"]),
        "s",
        alphabet("work"),
        None,
        "own",
    )
    assert (rows[0].week_from, rows[0].week_to) == (week_of(date(2008, 1, 1)), week_of(date(2008, 12, 31)))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            codes(code=["1", "2"], s=["work", "wrok"]),
            "code list own: line 3: state 'wrok' is not in the alphabet",
        ),
        (codes(code=["1"], t=["work"]), "list own: no column 's'; it has code, t"),
        (codes(code=["1", "1"], s=["work", "sick"]), "code list own: 2 lines share code and valid_from"),
        (
            codes(code=["1"], s=["work"], valid_from=["1.1.2008"]),
            "code list own: line 2: neither a date nor a version",
        ),
    ],
)
def test_faulty_code_lists_are_refused(table, words, told):
    with pytest.raises(BadInput) as error:
        read_codes(table, "s", alphabet("work", "sick"), None, "own")
    assert told(error) == words


def test_a_code_may_change_its_state_over_time():
    table = codes(code=["1", "1"], s=["work", "sick"], valid_from=[None, "2008-01-01"])
    assert len(read_codes(table, "s", alphabet("work", "sick"), None, "own")) == 2


def test_plain_lists_are_maps():
    assert meanings(codes(code=["a", "b"], kind=["x", "y"]), "kind", "own") == {"a": "x", "b": "y"}


def test_plain_lists_may_not_say_two_things(told):
    with pytest.raises(BadInput) as error:
        meanings(codes(code=["a", "a", "b"], kind=["x", "y", "z"]), "kind", "own")
    assert told(error) == "code list own: 2 lines share a code"
    with pytest.raises(BadInput, match="no column 'kind'"):
        meanings(codes(code=["a"]), "kind", "own")


def test_the_longest_prefix_decides():
    frame = pl.DataFrame({"c": ["F32", "F329", "F2", "M54", None]})
    groups = add_by_prefix(frame, "c", {"F329": "mild", "F": "mental", "F32": "depression"}, "group")
    assert groups["group"].to_list() == ["depression", "mild", "mental", None, None]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("measures", ["code", "kind"]),
        ("education", ["code", "level"]),
        ("diagnoses", ["prefix", "group"]),
        ("medicine", ["atc_prefix", "group"]),
    ],
)
def test_shipped_lists_have_their_columns_and_no_code_twice(name, columns):
    table = io.read_list(name, "codes")
    assert set(columns) <= set(table.columns)
    assert table.height > 0
    assert not table.select(columns).is_duplicated().any()


def test_lists_that_are_not_there_are_named(tmp_path, told):
    with pytest.raises(BadInput) as error:
        io.read_list("dreem", "codes")
    assert told(error) == "dreem.csv: no such code list (dreem)"
    with pytest.raises(BadInput, match=r"own\.csv: no such alphabet list"):
        io.read_list(str(tmp_path / "own.csv"), "alphabets")
