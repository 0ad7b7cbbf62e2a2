"""The manifest of the publication: a file that is not the one carried over fails by its name."""

import hashlib

import polars as pl
import pytest

from veje.contracts import data_schema
from veje.errors import BadInput
from veje.published import check_file, compared_tables, read_published

FOLDER = data_schema() / "published"
MANIFEST = pl.read_csv(FOLDER / "files.csv", infer_schema=False)
NAME = "table_7_2"
CONTENT = (FOLDER / f"{NAME}.csv").read_bytes()
PROMISE = MANIFEST.row(by_predicate=pl.col("file") == NAME, named=True)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_every_file_is_the_one_promised(path):
    if path.stem == "files":
        assert "files" not in set(MANIFEST["file"])
        return
    frame = pl.read_csv(path, infer_schema=False)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    line = MANIFEST.filter(file=path.stem).select("rows", "columns", "sha256").rows()
    assert line == [(str(frame.height), " ".join(frame.columns), digest)]
    assert read_published(path.stem).equals(frame)


def test_all_printed_tables_are_compared():
    printed = [name for name in MANIFEST["file"] if name.startswith(("table_", "bilag_", "figure_"))]
    assert compared_tables() == printed
    assert len(printed) == 23


def test_a_missing_column_is_named():
    frame = pl.read_csv(CONTENT, infer_schema=False).drop("value")
    with pytest.raises(BadInput, match=r"data_schema/published/table_7_2\.csv: column 'value' is missing"):
        check_file(NAME, frame.write_csv().encode(), PROMISE)


@pytest.mark.parametrize("change", [lambda lines: lines[:-1], lambda lines: [*lines, lines[-1]]])
def test_another_number_of_rows_is_told(change):
    lines = change(CONTENT.decode().splitlines())
    told = rf"table_7_2\.csv: {len(lines) - 1} rows, not the 30 that were printed"
    with pytest.raises(BadInput, match=told):
        check_file(NAME, "\n".join(lines).encode(), PROMISE)


def test_another_figure_is_found_by_the_digest():
    with pytest.raises(BadInput, match=r"table_7_2\.csv: its content is not that of the transcription"):
        check_file(NAME, CONTENT.replace(b"12.0", b"12.1", 1), PROMISE)


def test_a_file_that_is_no_table_is_named():
    with pytest.raises(BadInput, match=r"table_7_2\.csv: not readable"):
        check_file(NAME, b"", PROMISE)
