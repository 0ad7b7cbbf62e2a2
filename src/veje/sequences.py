"""Stage 3: weekly codes become 20 quarter states a person, and unique sequences with weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput, OverLimit, shown, some
from veje.lists import Alphabet, CodeRow
from veje.settings import Sequences, Window
from veje.uniques import unique_sequences
from veje.weeks import expand_runs, quarter_at, window_edges

MISSING = 255
"""The code of a missing week or quarter in arrays; in tables it is the alphabet's last state."""

Tie = Literal["latest", "earliest", "priority"]
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
    min_weeks: int = 1,
    priority: Sequence[int] | None = None,
) -> States:
    """Give the state with most weeks in each quarter (Caswell et al. 2012, section 4.1.1).

    weeks: (n, W) uint8 state codes, 255 = missing. edges: (n, Q + 1) columns at which each
    person's quarters begin; without it, W / weeks_per_quarter equal blocks. Returns (n, Q) uint8;
    a quarter with fewer than `min_weeks` known weeks is 255. Tie: the tied state that occurs last
    (`latest`), first (`earliest`), or stands first in `priority` (default: lowest code).
    """
    if weeks.ndim != 2 or weeks.dtype != np.uint8:
        raise ValueError(f"weeks must be a (n, W) uint8 array, not {weeks.dtype} with shape {weeks.shape}")
    if tie not in ("latest", "earliest", "priority"):
        raise ValueError(f"tie must be latest, earliest or priority, not '{tie}'")
    if edges is None:
        if weeks.shape[1] % weeks_per_quarter:
            raise ValueError(f"{weeks.shape[1]} weeks are no multiple of {weeks_per_quarter}")
        blocks = np.arange(0, weeks.shape[1] + 1, weeks_per_quarter, dtype=np.int64)
        edges = np.broadcast_to(blocks, (weeks.shape[0], len(blocks)))
    known = weeks[weeks != MISSING]
    n_states = int(known.max()) + 1 if known.size else 1
    counts, seen = _count_weeks(weeks, edges, n_states, tie)
    if tie == "priority":
        seen = np.broadcast_to(-_ranks(priority, n_states), counts.shape)
    most = counts.max(axis=2, keepdims=True)
    winner = np.where(counts == most, seen, np.iinfo(np.int64).min).argmax(axis=2)
    best: States = winner.astype(np.uint8)
    best[counts.sum(axis=2) < max(min_weeks, 1)] = MISSING
    return best


def _count_weeks(weeks: States, edges: Ints, n_states: int, tie: Tie) -> tuple[Ints, Ints]:
    """Count weeks by person, quarter and state, and note when each state was seen last or first."""
    n, n_quarters = weeks.shape[0], edges.shape[1] - 1
    counts = np.zeros((n, n_quarters, n_states), dtype=np.int64)
    seen = np.full_like(counts, np.iinfo(np.int64).min)
    person = np.arange(n)
    order = range(weeks.shape[1]) if tie == "latest" else range(weeks.shape[1] - 1, -1, -1)
    for week in order:
        quarter = quarter_at(week, edges)
        state = weeks[:, week]
        inside = (quarter >= 0) & (quarter < n_quarters) & (state != MISSING)
        at = person[inside], quarter[inside], state[inside]
        counts[at] += 1
        seen[at] = week if tie == "latest" else -week
    return counts, seen


def _ranks(priority: Sequence[int] | None, n_states: int) -> Ints:
    """Give each state's rank: those listed first, then the others by code."""
    listed = [code for code in priority or [] if code < n_states]
    order = listed + [code for code in range(n_states) if code not in listed]
    ranks = np.empty(n_states, dtype=np.int64)
    ranks[order] = np.arange(n_states)
    return ranks


def build_sequences(
    dream: pl.DataFrame,
    cohort: pl.DataFrame,
    codes: list[CodeRow],
    alphabet: Alphabet,
    settings: Sequences,
    window: Window,
) -> SequencesResult:
    """Build every person's quarter states and the unique sequences among them.

    Raises `BadInput` for persons without any DREAM row and `OverLimit` for too many unknown codes.
    """
    cohort = cohort.sort("person")
    edges = window_edges(cohort["index_date"], window.anchor, window.quarters, window.weeks_per_quarter)
    names, weeks, first = expand_weeks(dream, cohort.get_column("person"), edges)
    states = state_of_weeks(weeks, first, codes, names, alphabet)
    inside = _inside(weeks.shape, first, edges)
    week_codes = count_codes(weeks, states, inside, names, alphabet)
    check_unknown(week_codes, settings.unknown_limit)
    weekly = np.where(inside & (states < alphabet.missing), states, MISSING).astype(np.uint8)
    quarters = quarter_states(
        weekly,
        tie=settings.tie,
        edges=edges - first[:, None],
        min_weeks=settings.min_weeks,
        priority=[alphabet.code(state) for state in settings.priority],
    )
    quarters[quarters == MISSING] = alphabet.missing
    return _tables(cohort, quarters, week_codes)


def expand_weeks(dream: pl.DataFrame, persons: pl.Series, edges: Ints) -> tuple[list[str], Ints, Ints]:
    """Give each person's weekly code numbers from the first edge on.

    Returns the codes' names, (n, W) numbers into them with -1 where DREAM has no week, and the
    (n,) week number of the first column.
    """
    rows = pl.DataFrame(
        {"person": persons, "row": np.arange(len(persons)), "first": edges[:, 0], "stop": edges[:, -1]}
    )
    spells = dream.join(rows, on="person", how="inner", maintain_order="left")
    absent = len(persons) - spells.get_column("person").n_unique()
    if absent:
        raise BadInput(f"dream: {absent:,} of {len(persons):,} persons of the cohort have no row")
    names = spells.get_column("code").unique().sort().to_list()
    spells = spells.with_columns(
        pl.max_horizontal("week_from", "first").alias("a"),
        pl.min_horizontal("week_to", pl.col("stop") - 1).alias("b"),
        pl.col("code").replace_strict(names, range(len(names)), return_dtype=pl.Int64).alias("number"),
    ).filter(pl.col("a") <= pl.col("b"))
    width = int((edges[:, -1] - edges[:, 0]).max())
    weeks = np.full((len(persons), width), -1, dtype=np.int64)
    begin, length = spells["a"] - spells["first"], spells["b"] - spells["a"] + 1
    row, column, run = expand_runs(spells["row"].to_numpy(), begin.to_numpy(), length.to_numpy())
    weeks[row, column] = spells["number"].to_numpy()[run]
    return names, weeks, edges[:, 0]


def state_of_weeks(
    weeks: Ints, first: Ints, codes: list[CodeRow], names: list[str], alphabet: Alphabet
) -> States:
    """Give each week's state code; 255 where the code is in no valid row of the list or DREAM has no week."""
    calendar = first[:, None] + np.arange(weeks.shape[1])
    number = {name: position for position, name in enumerate(names)}
    states = np.full(weeks.shape, MISSING, dtype=np.uint8)
    for row in codes:
        if row.code not in number:
            continue
        hit = weeks == number[row.code]
        if row.week_from is not None:
            hit &= calendar >= row.week_from
        if row.week_to is not None:
            hit &= calendar <= row.week_to
        states[hit] = alphabet.code(row.state)
    return states


def count_codes(
    weeks: Ints, states: States, inside: NDArray[np.bool_], names: list[str], alphabet: Alphabet
) -> pl.DataFrame:
    """Count the weeks in the windows by code and state: table `week_codes`."""
    used = inside & (weeks >= 0)
    frame = pl.DataFrame({"number": weeks[used], "state_code": states[used]})
    counted = frame.group_by("number", "state_code").len("weeks").sort("number", "state_code")
    labels = [*alphabet.states]
    return pl.DataFrame(
        {
            "code": [names[n] for n in counted["number"]],
            "state": [None if s == MISSING else labels[s] for s in counted["state_code"]],
            "weeks": counted["weeks"].cast(pl.Int64),
        },
        schema={"code": pl.String, "state": pl.String, "weeks": pl.Int64},
    )


def check_unknown(week_codes: pl.DataFrame, limit: float) -> None:
    """Raise `OverLimit` when more weeks than the limit have a code that is not in the list."""
    unknown = week_codes.filter(pl.col("state").is_null())
    weeks, total = int(unknown["weeks"].sum()), int(week_codes["weeks"].sum())
    if weeks > limit * total:
        told = some([f"{shown(row['code'])} ({row['weeks']:,} weeks)" for row in unknown.to_dicts()])
        raise OverLimit(
            f"dream: codes not valid in the code list: {told}; {weeks:,} of {total:,} weeks "
            f"is above sequences.unknown_limit ({limit:g})"
        )


def _inside(shape: tuple[int, ...], first: Ints, edges: Ints) -> NDArray[np.bool_]:
    """Mark the columns inside each person's window (calendar quarters differ in length)."""
    inside: NDArray[np.bool_] = np.arange(shape[1])[None, :] < (edges[:, -1] - first)[:, None]
    return inside


def _tables(cohort: pl.DataFrame, quarters: States, week_codes: pl.DataFrame) -> SequencesResult:
    unique = unique_sequences(quarters)
    as_lists = pl.List(pl.UInt8)
    return SequencesResult(
        sequences=pl.DataFrame(
            {
                "person": cohort["person"],
                "area": cohort["area"],
                "sequence": pl.Series(unique.index, dtype=pl.Int64),
                "states": pl.Series(quarters.tolist(), dtype=as_lists),
            }
        ),
        unique=pl.DataFrame(
            {
                "sequence": pl.Series(np.arange(len(unique.weights)), dtype=pl.Int64),
                "weight": pl.Series(unique.weights, dtype=pl.Int64),
                "states": pl.Series(unique.states.tolist(), dtype=as_lists),
            }
        ),
        week_codes=week_codes,
    )
