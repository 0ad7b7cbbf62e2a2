"""The publication's figures: the transcription is whole, and what has no figure is read for what it is."""

import shutil
import subprocess
import sys

import polars as pl
import pytest

from veje.contracts import data_schema
from veje.errors import BadInput
from veje.published import figures, read_figures, read_published

FOLDER = data_schema() / "published"


def check(folder):
    """Run the transcription's own check, on the files beside the script."""
    command = [sys.executable, str(folder / "check_published.py"), "--quiet"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_transcription_passes_its_own_check():
    done = check(FOLDER)
    assert done.returncode == 0, done.stdout
    assert "0 failures; 65 inconsistencies" in done.stdout


def test_the_check_fails_for_a_figure_that_was_changed(tmp_path):
    copy = tmp_path / "published"
    shutil.copytree(FOLDER, copy)
    path = copy / "table_6_4.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("39.5", "39.6"), encoding="utf-8")
    assert check(copy).returncode == 1


def test_figures_are_whole():
    bilag = read_figures("bilag_1")
    assert bilag.filter(key="n_sequences")["value"].sum() == 1553
    assert read_figures("measure_counts")["value"].sum() == 5805
    assert read_figures("measures_per_person")["value"].sum() == 1045


def test_a_printed_comma_is_zero_and_an_absent_type_is_left_out():
    printed = read_published("table_7_3").filter(pl.col("missing_code").is_not_null())
    assert set(printed["missing_code"]) == {"none_printed", "type_not_present"}
    read = read_figures("table_7_3")
    assert read["value"].null_count() == 0
    assert "silkeborg" not in set(read["area"])
    zeros = printed.filter(missing_code="none_printed").join(read, on=["area", "key", "measure"])
    assert set(zeros["value_right"]) == {0.0}


def test_a_table_that_is_not_there_is_named():
    with pytest.raises(BadInput, match=r"table_9_9\.csv is missing"):
        figures("table_9_9", "share", "area")
