from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from veje import config
from veje.errors import BadInput
from veje.settings import Settings, Validation, sections

ROOT = Path(__file__).parents[2]
GOOD = {
    "scenario": "study",
    "registers": {
        "dream": {"files": ["DREAM.csv"]},
        "grants": {"files": ["GRANTS.csv"]},
        "bef": {"files": ["BEF.csv"]},
    },
    "cohort": {"from": "2007-07-01", "to": "2009-03-31", "municipalities": {"657": "herning"}},
    "disclosure": {"threshold": 5, "rounding": 5, "rule": "at least five"},
}
NOTHING = object()


def changed(path, value):
    """Give the good config with one key set, or removed."""
    data = copy.deepcopy(GOOD)
    *above, last = path.split(".")
    at = data
    for name in above:
        at = at.setdefault(name, {})
    if value is NOTHING:
        del at[last]
    else:
        at[last] = value
    return data


def refused(told, data):
    with pytest.raises(BadInput) as error:
        config.parse(data, "my.yaml")
    assert error.value.exit_code == 10
    line = told(error)
    assert line.startswith("my.yaml: ")
    return line.removeprefix("my.yaml: ")


def test_the_least_config_has_the_studys_choices():
    settings = config.parse(GOOD)
    assert settings.cohort.from_ == date(2007, 7, 1)
    assert settings.cohort.areas == ["four_municipalities", "herning"]
    assert settings.window.model_dump() == {"anchor": "grant_week", "quarters": 20, "weeks_per_quarter": 13}
    assert (settings.sequences.tie, settings.sequences.min_weeks) == ("latest", 7)
    assert (settings.distances.method, settings.distances.costs) == ("OM", "TRATE")
    assert (settings.clusters.ward, settings.clusters.k) == ("D2", "auto")
    assert settings.registers.amfo is None


@pytest.mark.parametrize(
    ("path", "told_name"),
    [
        ("scenaro", "unknown key 'scenaro': did you mean 'scenario'?"),
        ("disclosure.treshold", "unknown key 'disclosure.treshold': did you mean 'threshold'?"),
        ("cohort.from_", "unknown key 'cohort.from_': did you mean 'from'?"),
        ("clusters.k_mix", "unknown key 'clusters.k_mix': did you mean 'k_min' or 'k_max'?"),
        ("registers.dreem", "unknown key 'registers.dreem': did you mean 'dream'?"),
        ("registers.dream.file", "unknown key 'registers.dream.file': did you mean 'files'?"),
        ("window.zzz", "unknown key 'window.zzz': known: anchor, quarters, weeks_per_quarter"),
        ("__use_yte__", "unknown key '__use_yte__': known: "),
    ],
)
def test_unknown_keys_are_named_with_the_nearest_known_ones(path, told_name, told):
    assert refused(told, changed(path, 1)).startswith(told_name)


def test_an_unknown_key_in_a_register_that_is_optional(told):
    data = changed("registers.amfo", {"files": ["A.csv"], "seperator": ";"})
    assert refused(told, data) == "unknown key 'registers.amfo.seperator': did you mean 'separator'?"


def test_all_unknown_keys_are_told_at_once(told):
    line = refused(told, changed("clusters.kk", 1) | {"sede": 1})
    assert "unknown key 'sede': did you mean 'seed'" in line
    assert "; unknown key 'clusters.kk': " in line


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("disclosure.threshold", "five", "key 'disclosure.threshold': input should be a valid integer"),
        ("disclosure.threshold", 2, "key 'disclosure.threshold': input should be greater than or equal to 3"),
        ("disclosure.threshold", 4.5, "key 'disclosure.threshold': input should be a valid integer"),
        ("disclosure.rounding", 0, "key 'disclosure.rounding': input should be greater than or equal to 1"),
        ("disclosure.rule", "", "key 'disclosure.rule': string should have at least 1 character"),
        (
            "window.anchor",
            "quarter",
            "key 'window.anchor': input should be 'grant_week' or 'calendar_quarter'",
        ),
        ("sequences.tie", "last", "key 'sequences.tie': input should be 'latest', 'earliest' or 'priority'"),
        (
            "sequences.unknown_limit",
            1.5,
            "key 'sequences.unknown_limit': input should be less than or equal to 1",
        ),
        ("timing.concentration", 0.5, "key 'timing.concentration': input should be greater than 0.5"),
        ("cohort.from", "2007-13-01", "key 'cohort.from': input should be a valid date"),
        ("cohort.municipalities", {}, "key 'cohort.municipalities': dictionary should have at least 1 item"),
        (
            "cohort.municipalities",
            {"657": "Herning By"},
            "key 'cohort.municipalities.657': string should match",
        ),
        ("registers.dream", None, "key 'registers.dream': input should be a valid dictionary"),
        ("registers.dream.files", [], "key 'registers.dream.files': list should have at least 1 item"),
        ("registers.dream.version", "2018", "key 'registers.dream.version': string should match pattern"),
        ("scenario", "../up", "key 'scenario': string should match pattern"),
        ("languages", ["de"], "key 'languages.0': input should be 'en' or 'da'"),
        ("window", [], "key 'window': input should be a valid dictionary"),
    ],
)
def test_mistyped_values_are_named(path, value, words, told):
    assert refused(told, changed(path, value)).startswith(words)


@pytest.mark.parametrize(
    "path", ["scenario", "registers", "cohort", "disclosure", "registers.bef", "cohort.to"]
)
def test_what_is_required_is_named(path, told):
    assert refused(told, changed(path, NOTHING)) == f"key '{path}': is required"


def test_limits_that_contradict_each_other(told):
    line = refused(told, changed("clusters", {"k_min": 5, "k_max": 4}))
    assert line == "key 'clusters': k_max (4) is below k_min (5)"
    assert config.parse(changed("clusters", {"k_min": 5, "k_max": 5})).clusters.k_max == 5
    line = refused(told, changed("cohort.to", "2007-06-30"))
    assert line == "key 'cohort': to (2007-06-30) lies before from (2007-07-01)"
    assert config.parse(changed("cohort.to", "2007-07-01")).cohort.to == date(2007, 7, 1)


def test_settings_cannot_be_changed_afterwards():
    settings = config.parse(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        settings.seed = 1


# Files


def written(folder, text):
    path = folder / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_file_is_read_as_its_mapping(tmp_path):
    assert config.load(written(tmp_path, yaml.safe_dump(GOOD))) == config.parse(GOOD)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenario: study\ncohort: [1\nx: 2\n", "not readable as YAML at line 3"),
        ("scenario: 'study\n", "not readable as YAML at line 2"),
        ("a: b: c\n", "not readable as YAML at line 1"),
        (
            "!!python/object/apply:os.system ['true']\n",
            "could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.system' at line 1",
        ),
        (
            "seed: 1\ncohort:\n  from: 2008-02-30\n",
            "a date that does not exist (day is out of range for month) at line 3",
        ),
        ("seed: 1\n\nseed: 2\n", "key 'seed' stands twice, again at line 3"),
        ("seed: 1\n0703581113: 1\n0703581113: 2\n", "key '(not shown)' stands twice, again at line 3"),
        ("a: 1\n[b]: 2\n", "a list or mapping where a key belongs at line 2"),
        ("a: 1\nb: 0x_\n", "not readable (invalid literal for int() with base 16: '') at line 2"),
        ("", "no keys found"),
        ("- a\n- b\n", "no keys found"),
        ("just words\n", "no keys found"),
        ("title: Sø\n".encode("latin-1"), "not UTF-8 text"),
    ],
)
def test_files_that_are_no_config(tmp_path, text, words, told):
    path = written(tmp_path, text)
    with pytest.raises(BadInput) as error:
        config.load(path)
    assert told(error) == f"{path}: {words}"


def test_a_file_that_is_not_there(tmp_path, told):
    with pytest.raises(BadInput) as error:
        config.load(str(tmp_path / "none.yaml"))
    assert told(error) == f"{tmp_path}/none.yaml: no such config file"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{0657: herning}", "key 'cohort.municipalities.431': a code must stand in quotes"),  # octal
        ("{657: herning}", "key 'cohort.municipalities.657': a code must stand in quotes"),  # a number
        ('{"657": no}', "key 'cohort.municipalities.657': input should be a valid string"),
    ],
)
def test_yamls_traps_are_refused_and_not_guessed(tmp_path, line, words, told):
    text = yaml.safe_dump(changed("cohort.municipalities", NOTHING))
    path = written(tmp_path, text.replace("cohort:\n", f"cohort:\n  municipalities: {line}\n"))
    with pytest.raises(BadInput) as error:
        config.load(path)
    assert words in told(error)


def test_a_dream_version_must_be_text(told):
    assert refused(told, changed("registers.dream.version", 200912)) == (
        "key 'registers.dream.version': input should be a valid string"
    )


@pytest.mark.parametrize("text", ['{"scenario": ', "{]", "{'a': 1}"])
def test_json_that_is_cut_is_refused(text, told):
    for read in (config.load, lambda given: config.part(given, ("seed",))):
        with pytest.raises(BadInput) as error:
            read(text)
        assert told(error) == "config: not readable as JSON at line 1"


# Round trips and parts


@pytest.mark.parametrize("name", ["config.yaml", "mvad.yaml"])
def test_shipped_configs_come_back_the_same(name):
    settings = config.load(str(ROOT / "config" / name))
    plain = config.dump(settings)
    assert config.parse(json.loads(json.dumps(plain))) == settings
    assert config.load(json.dumps(plain)) == settings
    assert config.dump(config.parse(plain)) == plain


def test_a_dump_has_the_configs_own_names():
    plain = config.dump(config.parse(GOOD))
    assert plain["cohort"]["from"] == "2007-07-01"
    assert "from_" not in plain["cohort"]
    assert set(plain) == {field.alias or name for name, field in Settings.model_fields.items()}


def test_a_part_shows_only_what_it_names(tmp_path):
    for text in (written(tmp_path, yaml.safe_dump(GOOD)), json.dumps(config.dump(config.parse(GOOD)))):
        part = config.part(text, ("cohort", "seed"))
        assert part.cohort == config.parse(GOOD).cohort
        assert part.seed == 2012
        for hidden in ("registers", "window", "disclosure", "scenario"):
            with pytest.raises(AttributeError):
                getattr(part, hidden)


def test_a_part_needs_no_more_than_it_names():
    part = config.part(json.dumps({"seed": 7}), ("seed",))
    assert part.seed == 7


def test_a_part_that_is_not_there_is_named(told):
    with pytest.raises(BadInput) as error:
        config.part(json.dumps({"seed": 7}), ("seed", "registers"))
    assert told(error) == "config: key 'registers': is required"


# Every key is explained


def all_fields(model=Settings, prefix=""):
    for name, field in model.model_fields.items():
        path = prefix + (field.alias or name)
        inner = sections(model).get(field.alias or name)
        yield path, field
        if inner is not None:
            yield from all_fields(inner, f"{path}.")


@pytest.mark.parametrize(("path", "field"), list(all_fields()), ids=[path for path, _ in all_fields()])
def test_every_key_has_a_description_and_a_unit(path, field):
    assert field.description
    assert field.description.endswith(".")
    assert field.json_schema_extra["unit"]


def test_sections_are_found_behind_an_optional():
    found = sections(Settings.model_fields["registers"].annotation)
    assert {"dream", "amfo", "parents"} <= set(found)
    assert "cohort" in sections(Settings)
    assert "seed" not in sections(Settings)


def test_a_tree_that_could_never_divide_is_refused():
    with pytest.raises(ValueError, match=r"50 permutations give no p of tree_level 0\.01"):
        Validation(permutations=50)
    assert Validation(permutations=99).tree_level == 0.01
