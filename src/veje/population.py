"""Quarter states of a whole population from a weekly file, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput
from veje.lists import Alphabet, CodeRow
from veje.majority import MISSING, Tie, majority
from veje.weekfile import codes_of, weeks_of
from veje.weeks import column_of

ROWS = 50_000
"""Rows a block: 260 weeks of them take some 40 MB as codes and states."""


def population_states(
    path: Path,
    first: int,
    rows: list[CodeRow],
    alphabet: Alphabet,
    quarters: int = 20,
    weeks_per_quarter: int = 13,
    tie: Tie = "latest",
    threads: int = 2,
) -> Iterator[NDArray[np.uint8]]:
    """Give the quarter states of all rows of a weekly file over one window, block by block.

    path: a weekly file as `veje import` makes it. first: week number of the window's first week.
    rows: the code list. Yields (m, quarters) uint8 in the file's row order, 255 for a quarter with
    fewer than half its weeks known. Memory does not grow with the file.
    """
    width = quarters * weeks_per_quarter
    wanted = _week_columns(path, first, width)
    table = state_table(codes_of(path), rows, first, width, alphabet)
    edges = np.arange(0, width + 1, weeks_per_quarter, dtype=np.int64)
    ranks, least = np.arange(len(alphabet.states), dtype=np.int64), (weeks_per_quarter + 1) // 2
    file = pl.scan_parquet(path, glob=False).select(wanted)
    done, height = 0, int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    while done < height:
        block = file.slice(done, ROWS).collect()
        states = np.empty((width, block.height), dtype=np.uint8)
        for week, column in enumerate(block.iter_columns()):
            np.take(table[week], column.to_numpy(), out=states[week])
        yield majority(states, edges, tie, least, ranks, threads)
        done += block.height


def state_table(
    codes: list[str], rows: list[CodeRow], first: int, width: int, alphabet: Alphabet
) -> NDArray[np.uint8]:
    """Give the state of each code in each week: (width, codes) uint8, 255 where it has none."""
    weeks = np.arange(first, first + width)
    table = np.full((width, len(codes)), MISSING, dtype=np.uint8)
    number = {code: place for place, code in enumerate(codes)}
    for row in rows:
        if row.code in number and row.state is not None and alphabet.code(row.state) != alphabet.missing:
            holds = (weeks >= (row.week_from or first)) & (weeks <= (row.week_to or first + width))
            table[holds, number[row.code]] = alphabet.code(row.state)
    return table


def _week_columns(path: Path, first: int, width: int) -> list[str]:
    """Name the file's columns of `width` weeks from week `first` on; `BadInput` when one is not there."""
    names = {name.lower(): name for name in weeks_of(path)}
    wanted = [column_of(first + week).lower() for week in range(width)]
    absent = [name for name in wanted if name not in names]
    if absent:
        raise BadInput(
            f"{path.name}: {len(absent):,} weeks of the window are not there, the first is {absent[0]}"
        )
    return [names[name] for name in wanted]
