from __future__ import annotations

import polars as pl
import pytest
from typer.testing import CliRunner

from veje import io
from veje.cli.codes import app
from veje.codescheck import compare_lists, normal_label, ratio
from veje.errors import BadInput

OWN = pl.DataFrame(
    {
        "code": ["BLANK", "111", "710", "710", "775", "890"],
        "label_da": [
            "(blank)",
            "Dagpenge, Fuld ledighed",
            "Introduktionsydelse",
            "Kontanthjælp",
            None,
            "Sygedagpenge",
        ],
        "confidence": ["high", "high", "low", "high", "low", "high"],
        "switch": [None, None, "before_2012", None, "code_775", None],
    }
)


def server(**labels):
    return pl.DataFrame({"code": [code[1:] for code in labels], "label": list(labels.values())})


def problems(theirs, own=OWN, **options):
    return list(compare_lists(own, theirs, **options).problems)


SAME = {
    "_111": "DAGPENGE - fuld ledighed.",
    "_710": "Kontanthjælp",
    "_775": "",
    "_890": "Sygedagpenge",
}


def test_equal_lists_have_no_problem_whatever_case_and_punctuation():
    found = compare_lists(OWN, server(**SAME))
    assert (found.problems, found.codes) == ((), 4)
    assert found.notes == (
        "710: confidence low, switch before_2012; the server's list has it",
        "775: confidence low, switch code_775; the server's list has it",
    )


def test_each_difference_is_one_line():
    theirs = server(_111="Dagpenge, fuld ledighed", _710="Integrationsydelse", _891="Barsel")
    assert problems(theirs) == [
        "891: missing here: 'Barsel'",
        "775: missing there: '' (confidence low, switch code_775)",
        "890: missing there: 'Sygedagpenge'",
        "710: labels unlike (0.81): here 'Introduktionsydelse', there 'Integrationsydelse'",
    ]


def test_unlike_labels_show_their_ratio():
    theirs = server(**SAME | {"_890": "Folkepension"})
    assert problems(theirs) == ["890: labels unlike (0.33): here 'Sygedagpenge', there 'Folkepension'"]
    assert problems(theirs, alike=0.0) == []


def test_opposite_labels_are_unlike_and_the_least_alike_come_first():
    own = pl.DataFrame({"code": ["1", "2", "3"], "label_da": ["Ydelse, passiv", "Ydelse, passiv", "Ydelse"]})
    theirs = server(_1="Ydelse, aktiv", _2="Pension", _3="ydelse")
    assert [line.split(" (")[0] for line in problems(theirs, own)] == ["2: labels unlike", "1: labels unlike"]
    assert len(problems(theirs, own, alike=0.8)) == 1


def test_of_several_lines_of_a_code_the_most_alike_counts():
    twice = pl.concat([server(**SAME), server(_890="Something else")])
    assert problems(twice) == []


def test_a_list_compared_with_itself_is_equal():
    for name in ("dream", "measures", "education", "municipalities"):
        own = io.read_list(name, "codes")
        label = "name_da" if name == "municipalities" else "label_da"
        assert problems(own, own, label_column=label) == [], name


def test_codes_that_went_through_a_number_column_are_the_same():
    own = pl.DataFrame({"code": ["01", "10", "1030"], "label_da": ["a", "b", "c"]})
    theirs = pl.DataFrame({"start": ["1.0", " 10", "1030"], "label": ["a", "b", "c"]})
    assert problems(theirs, own, code_column="start") == []
    both = pl.DataFrame({"code": ["01", "1"], "label_da": ["a", "b"]})
    assert problems(pl.DataFrame({"code": ["1", "01"], "label": ["b", "a"]}), both) == []


def test_blank_and_sas_other_are_no_codes():
    extra = pl.DataFrame({"code": [None, "", ".", "**OTHER**"], "label": ["x", "Blank", "Blank", "Other"]})
    assert problems(pl.concat([server(**SAME), extra])) == []


def test_prefixes_are_compared_by_what_they_cover():
    own = pl.DataFrame({"prefix": ["F", "M", "D0"], "group": ["a", "b", "c"], "label_da": ["A", "B", "C"]})
    theirs = pl.DataFrame({"code": ["F32", "F329", "D05", "D50"], "label": ["p", "q", "r", "s"]})
    assert problems(theirs, own) == [
        "D50: missing here, no prefix covers it: 's'",
        "M: missing there: 'B'",
    ]


def test_a_wrong_file_shows_no_identifier(told):
    theirs = pl.DataFrame({"code": ["0703581113"], "label": ["born 070358"]})
    for line in problems(theirs):
        assert "070358" not in line
    assert "(not shown): missing here: (not shown)" in problems(theirs)


def test_missing_columns_are_told_with_near_names(told):
    with pytest.raises(BadInput) as error:
        problems(pl.DataFrame({"kode": ["1"], "label": ["x"]}))
    assert told(error) == "the server's list has no column 'code': did you mean 'kode'?"
    with pytest.raises(BadInput, match="the list has no column of codes"):
        problems(server(_1="x"), pl.DataFrame({"version": ["1"]}))
    with pytest.raises(BadInput, match="has no code in column 'code'"):
        problems(
            pl.DataFrame({"code": [None, "."], "label": ["x", "y"]}, schema_overrides={"code": pl.String})
        )


def test_long_labels_are_cut():
    line = problems(pl.DataFrame({"code": ["999"], "label": ["æ" * 80]}))[0]
    assert line == f"999: missing here: '{'æ' * 60}…'"


def test_labels_are_normal_without_case_punctuation_and_old_spelling():
    assert normal_label("  Aabenraa,  KOMMUNE.") == normal_label("Åbenrå kommune")
    assert ratio("Fleksjob", "fleks-job") > 0.9


# The command


@pytest.fixture
def call():
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_says_equal_with_exit_code_0(call, tmp_path):
    path = tmp_path / "format.csv"
    own = io.read_list("dream", "codes").filter(pl.col("code") != "BLANK")
    own.select(pl.col("code").alias("START"), pl.col("label_da").alias("LABEL")).write_csv(path)
    done = call("check", "dream", "--against", path, "--code-column", "START", "--label-column", "LABEL")
    assert (done.exit_code, done.stderr) == (0, "veje codes check: equal, 138 codes in both lists\n")
    assert done.stdout.startswith("note: 710: confidence low, switch introduction_benefit_before_2012;")


def test_the_command_gives_a_line_per_problem_and_a_count_with_exit_code_10(call, tmp_path):
    own, path = tmp_path / "own.csv", tmp_path / "format.csv"
    own.write_text("code,label_da\n1,Ja\n2,Nej\n", encoding="utf-8")
    path.write_bytes("code;label\n1;Ja\n3;Måske\n".encode("windows-1252"))
    done = call("check", own, "--against", path, "--separator", ";", "--encoding", "windows-1252")
    assert done.exit_code == 10
    assert done.stdout == "3: missing here: 'Måske'\n2: missing there: 'Nej'\n"
    assert done.stderr == "veje codes check: 2 problems, 1 codes in both lists\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("dreem", "--against", "x.csv"), "veje codes check: no code list 'dreem': did you mean 'dream'?\n"),
        (("dream", "--against", "none.csv"), "veje codes check: none.csv: no such file\n"),
    ],
)
def test_what_is_not_there_is_one_line(call, arguments, line):
    done = call("check", *arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (10, "", line)


def test_the_lists_are_listed_with_confidence_and_switches(call):
    done = call("list")
    assert done.exit_code == 0
    lines = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert list(lines) == sorted(lines)
    assert {"dream", "dream_versions", "measures", "municipalities"} <= set(lines)
    assert lines["dream"].startswith("147 lines; confidence high 130")
    assert (
        "switches introduction_benefit_before_2012 on, new_flexjob_2013 off, code_775 off" in lines["dream"]
    )
