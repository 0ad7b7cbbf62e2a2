from __future__ import annotations

import re
import shutil

import pytest

import veje
from veje import provenance
from veje.cli.stages import STAGES
from veje.settings import Settings, sections


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the package that a test may edit."""
    copy = tmp_path / "veje"
    source = provenance.PACKAGE
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(provenance, "PACKAGE", copy)
    return copy


def edit(path):
    path.write_text(path.read_text(encoding="utf-8") + "\n# an edit\n", encoding="utf-8")


def digests(*modules):
    return {module: provenance.code_digest(f"veje.{module}") for module in modules}


def changed_by(edited, *modules):
    before = digests(*modules)
    edit(edited)
    after = digests(*modules)
    return {module for module in modules if before[module] != after[module]}


def test_a_digest_is_the_same_until_something_changes(package):
    first = digests("cohort", "cli.cohort")
    assert first == digests("cohort", "cli.cohort")
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in first.values())
    assert first["cohort"] != first["cli.cohort"]


def test_a_copy_elsewhere_has_the_same_digest(package, monkeypatch):
    own = provenance.code_digest("veje.sequences")
    monkeypatch.undo()
    assert provenance.code_digest("veje.sequences") == own


def test_a_module_changes_itself_and_who_imports_it(package):
    assert changed_by(package / "cohort.py", "cohort", "cli.cohort", "timing", "cli.timing") == {
        "cohort",
        "cli.cohort",
    }


def test_a_leaf_changes_every_stage_that_imports_it(package):
    stages = ["cohort", "sequences", "timing", "disclosure"]
    assert changed_by(package / "weeks.py", *stages) == {"sequences", "timing"}
    assert changed_by(package / "errors.py", *stages) >= {"cohort", "sequences", "timing"}


def test_a_leaf_of_a_leaf_counts(package):
    # cli.typology imports io, which imports contracts.
    assert changed_by(package / "contracts.py", "cli.typology", "weeks") == {"cli.typology"}


def test_modules_of_a_package_count(package):
    edited = package / "tables" / "persons.py"
    assert changed_by(edited, "cli.tables", "cli.timing") == {"cli.tables"}


def test_what_nobody_imports_changes_nobody(package):
    before = digests(*[f"cli.{stage}" for stage in STAGES if stage not in ("figures", "report")])
    (package / "notes.py").write_text("# new\n")
    assert digests(*before) == before


def test_imports_inside_functions_count(package):
    (package / "cohort.py").write_text("def late():\n    from veje import notes\n    return notes\n")
    (package / "notes.py").write_text("# new\n")
    assert changed_by(package / "notes.py", "cohort") == {"cohort"}


def test_the_same_text_under_another_name_is_another_thing(package):
    (package / "cohort.py").write_text("from veje import only\n")
    (package / "only.py").write_text("x = 1\n")
    before = digests("cohort")
    (package / "only").mkdir()
    (package / "only.py").rename(package / "only" / "__init__.py")
    assert digests("cohort") != before


def test_modules_that_import_each_other_end(package):
    (package / "one.py").write_text("import veje.two\n")
    (package / "two.py").write_text("from veje.one import x\n")
    assert changed_by(package / "two.py", "one") == {"one"}


@pytest.mark.parametrize("stage", ["ingest", "cohort", "sequences", "timing", "background", "tables"])
def test_every_stage_hangs_on_its_module_and_on_its_contracts(package, stage):
    source = package / stage / "__init__.py" if (package / stage).is_dir() else package / f"{stage}.py"
    assert changed_by(source, f"cli.{stage}") == {f"cli.{stage}"}
    assert changed_by(package / "io.py", f"cli.{stage}") == {f"cli.{stage}"}


def test_versions_name_python_and_every_library():
    found = provenance.versions()
    assert set(found) == {"python", *provenance.LIBRARIES}
    assert all(re.match(r"\d+\.\d+", version) for version in found.values())


def test_the_commit_is_the_checkouts_and_empty_outside_one(tmp_path, monkeypatch):
    assert re.fullmatch(r"([0-9a-f]{40}(\+changed)?)?", provenance.commit())
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path)
    assert provenance.commit() == ""


def test_the_package_is_the_one_that_is_tested():
    assert provenance.PACKAGE.joinpath("__init__.py").samefile(veje.__file__)


@pytest.mark.parametrize(
    ("value", "key", "told"),
    [
        ("/srv/secret/codes.csv", "codes", "codes.csv"),
        ("secret/codes.csv", "codes", "codes.csv"),
        ("C:\\secret\\codes.csv", "codes", "codes.csv"),
        ("\\\\host\\share", "results", "share"),
        ("/srv/secret/", "results", "secret"),
        ("dream", "codes", "dream"),
        (["/a/b.sas7bdat", "c/d.dta", "e.gz"], "files", ["b.sas7bdat", "d.dta", "e.gz"]),
        ({"deep": {"codes": "/a/b.csv"}}, "", {"deep": {"codes": "b.csv"}}),
        (7, "k", 7),
        (None, "reference", None),
        ("%d/%m/%Y", "formats", "%d/%m/%Y"),
        ({"decided": "%d/%m/%Y"}, "formats", {"decided": "%d/%m/%Y"}),
        ({"municipality": "KOM/REG"}, "columns", {"municipality": "KOM/REG"}),
        ("and/or", "rule", "and/or"),
        ({"en": "Paths/Veje"}, "title", {"en": "Paths/Veje"}),
        ({"en": "/srv/secret/title.txt"}, "title", {"en": "title.txt"}),
        ("/srv/secret/values.csv", "values", "values.csv"),
        ("secret/values.csv", "values", "values.csv"),
    ],
)
def test_settings_lose_their_folders(value, key, told):
    assert provenance.without_folders(value, key) == told


def test_every_setting_that_may_be_a_path_loses_its_folders():
    for name, section in sections(Settings).items():
        for key, field in section.model_fields.items():
            if "path" in field.json_schema_extra["unit"]:
                assert provenance.without_folders({name: {key: "/srv/secret/x.csv"}}) == {
                    name: {key: "x.csv"}
                }
