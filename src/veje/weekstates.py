"""The state of each week by the code list, and how many weeks each code, state and switch has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.branche import Kind, Split
from veje.errors import OverLimit, shown, some
from veje.lists import Alphabet, CodeRow, switch_at
from veje.majority import MISSING

States = NDArray[np.uint8]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


def state_of_weeks(
    weeks: Numbers, first: Ints, codes: list[CodeRow], names: list[str], alphabet: Alphabet
) -> States:
    """Give each week's state code; 255 where the code is in no valid row of the list or DREAM has no week."""
    calendar = first[:, None] + np.arange(weeks.shape[1])
    number = {name: position for position, name in enumerate(names)}
    states = np.full(weeks.shape, MISSING, dtype=np.uint8)
    for row in codes:
        if row.code not in number or row.state is None:
            continue
        hit = weeks == number[row.code]
        if row.week_from is not None:
            hit &= calendar >= row.week_from
        if row.week_to is not None:
            hit &= calendar <= row.week_to
        states[hit] = alphabet.code(row.state)
    return states


def count_codes(
    weeks: Numbers,
    split: Split,
    inside: NDArray[np.bool_],
    names: list[str],
    alphabet: Alphabet,
    first: Ints,
    codes: list[CodeRow],
    listed: Collection[str] = (),
) -> pl.DataFrame:
    """Count the weeks in the windows by code, state, switch and industry: table `week_codes`.

    split: the states of `weeks`, and what each blank week's month said of an industry.
    listed: every code of the list, whatever its dates and versions.
    """
    switched = {row.code for row in codes if row.switch}
    used = inside & (weeks >= 0)
    # Only a code with switches needs its weeks apart.
    apart = np.isin(weeks, [at for at, name in enumerate(names) if name in switched])[used]
    calendar = np.where(apart, (first[:, None] + np.arange(weeks.shape[1]))[used], -1)
    frame = pl.DataFrame(
        {"number": weeks[used], "state_code": split.states[used], "kind": split.kinds[used], "week": calendar}
    )
    counted = frame.group_by(frame.columns).len("weeks").sort(frame.columns)
    named = [
        _named(names[number], None if state == MISSING else alphabet.states[state], week, codes)
        | {"industry": Kind(kind).told, "weeks": count}
        for number, state, kind, week, count in counted.rows()
    ]
    keys = {"code": pl.String, "state": pl.String, "switch": pl.String, "industry": pl.String}
    table = pl.DataFrame(named, schema=keys | {"weeks": pl.Int64})
    return mark_outside(table.group_by(list(keys), maintain_order=True).agg(pl.col("weeks").sum()), listed)


def _named(code: str, state: str | None, week: int, codes: list[CodeRow]) -> dict[str, str | int | None]:
    own = [row for row in codes if row.code == code] if week >= 0 else []
    return {"code": code, "state": state, "switch": switch_at(own, week, state is not None)}


def mark_outside(week_codes: pl.DataFrame, listed: Collection[str]) -> pl.DataFrame:
    """Tell which unread weeks have a code that the list has, for other weeks or other versions.

    listed: every code of the list, whatever its dates and versions. A code whose line is switched
    off holds, and is not outside.
    """
    outside = pl.col("code").is_in(list(listed)) & pl.col("switch").is_null()
    return week_codes.with_columns(pl.when(pl.col("state").is_null()).then(outside).alias("outside")).select(
        *(name for name in week_codes.columns if name != "weeks"), "outside", "weeks"
    )


def check_unknown(week_codes: pl.DataFrame, limit: float) -> None:
    """Raise `OverLimit` when more weeks than the limit have a code that is not in the list."""
    unknown = week_codes.filter(pl.col("state").is_null())
    weeks, total = int(unknown["weeks"].sum()), int(week_codes["weeks"].sum())
    if weeks and weeks / total > limit:
        told = some([_unknown(row) for row in unknown.to_dicts()])
        raise OverLimit(
            f"dream: codes not valid in the code list: {told}; {weeks:,} of {total:,} weeks "
            f"is above sequences.unknown_limit ({limit:g})"
        )


def _unknown(row: Mapping[str, Any]) -> str:
    off = f", sequences.switches.{row['switch']} is off" if row["switch"] else ""
    outside = ", outside its dates or version" if row.get("outside") else ""
    return f"{shown(row['code'])} ({row['weeks']:,} weeks{off}{outside})"
