from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from tests.people import config_of
from veje import config, io
from veje.cli.files import Files
from veje.cli.publish import run
from veje.contracts import contract
from veje.errors import BadInput, Unsafe

PNR = "0203541234"
DELIVERED = [
    {"register": "bef", "file": "/srv/deliveries/BEF.parquet", "rows": 27_104, "sha256": "ab" * 32},
    {"register": "udda", "file": "UDDA.csv", "rows": 12, "sha256": "cd" * 32},
]

AUDITED = {"too_narrow": 0, "percent_of_persons_in_withheld_figures": 4.1}


def settings(**changes):
    paths = {name: Path(f"/srv/secret/{name}.parquet") for name in ("dream", "grants", "bef")}
    rules = {"threshold": 5, "rounding": 5, "rule": "5 persons and/or 2 firms"}
    return config.parse(config_of(paths, disclosure=rules, **changes))


def persons(*names):
    """Give one row a name in the tables of persons' traits: a name's states are its own."""
    number = range(1, len(names) + 1)
    traits = {"sequences": [], "timing": [], "background": []}
    for person, name in zip(number, names, strict=True):
        states = [len(name) % 9, *(ord(letter) % 9 for letter in name)]
        traits["sequences"].append(
            {"person": person, "area": "herning", "sequence": person, "states": states}
        )
        weeks = [0] * 20
        traits["timing"].append(
            {"person": person, "area": "herning", "scenario": "none", "spells": 0, "active_weeks": weeks}
        )
        traits["background"].append({"person": person, "area": "herning"})
    return {
        name: pl.DataFrame(rows, schema=dict.fromkeys(contract(name).types)).select(
            pl.col(column).cast(kind) for column, kind in contract(name).types.items()
        )
        for name, rows in traits.items()
    }


def publish(folder, files=(), given=None, logs=(), people=("Anna", "Bo")):
    for path, content in {"tables/a.csv": b"1\n", "figures/a.png": b"png", **dict(files)}.items():
        io.write_whole(folder / "candidate" / path, lambda file, content=content: file.write(content))
    for name in ("report.html", "tables.xlsx", "data_dictionary.csv"):
        io.write_text("page", folder / "candidate" / name)
    io.write_json(DELIVERED, folder / "deliveries.json")
    io.write_json(AUDITED, folder / "summary.json")
    keys = pl.DataFrame({"pnr": [PNR], "person": [1]})
    io.write_table(keys, folder / "keys.parquet", "keys")
    names = ("tables", "replication", "figures", "report.html")
    inputs = [f"{name}={folder / 'candidate' / name}" for name in names]
    inputs = [one.replace("report.html=", "report=") for one in inputs]
    inputs += [f"summary={folder / 'summary.json'}"]
    inputs += [f"workbook={folder}/candidate/tables.xlsx"]
    inputs += [f"dictionary={folder}/candidate/data_dictionary.csv"]
    inputs += [f"deliveries={folder / 'deliveries.json'}", f"keys={folder / 'keys.parquet'}"]
    inputs += [f"logs={log}" for log in logs]
    for name, table in persons(*people).items():
        io.write_table(table, folder / f"{name}.parquet", name)
        inputs.append(f"{name}={folder / f'{name}.parquet'}")
    outputs = [f"release={folder / 'release'}", f"memory={folder / 'published.json'}"]
    run(given or settings(), Files(inputs), Files(outputs))
    return folder / "release"


def test_rows_of_inputs_are_rounded_and_it_says_so(tmp_path):
    told = json.loads((publish(tmp_path) / "provenance.json").read_text())
    assert [one["rows"] for one in told["inputs"]] == [27_105, 10]
    assert "multiple of 5" in told["inputs_note"]
    assert [one["rows"] for one in json.loads((tmp_path / "deliveries.json").read_text())] == [27_104, 12]


def test_no_folder_of_the_server_leaves(tmp_path):
    given = settings(
        results="/srv/secret/results",
        sequences={"alphabet": "/srv/secret/own.csv", "codes": "secret/codes.csv"},
        timing={"codes": "\\\\srv\\secret\\measures.csv"},
        typology={"reference": "../secret/profiles.csv"},
    )
    text = (publish(tmp_path, given=given) / "provenance.json").read_text()
    assert "secret" not in text
    assert "srv" not in text
    told = json.loads(text)
    assert told["settings"]["sequences"]["alphabet"] == "own.csv"
    assert told["settings"]["timing"]["codes"] == "measures.csv"
    assert told["settings"]["disclosure"]["rule"] == "5 persons and/or 2 firms"
    assert told["inputs"][0]["file"] == "BEF.parquet"


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("tables/b.csv", b"x,020354-1234\n", "tables/b.csv (1)"),
        ("figures/b.png", b"tEXtComment\x00203541234", "figures/b.png (1)"),
        ("figures/p0203541234.png", b"png", "not shown) (1)"),
    ],
)
def test_a_personal_number_anywhere_stops_it(tmp_path, path, content, told):
    with pytest.raises(Unsafe) as stopped:
        publish(tmp_path, {path: content})
    assert told in str(stopped.value)
    assert "203541234" not in str(stopped.value)
    assert not (tmp_path / "release").exists()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("ingest.log", b"row 7: 020354-1234\n"),
        ("metadata/cGF0aA==", b'{"params": ["MDIwMzU0MTIzNA=="]}'),
        ("log/run.log.gz", gzip.compress(b"person 0203541234", mtime=0)),
        ("log/utf16.log", "0203541234".encode("utf-16-le")),
        ("benchmark.tsv", b"s\th:m:s\n203541234\t0:00:00\n"),
    ],
)
def test_a_personal_number_in_a_log_stops_it(tmp_path, path, content):
    logs = [tmp_path / "logs", tmp_path / ".snakemake"]
    for folder, name in ((logs[0], "cohort.log"), (logs[1], path)):
        io.write_whole(folder / name, lambda file, folder=folder: file.write(b"done in 3.2 s\n"))
    assert publish(tmp_path, logs=logs).is_dir()
    (logs[1] / path).write_bytes(content)
    before = (tmp_path / "release/provenance.json").stat().st_mtime_ns
    with pytest.raises(Unsafe) as stopped:
        publish(tmp_path, logs=logs)
    assert f"in logs: .snakemake/{path} (1); nothing was published" in str(stopped.value)
    assert stopped.value.exit_code == 40
    assert (tmp_path / "release/provenance.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["person", "pnr", "PNR", "Person"])
def test_a_column_of_single_persons_stops_it(tmp_path, name):
    with pytest.raises(Unsafe, match=r"a column of single persons in b\.csv"):
        publish(tmp_path, {"tables/b.csv": f"area,{name},value\nherning,1,5\n".encode()})
    assert publish(tmp_path, {"tables/b.csv": b"area,persons\nherning,5\n"}).is_dir()


MANY = tuple(f"{letter}{i}" for letter in "ABCDEFGH" for i in range(5))


def test_a_refused_release_is_compared_with_the_published_one_again(tmp_path):
    """Three more persons one night and three the next: the second night brings six."""
    publish(tmp_path, people=MANY)
    for _ in range(2):
        with pytest.raises(Unsafe):
            publish(tmp_path, people=(*MANY, "Q1", "Q2", "Q3"))
    assert publish(tmp_path, people=(*MANY, "Q1", "Q2", "Q3", "Q4", "Q5", "Q6")).is_dir()


def test_what_the_audit_found_is_told(tmp_path):
    told = json.loads((publish(tmp_path) / "provenance.json").read_text())
    assert told["disclosure"] == AUDITED


@pytest.mark.parametrize("name", ["notes.txt", "provenance.json"])
def test_a_folder_of_someone_else_is_not_overwritten(tmp_path, name):
    io.write_text("{}", tmp_path / "release" / name)
    with pytest.raises(BadInput) as error:
        publish(tmp_path)
    assert "release" in str(error.value)
    assert "move" in str(error.value)
    assert [path.name for path in (tmp_path / "release").iterdir()] == [name]


def test_a_file_that_was_put_into_the_release_is_counted(tmp_path):
    release = publish(tmp_path)
    io.write_text("mine", release / "tables/mine.csv")
    with pytest.raises(BadInput) as error:
        publish(tmp_path)
    assert "release: 1 files are not as veje published them" in str(error.value)
