"""Whom a release told of: what the next one is held against, and what a damaged record stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from veje.cli.persons import forget_all_but, hold_against, read_persons, record_of, remember
from veje.errors import BadInput, Unsafe
from veje.seals import seal, unsealed

MANY = {f"{number:024x}": 1 for number in range(40)}
FEW_MORE = {**MANY, "f" * 24: 3}
MORE = {**MANY, "f" * 24: 5}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    remember(MANY, record_of(tmp_path, "20260102T031500Z"))
    return record_of(tmp_path, "20260102T031500Z")


def test_what_is_remembered_is_read(record: Path) -> None:
    assert read_persons(record) == MANY


def test_few_more_persons_stop_and_the_threshold_passes(record: Path) -> None:
    with pytest.raises(Unsafe, match="fewer than 5 persons differ"):
        hold_against(record, FEW_MORE, 5, same=False)
    hold_against(record, MORE, 5, same=False)
    hold_against(record, MANY, 5, same=False)


def test_few_more_persons_stop_also_where_no_figure_moved(record: Path) -> None:
    """They would be remembered: a third release may then be far from the second and near the first."""
    with pytest.raises(Unsafe, match="fewer than 5 persons differ"):
        hold_against(record, FEW_MORE, 5, same=True)


def test_no_flipped_bit_of_a_record_lets_few_persons_pass(record: Path) -> None:
    """Each bit of it: what it told of is then not known, and nothing else is published."""
    content, passed = record.read_bytes(), []
    for bit in range(0, len(content) * 8, 7):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        record.write_bytes(bytes(flipped))
        try:
            hold_against(record, FEW_MORE, 5, same=False)
        except Unsafe:
            continue
        passed.append(bit)
    assert passed == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"persons": {}}'])
def test_a_record_that_is_none_stops_and_is_not_quoted(record: Path, content: str) -> None:
    record.write_text(content)
    with pytest.raises(BadInput, match="not as it was written"):
        read_persons(record)
    with pytest.raises(Unsafe, match="is not known"):
        hold_against(record, MORE, 5, same=False)
    hold_against(record, MORE, 5, same=True)


def test_only_runs_that_are_there_keep_their_records(record: Path, tmp_path: Path) -> None:
    remember(MANY, record_of(tmp_path, "never published"))
    forget_all_but(tmp_path, [record.stem])
    assert list(record.parent.iterdir()) == [record]


def test_a_seal_fits_what_it_was_put_on_only() -> None:
    sealed = seal({"number": 1})
    assert unsealed(sealed) == {"number": 1}
    assert unsealed({**sealed, "number": 2}) is None
    assert unsealed(["number"]) is None
