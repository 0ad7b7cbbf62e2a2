"""A whole population's quarter states are those of the cohort's kernel, block by block."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from veje import io
from veje.errors import BadInput
from veje.lists import read_alphabet, read_codes
from veje.population import population_states
from veje.sealed import BLANK, SEAL, seal
from veje.sequences import quarter_states
from veje.weeks import column_of, week_of_column

CODES = ["", "111", "730", "890", "783", "555"]
FIRST = week_of_column("Y_0301")
ALPHABET = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
ROWS = read_codes(io.read_list("dream", "codes"), "caswell_state", ALPHABET, "200912", "dream")


@pytest.fixture
def lives(tmp_path):
    draw = np.random.default_rng(3)
    numbers = np.repeat(draw.integers(0, len(CODES), (257, 65)), 4, axis=1).astype(np.uint16)
    names = [column_of(FIRST + week).lower() for week in range(260)]
    table = pa.table(dict(zip(names, numbers.T, strict=True)))
    path = tmp_path / "weeks.parquet"
    footer = {"veje.codes": json.dumps(CODES), SEAL: BLANK}
    with path.open("w+b") as file:
        pq.write_table(table.replace_schema_metadata(footer), file, row_group_size=100)
        seal(file)
    return path, numbers


def test_equal_to_the_kernel_on_all_rows_at_once(lives, monkeypatch):
    path, numbers = lives
    monkeypatch.setattr("veje.population.ROWS", 100)
    blocks = list(population_states(path, FIRST, ROWS, ALPHABET))
    assert [len(block) for block in blocks] == [100, 100, 57]
    names = ["wage_earner", "unemployment_benefit", "cash_benefit", "sickness_benefit"]
    # A pension week is outside the alphabet and 555 in no list: both are missing.
    state = np.array([*(ALPHABET.code(name) for name in names), 255, 255], dtype=np.uint8)
    assert np.array_equal(np.concatenate(blocks), quarter_states(state[numbers]))


def test_a_window_that_the_file_does_not_cover_is_refused(lives):
    with pytest.raises(BadInput, match="1 weeks of the window are not there, the first is y_0252"):
        list(population_states(lives[0], FIRST - 1, ROWS, ALPHABET))
