"""What to withhold besides, so that nothing protected can be computed: chosen by the program, one by one.

A count that is told too well is told by published counts. Where a single row tells it (a sum whose
rounded parts leave it too little room), the row's count with fewest persons in the figures that show it
is withheld. Else those counts tell it that stop its interval: whose marginal in its linear program is
not zero; the one with fewest persons is withheld, and the next count is looked at with it gone (a greedy
form of secondary suppression; see Fischetti and Salazar, Solving the cell suppression problem, 2001, for
the whole problem). Where that does not end, whole blocks are withheld, then tables, then all: less is
released, never what is unsafe.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from veje.audit.intervals import Intervals
from veje.audit.model import Floats, Program
from veje.audit.part import SLACK, Part
from veje.audit.propagate import ends_of
from veje.audit.solve import parts_of

ROUNDS = 30
"""Releases of many persons are safe after a few rounds; what is not by then is withheld in blocks."""

LARGE = 11_000
"""Counts of a program that takes seconds: counts are withheld for one target at a time."""

MANY = 100
"""More narrow counts than this are not looked at one by one."""

WIDEST = 2
"""The widest reach of `give_up`: all figures."""


def choose_by_rows(program: Program, limits: tuple[Floats, Floats]) -> dict[int, int]:
    """Choose a count to withhold in each row that alone tells a target: the count, and the target.

    limits: what is known of all counts. A row that holds a count chosen for another one waits: that may
    be enough.
    """
    cost = costs(program)
    matrix = program.rows.matrix(len(cost))
    chosen: dict[int, int] = {}
    for row, target in telling_rows(program, limits).items():
        of = program.rows.of[row]
        told = np.append(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]], of[of >= 0])
        published = told[np.isfinite(cost[told]) & (told != target)]
        if len(published) and not any(int(count) in chosen for count in published):
            chosen[int(published[np.argmin(cost[published])])] = target
    return chosen


def telling_rows(program: Program, limits: tuple[Floats, Floats]) -> dict[int, int]:
    """Give the rows that hold a target too narrow by the limits of their other counts alone."""
    low, high = np.full(len(program.lower), np.inf), np.full(len(program.lower), -np.inf)
    low[program.targets], high[program.targets] = program.need_low, program.need_high
    entries = program.rows.matrix(len(program.lower)).tocoo()
    least, most = ends_of(entries, program.rows, *limits)
    telling = (least > low[entries.col] + SLACK) | (most < high[entries.col] - SLACK)
    found = zip(entries.row[telling], entries.col[telling], strict=True)
    return {int(row): int(target) for row, target in found}


def choose(program: Program, found: Intervals, limits: tuple[Floats, Floats]) -> dict[int, int]:
    """Choose counts to withhold: by what rows publish, by programs, or, of many, by the limits of rows."""
    published = choose_by_rows(program, (program.lower, program.upper))
    return published or choose_by_programs(program, found) or choose_by_rows(program, limits)


def choose_by_programs(program: Program, found: Intervals) -> dict[int, int]:
    """Choose counts to withhold for the targets that are too narrow: the count, and the target it is for.

    Empty: nothing that is published stops any of them, or they are too many.
    """
    narrow = found.known
    if narrow.sum() > MANY:
        return {}
    cost = costs(program)
    matrix = program.rows.matrix(len(program.lower))
    trial = found.copy()
    trial.reopen(program)
    chosen: dict[int, int] = {}
    # Single rows say at no cost which others are still told, once the first one's counts are gone.
    large = len(program.lower) > LARGE and bool(found.settled.any())
    for part in parts_of(program, matrix, narrow, np.zeros(len(cost), dtype=bool), program.truth):
        loosen(part, trial, cost, chosen, one=large and not chosen)
        if large and chosen:
            break
    return chosen


def loosen(part: Part, found: Intervals, cost: Floats, chosen: dict[int, int], *, one: bool = False) -> None:
    """Withhold counts of a part until its narrow targets reach what they need, or nothing is left to do.

    found: a trial's, as what is found here leaves out what the last release told of the chosen counts.
    one: only until some count is withheld for a target.
    """
    for number, target in zip(part.numbers, part.targets, strict=True):
        if one and chosen:
            return
        for sign in (1, -1):
            while (found.over if sign > 0 else found.under)[number]:
                end = part.extreme(int(target), sign)
                found.reach(part, int(number), sign, end)
                told = part.of[np.isin(part.rows, end.rows)]
                stops = np.unique(np.concatenate([end.columns, told[told >= 0]]))
                stops = stops[np.isfinite(cost[stops]) & ~np.isin(stops, list(chosen))]
                still = (found.over if sign > 0 else found.under)[number]
                if not still or len(stops) == 0:
                    break
                gone = int(stops[np.argmin(cost[stops])])
                chosen[gone] = int(part.variables[target])
                part.withhold(gone)


def give_up(program: Program, found: Intervals, areas: pl.Series, reach: int) -> pl.DataFrame:
    """Give the shown figures to withhold where choosing one by one did not do: figure, target.

    reach 0: all figures of the narrow counts' tables in their areas; 1: of those tables; 2: of all.
    areas: by figure. A study of few persons is so left with little, and not without a release. The
    target is the first narrow one.
    """
    narrow = program.variables[program.targets[found.narrow]]
    own = pl.concat([narrow[name].cast(pl.Int64) for name in ("number", "of")]).drop_nulls().implode()
    placed = program.figures.with_columns(areas.gather(program.figures["figure"]).alias("area"))
    within = (pl.col("above").is_in(own) | pl.col("below").is_in(own)).fill_null(False)
    keys = [["table", "area"], ["table"], []][reach]
    shown = placed.filter("shown")
    if keys:
        shown = shown.join(placed.filter(within).select(keys).unique(), on=keys, how="semi")
    return shown.select("figure", pl.lit(narrow["number"][0], dtype=pl.Int64).alias("target"))


def costs(program: Program) -> Floats:
    """Give the persons in the figures that show each count; infinite where none does."""
    shown = program.figures.filter("shown")
    both = pl.concat(
        [
            shown.select(pl.col("above").alias("number"), "persons"),
            shown.filter(pl.col("below") != pl.col("above")).select(
                pl.col("below").alias("number"), "persons"
            ),
        ]
    ).drop_nulls("number")
    summed = both.group_by("number").agg(pl.col("persons").sum())
    cost = np.full(len(program.lower), np.inf)
    cost[summed["number"].to_numpy()] = summed["persons"].to_numpy()
    return cost


def figures_of(program: Program, chosen: dict[int, int]) -> pl.DataFrame:
    """Give the shown figures of chosen counts, above the line or below: figure, target."""
    known = pl.DataFrame(
        {"number": list(chosen), "target": list(chosen.values())},
        schema={"number": pl.Int64, "target": pl.Int64},
    )
    shown = program.figures.filter("shown")
    found = [
        shown.join(known, left_on=side, right_on="number").select("figure", "target")
        for side in ("above", "below")
    ]
    return pl.concat(found).unique("figure", keep="first", maintain_order=True)
