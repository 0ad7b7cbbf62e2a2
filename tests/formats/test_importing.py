from __future__ import annotations

import random

import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.people import EVERYONE
from veje.cli.importing import convert
from veje.errors import BadInput
from veje.formats import Problem
from veje.importing import import_file, import_key, read_imported
from veje.weekfile import codes_of

DREAM = """PNR,Y_0201,Y_0202,BRANCHE_2009_01
0101010000,111,,12
0202020000, 111.0,.,
0303030000,NaN,730,15
"""


@pytest.fixture
def dream(tmp_path):
    path = tmp_path / "dream.csv"
    path.write_text(DREAM)
    return path


@pytest.fixture
def targets(tmp_path):
    return tmp_path / "out" / "persons.parquet", tmp_path / "out" / "weeks.parquet"


def decoded(path) -> pl.DataFrame:
    """Give the weekly file as codes again."""
    codes = pl.Series(codes_of(path))
    weeks = pl.read_parquet(path).select("^y_.*$")
    return pl.DataFrame([codes.gather(column).alias(column.name) for column in weeks.iter_columns()])


def test_dream_becomes_two_files_in_one_order(dream, targets):
    persons, weeks = targets
    done = import_file(dream, persons, weeks=weeks)
    assert (done.rows, done.format, done.file, done.reused) == (3, "csv", "dream.csv", False)
    first, second = pl.read_parquet(persons), pl.read_parquet(weeks)
    assert first.columns == ["pnr", "_row"]
    assert second.columns == ["y_0201", "y_0202", "branche_2009_01", "_row"]
    assert second.schema["y_0201"] == pl.UInt16
    assert first["_row"].to_list() == second["_row"].to_list() == [2, 3, 4]
    assert codes_of(weeks)[0] == ""
    assert decoded(weeks).rows() == [("111", ""), ("111", ""), ("", "730")]


def test_industry_months_become_yes_or_no(dream, targets):
    import_file(dream, targets[0], weeks=targets[1])
    months = pl.read_parquet(targets[1], columns=["branche_2009_01"]).to_series()
    assert (months.dtype, months.to_list()) == (pl.Boolean, [True, False, True])


def test_an_identifier_among_the_months_is_not_kept(tmp_path, targets):
    path = tmp_path / "a.csv"
    pnr = EVERYONE[0].pnr
    path.write_text(f"PNR,Y_0201,BRANCHE_2009_01\n1,111,{pnr}\n")
    import_file(path, targets[0], weeks=targets[1])
    assert pl.read_parquet(targets[1])["branche_2009_01"].to_list() == [True]
    assert pnr.encode() not in targets[1].read_bytes()
    assert pl.read_parquet(targets[0]).columns == ["pnr", "_row"]


def test_a_plain_source_keeps_its_months_as_text(dream, targets):
    import_file(dream, targets[0])
    assert pl.read_parquet(targets[0])["branche_2009_01"].to_list() == ["12", None, "15"]


def test_sas_and_csv_of_the_same_content_give_the_same_weeks(samples, tmp_path):
    frames = []
    for name in (".sas7bdat", "_numeric.sas7bdat", "_expected.csv"):
        weeks = tmp_path / f"weeks{name}.parquet"
        import_file(samples / f"dream200907{name}", tmp_path / f"{name}.parquet", weeks=weeks)
        frames.append(decoded(weeks))
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


def test_a_plain_source_keeps_its_text(tmp_path, targets):
    path = tmp_path / "a.csv"
    path.write_bytes("PNR;KOM;NAVN\n0101010000;0791;Ærø\n;;\n".encode("latin-1"))
    import_file(path, targets[0], encoding="latin-1", separator=";")
    assert pl.read_parquet(targets[0]).rows() == [("0101010000", "0791", "Ærø", 2), (None, None, None, 3)]


def test_the_footer_says_what_was_converted_and_holds_no_cell(dream, targets):
    persons, weeks = targets
    import_file(dream, persons, weeks=weeks)
    for target in targets:
        said = {k.decode(): v.decode() for k, v in pq.read_schema(target).metadata.items()}
        assert said["veje.source"] == "dream.csv"
        assert said["veje.sha256"] == import_key(dream)
        assert said["veje.rows"] == "3"
        assert said["veje.format"] == "csv"
        footer = target.read_bytes()[-pq.read_metadata(target).serialized_size - 8 :]
        assert b"0101010000" not in footer
        assert not pq.read_metadata(target).row_group(0).column(0).is_stats_set
        assert target.stat().st_mode & 0o777 == 0o640
    assert b"0101010000" not in weeks.read_bytes()


def test_an_identifier_among_the_weeks_does_not_reach_the_codes(tmp_path, targets):
    path = tmp_path / "a.csv"
    pnr = EVERYONE[0].pnr
    path.write_text(f"PNR,Y_0201\n111,{pnr}\n1,111\n")
    import_file(path, targets[0], weeks=targets[1])
    assert codes_of(targets[1]) == ["", "(not shown)", "111"]
    assert pnr.encode() not in targets[1].read_bytes()


def test_a_finished_conversion_is_reused_and_any_other_is_not(dream, targets):
    persons, weeks = targets
    first = import_file(dream, persons, weeks=weeks)
    before = [target.stat().st_mtime_ns for target in targets]
    again = import_file(dream, persons, weeks=weeks)
    assert again.reused
    assert again.sha256 == first.sha256
    assert [target.stat().st_mtime_ns for target in targets] == before
    assert not import_file(dream, persons, weeks=weeks, encoding="latin-1").reused
    assert not import_file(dream, persons, encoding="latin-1").reused, "plain, with the weeks"
    assert not import_file(dream, persons, weeks=weeks, encoding="latin-1").reused
    weeks.unlink()
    assert not import_file(dream, persons, weeks=weeks, encoding="latin-1").reused
    persons.write_bytes(persons.read_bytes()[:-7])
    assert read_imported(persons) is None
    assert not import_file(dream, persons, weeks=weeks, encoding="latin-1").reused
    dream.write_text(DREAM.replace("730", "731"))
    assert not import_file(dream, persons, weeks=weeks, encoding="latin-1").reused
    assert codes_of(weeks)[-1] == "731"


def test_rows_left_out_are_kept_in_mind(dream, targets):
    dream.write_text(DREAM + "0404040000,111\n0505050000,111,111,1\n")
    done = import_file(dream, targets[0])
    assert done.problems == (Problem("short_row", 5),)
    assert import_file(dream, targets[0]).problems == done.problems
    assert pl.read_parquet(targets[0])["_row"].to_list() == [2, 3, 4, 6]


def test_a_failure_leaves_what_was_there(dream, targets):
    import_file(dream, targets[0], weeks=targets[1])
    before = [target.read_bytes() for target in targets]
    dream.write_text(DREAM + "0404040000,111,")
    with pytest.raises(BadInput, match="no end"):
        import_file(dream, targets[0], weeks=targets[1])
    assert [target.read_bytes() for target in targets] == before
    assert sorted(targets[0].parent.iterdir()) == sorted(targets)


def test_a_source_that_changes_meanwhile_is_refused(dream, targets):
    def change(done, total):
        dream.write_text(DREAM * 2)

    with pytest.raises(BadInput, match="changed while it was read"):
        import_file(dream, targets[0], progress=change)
    assert not targets[0].exists()


def test_a_dream_file_without_weeks_is_refused(tmp_path, targets):
    path = tmp_path / "a.csv"
    path.write_text("PNR,KOM\n1,2\n")
    with pytest.raises(BadInput, match="no week column"):
        import_file(path, targets[0], weeks=targets[1])


def test_columns_of_anything_but_codes_are_refused(tmp_path, targets):
    path = tmp_path / "a.csv"
    path.write_text("PNR,Y_0201\n" + "".join(f"1,{n}\n" for n in range(70_000)))
    with pytest.raises(BadInput, match="different codes"):
        import_file(path, targets[0], weeks=targets[1])


def test_row_groups_are_many_and_in_order(tmp_path, targets, monkeypatch):
    monkeypatch.setattr("veje.groups.ROWS", 1000)
    monkeypatch.setattr("veje.formats.delimited._BLOCK", 5000)
    draw = random.Random(1)
    rows = [(f"{n:010d}", draw.choice(["", "111", "130"])) for n in range(10_000)]
    path = tmp_path / "a.csv"
    path.write_text("PNR,Y_0201\n" + "".join(f"{a},{b}\n" for a, b in rows))
    seen = []
    import_file(path, targets[0], weeks=targets[1], progress=lambda done, total: seen.append((done, total)))
    assert pq.read_metadata(targets[1]).num_row_groups > 5
    assert pl.read_parquet(targets[0])["pnr"].to_list() == [a for a, _ in rows]
    assert decoded(targets[1])["y_0201"].to_list() == [b for _, b in rows]
    assert seen[-1] == (10_000, None)
    assert len(seen) > 5


def test_the_rim_shows_how_far_it_is_and_what_was_read(dream, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("veje.cli.importing.SECONDS_BETWEEN_LINES", 0.0)
    target, weeks = tmp_path / "d.parquet", tmp_path / "w.parquet"
    assert convert([dream, target], [weeks], "utf-8", ",") == ["dream.csv 3 rows"]
    assert capsys.readouterr().err == "veje import: dream.csv: 3 rows\n"
    assert convert([dream, target], [weeks], "utf-8", ",") == ["dream.csv 3 rows as before"]
    with pytest.raises(BadInput, match="1 sources, 0 targets"):
        convert([dream], [], "utf-8", ",")
