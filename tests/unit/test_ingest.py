from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import polars as pl
import pytest

from tests.people import (
    BY_NAME,
    EVERYONE,
    WEEKS,
    config_of,
    converted,
    deliver,
    delivered,
    not_delivered,
    number_of,
)
from veje import config
from veje.cli import ingest as rim
from veje.cli.files import Files
from veje.cli.stages import STAGES
from veje.contracts import check, contract, register
from veje.errors import BadInput, OverLimit
from veje.ingest import (
    Delivery,
    Everyone,
    check_limit,
    identifier_columns,
    number_persons,
    read_dream,
    read_register,
    replace_identifiers,
)
from veje.settings import Register
from veje.weekfile import read_weekly

TORBEN, HANNE, JYTTE = (BY_NAME[name].pnr for name in ("Torben", "Hanne", "Jytte"))
TABLES = (
    *("dream", "grants", "bef", "measures", "education", "medicine", "parents"),
    *("later_measures", "income", "unemployment", "deaths", "migration", "cases"),
)


def read(name, frame, **options):
    """Read one file of a register of which no row may break its contract."""
    return sound([Delivery(f"{name.upper()}.csv", frame)], name, **options)


def sound(deliveries, name, reader=read_register, **options):
    lacking = not_delivered(name, deliveries[0].frame.columns)
    options["columns"] = lacking | options.get("columns", {})
    found = reader(deliveries, register(name), Register(files=["x"], **options))
    check_limit(found.faults, found.rows, 0)
    assert found.frame.height == found.rows
    return found.frame


def grants(**columns):
    """Three delivered decisions, with some columns changed."""
    return pl.DataFrame(
        {
            "PNR": [TORBEN, HANNE, JYTTE],
            "AFGDATO": ["2008-03-06", "2008-02-01", "2007-07-01"],
            "AFGTYPE": ["1", "2", "3"],
            "KOM": ["657", "661", "740"],
        }
        | columns
    )


def refused(told, name, frame, *cells, **options):
    """Give the line on a file that cannot be read at all."""
    with pytest.raises(BadInput) as error:
        read(name, frame, **options)
    assert error.value.exit_code == 10
    return told(error, *cells)


def faulty(told, name, frame, *cells, **options):
    """Give the line on a file with rows that break the contract."""
    with pytest.raises(OverLimit) as error:
        read(name, frame, **options)
    assert error.value.exit_code == 11
    return told(error, *cells)


# Names of columns


def test_a_register_is_read_by_its_contract():
    frame = read("grants", grants())
    assert frame.columns == [
        "person",
        "case",
        "decision_date",
        "decision",
        "basis",
        "municipality",
        "diagnosis",
        "referral",
    ]
    assert frame.row(0) == (TORBEN, None, date(2008, 3, 6), "grant", None, "657", None, None)
    assert frame["decision"].to_list() == ["grant", "refusal", "reassessment"]


def test_names_are_folded_to_lower_case():
    mixed = grants().rename({"PNR": "Pnr", "AFGDATO": "afgdato", "KOM": "kOM"})
    assert read("grants", mixed).equals(read("grants", grants()))


def test_two_names_that_fold_to_one_are_refused(told):
    double = grants().with_columns(pl.lit("657").alias("kom"))
    assert refused(told, "grants", double) == "GRANTS.csv: columns that differ in case only: 'kom'"


def test_a_missing_column_is_told_with_near_names(told):
    line = refused(told, "grants", grants().rename({"AFGDATO": "AFGDAT"}))
    assert line == "GRANTS.csv: no column 'afgdato' for decision_date: did you mean 'afgdat'?"


def test_a_missing_column_without_a_near_name_is_told_with_the_known_ones(told):
    line = refused(told, "grants", grants().rename({"AFGDATO": "X"}))
    assert line == "GRANTS.csv: no column 'afgdato' for decision_date: known: afgtype, kom, pnr, x"


def test_a_file_without_a_header_does_not_show_its_first_person(told):
    headless = grants().rename({"PNR": TORBEN, "AFGDATO": "2008-03-06", "AFGTYPE": "1"})
    assert refused(told, "grants", headless).startswith("GRANTS.csv: no column 'pnr' for person: known: 1,")


def test_thousands_of_columns_are_not_listed(told):
    wide = pl.DataFrame({f"z{i}": [""] for i in range(3000)})
    line = refused(told, "grants", wide)
    assert line.endswith("and 2,988 others")
    assert len(line) < 200


def test_a_column_may_be_delivered_under_another_name():
    other = grants().rename({"AFGDATO": "DECIDED"})
    assert read("grants", other, columns={"decision_date": "decided"}).equals(read("grants", grants()))


def test_an_optional_column_that_the_config_names_must_be_there(told):
    line = refused(told, "grants", grants(), columns={"diagnosis": "DIAGNOSE"})
    assert line.startswith("GRANTS.csv: no column 'diagnose' for diagnosis: ")


def test_an_optional_column_that_is_absent_must_be_declared(told):
    with pytest.raises(BadInput) as error:
        read_register([Delivery("GRANTS.csv", grants())], register("grants"), Register(files=["x"]))
    assert told(error) == (
        "GRANTS.csv: no column 'sagsnr' for case: known: afgdato, afgtype, kom, pnr; "
        "if it is not delivered, say `case: null` under columns"
    )


def test_a_column_that_is_declared_absent_is_not_read():
    assert read("grants", grants(), columns={"municipality": None})["municipality"].to_list() == [None] * 3


def test_a_required_column_cannot_be_declared_absent(told):
    line = refused(told, "grants", grants().drop("AFGDATO"), columns={"decision_date": None})
    assert line == "GRANTS.csv: no column 'afgdato' for decision_date: known: afgtype, kom, pnr"


def test_a_column_that_veje_does_not_have_is_refused(told):
    line = refused(told, "grants", grants(), columns={"decision_dat": "AFGDATO"})
    assert (
        line == "config: registers.grants.columns.decision_dat: did you mean 'decision_date' or 'decision'?"
    )


# Cells


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("2008-01-31", "%Y-%m-%d"),
        (" 2008-01-31 ", "%Y-%m-%d"),
        ("2008-01-31 00:00:00", "%Y-%m-%d"),
        ("2008-01-31 00:00:00.000000", "%Y-%m-%d"),
        ("20080131", "%Y%m%d"),
        ("20080131.0", "%Y%m%d"),
        ("31-01-2008", "%d-%m-%Y"),
        ("31.01.2008", "%d.%m.%Y"),
    ],
)
def test_dates_are_read_in_their_declared_form(cell, form):
    frame = read("grants", grants(AFGDATO=[cell] * 3), formats={"decision_date": form})
    assert frame["decision_date"].to_list() == [date(2008, 1, 31)] * 3


@pytest.mark.parametrize(
    "cell", ["31-01-2008", "2008-02-30", "20080131", "2008-01-31 12:00:00", "2008-01-31x", "39478", "soon"]
)
def test_unreadable_dates_are_counted_and_the_first_row_is_named(cell, told):
    line = faulty(told, "grants", grants(AFGDATO=["2008-03-06", cell, cell]), cell)
    assert line == (
        "GRANTS.csv: column 'afgdato': not a date of the form %Y-%m-%d in 2 rows, the first is row 3 "
        "(2 of 3 rows of grants, quarantine.limit is 0)"
    )


def test_an_empty_required_cell_is_counted(told):
    for blank in ("", " ", ".", None):
        line = faulty(told, "grants", grants(AFGDATO=[blank, "2008-03-06", blank]))
        assert line == (
            "GRANTS.csv: column 'afgdato': empty in 2 rows, the first is row 2 "
            "(2 of 3 rows of grants, quarantine.limit is 0)"
        )
    assert "column 'pnr': empty in 1 rows, the first is row 4" in faulty(
        told, "grants", grants(PNR=[TORBEN, HANNE, ""])
    )


def test_an_empty_optional_cell_is_null():
    assert read("grants", grants(KOM=["657", " ", "."]))["municipality"].to_list() == ["657", None, None]


def test_a_code_without_a_meaning_is_counted_and_not_shown(told):
    line = faulty(told, "grants", grants(AFGTYPE=["1", "Tilkendt", "Tilkendt"]), "Tilkendt")
    assert line == (
        "GRANTS.csv: column 'afgtype': code without a meaning (known codes 1, 2, 3, 4) in 2 rows, "
        "the first is row 3 (2 of 3 rows of grants, quarantine.limit is 0)"
    )


def test_a_delivery_may_have_its_own_meanings():
    frame = read(
        "grants", grants(AFGTYPE=["T", "A", "T"]), values={"decision": {"T": "grant", "A": "refusal"}}
    )
    assert frame["decision"].to_list() == ["grant", "refusal", "grant"]


def test_codes_that_went_through_a_number_column_are_codes_again():
    frame = read("grants", grants(KOM=["657.0", "661.0", None], AFGTYPE=["1.0", "2.0", "3.0"]))
    assert frame["municipality"].to_list() == ["657", "661", None]
    assert frame["decision"].to_list() == ["grant", "refusal", "reassessment"]


def test_a_diagnosis_keeps_its_decimal():
    assert read("grants", grants(DIAG1=["F32.0", "M54.50", None]))["diagnosis"].to_list() == [
        "F32.0",
        "M54.50",
        None,
    ]


@pytest.mark.parametrize(
    ("cell", "pnr"),
    [
        ("0703581113", "0703581113"),
        ("703581113", "0703581113"),
        ("703581113.0", "0703581113"),
        ("1206601114.0", "1206601114"),
        (" 703581113 ", "0703581113"),
        ("A12345678", "A12345678"),
        ("17", "17"),
    ],
)
def test_the_zero_that_a_number_column_lost_is_restored(cell, pnr):
    assert read("grants", grants(PNR=[cell] * 3))["person"].to_list() == [pnr] * 3


def test_one_row_a_person_is_promised(told):
    double = pl.DataFrame({"PNR": [TORBEN, HANNE, TORBEN, TORBEN[1:]], "HFAUDD": ["10", "20", "30", "10"]})
    line = faulty(told, "udda", double)
    assert line == (
        "UDDA.csv: column 'pnr': 2 rows too many, one row per person is promised; all copies, in 3 rows, "
        "the first is row 2 (3 of 4 rows of udda, quarantine.limit is 0)"
    )


def test_one_row_a_person_and_day_is_promised_across_files(told):
    snapshot = pl.DataFrame({"PNR": [TORBEN, HANNE], "REFERENCETID": ["2007-12-31"] * 2})
    files = [Delivery("BEF2006.csv", snapshot), Delivery("BEF2007.csv", snapshot.head(1))]
    with pytest.raises(OverLimit) as error:
        sound(files, "bef")
    once = "1 rows too many, one row per person and status_date is promised; all copies, in 1 rows"
    assert told(error) == (
        f"BEF2006.csv: column 'pnr': {once}, the first is row 2; "
        f"BEF2007.csv: column 'pnr': {once}, the first is row 2 "
        "(2 of 3 rows of bef, quarantine.limit is 0)"
    )


def test_a_header_among_the_rows_is_refused(told):
    twice = pl.DataFrame({"PNR": [TORBEN, "PNR"], "HFAUDD": ["10", "HFAUDD"]})
    assert faulty(told, "udda", twice) == (
        "UDDA.csv: column 'pnr': the header again in 1 rows, the first is row 3 "
        "(1 of 2 rows of udda, quarantine.limit is 0)"
    )


def test_several_files_are_one_register():
    first, second = grants().head(1), grants().tail(2)
    files = [Delivery("A.csv", first), Delivery("B.csv", second)]
    assert sound(files, "grants").equals(read("grants", grants()))


# DREAM: whose weeks stand where; the weeks themselves are in test_weekfile.py


def dream(*pnrs, file="DREAM.csv", weeks=("Y_0801", "Y_0802", "Y_0803"), **columns):
    frame = pl.DataFrame({"PNR": list(pnrs), **columns})
    return Delivery(file, frame, weeks=tuple(weeks), source=file.removesuffix(".csv"))


def rows_of(*deliveries):
    return sound(deliveries, "dream", read_dream)


def dream_refused(told, *deliveries, **options):
    with pytest.raises(BadInput) as error:
        sound(deliveries, "dream", read_dream, **options)
    return told(error)


def test_every_person_has_a_row_of_a_weekly_file():
    assert rows_of(dream(TORBEN, HANNE)).rows() == [(TORBEN, 0, "DREAM"), (HANNE, 1, "DREAM")]


def test_places_count_the_rows_of_the_converted_file_and_not_those_delivered():
    found = read_dream([dream(TORBEN, "", HANNE, _row=[2, 3, 7])], register("dream"), Register(files=["x"]))
    assert found.frame.rows() == [(TORBEN, 0, "DREAM"), (HANNE, 2, "DREAM")]
    assert found.faults.table()["row"].to_list() == [3]


def test_dream_may_come_in_parts_by_person():
    parts = dream(TORBEN, file="A.csv"), dream(JYTTE, HANNE, file="B.csv")
    assert rows_of(*parts).rows() == [(TORBEN, 0, "A"), (JYTTE, 0, "B"), (HANNE, 1, "B")]


def test_other_columns_of_dream_are_left_alone():
    extra = dream(TORBEN, BRANCHE_2008_01=["x"], KON=["1"])
    assert rows_of(extra).rows() == [(TORBEN, 0, "DREAM")]


def test_the_order_of_week_columns_does_not_matter():
    assert rows_of(dream(TORBEN, weeks=("Y_0002", "Y_9952", "Y_0001"))).height == 1


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        (("Y_0801", "Y_0802", "Y_0804"), "DREAM.csv: week column Y_0803 is missing (1 such places)"),
        (("Y_0801", "Y_0802", "y_0802"), "DREAM.csv: week column Y_0802 is double (1 such places)"),
        ((), "DREAM.csv: no week column of the form Y_YYWW"),
        (("Y_0801", "y_0853"), "DREAM.csv: column 'y_0853': ISO year 2008 has no week 53"),
    ],
)
def test_weeks_that_cannot_be_right_are_refused(weeks, words, told):
    assert dream_refused(told, dream(TORBEN, weeks=weeks)) == words


def test_two_versions_of_dream_are_not_spliced(told):
    old, new = dream(TORBEN, file="A.csv"), dream(HANNE, file="B.csv", weeks=("Y_0804", "Y_0805"))
    assert dream_refused(told, old, new) == ("B.csv: other weeks than A.csv: two versions are never spliced")


def test_a_person_in_two_rows_of_dream_is_refused_across_files(told):
    once = "1 rows too many, one row per person is promised; all copies, in 1 rows, the first is row 2"
    assert dream_refused(told, dream(TORBEN, file="A.csv"), dream(TORBEN[1:], file="B.csv")) == (
        f"A.csv: column 'pnr': {once}; B.csv: column 'pnr': {once} "
        "(2 of 2 rows of dream, quarantine.limit is 0)"
    )


def test_a_column_that_dream_does_not_have_is_refused(told):
    assert dream_refused(told, dream(TORBEN), columns={"persn": "PNR"}) == (
        "config: registers.dream.columns.persn: did you mean 'person'?"
    )


# Surrogate numbers


def keys(*identifiers, seed=2012):
    return number_persons(Everyone(pl.Series(each, dtype=pl.String) for each in identifiers), seed)


PNRS = [person.pnr for person in EVERYONE]


def test_everyone_gets_one_number_from_one():
    found = keys(PNRS, [TORBEN, None])
    assert found["person"].to_list() == list(range(1, len(PNRS) + 1))
    assert sorted(found["pnr"]) == sorted(PNRS)
    assert check(found, "keys").equals(found)


def test_numbers_do_not_follow_the_order_of_rows_or_of_birth():
    assert keys(PNRS).equals(keys(PNRS[::-1]))
    assert keys(PNRS[:4], PNRS[2:]).equals(keys(PNRS))
    assert keys(PNRS)["pnr"].to_list() != sorted(PNRS)


def test_another_seed_gives_other_numbers():
    assert not keys(PNRS, seed=1).equals(keys(PNRS, seed=2))
    assert sorted(keys(PNRS, seed=1)["pnr"]) == sorted(keys(PNRS, seed=2)["pnr"])


def test_numbers_are_the_same_in_another_process():
    code = (
        "import polars as pl; from veje.ingest import Everyone, number_persons; "
        f"print(number_persons(Everyone([pl.Series({PNRS!r})]), 2012)['pnr'].to_list())"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.strip() == str(keys(PNRS)["pnr"].to_list())


def test_every_identifier_is_replaced():
    frame = read(
        "parents", pl.DataFrame({"PNR": [TORBEN, JYTTE], "MOR_ID": [HANNE, None], "FAR_ID": ["", ""]})
    )
    numbers = pl.DataFrame({"pnr": [TORBEN, HANNE, JYTTE], "person": [3, 2, 1]})
    typed = replace_identifiers(frame, register("parents"), numbers)
    assert typed.rows() == [(1, None, None), (3, 2, None)]
    assert identifier_columns(register("parents")) == ["person", "mother", "father"]


# The whole stage


def run_ingest(folder, paths, **changes):
    (folder / "out").mkdir(parents=True, exist_ok=True)
    settings = config.parse(config_of(paths, **changes))
    outputs = {name: folder / "out" / f"{name}.parquet" for name in (*TABLES, "keys", "reading")}
    outputs["deliveries"] = folder / "out" / "deliveries.json"
    outputs["quarantine"] = folder / "quarantine"
    rim.run(
        settings,
        Files(f"{name}={path}" for name, path in converted(paths, folder).items()),
        Files(f"{name}={path}" for name, path in outputs.items()),
    )
    return {name: pl.read_parquet(path) for name, path in outputs.items() if path.suffix == ".parquet"}


def weeks_by_person(folder, tables):
    """Give everyone's codes of all delivered weeks, by the rows that the table names."""
    weekly = read_weekly(
        {"DREAM": folder / "weeks" / "DREAM.parquet"}, tables["dream"], WEEKS.start, WEEKS.stop
    )
    return {
        person: [weekly.codes[number] for number in row]
        for person, row in zip(tables["dream"]["person"], weekly.numbers.tolist(), strict=True)
    }


def test_no_identifier_is_left_in_any_typed_table(tmp_path):
    tables = run_ingest(tmp_path, deliver(tmp_path))
    numbers = {int(pnr) for pnr in PNRS}
    for name in TABLES:
        assert tables[name].height > 0
        for column in tables[name].iter_columns():
            values = set(column.cast(pl.String).drop_nulls())
            assert not values & set(PNRS)
            assert not {int(v) for v in values if v.isdigit()} & numbers
    for path in [*(tmp_path / "out").iterdir(), *(tmp_path / "weeks").iterdir()]:
        if path.name != "keys.parquet":
            assert not any(pnr.encode() in path.read_bytes() for pnr in PNRS)
    assert sorted(tables["keys"]["pnr"]) == sorted(PNRS)


def test_typed_tables_say_what_was_delivered(tmp_path):
    tables = run_ingest(tmp_path, deliver(tmp_path))
    number = dict(tables["keys"].iter_rows())
    assert tables["parents"].rows() == [(number[BY_NAME["Alma"].pnr], number[BY_NAME["Kurt"].pnr], None)]
    assert sorted(tables["measures"].rows()) == sorted(
        [
            (number[TORBEN], "01", date(2006, 1, 2), date(2006, 3, 12), None),
            (number[HANNE], "01", date(2007, 3, 5), date(2007, 4, 1), None),
        ]
    )
    weeks = weeks_by_person(tmp_path, tables)
    assert sorted(weeks) == sorted(number.values())
    healthy = 200 + 7 * number_of("Torben")
    assert weeks[number[TORBEN]] == [""] * healthy + ["130"] * (len(WEEKS) - healthy)
    told = tables["reading"].filter(pl.col("register") == "grants")
    assert told.rows() == [("grants", "", delivered()["grants"].height)]


def test_parquet_csv_and_number_columns_give_equal_tables(tmp_path):
    from_csv = run_ingest(tmp_path / "csv", deliver(made(tmp_path / "c")))
    from_parquet = run_ingest(tmp_path / "pq", deliver(made(tmp_path / "p"), ".parquet"))
    numbers = {
        "dream": delivered()["dream"].with_columns(
            pl.exclude("PNR").replace("", None).cast(pl.Float64), pl.col("PNR").cast(pl.Int64)
        ),
        "grants": delivered()["grants"].with_columns(
            pl.col("PNR", "KOM", "AFGTYPE").cast(pl.Float64), pl.col("AFGDATO").str.to_date()
        ),
        "amfo": delivered()["amfo"].with_columns(pl.col("PNR", "STARTDTO", "SLUTDTO").cast(pl.Float64)),
        "bef": delivered()["bef"].with_columns(
            pl.col("PNR").cast(pl.Int64), pl.col("REFERENCETID").str.to_datetime("%Y-%m-%d")
        ),
    }
    paths = deliver(made(tmp_path / "n"), ".parquet")
    for name, frame in numbers.items():
        frame.write_parquet(paths[name])
    from_numbers = run_ingest(tmp_path / "num", paths)
    for name in (*TABLES, "keys", "reading"):
        assert from_parquet[name].equals(from_csv[name])
        assert from_numbers[name].equals(from_csv[name])
    weeks = weeks_by_person(tmp_path / "csv", from_csv)
    assert weeks_by_person(tmp_path / "pq", from_parquet) == weeks
    assert weeks_by_person(tmp_path / "num", from_numbers) == weeks


def made(folder):
    folder.mkdir()
    return folder


def test_the_order_of_delivered_rows_does_not_matter(tmp_path):
    straight = run_ingest(tmp_path / "a", deliver(made(tmp_path / "d")))
    paths = deliver(made(tmp_path / "m"))
    for path in paths.values():
        header, *lines = path.read_text().splitlines(keepends=True)
        path.write_text(header + "".join(lines[::-1]))
    mixed = run_ingest(tmp_path / "b", paths)
    for name in {*TABLES, "keys"} - {"dream"}:
        assert mixed[name].equals(straight[name])
    assert not mixed["dream"].equals(straight["dream"])
    assert weeks_by_person(tmp_path / "b", mixed) == weeks_by_person(tmp_path / "a", straight)


def test_a_register_that_is_not_delivered_is_an_empty_table(tmp_path):
    paths = {name: path for name, path in deliver(tmp_path).items() if name in ("dream", "grants", "bef")}
    tables = run_ingest(tmp_path, paths)
    for name in TABLES[3:]:
        assert tables[name].height == 0
        assert dict(tables[name].schema) == dict(contract(name).types)


def test_the_stage_reads_no_other_settings():
    assert STAGES["ingest"].settings == ("seed", "registers", "quarantine", "comparison")


def spoiled(folder, *rows):
    """Deliver the population with some rows that name nobody."""
    paths = deliver(folder)
    header, *lines = paths["bef"].read_text().splitlines(keepends=True)
    for row in rows:
        lines[row - 2] = "," + lines[row - 2].split(",", 1)[1]
    paths["bef"].write_text(header + "".join(lines))
    return paths


def test_broken_rows_are_kept_aside_below_the_limit(tmp_path):
    whole = run_ingest(tmp_path / "whole", deliver(made(tmp_path / "w")))
    paths = spoiled(made(tmp_path / "s"), 3, 5)
    rows = delivered()["bef"].height
    with pytest.raises(OverLimit, match=f"2 of {rows} rows of bef"):
        run_ingest(tmp_path / "stopped", paths)
    tables = run_ingest(tmp_path / "parts", paths, quarantine={"limit": 2 / rows})
    assert tables["bef"].height == rows - 2
    assert tables["grants"].equals(whole["grants"])
    counted = [("bef", "", rows), ("bef", "identifier_missing", 2)]
    assert tables["reading"].filter(pl.col("register") == "bef").rows() == counted
    for run in ("stopped", "parts"):
        summary = pl.read_parquet(tmp_path / run / "quarantine" / "summary.parquet")
        assert summary.filter(pl.col("register") == "bef").rows() == counted
        aside = pl.read_parquet(tmp_path / run / "quarantine" / "bef.parquet")
        assert aside.rows() == [("bef", "BEF.csv", row, "identifier_missing", "pnr") for row in (3, 5)]
        assert check(aside, "quarantine").height == 2
    assert list((tmp_path / "stopped" / "out").iterdir()) == []


def test_quarantine_of_an_earlier_run_does_not_stay(tmp_path):
    folder = made(tmp_path / "run")
    with pytest.raises(OverLimit):
        run_ingest(folder, spoiled(made(tmp_path / "s"), 3))
    run_ingest(folder, deliver(made(tmp_path / "w")))
    assert pl.read_parquet(folder / "quarantine" / "bef.parquet").height == 0


def test_rows_refused_by_the_conversion_are_counted_and_kept_aside(tmp_path):
    paths = deliver(tmp_path)
    header, *lines = paths["udda"].read_text().splitlines(keepends=True)
    lines[1] = lines[1].split(",")[0] + "\n"
    paths["udda"].write_text(header + "".join(lines))
    with pytest.raises(OverLimit) as error:
        run_ingest(tmp_path, paths)
    assert str(error.value) == (
        "UDDA.csv: more or fewer cells than the header in 1 rows, the first is row 3 "
        f"(1 of {len(lines)} rows of udda, quarantine.limit is 0)"
    )
    aside = pl.read_parquet(tmp_path / "quarantine" / "udda.parquet")
    assert aside.rows() == [("udda", "UDDA.csv", 3, "short_row", "")]


def test_personal_numbers_are_checked_only_when_the_config_says_so(tmp_path):
    paths = deliver(tmp_path)
    text = paths["lmdb"].read_text()
    paths["lmdb"].write_text(text.replace(HANNE, "9999999999"))
    loose = run_ingest(tmp_path / "a", paths)
    assert "9999999999" in loose["keys"]["pnr"]
    assert loose["reading"].filter(pl.col("register") == "lmdb").rows() == [("lmdb", "", 1)]
    with pytest.raises(OverLimit, match="no possible personal number in 1 rows, the first is row 2"):
        run_ingest(tmp_path / "b", paths, quarantine={"personal_numbers": "cpr"})
