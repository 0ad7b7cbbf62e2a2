"""The audit of a release: its program, which protected counts are told too well, and the repair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.audit.former import Former, tell_former
from veje.audit.intervals import Flags, Intervals
from veje.audit.model import Builder, Program
from veje.audit.repair import ROUNDS, WIDEST, choose, figures_of, give_up
from veje.audit.solve import solve
from veje.audit.structure import Structure, place_cells
from veje.audit.sums import add_steps, add_sums
from veje.audit.tell import (
    dominances,
    number_figures,
    ranges,
    rests,
    small,
    tell_means,
    tell_shares,
    variables_of,
)
from veje.audit.within import add_within
from veje.names import CELL
from veje.settings import Disclosure


@dataclass(frozen=True)
class Audited:
    """What an audit found: judged cells after the repair, each step of it, and what stays too narrow.

    repairs: CELL and `for_table`, the figures withheld besides and the table that it was for. protected:
    one row a protected count, see table `protected`.
    """

    judged: pl.DataFrame
    repairs: pl.DataFrame
    protected: pl.DataFrame


def build_program(
    judged: pl.DataFrame, structure: Structure, rules: Disclosure, pooled: str, former: Former | None = None
) -> Program:
    """Write down all that a release tells as one linear program.

    judged: as of `disclosure.judge`. pooled: the area of all municipalities together. former: the last
    published release, if it is of the same counts. Integrality is not used (as in all audits by linear
    programs): intervals may be wider than an attacker's who tries whole numbers.
    """
    placed = place_cells(judged.with_row_index("figure"), structure).filter(pl.col("quantity").is_not_null())
    variables = variables_of(placed)
    figures = number_figures(placed, variables)
    builder = Builder()
    lower, upper = ranges(figures, variables.height, rules)
    if former is not None:
        lower, upper = tell_former(former, figures, builder, (lower, upper))
    add_sums(variables, structure, pooled, builder)
    tell_shares(figures, builder, rules, (lower, upper))
    tell_means(figures, builder, rules)
    few = small(figures, rules)
    unsure = dominances(figures, rules)
    differences = _differences(figures, variables, structure, builder, rules)
    start = variables.height + differences.height
    within = add_within(variables, structure, pooled, builder, start, rules.threshold)
    differences = pl.concat([differences, within], how="vertical_relaxed")
    every = pl.concat([variables, differences], how="diagonal")
    extra = differences.height
    lower, upper = np.pad(lower, (0, extra)), np.pad(upper, (0, extra), constant_values=np.inf)
    targets = np.concatenate([few, differences["number"].to_numpy(), unsure["above"].to_numpy()])
    near = (unsure["truth"] - unsure["off"]).to_numpy(), (unsure["truth"] + unsure["off"]).to_numpy()
    counts = len(few) + extra
    return Program(
        every,
        lower,
        upper,
        builder.rows(),
        targets.astype(np.int64),
        np.concatenate([np.zeros(counts), np.maximum(near[0], 0)]),
        np.concatenate([np.full(counts, float(rules.threshold)), near[1]]),
        figures.select("figure", "above", "below", "shown", "table", "persons"),
    )


def _differences(
    figures: pl.DataFrame, variables: pl.DataFrame, structure: Structure, builder: Builder, rules: Disclosure
) -> pl.DataFrame:
    """Make variables of what shares leave and steps take away, where that is few persons or none."""
    steps = [step for chain in structure.chains for step in add_steps(variables, chain, builder)]
    schema = {"area": pl.String(), "below": pl.Int64(), "above": pl.Int64(), "truth": pl.Int64()}
    taken = pl.DataFrame(steps, schema=schema, orient="row")
    builder.add([taken["below"].to_numpy(), taken["above"].to_numpy()], [1.0, -1.0], 0.0, np.inf)
    few = taken.filter(pl.col("truth") < rules.threshold)
    left = pl.concat([rests(figures, rules).select(list(schema)), few])
    same = pl.concat([left.clear().select("above", "below"), *builder.same])
    left = left.join(same, on=["above", "below"], how="anti", maintain_order="left")
    number = np.arange(variables.height, variables.height + left.height)
    builder.add([left["below"].to_numpy(), left["above"].to_numpy(), number], [1.0, -1.0, -1.0], 0.0, 0.0)
    names = (
        variables["quantity"].gather(left["above"].to_numpy()),
        variables["at"].gather(left["above"].to_numpy()),
    )
    return pl.DataFrame(
        {
            "number": pl.Series(number, dtype=variables.schema["number"]),
            "quantity": names[0] + " not in " + variables["quantity"].gather(left["below"].to_numpy()),
            "area": left["area"],
            "at": names[1],
            "truth": left["truth"],
            "of": left["above"],
        }
    )


def audit_release(
    judged: pl.DataFrame, structure: Structure, rules: Disclosure, pooled: str, former: Former | None = None
) -> Audited:
    """Find what a release tells too well, and withhold what it takes besides.

    Every step is solved anew on what it leaves published, so that what comes out is what was audited.
    """
    numbered, areas = judged.with_row_index("figure"), judged["area"]
    program = build_program(judged, structure, rules, pooled, former)
    found = Intervals.start(program)
    limits = solve(program, found)
    first = found.known
    hidden: list[pl.DataFrame] = []
    reach = -1
    while found.narrow.any() and reach < WIDEST:
        chosen: dict[int, int] = {}
        if reach < 0 and len(hidden) < ROUNDS:
            chosen = choose(program, found, limits)
        reach += 0 if chosen else 1
        more = figures_of(program, chosen) if chosen else give_up(program, found, areas, reach)
        if more.is_empty():
            continue
        hidden.append(more.join(_tables(program), on="target", how="left"))
        gone = pl.concat(hidden)["figure"].implode()
        judged = numbered.with_columns(pl.col("shown") & ~pl.col("figure").is_in(gone)).drop("figure")
        program = build_program(judged, structure, rules, pooled, former)
        found.reopen(program)
        limits = solve(program, found)
    return Audited(judged, _repairs(numbered, hidden), _protected(program, found, first))


def _tables(program: Program) -> pl.DataFrame:
    """Name for each count a table that it stands in: target, for_table."""
    sides = [program.figures.select(pl.col(side).alias("target"), "table") for side in ("above", "below")]
    known = (
        pl.concat(sides).drop_nulls("target").group_by("target").agg(pl.col("table").min().alias("for_table"))
    )
    rests = program.variables.filter(pl.col("of").is_not_null()).select(
        pl.col("number").cast(pl.Int64).alias("target"), pl.col("of").alias("of")
    )
    named = rests.join(known, left_on="of", right_on="target").select("target", "for_table")
    return pl.concat([known, named])


def _repairs(numbered: pl.DataFrame, hidden: list[pl.DataFrame]) -> pl.DataFrame:
    """List the figures that are withheld besides, with the table each is withheld for."""
    none = pl.DataFrame(schema={"figure": numbered.schema["figure"], "for_table": pl.String()})
    every = pl.concat([none, *(one.select("figure", "for_table") for one in hidden)])
    return numbered.join(every, on="figure").select(*CELL, "for_table").sort(CELL)


def _protected(program: Program, found: Intervals, first: Flags) -> pl.DataFrame:
    """List the protected counts with their intervals, before and after the repair."""
    names = program.variables[program.targets].select(
        "quantity", "area", pl.col("at").alias("type_key"), pl.col("number").cast(pl.Int64).alias("target")
    )
    return (
        names.with_columns(
            pl.Series("low", np.maximum(found.low, found.need_low)),
            pl.Series("high", np.minimum(found.high, found.need_high)),
            pl.Series("need_low", found.need_low),
            pl.Series("need_high", found.need_high),
            pl.Series("narrow", found.narrow),
            pl.Series("narrow_before", first),
        )
        .join(_tables(program), on="target", how="left")
        .rename({"for_table": "table"})
        .drop("target")
    )
