"""Drawing and weighing by the commands, on a small finished run: files, sheets, and what stops them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from veje import io
from veje.cli.app import app
from veje.cli.sampling import STAGES
from veje.contracts import contract
from veje.lists import read_alphabet

D = date
MODERN = read_alphabet(io.read_list("modern", "alphabets"), "modern")
BORN = {"S1": D(1985, 5, 1), "S2": D(1988, 5, 1), "S3": D(1960, 5, 1)}
EACH = 8


@dataclass
class Finished:
    """A run whose private tables are there, and its config."""

    root: Path
    settings: dict[str, object]

    @property
    def config(self) -> str:
        path = self.root / "config.yaml"
        path.write_text(json.dumps(self.settings), encoding="utf-8")
        return str(path)

    @property
    def cases(self) -> Path:
        return self.root / "results/private/small/cases"

    def call(self, command: str, *rest: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [command, "--config", self.config, *rest])
        return result.exit_code, result.output

    def drawn(self) -> pl.DataFrame:
        return io.read_table(self.cases / "cases.parquet", "sample_cases")


def tables() -> dict[str, pl.DataFrame]:
    """Eight persons of each stratum, the last one of each not before the team."""
    people = [(name, number) for name in BORN for number in range(EACH)]
    person = list(range(1, len(people) + 1))
    day, area = D(2017, 6, 1), ["herning" if one % 2 else "viborg" for one in person]
    said = {"prior_scheme": [name == "S1" for name, _ in people]}
    said |= {"from_cash_benefit": [name == "S2" for name, _ in people]}
    said |= {"route_c": said["prior_scheme"]}
    team = [D(2017, 2, 1) if number < EACH - 1 else None for _, number in people]
    states = [[MODERN.code("sickness_benefit")] * 12 + [MODERN.code("resource_scheme")] * 8] * len(people)
    made = {
        "cohort": {"index_date": day, "area": area, "age": 40, "diagnosis": None},
        "bef": {"birth_date": [BORN[name] for name, _ in people], "status_date": D(2016, 12, 31)},
        "cases": {"decision_date": day, "team_meeting": team, "application_date": D(2017, 3, 3)},
        "grant_regimes": {"area": area, "regime": "R2", "group": "r2", "straddles": False},
        "sequences": {"area": area, "sequence": 0, "states": states},
        "spells": {"kind": "guidance", "start": D(2016, 4, 4), "end": D(2016, 5, 5), "quarter": 15},
    }
    found = {}
    for name, columns in made.items():
        schema = dict(contract(name).types)
        data = {"person": person} | {
            key: value if isinstance(value, list) else [value] * len(person) for key, value in columns.items()
        }
        full = {key: data.get(key, [None] * len(person)) for key in schema}
        found[name] = pl.DataFrame(full, schema=schema)
    flags = [
        {"person": one, "flag": flag, "value": values[at]}
        for flag, values in said.items()
        for at, one in enumerate(person)
    ]
    return found | {"flags": pl.DataFrame(flags, schema=dict(contract("flags").types))}


@pytest.fixture
def run(tmp_path: Path) -> Finished:
    for name, table in tables().items():
        io.write_table(table, tmp_path / f"results/private/small/{STAGES[name]}/{name}.parquet", name)
    return Finished(
        tmp_path,
        {
            "scenario": "small",
            "synthetic": True,
            "results": str(tmp_path / "results"),
            "registers": {name: {"files": ["x.csv"]} for name in ("dream", "grants", "bef", "cases")},
            "cohort": {
                "from": "2016-01-01",
                "to": "2018-12-31",
                "municipalities": {"657": "herning", "791": "viborg"},
            },
            "sequences": {"alphabet": "modern", "state_column": "modern"},
            "sampling": {"quota": 4, "reserves": 2},
            "disclosure": {"threshold": 5, "rounding": 5, "rule": "a test's"},
        },
    )


def test_cases_are_drawn_reviewed_and_weighted(run: Finished) -> None:
    code, told = run.call("sample-cases")
    assert code == 0, told
    assert "stratum S1: 4 of 7 drawn" in told
    assert "not drawn from: no_team_meeting: 3" in told
    drawn = run.drawn()
    assert drawn.group_by("stratum", "reserve").len()["len"].sort().to_list() == [2, 2, 2, 4, 4, 4]
    counts = pl.read_csv(run.cases / "counts.csv")
    assert counts["persons"].sum() == 3 * EACH
    assert counts["drawn"].sum() == 12
    blank = pl.read_csv(run.cases / "outcomes.csv", infer_schema=False)
    handed = blank.with_columns(
        outcome=pl.when(pl.col("case").str.starts_with("S2"))
        .then(pl.lit("changed"))
        .otherwise(pl.lit("upheld")),
        eligible=pl.when(pl.col("case").str.starts_with("S2")).then(pl.lit("no")).otherwise(pl.lit("yes")),
    )
    handed.write_csv(run.root / "found.csv")
    code, told = run.call("sample-results", str(run.root / "found.csv"))
    assert code == 0, told
    table = pl.read_csv(run.root / "results/private/small/review/results.csv")
    assert table.filter(stratum="all", row="upheld")["weighted"].item() == pytest.approx(66.7)
    assert table.filter(stratum="all", row="upheld")["published"].item() == 42


def test_the_same_config_draws_the_same_cases(run: Finished) -> None:
    run.call("sample-cases")
    first = run.drawn()
    assert run.call("sample-cases")[0] == 0
    assert run.drawn().equals(first)


def test_a_sheet_tells_of_the_case_and_not_whose_it_is(run: Finished) -> None:
    run.call("sample-cases")
    sheets = {path.stem: path.read_text(encoding="utf-8") for path in (run.cases / "sheets").iterdir()}
    assert set(sheets) == set(run.drawn()["case"])
    page = sheets["S1-01"]
    assert page.count('<td title="') == 20
    assert ">1–12<" in page
    assert ">13–20<" in page
    for shown in ("2017-06-01", "2017-02-01", "2016-04-04 – 2016-05-05", "resource scheme", "R2"):
        assert shown in page, shown
    assert not re.search(r"birth|1985|surrogate|PNR|(?<![#0-9A-Fa-f])\d{6}", page)


def test_a_draw_does_not_take_away_what_reviewers_wrote(run: Finished) -> None:
    run.call("sample-cases")
    first = run.drawn()
    held = run.cases / "outcomes.csv"
    held.write_text(held.read_text().replace("S1-01,,,", "S1-01,upheld,yes,"), encoding="utf-8")
    run.settings["seed"] = 5
    code, told = run.call("sample-cases")
    assert code == 10
    assert "reviewers have written in it" in told
    assert run.drawn().equals(first)
    assert "S1-01,upheld,yes," in held.read_text()


@pytest.mark.parametrize(
    ("sampling", "told"),
    [
        ({"quota": 8}, "stratum S1: 7 cases, fewer than its quota of 8"),
        ({"quota": 4, "least": 3}, "stratum S1: sampling.least asks for 6 cases of its 2 municipalities"),
        (
            {"municipalities": ["vibor"]},
            "sampling.municipalities: no municipality 'vibor': did you mean 'viborg'?",
        ),
    ],
)
def test_a_draw_that_cannot_be_made_writes_nothing(
    run: Finished, sampling: dict[str, object], told: str
) -> None:
    run.settings["sampling"] = sampling
    code, output = run.call("sample-cases")
    assert code == 10
    assert told in output
    assert len(output.strip().splitlines()) == 1
    assert not run.cases.exists()
    assert not run.cases.with_name("cases.part").exists()


def test_what_is_not_there_is_named(run: Finished) -> None:
    assert "no cases were drawn: run `veje sample-cases" in run.call("sample-results", "found.csv")[1]
    run.call("sample-cases")
    assert "found.csv: no such file" in run.call("sample-results", "found.csv")[1]
    registers = dict(run.settings["registers"])  # type: ignore[call-overload]
    del registers["cases"]
    run.settings["registers"] = registers
    assert "sampling.team_only needs registers.cases" in run.call("sample-cases")[1]
    (run.root / "results/private/small/reforms/flags.parquet").unlink()
    code, told = run.call("sample-cases")
    assert code == 10
    assert "flags.parquet: no such file" in told


def test_an_outcome_of_an_unknown_case_leaves_the_last_results(run: Finished) -> None:
    run.call("sample-cases")
    (run.root / "found.csv").write_text("case,outcome,eligible,reason\nS7-01,upheld,yes,\n", encoding="utf-8")
    code, told = run.call("sample-results", str(run.root / "found.csv"))
    assert code == 10
    assert "found.csv: line 2: case 'S7-01' was not drawn" in told
    assert not (run.root / "results/private/small/review").exists()
