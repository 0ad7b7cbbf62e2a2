"""From records of measures to spells: which register tells, what is joined, what overlaps, what is cut.

The rules, in order, each counted in table `spell_rules`:

1. Two registers. Days before the change are told by the earlier register, from it on by the later
   one: a record of either is cut there (`left_to_offl`, `left_to_amfo`).
2. One measure. A person's records of one measure that touch (`adjacent`; at New Year `year_end`),
   lie at most `gap_days` apart (`near`), overlap (`overlapping`) or lie inside what came before
   (`contained`) are one spell: their union.
3. The change. A spell that ends at the change and one of the same kind that begins there are one
   (`across_change`), one to one.
4. Different measures. Spells of different measures that share a day (`other_measure`) stay spells of
   their own, each counted once for its kind; a week of activity counts once.
5. The index date. An end after the last day of the window, as expected ends are, is cut there
   (`cut_at_index`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.errors import BadInput
from veje.names import SPELL_RULES
from veje.weeks import quarter_at

Weeks = NDArray[np.int64]

AMFO, OFFL = "amfo", "offl"
MEASURE = ["person", "register", "measure"]
DAY = pl.duration(days=1)
EPOCH = pl.date(1970, 1, 5)


@dataclass(frozen=True)
class Source:
    """A register of measures: its records and the kind of each code; a code without one is `other`."""

    records: pl.DataFrame
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class Spells:
    """What became of records: told by their register, joined, and in the window; and table `spell_rules`."""

    told: pl.DataFrame
    joined: pl.DataFrame
    inside: pl.DataFrame
    rules: pl.DataFrame


def build_spells(records: pl.DataFrame, edges: Weeks, change: date | None, gap_days: int) -> Spells:
    """Make spells in the window of the cohort's records, by the rules above.

    records: person, register, measure, kind, start, end, and the person's row, first and stop of
    `edges` (weeks). change: the first day of the later register; None with one register only.
    """
    told, used = (records, {}) if change is None else split_at_change(records, change)
    named = name_joins(told, gap_days)
    joined = join_spells(named)
    if change is not None:
        joined, used["across_change"] = join_across(joined, change, gap_days)
    inside = cut_to_window(joined, edges)
    used |= {str(rule): rows for (rule,), rows in named.drop_nulls("rule").group_by("rule")}
    used |= {"other_measure": share_a_day(inside), "cut_at_index": inside.filter("cut")}
    return Spells(told, joined, inside, count_rules(used))


def check_change(earlier: pl.DataFrame, later: pl.DataFrame, change: date) -> None:
    """Raise `BadInput` when the time after the change would be told by nobody.

    earlier, later: tables measures and later_measures, whole. # ASSUME: a register that takes over
    has a spell that begins within a year.
    """
    lost = earlier.filter(pl.col("end") >= change).height
    first = later["start"].sort().to_list()[:1]
    if lost and (not first or first[0] > change + timedelta(days=366)):
        begins = f"its first spell begins {first[0]}" if first else "it has no spell"
        raise BadInput(
            f"offl: {begins}, but timing.offl_from is {change} and amfo has {lost:,} records after it: "
            f"set timing.offl_from to the day on which offl takes over"
        )


def split_at_change(records: pl.DataFrame, change: date) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Cut records of two registers at the change; gives them and the delivered ones that lost days.

    # ASSUME: a record that both registers hold tells of one measure; codes do not say which, so each
    register is believed for its own time, and a record that only the other register has is lost.
    """
    earlier, day = pl.col("register") == AMFO, pl.lit(change)
    rules = {
        "left_to_offl": records.filter(earlier, pl.col("end") >= day),
        "left_to_amfo": records.filter(~earlier, pl.col("start") < day),
    }
    start = pl.when(earlier).then("start").otherwise(pl.max_horizontal("start", day))
    end = pl.when(earlier).then(pl.min_horizontal("end", day - DAY)).otherwise("end")
    cut = records.with_columns(start.alias("start"), end.alias("end"))
    return cut.filter(pl.col("start") <= pl.col("end")), rules


def name_joins(records: pl.DataFrame, gap_days: int) -> pl.DataFrame:
    """Name for each record by which rule it joins the spell before it: column `rule`, null for a first.

    Rows come sorted by person, register, measure, start and end. A gap is counted from the latest
    end so far.
    """
    reached = pl.col("end").cum_max().shift(1).over(MEASURE)
    next_day = reached + DAY
    new_year = (pl.col("start").dt.month() == 1) & (pl.col("start").dt.day() == 1)
    rule = (
        pl.when(reached.is_null() | (pl.col("start") > next_day + pl.duration(days=gap_days)))
        .then(None)
        .when(pl.col("end") <= reached)
        .then(pl.lit("contained"))
        .when(pl.col("start") <= reached)
        .then(pl.lit("overlapping"))
        .when(pl.col("start") > next_day)
        .then(pl.lit("near"))
        .when(new_year)
        .then(pl.lit("year_end"))
        .otherwise(pl.lit("adjacent"))
    )
    return records.sort(*MEASURE, "start", "end").with_columns(rule.alias("rule"))


def join_spells(named: pl.DataFrame) -> pl.DataFrame:
    """Merge records that join the one before them (`name_joins`) to one spell: their union."""
    return (
        named.with_columns(pl.col("rule").is_null().cum_sum().over(MEASURE).alias("spell"))
        .group_by(*MEASURE, "spell", maintain_order=True)
        .agg(pl.col("start").min(), pl.col("end").max(), pl.col("kind", "row", "first", "stop").first())
        .drop("spell")
    )


def join_across(spells: pl.DataFrame, change: date, gap_days: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join spells of one kind that end at the change and begin there; gives all spells, and the joined.

    # ASSUME: the registers' codes correspond by kind only. Of several spells of one kind the one that
    ends last is joined to the one that begins first, and so on; what is left over stays apart.
    """
    ordered = spells.with_row_index("spell")
    rank = pl.int_range(pl.len()).over("person", "kind").alias("rank")
    before = ordered.filter(register=AMFO).sort("end", "start", "measure", descending=[True, False, False])
    after = ordered.filter(register=OFFL).sort("start", "end", "measure")
    near = pl.duration(days=gap_days)
    before = before.filter(pl.col("end") >= pl.lit(change) - DAY - near).with_columns(rank)
    after = after.filter(pl.col("start") <= pl.lit(change) + near).with_columns(rank)
    pairs = before.join(after, on=["person", "kind", "rank"], suffix="_after")
    pairs = pairs.filter(pl.col("start_after") <= pl.col("end") + DAY + near)
    gone = pl.concat([pairs["spell"], pairs["spell_after"]])
    joined = pairs.with_columns(pl.col("end_after").alias("end")).select(spells.columns)
    kept = ordered.filter(~pl.col("spell").is_in(gone.implode())).select(spells.columns)
    return pl.concat([kept, joined]).sort("person", "measure", "start", "end"), joined


def share_a_day(spells: pl.DataFrame) -> pl.DataFrame:
    """Keep the spells that share a day with a spell of another measure of the same person."""
    before = pl.col("end").cum_max().shift(1).over("person")
    after = pl.col("start").shift(-1).over("person")
    shared = (pl.col("start") <= before).fill_null(False) | (pl.col("end") >= after).fill_null(False)
    return spells.sort("person", "start", "end", "measure").filter(shared)


def cut_to_window(spells: pl.DataFrame, edges: Weeks) -> pl.DataFrame:
    """Keep spells that touch the window, cut their ends at its last day, and note the quarter of their start.

    Column `cut` tells whether days were cut off. # ASSUME: a measure belongs to the quarter in which
    it begins; one begun before the window has quarter 0: its weeks count as activity, but it is not
    counted as a measure of the window.
    """
    last_day = EPOCH + pl.duration(days=pl.col("stop") * 7 - 1)
    inside = spells.with_columns(
        week_at("start").alias("week"),
        (pl.col("end") > last_day).alias("cut"),
        pl.min_horizontal("end", last_day).alias("end"),
    )
    inside = inside.filter((pl.col("start") <= pl.col("end")) & (week_at("end") >= pl.col("first")))
    quarter = np.zeros(inside.height, dtype=np.int64)
    starts, rows = inside["week"].to_numpy(), inside["row"].to_numpy()
    for at in np.unique(starts):
        here = starts == at
        quarter[here] = quarter_at(int(at), edges[rows[here]]) + 1
    return inside.with_columns(pl.Series("quarter", quarter))


def week_at(column: str) -> pl.Expr:
    """Give the week of a date column, as `veje.weeks` numbers them."""
    return (pl.col(column) - EPOCH).dt.total_days() // 7


def count_rules(used: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Count rows and persons of each rule: table `spell_rules`; a rule that is not named was not used."""
    rows = [
        {"rule": rule, "rows": used[rule].height, "persons": used[rule]["person"].n_unique()}
        if rule in used
        else {"rule": rule, "rows": 0, "persons": 0}
        for rule in SPELL_RULES
    ]
    return pl.DataFrame(rows)
