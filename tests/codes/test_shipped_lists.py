"""What the lists under data_schema/codes promise: sources, whole groups, and agreement with each other."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest

from veje import io
from veje.contracts import data_schema
from veje.errors import BadInput
from veje.lists import add_by_prefix, meanings, read_kinds

NAMES = sorted(path.stem for path in (data_schema() / "codes").glob("*.csv"))
KINDS = {
    "guidance",
    "special_projects",
    "education",
    "special_activation",
    "intensive_job_search",
    "work_placement",
    "wage_subsidy",
    "flexjob",
    "danish_teaching",
    "other",
}
STUDIED = {"657": "Herning", "661": "Holstebro", "740": "Silkeborg", "791": "Viborg"}


def listed(name):
    return io.read_list(name, "codes")


def published(name):
    return set(pl.read_csv(data_schema() / "published" / f"{name}.csv", infer_schema=False)["key"]) - {
        "total"
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_line_has_a_source_and_a_confidence(name):
    table = listed(name)
    assert table["source"].null_count() == 0
    if name != "dream_versions":
        assert set(table["confidence"]) <= {"high", "medium", "low", "unverified", "example"}


def test_measures_hold_the_example_of_the_38_values():
    kinds = meanings(listed("measures"), "kind", "measures")
    assert set(kinds.values()) == KINDS
    assert len(kinds) == 38
    assert all(re.fullmatch(r"\d\d", code) for code in kinds)


def test_the_later_register_has_a_list_of_four_digit_codes():
    kinds = meanings(listed("offl"), "kind", "offl")
    assert all(re.fullmatch(r"\d{4}", code) for code in kinds)
    assert set(kinds.values()) <= KINDS
    wanted = {"1030": "wage_subsidy", "1040": "work_placement", "1049": "work_placement", "1520": "education"}
    wanted |= {
        "1530": "education",
        "1550": "guidance",
        "1570": "guidance",
        "1594": "guidance",
        "4010": "other",
    }
    assert wanted.items() <= kinds.items()
    assert not {"1549", "1595", "4009", "4015"} & set(kinds)


def test_every_line_of_low_confidence_has_a_switch_and_no_other_has():
    for name in NAMES:
        table = listed(name)
        if "switch" in table.columns:
            unsure = table["confidence"].is_in(["low", "unverified"])
            assert table.filter(unsure)["switch"].null_count() == 0, name
            assert table.filter(~unsure)["switch"].drop_nulls().len() == 0, name


def test_low_lines_of_measures_follow_their_switches():
    table = listed("offl")
    plain = read_kinds(table, {}, "offl")
    assert "4012" in plain
    assert "1049" in plain
    assert "1900" not in plain
    changed = read_kinds(table, {"rehabilitation": False, "code_1900": True}, "offl")
    assert set(changed) == set(plain) - {f"401{n}" for n in range(5)} | {"1900"}
    with pytest.raises(BadInput) as error:
        read_kinds(table, {"rehabilitatoin": True}, "offl")
    assert str(error.value) == (
        "config: timing.switches: code list offl has no 'rehabilitatoin': did you mean 'rehabilitation'?"
    )


def test_groups_are_those_of_the_published_tables():
    assert set(listed("diagnoses")["group"]) == published("table_5_3")
    assert published("table_6_5") <= set(listed("medicine")["group"])
    assert set(listed("medicine")["group"]) - published("table_6_5") == {
        "psychopharmaceuticals",
        "adhd_medicine",
    }
    levels = set(listed("education")["level"]) - {"unknown", "lower_secondary"}
    assert levels | {"lower_secondary_incl_unknown"} == published("table_6_2")


def test_every_icd_10_chapter_letter_has_a_group():
    prefixes = listed("diagnoses")["prefix"].to_list()
    assert {prefix[0] for prefix in prefixes} == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    # D is two chapters: neoplasms to D4, blood from D5. D9 does not exist.
    blood = {prefix for prefix in prefixes if prefix[0] == "D" and prefix[1:].isdigit()}
    assert blood == {f"D{digit}" for digit in range(9)}


def test_diagnoses_as_danish_registers_write_them_have_the_group_of_icd_10():
    """SKS writes ICD-10 after a D: depression is DF32, anaemia DD50."""
    group = dict(listed("diagnoses").select("prefix", "group").rows())
    icd = {prefix for prefix in group if not (prefix[0] == "D" and prefix[1:2].isalpha())}
    assert set(group) == icd | {f"D{prefix}" for prefix in icd}
    assert all(group[f"D{prefix}"] == group[prefix] for prefix in icd)
    codes = ["F32", "DF32", "DF329", "D50", "DD50", "C50", "DC509", "DZ", "DD05", "DM545"]
    grouped = add_by_prefix(pl.DataFrame({"code": codes}), "code", group, "group")["group"].to_list()
    assert grouped == [
        *["mental_disorder"] * 3,
        *["other"] * 2,
        *["cancer"] * 2,
        "social_indication",
        "cancer",
        "musculoskeletal",
    ]


def test_the_98_municipalities_of_2007():
    now = listed("municipalities").filter(pl.col("valid_from") == "2007-01-01")
    assert (now.height, now["code"].n_unique(), now["name_da"].n_unique()) == (98, 98, 98)
    assert dict(now.group_by("region").len().rows()) == {
        "region_hovedstaden": 29,
        "region_sjaelland": 17,
        "region_syd": 22,
        "region_midt": 19,
        "region_nord": 11,
    }
    assert set(now["region"]) <= set(
        pl.read_csv(data_schema() / "published/table_5_3.csv", infer_schema=False)["area"]
    )
    assert now["code"].str.contains(r"^\d{3}$").all()
    names = dict(now.select("code", "name_da").rows())
    assert STUDIED.items() <= names.items()


def test_predecessors_end_where_their_successors_begin():
    table = listed("municipalities")
    assert not table.select("code", "valid_from").is_duplicated().any()
    before = table.filter(pl.col("successor").is_not_null())
    assert set(before["successor"]) == set(STUDIED)
    assert set(before["valid_to"]) == {"2006-12-31"}
    assert dict(before.group_by("successor").len().sort("successor").rows()) == {
        "657": 4,
        "661": 3,
        "740": 4,
        "791": 6,
    }
    for column in ("valid_from", "valid_to"):
        assert all(date.fromisoformat(day) for day in table[column].drop_nulls())


def test_the_limits_by_version_in_the_dream_list_are_documented_breaks():
    limits = set(listed("dream")["valid_from"].drop_nulls()) | set(listed("dream")["valid_to"].drop_nulls())
    versions = {re.sub(r"\D", "", limit) for limit in limits if limit.startswith("v:")}
    breaks = set(listed("dream_versions").filter(pl.col("status") == "break")["version"])
    # The first version of the new codes and the last of the old ones.
    assert versions == {"1803", "1802", "202505"}
    assert breaks == {"201803", "202506"}
