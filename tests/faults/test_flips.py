"""Flipped bits in veje's own Parquet files: caught by a page's checksum or the footer's seal, never silent.

Five hundred flips, seeded, spread over the files that one delivery becomes: its text, its weeks, and a
table of the first stage. What is read after a flip is either refused or equal in every value.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.people import BY_NAME
from veje import io
from veje.errors import BadInput
from veje.importing import import_file, read_imported
from veje.sealed import BLANK, SEAL, open_sealed, seal
from veje.weekfile import codes_of, read_weekly, weeks_of
from veje.weeks import week_of_column

FLIPS = 500
PERSONS = 400
WEEKS = [f"Y_08{week:02d}" for week in range(1, 53)]
CODES = ("", "111", "130", "730", "781")
FIRST = week_of_column("Y_0801")


@dataclass(frozen=True)
class Kept:
    """A file of veje and all that the pipeline reads out of it."""

    path: Path
    read: Callable[[Path], Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> list[Kept]:
    folder = tmp_path_factory.mktemp("flips")
    draw = random.Random(1)
    lines = [",".join(["PNR", "NOTE", *WEEKS])]
    for number in range(PERSONS):
        cells = [f"{7_000_000_000 + number * 7_919:010d}", draw.choice("æøå"), *draw.choices(CODES, k=52)]
        lines.append(",".join(cells))
    source = folder / "DREAM200912.csv"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text, weeks, typed = (folder / f"{name}.parquet" for name in ("text", "weeks", "typed"))
    import_file(source, text, weeks=weeks)
    keys = pl.DataFrame({"pnr": [line[:10] for line in lines[1:]], "person": range(1, PERSONS + 1)})
    io.write_table(keys, typed, "keys")
    return [
        Kept(text, lambda path: (read_text(path), read_imported(path))),
        Kept(weeks, read_weeks),
        Kept(typed, lambda path: io.read_table(path, "keys").rows()),
    ]


def read_text(path: Path) -> Any:
    table = io.TextTable(path)
    return table.columns, table.height, [part.rows() for part in table.parts(table.columns)]


def read_weeks(path: Path) -> Any:
    everyone = pl.DataFrame({"source": ["a"] * PERSONS, "position": range(PERSONS)})
    weekly = read_weekly({"a": path}, everyone, FIRST, FIRST + len(WEEKS))
    return codes_of(path), weeks_of(path), weekly.codes, weekly.numbers.tolist()


def places(path: Path, draw: random.Random, count: int) -> list[int]:
    """Choose bytes of a file, half of them in the footer, which is small and holds names and codes."""
    size = path.stat().st_size
    begin = size - 8 - pq.read_metadata(path).serialized_size
    return [draw.randrange(begin, size) if k % 2 else draw.randrange(begin) for k in range(count)]


def attempt(one: Kept, path: Path) -> Any:
    """Read a file; None when it is refused."""
    try:
        return one.read(path)
    except BadInput as error:
        return None if "damaged" in str(error) else error


def test_no_flip_of_five_hundred_is_silent(kept: list[Kept], tmp_path: Path, record_property) -> None:
    draw = random.Random(2012)
    caught = harmless = 0
    for one in kept:
        whole, before = one.path.read_bytes(), one.read(one.path)
        for at in places(one.path, draw, -(-FLIPS // len(kept))):
            broken = bytearray(whole)
            broken[at] ^= 1 << draw.randrange(8)
            path = tmp_path / one.path.name
            path.write_bytes(bytes(broken))
            outcome = attempt(one, path)
            if outcome is None:
                caught += 1
            else:
                # Bits that no reader looks at.
                assert outcome == before, f"byte {at} of {one.path.name}"
                harmless += 1
    record_property(
        "flipped bits", f"{caught} caught, {harmless} without effect, 0 silent of {caught + harmless}"
    )
    assert caught + harmless >= FLIPS
    assert harmless < FLIPS / 20


@pytest.mark.parametrize("name", ["text", "weeks", "typed"])
def test_every_byte_of_a_footer_is_under_the_seal(kept: list[Kept], tmp_path: Path, name: str) -> None:
    path = next(one.path for one in kept if one.path.stem == name)
    whole = path.read_bytes()
    begin = len(whole) - 8 - pq.read_metadata(path).serialized_size
    for at in range(begin, len(whole)):
        (tmp_path / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        with pytest.raises((OSError, pa.ArrowException)):
            open_sealed(tmp_path / name)


def test_a_file_that_another_program_wrote_has_no_seal(tmp_path: Path) -> None:
    pq.write_table(pa.table({"pnr": [BY_NAME["Torben"].pnr], "person": [1]}), tmp_path / "keys.parquet")
    with pytest.raises(BadInput, match="damaged"):
        io.read_table(tmp_path / "keys.parquet", "keys")


def test_only_a_file_with_a_place_for_it_is_sealed(tmp_path: Path) -> None:
    with (tmp_path / "a.parquet").open("w+b") as file:
        pq.write_table(pa.table({"n": [1]}), file)
        with pytest.raises(ValueError, match="no place"):
            seal(file)
    with (tmp_path / "b.parquet").open("w+b") as file:
        pq.write_table(pa.table({"n": [1]}).replace_schema_metadata({SEAL: BLANK}), file)
        seal(file)
        with pytest.raises(ValueError, match="no place"):
            seal(file)
    with open_sealed(tmp_path / "b.parquet") as opened:
        assert opened.read().to_pydict() == {"n": [1]}
