"""The report's words: both languages say the same things with the same values."""

from __future__ import annotations

import string
from datetime import date
from importlib.resources import files

import pytest
import yaml

from veje.released import ABSENT, Cell
from veje.report.texts import Texts, readable
from veje.settings import OPERATING, Section, Settings, sections

FOLDER = files("veje.report") / "templates"


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def test_both_languages_have_the_same_keys_and_values() -> None:
    for key, names in yaml.safe_load(read("texts.yaml")).items():
        assert isinstance(key, str), f"{key!r}: quote it"
        assert set(names) == {"en", "da"}, key
        fields = [{f[1] for f in string.Formatter().parse(names[code]) if f[1]} for code in ("en", "da")]
        assert fields[0] == fields[1], key


def test_every_setting_is_explained_in_danish() -> None:
    danish = yaml.safe_load(read("settings.da.yaml"))
    inner = {name: model for name, model in sections(Settings).items() if name not in OPERATING}
    models: dict[str, type[Section]] = {"": Settings, **inner}
    wanted, units = set(), set()
    for name, model in models.items():
        for key, field in model.model_fields.items():
            shown = field.alias or key
            if name or (shown not in sections(Settings) and shown not in OPERATING):
                wanted.add(f"{name}.{shown}".strip("."))
                units.add(field.json_schema_extra["unit"])
    assert set(danish["meanings"]) == wanted
    assert units <= set(danish["units"])


@pytest.mark.parametrize(
    ("code", "number", "day"), [("en", "1,234.5", "1 May 2008"), ("da", "1.234,5", "1. maj 2008")]
)
def test_numbers_and_dates(code: str, number: str, day: str) -> None:
    texts = Texts(code, read, 5)
    assert texts.number(1234.5, 1) == number
    assert texts.date(date(2008, 5, 1)) == day


def test_cells() -> None:
    texts = Texts("da", read, 7)
    assert texts.cell(Cell(None, "withheld", "persons", "count")).text == "·"
    assert texts.cell(Cell(None, "withheld", "percent", "share")).text == "·"
    assert texts.cell(Cell(None, "withheld", "quarters", "mean")).text == "·"
    assert texts.cell(Cell(0.0, "published", "quarters", "mean")).text == "<0,05"
    assert texts.cell(Cell(0.0, "published", "persons", "count")).text == "0"
    assert "færre end 7" in texts.cell(Cell(None, "withheld", "percent", "share")).tip
    assert texts.cell(Cell(12.25, "published", "quarters", "mean")).text == "12,2"
    assert texts.cell(Cell(3.7, "published", "measures", "mean")).text == "3,7"
    assert texts.cell(Cell(1555.0, "published", "measures", "count")).text == "1.555"
    assert texts.cell(Cell(0.4567, "published", "index", "index")).text == "0,457"
    assert texts.cell(Cell(1.0, "published", "flag", "presence")).text == "✓"
    assert texts.cell(ABSENT).text == "–"


def test_percent_signs_follow_the_language() -> None:
    values = {"state": "A", "share": "4"}
    assert Texts("en", read, 5)("sum_state", **values) == "A (4%)"
    assert Texts("da", read, 5)("sum_state", **values) == "A (4\N{NO-BREAK SPACE}%)"


def test_values_of_settings_are_written_in_one_line() -> None:
    texts = Texts("en", read, 5)
    assert readable("a/b", texts) == "a/b"
    assert readable(["a.csv", "c.csv"], texts) == "a.csv, c.csv"
    assert readable({"657": "herning"}, texts) == "657: herning"
    assert [readable(value, texts) for value in (None, True, 0.75, 6.0, [], date(2008, 5, 1))] == [
        "none", "yes", "0.75", "6", "(empty)", "1 May 2008",
    ]  # fmt: skip


def test_labels_inside_sentences() -> None:
    texts = Texts("en", read, 5)
    assert [texts.inside(name) for name in ("Cash benefit", "ADHD medicine")] == [
        "cash benefit",
        "ADHD medicine",
    ]
