"""Every key of a release has a name in both languages."""

from __future__ import annotations

import polars as pl
import pytest
import yaml

from tests.figures.frames import ALPHABET, relabelled, released
from veje import io
from veje.contracts import data_schema
from veje.labels import Labels, plain
from veje.names import RULES, SPELL_RULES
from veje.settings import Registers

LANGUAGES = ("en", "da")


def entries(node, path=()):
    if isinstance(node, dict) and set(node) <= {"en", "da"}:
        yield path, node
    else:
        for key, below in node.items():
            yield from entries(below, (*path, key))


def test_every_label_is_there_in_both_languages() -> None:
    groups = yaml.safe_load((data_schema() / "labels.yaml").read_text(encoding="utf-8"))
    for path, names in entries(groups):
        assert set(names) == {"en", "da"}, path
        assert all(isinstance(name, str) and name for name in names.values()), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_complete_for_a_release(language: str) -> None:
    labels, frame = Labels(language, ALPHABET), released()
    rows = frame.select("table", "key").unique().rows()
    assert [row for row in rows if labels.find_row(*row) is None] == []
    assert [key for key in set(frame["type_key"]) - {""} if not labels.knows_type(key)] == []
    for group, column in (("units", "unit"), ("bases", "base"), ("tables", "table")):
        listed = labels._groups[group]
        # Figures of a group of regimes are of the group's persons.
        assert set(frame[column]) <= {*listed, *labels._groups["regime_groups"]}, group


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_complete_for_the_shipped_lists(language: str) -> None:
    labels = Labels(language, ALPHABET)
    for name, column, group in (
        ("measures", "kind", "kinds"),
        ("education", "level", "education"),
        ("diagnoses", "group", "diagnosis"),
        ("medicine", "group", "medicine"),
    ):
        for key in set(io.read_list(name, "codes")[column]) | {"other"}:
            assert labels.find(group, key) or (key == "other" and group in ("education", "medicine")), (
                group,
                key,
            )
    for key in set(pl.read_csv(data_schema() / "reference/caswell_profiles.csv")["type_key"]):
        assert labels.knows_type(key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_register_rule_and_step_has_a_label(language: str) -> None:
    labels = Labels(language, ALPHABET)
    assert [name for name in Registers.model_fields if labels.find("registers", name) is None] == []
    assert [rule for rule in (*RULES, *SPELL_RULES) if labels.find("rules", rule) is None] == []
    for step in ("alive", "in_the_country"):
        assert labels.find("flow", step)
    assert labels.find("measure_flow", "one_register")


def test_groups_of_a_number_are_named_by_their_limits() -> None:
    en, da = Labels("en", ALPHABET), Labels("da", ALPHABET)
    assert en.row("profile", "income_group.100000_149999").endswith(", DKK: 100,000–149,999")
    assert da.row("profile", "income_group.300000_and_over").endswith(", kr.: 300.000 og derover")
    assert en.trait("unemployment_group.under_1") == ("Unemployment in the year before, per mille", "under 1")
    assert da.trait("income_group.unknown")[1] == "Ukendt"


def test_names_are_composed() -> None:
    en, da = Labels("en", ALPHABET), Labels("da", ALPHABET)
    assert en.type("cash_benefit_then_ledighedsydelse") == "Cash benefit → Ledighedsydelse"
    assert da.type("cash_benefit_then_sickness_benefit") == "Kontanthjælp → Sygedagpenge"
    assert en.area("north_east") == "North East"
    assert en.row("profile", "age_group.26_35") == "Age: 26–35"
    assert da.row("profile", "age_group.56_and_over") == "Alder: 56 og derover"
    assert en.row("state_distribution", "q05_cash_benefit") == "Quarter 5: Cash benefit"
    assert en.row("flow", "4_in_window") != en.row("measure_flow", "4_in_window")
    assert en.row("flow", "4_in_window_rows").endswith("(records)")
    assert en.row("quality", "k05_ASW") == "5 clusters: Average silhouette width"


def test_a_state_and_a_kind_of_one_key_have_their_own_names() -> None:
    table = pl.DataFrame({"state": ["education"], "label_en": ["At school"], "colour": ["#000000"]})
    from veje.lists import read_alphabet

    labels = Labels("en", read_alphabet(table, "own"))
    assert labels.row("table_6_8", "education") == "Education"
    assert labels.row("bilag_1", "education") == "At school"


def test_unknown_keys_are_made_readable() -> None:
    labels = Labels("en", relabelled({}))
    assert labels.row("another_table", "some_new_key") == plain("some_new_key") == "Some new key"
    assert labels.title("another_table") == "Another table"
    assert labels.note("another_table") == ""
