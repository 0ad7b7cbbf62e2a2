"""Faults of files and rows from the delivered file to the typed table: what stays, and what is told."""

from __future__ import annotations

import ast
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.formats.saswriter import write_sas
from tests.people import BY_NAME, delivered
from tests.unit.test_cli import Run, failed
from veje import io
from veje.ingest.columns import possible_cpr

SOURCE = Path(__file__).resolve().parents[2] / "src/veje"
TORBEN = BY_NAME["Torben"].pnr


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


def deliver_as(run: Run, register: str, name: str, frame: pl.DataFrame, **options) -> None:
    """Deliver a register as another file, with options of the config."""
    run.paths[register] = run.folder / name
    if name.endswith(".parquet"):
        frame.write_parquet(run.paths[register])
    elif name.endswith(".csv"):
        frame.write_csv(run.paths[register])
    configure(run, register, **options)


def configure(run: Run, register: str, limit: float = 0.0, **options) -> None:
    run.configure(quarantine={"limit": limit, "personal_numbers": "cpr"})
    plain = io.read_json(run.config)
    plain["registers"][register].update(options)
    run.config.write_text(io.json.dumps(plain))


def ingested(run: Run, table: str) -> pl.DataFrame:
    result = run.stage("ingest")
    assert result.exit_code == 0, run.log
    return io.read_table(run.file(table), table)


def kept_aside(run: Run, register: str) -> list[tuple[int, str]]:
    return (
        io.read_table(run.folder / f"quarantine/{register}.parquet", "quarantine")
        .select("row", "rule")
        .rows()
    )


# Personal numbers


@pytest.mark.parametrize("kind", [pl.Int64, pl.UInt64, pl.Float64])
def test_a_number_column_never_reaches_a_table_as_one(run, kind):
    wanted = ingested(run, "grants")
    frame = delivered()["grants"].with_columns(pl.col("PNR").cast(kind))
    assert min(frame["PNR"]) < 10**9, "nobody's number begins with a zero"
    deliver_as(run, "grants", "GRANTS.parquet", frame)
    assert ingested(run, "grants").equals(wanted)
    keys = io.read_table(run.file("keys"), "keys")
    assert keys.schema["pnr"] == pl.String
    assert set(keys["pnr"].str.len_chars()) == {10}


def eleven(number: str) -> bool:
    """The eleven-test (Det Centrale Personregister, Personnummeret i CPR, section 4)."""
    return (
        sum(int(digit) * weight for digit, weight in zip(number, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True))
        % 11
        == 0
    )


def test_the_eleven_test_is_never_a_reason_to_refuse(run):
    numbers = [f"0{day}0658{last:04d}" for day in range(1, 10) for last in range(1000, 1030)]
    passed = sum(map(eleven, numbers))
    assert 10 < passed < len(numbers) - 100
    assert possible_cpr(pl.Series(numbers)).all()
    one = delivered()["lmdb"].head(1)
    frame = pl.concat([one.with_columns(PNR=pl.lit(number)) for number in numbers])
    deliver_as(run, "lmdb", "LMDB.csv", frame)
    assert run.stage("ingest").exit_code == 0
    assert kept_aside(run, "lmdb") == []


# Dates of every kind

DAY = date(2008, 4, 25)
AS_SAS = (DAY - date(1960, 1, 1)).days
NUMBERS = {"formats": {"date": "%Y%m%d"}}
FORMS = {
    "SAS date": ("sas", float(AS_SAS), "DATE9.", {}),
    "SAS date, YYMMDD10.": ("sas", float(AS_SAS), "YYMMDD10.", {}),
    "SAS datetime at midnight": ("sas", AS_SAS * 86_400.0, "DATETIME20.", {}),
    "YYYYMMDD number in SAS": ("sas", 20080425.0, "", NUMBERS),
    "Parquet date": ("parquet", DAY, "", {}),
    "Parquet datetime": ("parquet", datetime(2008, 4, 25), "", {}),
    "YYYYMMDD number": ("parquet", 20080425, "", NUMBERS),
    "YYYYMMDD as a float": ("parquet", 20080425.0, "", NUMBERS),
    "text": ("csv", "2008-04-25", "", {}),
    "Danish text": ("csv", "25-04-2008", "", {"formats": {"date": "%d-%m-%Y"}}),
}
STRANGE = {
    "SAS day without a format": ("sas", float(AS_SAS), "", {}, "date_unreadable"),
    "SAS day where YYYYMMDD is declared": (
        "parquet",
        AS_SAS,
        "",
        {"formats": {"date": "%Y%m%d"}},
        "date_unreadable",
    ),
    "SAS seconds without a format": ("sas", AS_SAS * 86_400.0, "", {}, "date_unreadable"),
    "SAS seconds where YYYYMMDD is declared": (
        "parquet",
        AS_SAS * 86_400,
        "",
        {"formats": {"date": "%Y%m%d"}},
        "date_unreadable",
    ),
    "a time of the day": ("sas", AS_SAS * 86_400.0 + 45_000, "DATETIME20.", {}, "date_unreadable"),
    "YYYYMMDD called a SAS date": ("sas", 20080425.0, "DATE9.", {}, "date_unreadable"),
    "days since 1970 called a SAS date": ("sas", 60_000.0, "DATE9.", {}, "date_out_of_range"),
    "days where seconds are meant": ("sas", float(AS_SAS), "DATETIME20.", {}, "date_unreadable"),
    "before 1880": ("parquet", date(1879, 12, 31), "", {}, "date_out_of_range"),
    "after 2100": ("parquet", 21010101, "", NUMBERS, "date_out_of_range"),
}


def deliver_date(run: Run, kind: str, value, form: str, options, limit: float = 0.0) -> None:
    """Deliver one prescription with a date of some kind."""
    frame = pl.DataFrame({"PNR": [TORBEN], "ATC": ["N06AB04"], "EKSD": [value]})
    deliver_as(run, "lmdb", "LMDB.csv" if kind == "csv" else "LMDB.parquet", frame, limit=limit, **options)
    if kind == "sas":
        run.paths["lmdb"] = run.folder / "LMDB.sas7bdat"
        columns = [("PNR", 10, ""), ("ATC", 8, ""), ("EKSD", 0, form)]
        write_sas(run.paths["lmdb"], columns, frame.rows(), count=1)
        configure(run, "lmdb", limit=limit, **options)


@pytest.mark.parametrize("case", FORMS)
def test_known_days_hold_in_every_form(run, case):
    deliver_date(run, *FORMS[case])
    assert ingested(run, "medicine")["date"].to_list() == [DAY]


@pytest.mark.parametrize("case", STRANGE)
def test_a_date_of_another_kind_is_kept_aside_and_never_another_day(run, case):
    *given, rule = STRANGE[case]
    deliver_date(run, *given, limit=1.0)
    assert ingested(run, "medicine").is_empty()
    assert [found for _, found in kept_aside(run, "lmdb")] == [rule]


# Columns that change their type, decimals


def test_yearly_files_may_have_a_column_in_different_types(run):
    wanted = ingested(run, "bef")
    frame = delivered()["bef"]
    half = frame.height // 2
    parts = {
        "BEF2006.parquet": frame.head(half).with_columns(pl.col("KOM", "KOEN").cast(pl.Int64)),
        "BEF2007.parquet": frame.slice(half, 2).with_columns(pl.col("KOM", "KOEN").cast(pl.Float64)),
        "BEF2008.parquet": frame.slice(half + 2),
    }
    for name, part in parts.items():
        part.write_parquet(run.folder / name)
    configure(run, "bef", files=[str(run.folder / name) for name in parts])
    given = run.arguments("ingest")
    at = next(k for k, part in enumerate(given) if part.startswith("bef="))
    converted = [run.folder / "imported" / name for name in parts]
    for name, target in zip(parts, converted, strict=True):
        io_import(run.folder / name, target)
    given[at : at + 1] = [f"bef={converted[0]}", "--in", f"bef={converted[1]}", "--in", f"bef={converted[2]}"]
    assert invoke(given).exit_code == 0
    assert io.read_table(run.file("bef"), "bef").equals(wanted)


def test_a_column_that_changes_type_on_the_way_down_is_a_value_or_kept_aside(run):
    hours = ["37", "18,5", "18.5", "1.234,5", "fuld tid", "0x10", "1e1", ""]
    one = delivered()["amfo"].head(1)
    frame = pl.concat([one.with_columns(TIMERPU=pl.lit(cell)) for cell in hours])
    frame = frame.with_columns(STARTDTO=pl.Series([f"200601{day:02d}" for day in range(1, 9)]))
    deliver_as(run, "amfo", "AMFO.csv", frame, limit=1.0, columns={})
    assert ingested(run, "measures")["hours"].sort(nulls_last=True).to_list() == [
        10.0,
        18.5,
        18.5,
        37.0,
        None,
    ]
    assert kept_aside(run, "amfo") == [(row, "number_unreadable") for row in (5, 6, 7)]


def test_a_column_of_lists_is_refused_with_its_name(run, told):
    frame = delivered()["amfo"].with_columns(TIMERPU=pl.lit([1.0]))
    deliver_as(run, "amfo", "AMFO.parquet", frame)
    result = run.convert("amfo")
    assert result.exit_code == 10
    assert "AMFO.parquet: column 'TIMERPU' holds List(Float64), which is not text" in told(result.stderr)


# The number of rows that the sender counted


def test_a_file_cut_at_a_lines_end_is_refused_by_its_number_of_rows(run, told):
    whole = delivered()["grants"].height
    configure(run, "grants", rows=whole)
    assert run.stage("ingest").exit_code == 0
    lines = run.paths["grants"].read_text().splitlines(keepends=True)
    run.paths["grants"].write_text("".join(lines[:-3]))
    line = failed(told, run, "ingest", 10)
    assert line == (
        f"GRANTS.csv: {whole - 3} rows, but registers.grants.rows says {whole}: is a file truncated?"
    )
    run.paths["grants"].write_text("".join([*lines, lines[-1]]))
    assert failed(told, run, "ingest", 10) == (
        f"GRANTS.csv: {whole + 1} rows, but registers.grants.rows says {whole}"
    )


def test_refused_rows_count_among_those_the_sender_counted(run):
    text = run.paths["grants"].read_text()
    run.paths["grants"].write_text(text.replace("\n", "\n1,2\n", 1))
    configure(run, "grants", limit=0.5, rows=delivered()["grants"].height + 1)
    assert run.stage("ingest").exit_code == 0
    assert kept_aside(run, "grants") == [(2, "short_row")]


# Reading that repairs or drops is banned

LOSSY = {"ignore", "replace", "backslashreplace", "surrogateescape", "xmlcharrefreplace", "utf8-lossy"}
SWITCHES = {
    "ignore_errors",
    "truncate_ragged_lines",
    "try_parse_dates",
    "on_bad_lines",
}


def test_no_text_is_read_lossy_and_no_type_is_guessed():
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if "twin" in path.parts:
            continue
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        for call in (node for node in nodes if isinstance(node, ast.Call)):
            if getattr(call.func, "attr", "") in ("read_csv", "scan_csv"):
                guessing = {word.arg: getattr(word.value, "value", None) for word in call.keywords}
                assert guessing.get("infer_schema") is False, f"{path.name}:{call.lineno} guesses types"
            for word in call.keywords:
                value = getattr(word.value, "value", None)
                if (word.arg in ("errors", "encoding") and value in LOSSY) or word.arg in SWITCHES:
                    found.append(f"{path.relative_to(SOURCE)}:{call.lineno}: {word.arg}={value}")
    # Folders that are thrown away: what cannot be removed stays, and no text is read.
    allowed = {line for line in found if "ignore_errors=True" in line and "cli/publish.py" in line}
    assert sorted(set(found) - allowed) == []


def io_import(source: Path, target: Path) -> None:
    assert invoke(["import", str(source), str(target)]).exit_code == 0


def invoke(arguments: list[str]):
    from typer.testing import CliRunner

    from veje.cli.app import app

    return CliRunner().invoke(app, arguments)
