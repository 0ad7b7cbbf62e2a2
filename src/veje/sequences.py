"""Stage 3: weekly codes become 20 quarter states a person, and unique sequences with weights."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.branche import Industry, Split, split_blank
from veje.errors import BadInput
from veje.lists import Alphabet, CodeRow
from veje.majority import MISSING, Tie, majority
from veje.settings import Sequences, Window
from veje.uniques import Unique, unique_sequences
from veje.weekfile import Weekly
from veje.weeks import column_of, window_edges
from veje.weekstates import check_unknown, count_codes, state_of_weeks

States = NDArray[np.uint8]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SequencesResult:
    """Tables `sequences`, `unique` and `week_codes`."""

    sequences: pl.DataFrame
    unique: pl.DataFrame
    week_codes: pl.DataFrame


def quarter_states(
    weeks: States,
    weeks_per_quarter: int = 13,
    tie: Tie = "latest",
    *,
    edges: Ints | None = None,
    min_weeks: int | None = None,
    priority: Sequence[int] | None = None,
) -> States:
    """Give the state with most weeks in each quarter (Caswell et al. 2012, section 4.1.1).

    weeks: (n, W) uint8 state codes, 255 = missing. edges: (n, Q + 1) columns at which each
    person's quarters begin; without it, W / weeks_per_quarter equal blocks. Returns (n, Q) uint8;
    a quarter with fewer than `min_weeks` known weeks (default: half a block, 7 of 13) is 255. Tie:
    the tied state that occurs last (`latest`), first (`earliest`), or stands first in `priority`
    (default: lowest code).
    """
    if weeks.ndim != 2 or weeks.dtype != np.uint8:
        raise ValueError(f"weeks must be a (n, W) uint8 array, not {weeks.dtype} with shape {weeks.shape}")
    if tie not in ("latest", "earliest", "priority"):
        raise ValueError(f"tie must be latest, earliest or priority, not '{tie}'")
    if edges is None:
        if weeks.shape[1] % weeks_per_quarter:
            raise ValueError(f"{weeks.shape[1]} weeks are no multiple of {weeks_per_quarter}")
        edges = np.arange(0, weeks.shape[1] + 1, weeks_per_quarter, dtype=np.int64)
    least = (weeks_per_quarter + 1) // 2 if min_weeks is None else min_weeks
    ranks = _ranks(priority, int(weeks.max(initial=0, where=weeks != MISSING)) + 1)
    return majority(np.ascontiguousarray(weeks.T), np.ascontiguousarray(edges), tie, least, ranks)


def _ranks(priority: Sequence[int] | None, n_states: int) -> Ints:
    """Give each state's rank: those listed first, then the others by code."""
    listed = [code for code in priority or [] if code < n_states]
    order = listed + [code for code in range(n_states) if code not in listed]
    ranks = np.empty(n_states, dtype=np.int64)
    ranks[order] = np.arange(n_states)
    return ranks


def build_sequences(
    weekly: Weekly,
    cohort: pl.DataFrame,
    codes: list[CodeRow],
    alphabet: Alphabet,
    settings: Sequences,
    window: Window,
    industry: Industry | None = None,
    listed: Collection[str] = (),
) -> SequencesResult:
    """Build every person's quarter states and the unique sequences among them.

    weekly: codes of the cohort's persons in the order of their numbers, over all windows (see
    `needed_weeks`). industry: of the same persons, to split blank weeks by; without it they are as
    the code list says. listed: every code of the list, so that one used outside its dates or version is
    told from one that is not there. Raises `OverLimit` for too many unknown codes.
    """
    cohort = cohort.sort("person")
    edges = window_edges(cohort["index_date"], window.anchor, window.quarters, window.weeks_per_quarter)
    names, weeks = list(weekly.codes), weekly.numbers
    check_covered(weekly, edges)
    first = np.full(cohort.height, weekly.first, dtype=np.int64)
    split = _split(state_of_weeks(weeks, first, codes, names, alphabet), weekly, industry, alphabet, settings)
    inside = _inside(weeks.shape, first, edges)
    week_codes = count_codes(weeks, split, inside, names, alphabet, first, codes, listed)
    check_unknown(week_codes, settings.unknown_limit)
    known = np.where(inside & (split.states < alphabet.missing), split.states, MISSING).astype(np.uint8)
    quarters = _quarters(known, edges - first[:, None], alphabet, settings)
    return _tables(cohort, quarters, week_codes, settings.rows == "reversed")


def needed_weeks(cohort: pl.DataFrame, window: Window) -> tuple[int, int]:
    """Give the first week that any person's window needs, and the week after the last."""
    edges = window_edges(cohort["index_date"], window.anchor, window.quarters, window.weeks_per_quarter)
    return int(edges.min()), int(edges.max())


def find_rows(dream: pl.DataFrame, cohort: pl.DataFrame) -> pl.DataFrame:
    """Find each person's row in the weekly files: source and position, in the order of person numbers.

    Raises `BadInput` with the count of persons without a row.
    """
    rows = cohort.select("person").sort("person").join(dream, on="person", how="left", maintain_order="left")
    absent = rows.get_column("source").null_count()
    if absent:
        raise BadInput(f"dream: {absent:,} of {cohort.height:,} persons of the cohort have no row")
    return rows


def check_covered(weekly: Weekly, edges: Ints) -> None:
    """Raise `BadInput` when DREAM has no week at all in some persons' windows.

    A window that begins before DREAM does is allowed: its first quarters are missing.
    """
    covered = np.flatnonzero((weekly.numbers >= 0).any(axis=0)) + weekly.first
    low, high = (int(covered[0]), int(covered[-1]) + 1) if covered.size else (0, 0)
    bare = int(((edges[:, -1] <= low) | (edges[:, 0] >= high)).sum())
    late = int((edges[:, -1] > high).sum())
    if bare or late:
        has = f"{column_of(low)} to {column_of(high - 1)}" if covered.size else "no week of them"
        need = f"{column_of(int(edges.min()))} to {column_of(int(edges.max()) - 1)}"
        raise BadInput(
            f"dream: the windows need {need}, the files have {has}: the last weeks before the grant are not "
            f"there for {max(bare, late):,} of {len(edges):,} persons"
        )


def _split(
    states: States, weekly: Weekly, industry: Industry | None, alphabet: Alphabet, settings: Sequences
) -> Split:
    """Split blank weeks by industry, or read them all as another state; none that the list does not know."""
    if (industry is None and settings.blank_as is None) or "" not in weekly.codes:
        return Split(states, np.zeros_like(states))
    blank = (weekly.numbers == weekly.codes.index("")) & (states != MISSING)
    if settings.blank_as is not None:
        other = np.uint8(alphabet.code(settings.blank_as))
        return Split(np.where(blank, other, states), np.zeros_like(states))
    assert industry is not None
    return split_blank(states, blank, weekly.first, industry, alphabet.code(settings.self_supporting))


def _quarters(known: States, edges: Ints, alphabet: Alphabet, settings: Sequences) -> States:
    """Give quarter states by the settings; a missing quarter has the alphabet's code for it."""
    quarters = quarter_states(
        known,
        tie=settings.tie,
        edges=edges,
        min_weeks=settings.min_weeks,
        priority=[alphabet.code(state) for state in settings.priority],
    )
    quarters[quarters == MISSING] = alphabet.missing
    return quarters


def _inside(shape: tuple[int, ...], first: Ints, edges: Ints) -> NDArray[np.bool_]:
    """Mark the columns inside each person's window."""
    week = first[:, None] + np.arange(shape[1])
    inside: NDArray[np.bool_] = (week >= edges[:, :1]) & (week < edges[:, -1:])
    return inside


def _tables(
    cohort: pl.DataFrame, quarters: States, week_codes: pl.DataFrame, reverse: bool
) -> SequencesResult:
    unique = unique_sequences(quarters)
    if reverse:
        index = len(unique.weights) - 1 - unique.index
        unique = Unique(unique.states[::-1], index, unique.weights[::-1])
    as_lists = pl.List(pl.UInt8)
    return SequencesResult(
        sequences=pl.DataFrame(
            {
                "person": cohort["person"],
                "area": cohort["area"],
                "sequence": pl.Series(unique.index, dtype=pl.Int64),
                "states": pl.Series(quarters).cast(as_lists),
            }
        ),
        unique=pl.DataFrame(
            {
                "sequence": pl.Series(np.arange(len(unique.weights)), dtype=pl.Int64),
                "weight": pl.Series(unique.weights, dtype=pl.Int64),
                "states": pl.Series(np.ascontiguousarray(unique.states)).cast(as_lists),
            }
        ),
        week_codes=week_codes,
    )
