from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import polars as pl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tests.people import BY_NAME, EVERYONE, MATCHING, config_of, converted, deliver, delivered
from veje import cli, io
from veje.cli.app import app
from veje.cli.files import Files
from veje.cli.stages import STAGES
from veje.errors import BadInput
from veje.settings import Settings
from veje.versions import check_last_week
from veje.weeks import column_of, week_of, week_of_column

TORBEN = BY_NAME["Torben"].pnr
TWO_AREAS = {
    "from": "2007-07-01",
    "to": "2009-03-31",
    "municipalities": {"657": "west", "661": "west", "740": "east", "791": "east"},
}
DEPTH = ("timing_grid", "activity_clusters", "timing_agreement", "timing_kinds", "phases", "handovers")
TABLES = {
    "ingest": (
        *("reading", "keys", "dream", "grants", "bef", "measures", "education", "medicine", "parents"),
        *("later_measures", "income", "unemployment", "deaths", "migration", "cases"),
    ),
    "cohort": ("cohort", "flow", "applications"),
    "sequences": ("sequences", "unique", "week_codes"),
    "distances": ("costs", "distances"),
    "clusters": ("partitions", "quality", "trees"),
    "typology": ("types", "named_clusters", "profiles"),
    "timing": ("timing", "spells", "spell_flow", "spell_rules", *DEPTH),
    "background": ("background", "compared", "medicine_groups"),
    "validation": ("stability", "null_models", "discrepancy", "regression_tree", "indicators", "movers"),
    "sensitivity": ("sensitivity",),
    "reforms": (
        *("grant_regimes", "flags", "flag_variants"),
        *("group_types", "regime_matches", "regime_discrepancy"),
    ),
    "tables": ("cells",),
    "disclosure": ("released", "utility"),
}
NEEDS = {
    "cohort": ("grants", "bef", "dream", "deaths", "migration"),
    "sequences": ("dream", "cohort"),
    "distances": ("unique",),
    "clusters": ("distances", "sequences"),
    "typology": ("partitions", "quality", "sequences"),
    "timing": ("measures", "later_measures", "cohort", "sequences", "grants"),
    "background": (
        *("cohort", "applications", "bef", "education", "medicine", "parents", "grants"),
        *("income", "unemployment"),
    ),
    "validation": ("distances", "unique", "sequences", "partitions", "quality", "background"),
    "sensitivity": ("dream", "cohort"),
    "reforms": (
        *("cohort", "sequences", "distances", "spells", "dream", "bef", "grants"),
        *("cases", "deaths", "migration"),
    ),
    "tables": (
        "reading",
        "flow",
        "sequences",
        "week_codes",
        "quality",
        "trees",
        "types",
        "named_clusters",
        "timing",
        "spells",
        "spell_flow",
        "spell_rules",
        *DEPTH,
        "background",
        "stability",
        "null_models",
        "discrepancy",
        "regression_tree",
        "indicators",
        "movers",
        "sensitivity",
        *("applications", "compared", "medicine_groups"),
    ),
    "disclosure": ("cells",),
}


class Run:
    """The stages on the people's registers, in a folder of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.paths = deliver(folder)
        self.config = folder / "config.yaml"
        self.configure()

    def configure(self, **changes):
        plain = config_of(self.paths, cohort=TWO_AREAS, clusters={"k_max": 3, "smallest": 1}, **changes)
        self.config.write_text(json.dumps(plain, indent=1))  # JSON is YAML

    def file(self, name):
        return self.folder / "out" / (f"{name}.npy" if name == "distances" else f"{name}.parquet")

    def arguments(self, stage):
        if stage == "ingest":
            given = converted(self.paths, self.folder)
        else:
            given = {name: self.file(name) for name in NEEDS[stage]}
        if stage in ("sequences", "sensitivity", "reforms"):
            given["dream_weeks"] = self.folder / "weeks" / "DREAM.parquet"
        made = {name: self.file(name) for name in TABLES[stage]}
        if stage == "ingest":
            made["deliveries"] = self.folder / "out" / "deliveries.json"
            made["quarantine"] = self.folder / "quarantine"
        if stage == "disclosure":
            given["deliveries"] = self.folder / "out" / "deliveries.json"
            made["csv"] = self.folder / "out" / "csv"
            made["summary"] = self.folder / "out" / "summary.json"
            made["audit"] = self.folder / "out" / "audit"
        ins = [part for name, path in given.items() for part in ("--in", f"{name}={path}")]
        outs = [part for name, path in made.items() for part in ("--out", f"{name}={path}")]
        log = self.folder / "logs" / f"{stage}.log"
        return [stage, "--config", str(self.config), *ins, *outs, "--log", str(log)]

    def stage(self, stage):
        result = CliRunner().invoke(app, self.arguments(stage))
        self.log = (self.folder / "logs" / f"{stage}.log").read_text()
        return result

    def convert(self, register):
        """Convert one register by the command, as the workflow does."""
        log = self.folder / "logs" / "import.log"
        target = self.folder / "imported" / f"{self.paths[register].stem}.parquet"
        result = CliRunner().invoke(
            app, ["import", str(self.paths[register]), str(target), "--log", str(log)]
        )
        self.log = log.read_text()
        return result

    def until(self, last):
        for stage in TABLES:
            if stage == last:
                return
            assert self.stage(stage).exit_code == 0, self.log


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """All stages run in order, for tests that look at what they made."""
    run = Run(tmp_path_factory.mktemp("finished"))
    run.until(None)
    return run


def failed(told, run, stage, code, *cells):
    """Run a stage that must fail; give its one line without the program's name."""
    return line_of(told, run, run.stage(stage), stage, code, *cells)


def line_of(told, run, result, command, code, *cells):
    assert result.exit_code == code
    assert result.stdout == ""
    line = told(result.stderr, *cells)
    assert run.log == line + "\n"
    assert line.startswith(f"veje {command}: ")
    return line.removeprefix(f"veje {command}: ").replace(f"{run.folder}/", "")


def test_the_stages_in_order_make_every_table(finished):
    flow = io.read_table(finished.file("flow"), "flow")
    assert flow.row(-2) == (7, "in_municipalities", len(MATCHING), len(MATCHING))
    assert flow.row(-1) == (8, "with_weeks", len(MATCHING), len(MATCHING))
    cohort = io.read_table(finished.file("cohort"), "cohort")
    assert sorted(cohort["area"]) == ["east"] * 3 + ["west"] * 4
    released = io.read_table(finished.file("released"), "released")
    # Three and four persons: all that would tell of them is withheld, and every row is there.
    total = released.filter(pl.col("table") == "table_7_2", pl.col("key") == "total")
    assert dict(total.select("area", "value").rows()) == dict.fromkeys(
        ("east", "four_municipalities", "west")
    )
    assert (finished.folder / "out" / "csv" / "bilag_1.csv").is_file()
    assert " told too closely; " in finished.log


def test_both_registers_of_measures_are_read_and_merged(finished):
    # Hanne's record of 2007 in the earlier register belongs to the later one's time; Torben's is of 2006.
    number = dict(io.read_table(finished.file("keys"), "keys").iter_rows())
    spells = io.read_table(finished.file("spells"), "spells").sort("start")
    assert spells.select("person", "kind").rows() == [
        (number[TORBEN], "guidance"),
        (number[BY_NAME["Hanne"].pnr], "wage_subsidy"),
    ]
    rules = io.read_table(finished.file("spell_rules"), "spell_rules")
    assert rules.filter(pl.col("rows") > 0).rows() == [("left_to_offl", 1, 1)]
    background = io.read_table(finished.file("background"), "background")
    assert background.select("income", "unemployment").unique().rows() == [(182_000.0, 400.0)]


def test_a_second_run_gives_the_same_bytes(finished):
    files = sorted(path for path in finished.folder.rglob("*") if path.is_file() and "logs" not in path.parts)
    assert {"imported", "weeks", "quarantine", "out"} <= {
        path.relative_to(finished.folder).parts[0] for path in files
    }
    first = {path: io.digest(path) for path in files}
    finished.until(None)
    assert {path: io.digest(path) for path in files} == first


def test_no_identifier_in_results_or_logs(finished):
    places = [
        path
        for name in ("out", "logs", "weeks", "quarantine")
        for path in (finished.folder / name).rglob("*")
    ]
    assert len(places) > 30
    for path in places:
        if path.is_file() and path.name != "keys.parquet":
            content = path.read_bytes()
            assert not any(person.pnr.encode() in content for person in EVERYONE), path.name


def change(run, register, **columns):
    """Deliver a register again with some columns changed."""
    frame = delivered()[register].with_columns(**columns)
    frame.write_csv(run.paths[register])


@pytest.mark.parametrize(
    ("register", "column", "value", "line"),
    [
        (
            "grants",
            "AFGDATO",
            "6. marts",
            "GRANTS.csv: column 'afgdato': not a date of the form %Y-%m-%d in ",
        ),
        (
            "grants",
            "AFGTYPE",
            "9",
            "GRANTS.csv: column 'afgtype': code without a meaning (known codes 1, 2, 3, 4) in 22 rows",
        ),
        (
            "dream",
            "PNR",
            TORBEN,
            "DREAM.csv: column 'pnr': 16 rows too many, one row per person is promised; "
            "all copies, in 17 rows",
        ),
        (
            "udda",
            "PNR",
            TORBEN,
            "UDDA.csv: column 'pnr': 6 rows too many, one row per person is promised; all copies, in 7 rows",
        ),
        ("amfo", "STARTDTO", "", "AMFO.csv: column 'startdto': empty in 2 rows, the first is row 2"),
        (
            "amfo",
            "STARTDTO",
            "20200101",
            "AMFO.csv: column 'slutdto': end before start in 2 rows, the first is row 2",
        ),
    ],
)
def test_bad_deliveries_are_one_line_and_leave_only_what_is_kept_aside(
    run, register, column, value, line, told
):
    change(run, register, **{column: pl.lit(value)})
    assert failed(told, run, "ingest", 11, "6. marts").startswith(line)
    assert not (run.folder / "out").exists()
    folder = run.folder / "quarantine"
    aside = {path.stem: pl.read_parquet(path).height for path in folder.iterdir() if path.stem != "summary"}
    assert [name for name, rows in aside.items() if rows] == [register]


def test_a_bad_delivery_leaves_the_former_result_as_it_was(run, told):
    run.until("cohort")
    first = {path: io.digest(path) for path in (run.folder / "out").iterdir()}
    change(run, "grants", AFGDATO=pl.lit("soon"))
    failed(told, run, "ingest", 11, "soon")
    now = {path: io.digest(path) for path in (run.folder / "out").iterdir()}
    assert now == first


def test_a_missing_file_and_a_missing_column(run, told):
    run.paths["bef"].unlink()
    assert line_of(told, run, run.convert("bef"), "import", 10) == "BEF.csv: no such file"
    assert not (run.folder / "imported").exists()
    delivered()["bef"].rename({"PNR": "CPR"}).write_csv(run.paths["bef"])
    assert failed(told, run, "ingest", 10).startswith("BEF.csv: no column 'pnr' for person: ")


def test_a_conversion_is_told_and_done_once(run):
    rows = delivered()["bef"].height
    assert run.convert("bef").exit_code == 0
    assert run.log.startswith(f"veje import: BEF.csv {rows} rows: done in ")
    assert run.convert("bef").exit_code == 0
    assert run.log.startswith(f"veje import: BEF.csv {rows} rows as before: done in ")


def test_what_is_no_conversion_has_its_line(run, told):
    arguments = run.arguments("ingest")
    (run.folder / "imported" / "BEF.parquet").write_bytes(b"PAR1")
    result = CliRunner().invoke(app, arguments)
    run.log = (run.folder / "logs" / "ingest.log").read_text()
    assert line_of(told, run, result, "ingest", 10) == (
        "BEF.parquet: not a converted delivery, or damaged; delete it and run again"
    )
    assert not (run.folder / "out").exists()


def test_a_damaged_weekly_file_has_its_line(run, told):
    run.until("sequences")
    path = run.folder / "weeks" / "DREAM.parquet"
    whole = path.read_bytes()
    group = pq.read_metadata(path).row_group(0)
    ends = {
        group.column(at).path_in_schema: group.column(at).dictionary_page_offset
        + group.column(at).total_compressed_size
        for at in range(group.num_columns)
    }
    at = ends["y_0720"] - 1  # a week in everyone's window: others are not read
    for content in (b"", whole[:-9], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
        path.write_bytes(content)
        assert failed(told, run, "sequences", 10) == (
            "DREAM.parquet: damaged or not a weekly file of veje; delete it and run again"
        )


def test_an_empty_cohort_has_its_line(run, told):
    run.until("cohort")
    run.config.write_text(run.config.read_text().replace("2009-03-31", "2007-07-02").replace("740", "999"))
    assert failed(told, run, "cohort", 10).startswith(
        "cohort: nobody is left (rows after each step: decisions 22"
    )
    assert not run.file("cohort").exists()


def test_unknown_codes_have_their_own_exit_code(run, told):
    change(run, "dream", **{"Y_0720": pl.lit("666")})
    run.until("sequences")
    line = failed(told, run, "sequences", 11)
    assert line.startswith(
        "dream: codes not valid in the code list: 666 (7 weeks); 7 of 1,820 weeks is above"
    )


MONTHS = [f"BRANCHE_{year}_{month:02d}" for year in (2008, 2009) for month in range(1, 13)]
BY_INDUSTRY = {"blank": "by_industry", "self_supporting": "no_benefit"}


def test_blank_weeks_split_by_industry_move_only_those_without_one(run):
    change(run, "dream", **dict.fromkeys(MONTHS, pl.lit("561010")))
    run.until("distances")
    tables = ("sequences", "unique", "week_codes")
    as_listed = {name: io.read_table(run.file(name), name) for name in tables}
    assert as_listed["week_codes"]["industry"].is_null().all()
    run.configure(sequences=BY_INDUSTRY)
    for month, moved in (("561010", False), ("", True)):
        change(run, "dream", **dict.fromkeys(MONTHS, pl.lit(month)), **blank_in_2008())
        run.configure()
        run.until("distances")
        before = {name: io.read_table(run.file(name), name) for name in tables}
        run.configure(sequences=BY_INDUSTRY)
        assert run.stage("sequences").exit_code == 0
        after = {name: io.read_table(run.file(name), name) for name in tables}
        assert after["sequences"].equals(before["sequences"]) != moved
        weeks = dict(after["week_codes"].group_by("industry").agg(pl.col("weeks").sum()).rows())
        kinds = ("absent", "present") if moved else ("present", "absent")
        assert weeks[kinds[0]] > 26
        assert kinds[1] not in weeks
        counts = (weeks.get(kind, 0) for kind in ("present", "absent", "unknown"))
        assert (
            "note: {:,} blank weeks: {:,} with an industry, {:,} without; {:,} lie before 2008".format(
                sum(count for kind, count in weeks.items() if kind), *counts
            )
            in run.log
        )


def blank_in_2008():
    return {
        column_of(week): pl.lit("") for week in range(week_of(date(2008, 1, 3)), week_of(date(2009, 1, 1)))
    }


def test_a_split_that_is_not_possible_has_its_line(run, told):
    run.until("sequences")
    run.configure(sequences={"blank": "by_industry"})
    assert failed(told, run, "sequences", 10).startswith(
        "config: sequences.self_supporting: alphabet caswell9 has no state 'self_supporting' for blank weeks "
        "without an industry: "
    )
    run.configure(sequences=BY_INDUSTRY)
    assert failed(told, run, "sequences", 10) == (
        "DREAM.csv: no column BRANCHE_YYYY_MM, which sequences.blank: by_industry needs"
    )
    some = [name for name in MONTHS if name not in ("BRANCHE_2008_02", "BRANCHE_2009_12")]
    change(run, "dream", **dict.fromkeys(some, pl.lit("561010")))
    run.until("sequences")
    assert failed(told, run, "sequences", 10).startswith(
        "DREAM.csv: month column BRANCHE_2008_02 is missing (1 such places); "
        "sequences.blank: by_industry needs BRANCHE_2008_01 to "
    )


def test_weeks_that_end_long_before_the_version_are_noted(run):
    plain = json.loads(run.config.read_text())
    for version, noted in (("201003", False), ("201004", True)):
        plain["registers"]["dream"]["version"] = version
        run.config.write_text(json.dumps(plain))
        assert run.stage("ingest").exit_code == 0
        warning = check_last_week(week_of_column("Y_0953"), version)
        assert (warning is not None) == noted
        assert run.log.startswith(f"veje ingest: note: {warning}\n") == noted


def test_a_grant_without_dream_weeks_has_its_line(run, told):
    delivered()["dream"].filter(pl.col("PNR") != TORBEN).write_csv(run.paths["dream"])
    run.until("cohort")
    assert failed(told, run, "cohort", 11) == (
        "dream: 1 of 7 persons of the cohort have no row (cohort.absent_limit is 0)"
    )


def test_a_config_with_a_mistyped_key_has_its_line(run, told):
    run.config.write_text(run.config.read_text().replace('"threshold"', '"treshold"'))
    line = failed(told, run, "cohort", 10)
    assert line == "config.yaml: unknown key 'disclosure.treshold': did you mean 'threshold'?"


def test_a_damaged_table_has_its_line(run, told):
    run.until("cohort")
    content = bytearray(run.file("grants").read_bytes())
    content[40] ^= 0xFF
    run.file("grants").write_bytes(bytes(content))
    assert failed(told, run, "cohort", 10) == (
        "out/grants.parquet: damaged or not a Parquet file; delete it and run again"
    )


def test_an_internal_error_tells_its_kind_and_place_and_no_value(run, told, monkeypatch):
    def fail(settings, inputs, outputs):
        raise ValueError(f"cannot convert cell '{TORBEN}' of Torben")

    monkeypatch.setattr("veje.cli.cohort.run", fail)
    line = failed(told, run, "cohort", 50, "Torben", "cannot convert")
    assert line.startswith("internal error: ValueError")
    assert "running.py:" in line


def test_impossible_birth_dates_are_counted(run, told):
    change(run, "bef", FOED_DAG=pl.lit("1881-01-01"))
    run.until("cohort")
    assert failed(told, run, "cohort", 10) == "bef: 7 of 7 persons of the cohort have no possible age"
    assert not run.file("cohort").exists()


def test_a_real_process_ends_with_the_exit_code_and_without_a_traceback(run, told):
    run.paths["bef"].unlink()
    arguments = ["import", str(run.paths["bef"]), str(run.folder / "bef.parquet")]
    done = subprocess.run(
        [sys.executable, "-m", "veje", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 10
    assert done.stdout == ""
    assert told(done.stderr) == f"veje import: {run.folder}/BEF.csv: no such file"


def test_without_a_log_file_the_line_is_still_told(run):
    arguments = run.arguments("cohort")[:-2]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 10
    assert result.stderr.count("\n") == 1
    assert not (run.folder / "logs").exists()


def test_an_unknown_option_is_a_usage_error():
    result = CliRunner().invoke(app, ["cohort", "--conifg", "x"])
    assert result.exit_code == 2
    assert "--config" in result.stderr


def test_help_names_every_stage_in_order():
    text = CliRunner().invoke(app, ["--help"]).stdout
    places = [text.find(f" {stage} ") for stage in STAGES]
    assert min(places) > 0
    assert places == sorted(places)


# Names of files


def test_a_name_may_stand_for_several_files():
    files = Files(["bef=a.csv", "bef=b=c.csv", "dream=d.csv"])
    assert [str(path) for path in files.many("bef")] == ["a.csv", "b=c.csv"]
    assert str(files.one("dream")) == "d.csv"
    assert files.many("amfo") == []


@pytest.mark.parametrize("pair", ["bef", "=a.csv", "bef=", ""])
def test_pairs_that_are_none_are_refused(pair):
    with pytest.raises(BadInput, match=f"'{pair}' is not of the form name=path"):
        Files([pair])


def test_one_file_is_one_file():
    files = Files(["bef=a.csv", "bef=b.csv"])
    with pytest.raises(BadInput, match="2 files named 'bef' were given, not one"):
        files.one("bef")
    with pytest.raises(BadInput, match="0 files named 'dream' were given, not one"):
        files.one("dream")


# The stages' table


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_says_what_it_is_for_and_reads_known_settings(stage):
    assert STAGES[stage].help.endswith(".")
    assert set(STAGES[stage].settings) <= set(Settings.model_fields)


def test_the_program_is_the_app(monkeypatch):
    called = []
    monkeypatch.setattr("veje.cli.app.app", lambda: called.append(True))
    cli.main()
    assert called == [True]
