from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import BY_NAME, EVERYONE, config_of, deliver, delivered, number_of
from veje import config
from veje.cli import ingest as rim
from veje.cli.files import Files
from veje.cli.stages import STAGES
from veje.contracts import check, contract, register
from veje.errors import BadInput
from veje.ingest import (
    Delivery,
    identifier_columns,
    number_persons,
    read_dream,
    read_register,
    replace_identifiers,
)
from veje.settings import Register
from veje.weeks import column_of, week_of_column

TORBEN, HANNE, JYTTE = (BY_NAME[name].pnr for name in ("Torben", "Hanne", "Jytte"))
TABLES = ("dream", "grants", "bef", "measures", "education", "medicine", "parents")


def read(name, frame, **options):
    delivery = Delivery(f"{name.upper()}.csv", frame)
    reader = read_dream if name == "dream" else read_register
    return reader([delivery], register(name), Register(files=["x"], **options))


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
    with pytest.raises(BadInput) as error:
        read(name, frame, **options)
    assert error.value.exit_code == 10
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
    ]
    assert frame.row(0) == (TORBEN, None, date(2008, 3, 6), "grant", None, "657", None)
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
    line = refused(told, "dream", wide)
    assert line.endswith("and 2,988 others")
    assert len(line) < 200


def test_a_column_may_be_delivered_under_another_name():
    other = grants().rename({"AFGDATO": "DECIDED"})
    assert read("grants", other, columns={"decision_date": "decided"}).equals(read("grants", grants()))


def test_an_optional_column_that_the_config_names_must_be_there(told):
    line = refused(told, "grants", grants(), columns={"diagnosis": "DIAGNOSE"})
    assert line.startswith("GRANTS.csv: no column 'diagnose' for diagnosis: ")


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
    line = refused(told, "grants", grants(AFGDATO=["2008-03-06", cell, cell]), cell)
    assert line == (
        "GRANTS.csv: column 'afgdato': not a date of the form %Y-%m-%d in 2 rows, the first is row 3"
    )


def test_an_empty_required_cell_is_counted(told):
    for blank in ("", " ", ".", None):
        line = refused(told, "grants", grants(AFGDATO=[blank, "2008-03-06", blank]))
        assert line == "GRANTS.csv: column 'afgdato': empty in 2 rows, the first is row 2"
    assert "column 'pnr': empty in 1 rows, the first is row 4" in refused(
        told, "grants", grants(PNR=[TORBEN, HANNE, ""])
    )


def test_an_empty_optional_cell_is_null():
    assert read("grants", grants(KOM=["657", " ", "."]))["municipality"].to_list() == ["657", None, None]


def test_a_code_without_a_meaning_is_counted_and_not_shown(told):
    line = refused(told, "grants", grants(AFGTYPE=["1", "Tilkendt", "Tilkendt"]), "Tilkendt")
    assert line == (
        "GRANTS.csv: column 'afgtype': code without a meaning in 2 rows, the first is row 3: "
        "known codes 1, 2, 3"
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
    line = refused(told, "udda", double)
    assert line == "UDDA.csv: 2 rows too many: one row per person is promised"


def test_one_row_a_person_and_day_is_promised_across_files(told):
    snapshot = pl.DataFrame({"PNR": [TORBEN, HANNE], "REFERENCETID": ["2007-12-31"] * 2})
    files = [Delivery("BEF2006.csv", snapshot), Delivery("BEF2007.csv", snapshot.head(1))]
    with pytest.raises(BadInput) as error:
        read_register(files, register("bef"), Register(files=["x"]))
    assert told(error) == (
        "BEF2006.csv, BEF2007.csv: 1 rows too many: one row per person and status_date is promised"
    )


def test_a_header_among_the_rows_is_refused(told):
    twice = pl.concat([wide([["111"]]), pl.DataFrame({"PNR": ["PNR"], "Y_0801": ["Y_0801"]})])
    assert refused(told, "dream", twice) == (
        "DREAM.csv: column 'pnr': the header again in 1 rows, the first is row 3"
    )


def test_several_files_are_one_register():
    first, second = grants().head(1), grants().tail(2)
    files = [Delivery("A.csv", first), Delivery("B.csv", second)]
    assert read_register(files, register("grants"), Register(files=["x"])).equals(read("grants", grants()))


# DREAM


def wide(rows, first="Y_0801", pnr=(TORBEN, HANNE, JYTTE)):
    start = week_of_column(first)
    columns = {column_of(start + i): [row[i] for row in rows] for i in range(len(rows[0]))}
    return pl.DataFrame(
        {"PNR": list(pnr)[: len(rows)], **columns}, schema_overrides=dict.fromkeys(columns, pl.String)
    )


def spells(frame):
    return [(p, c, a, b) for p, c, a, b in frame.rows()]


def test_wide_weeks_become_spells_with_the_blank_ones():
    w = week_of_column("Y_0801")
    frame = read(
        "dream", wide([["", "", "111", "111"], ["890", "", "", "890"], ["111", "111", "111", "111"]])
    )
    assert spells(frame) == [
        (TORBEN, "", w, w + 1),
        (TORBEN, "111", w + 2, w + 3),
        (HANNE, "890", w, w),
        (HANNE, "", w + 1, w + 2),
        (HANNE, "890", w + 3, w + 3),
        (JYTTE, "111", w, w + 3),
    ]


def test_one_row_and_one_week_is_one_spell():
    w = week_of_column("Y_0801")
    assert spells(read("dream", wide([["111"]]))) == [(TORBEN, "111", w, w)]
    assert spells(read("dream", wide([["111", "111"]]))) == [(TORBEN, "111", w, w + 1)]
    assert spells(read("dream", wide([["", "111"]]))) == [(TORBEN, "", w, w), (TORBEN, "111", w + 1, w + 1)]


def test_equal_codes_of_two_neighbours_are_two_spells():
    frame = read("dream", wide([["", "111"], ["111", "111"]]))
    assert frame.height == 3
    assert frame["person"].to_list() == [TORBEN, TORBEN, HANNE]


def test_all_ways_to_write_a_code_or_a_blank():
    frame = read(
        "dream", wide([["111", "111.0", " 111", "111 "], ["", " ", ".", "NaN"], [None, "nan", "", " . "]])
    )
    assert frame.select("person", "code").rows() == [(TORBEN, "111"), (HANNE, ""), (JYTTE, "")]


def test_weeks_are_ordered_by_time_and_not_by_place():
    frame = read("dream", wide([["1", "2", "3"]], first="Y_9952"))
    mixed = read("dream", wide([["1", "2", "3"]], first="Y_9952").select("Y_0002", "PNR", "Y_9952", "Y_0001"))
    assert spells(mixed) == spells(frame)
    assert frame["week_from"].diff().to_list() == [None, 1, 1]


def test_other_columns_of_dream_are_left_alone():
    extra = wide([["111"]]).with_columns(pl.lit("x").alias("BRANCHE_2008_01"), pl.lit("1").alias("KON"))
    assert read("dream", extra).height == 1


@pytest.mark.parametrize(
    ("drop", "words"),
    [
        ("Y_0803", "DREAM.csv: week column Y_0803 is missing (1 such places)"),
        (None, "DREAM.csv: no week column of the form Y_YYWW"),
    ],
)
def test_missing_weeks_are_refused(drop, words, told):
    frame = wide([["", "", "", ""]])
    assert refused(told, "dream", frame.drop(drop) if drop else frame.select("PNR")) == words


def test_a_week_that_its_year_does_not_have_is_refused(told):
    line = refused(told, "dream", wide([["", ""]]).rename({"Y_0802": "Y_0853"}))
    assert line == "DREAM.csv: column 'y_0853': ISO year 2008 has no week 53"


def test_a_person_in_two_rows_of_dream_is_refused(told):
    line = refused(told, "dream", wide([["111"], ["890"]], pnr=(TORBEN, TORBEN[1:])))
    assert line == "DREAM.csv: 1 rows too many: one row per person is promised"


def test_two_versions_of_dream_are_not_spliced(told):
    old, new = wide([["111", "111"]], first="Y_0801"), wide([["890", "890"]], first="Y_0803")
    with pytest.raises(BadInput) as error:
        read_dream(
            [Delivery("DREAM1.csv", old), Delivery("DREAM2.csv", new)],
            register("dream"),
            Register(files=["x"]),
        )
    assert told(error) == "DREAM1.csv, DREAM2.csv: 1 rows too many: one row per person is promised"


def test_dream_may_come_in_parts_by_person():
    parts = [Delivery("A.csv", wide([["111"]])), Delivery("B.csv", wide([["111"]], pnr=(HANNE,)))]
    assert read_dream(parts, register("dream"), Register(files=["x"]))["person"].to_list() == [TORBEN, HANNE]


@given(
    st.lists(st.lists(st.sampled_from(["", "111", "890"]), min_size=6, max_size=6), min_size=1, max_size=3)
)
def test_spells_say_what_the_weeks_said(rows):
    frame, w = read("dream", wide(rows)), week_of_column("Y_0801")
    for pnr, row in zip((TORBEN, HANNE, JYTTE), rows, strict=False):
        own = frame.filter(pl.col("person") == pnr)
        again = [c for _, c, a, b in own.rows() for _ in range(a, b + 1)]
        assert again == row
        assert own["week_from"][0] == w
        assert all(x != y for x, y in zip(own["code"], own["code"][1:], strict=False))


# Surrogate numbers


def keys(*identifiers, seed=2012):
    return number_persons([pl.Series(each, dtype=pl.String) for each in identifiers], seed)


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
        "import polars as pl; from veje.ingest import number_persons; "
        f"print(number_persons([pl.Series({PNRS!r})], 2012)['pnr'].to_list())"
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
    outputs = {name: folder / "out" / f"{name}.parquet" for name in (*TABLES, "keys")}
    outputs["deliveries"] = folder / "out" / "deliveries.json"
    rim.run(
        settings,
        Files(f"{name}={path}" for name, path in paths.items()),
        Files(f"{name}={path}" for name, path in outputs.items()),
    )
    return {name: pl.read_parquet(path) for name, path in outputs.items() if path.suffix == ".parquet"}


def test_no_identifier_is_left_in_any_typed_table(tmp_path):
    tables = run_ingest(tmp_path, deliver(tmp_path))
    numbers = {int(pnr) for pnr in PNRS}
    for name in TABLES:
        assert tables[name].height > 0
        for column in tables[name].iter_columns():
            values = set(column.cast(pl.String).drop_nulls())
            assert not values & set(PNRS)
            assert not {int(v) for v in values if v.isdigit()} & numbers
    for path in (tmp_path / "out").iterdir():
        if path.name != "keys.parquet":
            assert not any(pnr.encode() in path.read_bytes() for pnr in PNRS)
    assert sorted(tables["keys"]["pnr"]) == sorted(PNRS)


def test_typed_tables_say_what_was_delivered(tmp_path):
    tables = run_ingest(tmp_path, deliver(tmp_path))
    number = dict(tables["keys"].iter_rows())
    assert tables["parents"].rows() == [(number[BY_NAME["Alma"].pnr], number[BY_NAME["Kurt"].pnr], None)]
    assert sorted(tables["measures"].rows()) == sorted(
        [
            (number[TORBEN], "01", date(2006, 1, 2), date(2006, 3, 12)),
            (number[HANNE], "01", date(2007, 3, 5), date(2007, 4, 1)),
        ]
    )
    torben = tables["dream"].filter(pl.col("person") == number[TORBEN])
    fell_ill = week_of_column("Y_0202") + 200 + 7 * number_of("Torben")
    assert torben.sort("week_from").select("code", "week_from", "week_to").rows() == [
        ("", week_of_column("Y_0202"), fell_ill - 1),
        ("130", fell_ill, week_of_column("Y_0953")),
    ]


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
    for name in (*TABLES, "keys"):
        assert from_parquet[name].equals(from_csv[name])
        assert from_numbers[name].equals(from_csv[name])


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
    for name in (*TABLES, "keys"):
        assert mixed[name].equals(straight[name])


def test_a_register_that_is_not_delivered_is_an_empty_table(tmp_path):
    paths = {name: path for name, path in deliver(tmp_path).items() if name in ("dream", "grants", "bef")}
    tables = run_ingest(tmp_path, paths)
    for name in ("measures", "education", "medicine", "parents"):
        assert tables[name].height == 0
        assert dict(tables[name].schema) == dict(contract(name).types)


def test_the_stage_reads_no_other_settings():
    assert STAGES["ingest"].settings == ("seed", "registers")
