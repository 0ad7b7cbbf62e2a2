"""Counts computed from other counts: linear programs over margins, differences of areas, complements."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from tests.attacks.released import CELL, PLACE

Pairs = list[tuple[list[int], int]]
Ints = NDArray[np.uint32]
SLACK = 1e-6


def margin_program(counts: pl.DataFrame, pooled: str, wide: int) -> pl.DataFrame:
    """Bound every withheld count of one table whose keys part the persons, by a linear program, up to `wide`.

    counts: as of `counts_of`, of one table, keys that exclude each other and hold everyone. Known
    are the margins: keys add up to the place's persons, types to all types of the area, and the
    municipalities to the pooled area. Returns `counts` of the withheld ones with `least` and `most`.
    """
    cells, sums = _with_wholes(counts), []
    sums += [*_sums(cells, ["area", "type_key"], pl.col("key") != "", pl.col("key") == "")]
    sums += [*_sums(cells, ["area", "key"], pl.col("type_key") != "", pl.col("type_key") == "")]
    of_all = cells.filter(type_key="")
    sums += [*_sums(of_all, ["type_key", "key"], pl.col("area") != pooled, pl.col("area") == pooled)]
    hidden = cells.filter(~pl.col("shown"), pl.col("key") != "")
    least, most = _bounds(cells, sums, hidden["number"].to_numpy(), float(wide))
    return hidden.with_columns(pl.Series("least", least), pl.Series("most", most))


def pooled_minus_areas(counts: pl.DataFrame, pooled: str) -> pl.DataFrame:
    """Bound the only withheld municipality of a figure by the pooled count less all the others."""
    of_all = counts.filter(pl.col("type_key") == "")
    whole = of_all.filter(pl.col("area") == pooled, pl.col("shown"))
    return _the_only_one(of_all.filter(pl.col("area") != pooled), whole, ["table", "key"])


def complements(counts: pl.DataFrame) -> pl.DataFrame:
    """Bound what a share shown leaves of its place, and a withheld type as all less the others.

    Returns the claims with `least` and `most`, `of` telling whether of the cell's rest or of a type.
    """
    rest = counts.filter("shown").with_columns(
        (pl.col("whole_low") - pl.col("high")).clip(0).alias("least"),
        (pl.col("whole_high") - pl.col("low")).alias("most"),
        pl.lit("rest").alias("of"),
    )
    whole = counts.filter(pl.col("type_key") == "", pl.col("shown"))
    only = _the_only_one(counts.filter(pl.col("type_key") != ""), whole, ["table", "area", "key"])
    return pl.concat([rest, only.with_columns(pl.lit("cell").alias("of")).select(rest.columns)])


def _the_only_one(parts: pl.DataFrame, whole: pl.DataFrame, of: list[str]) -> pl.DataFrame:
    """Bound the one withheld part of each whole: the whole less all parts that are shown."""
    sums = parts.group_by(of).agg(
        (~pl.col("shown")).sum().alias("hidden"),
        pl.col("low").filter("shown").sum().alias("others_low"),
        pl.col("high").filter("shown").sum().alias("others_high"),
    )
    told = whole.select(*of, pl.col("low").alias("all_low"), pl.col("high").alias("all_high"))
    alone = parts.filter(~pl.col("shown")).join(sums.filter(hidden=1), on=of).join(told, on=of)
    return alone.with_columns(
        (pl.col("all_low") - pl.col("others_high")).clip(0).alias("least"),
        pl.min_horizontal(pl.col("all_high") - pl.col("others_low"), "high").alias("most"),
    )


def _with_wholes(counts: pl.DataFrame) -> pl.DataFrame:
    """Add the places' persons as cells of the empty key, and number all cells."""
    columns = [*CELL, "shown", "low", "high"]
    whole = counts.unique([*PLACE]).select(
        "table", *PLACE, pl.lit("").alias("key"), pl.lit(True).alias("shown"),
        pl.col("whole_low").alias("low"), pl.col("whole_high").alias("high"),
    )  # fmt: skip
    return pl.concat([counts.select(columns), whole.select(columns)]).sort(CELL).with_row_index("number")


def _sums(
    cells: pl.DataFrame, by: list[str], part: pl.Expr, whole: pl.Expr
) -> Iterator[tuple[list[int], int]]:
    parts = cells.filter(part).group_by(by).agg(pl.col("number").alias("parts"))
    both = parts.join(cells.filter(whole).select(*by, "number"), on=by)
    yield from both.select("parts", "number").iter_rows()


def _bounds(
    cells: pl.DataFrame, sums: Pairs, hidden: Ints, wide: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Minimise and maximise each hidden cell under all sums, the latter up to `wide`.

    One program pushes all cells to 0 at once and one all to `wide`; only those that neither brings
    there get programs of their own.
    """
    program = _Program(cells, sums, hidden)
    together = np.ones(len(hidden))
    least, most = program.solve(together), np.minimum(program.solve(-together, wide), wide)
    for at in range(len(hidden)):
        aim = np.arange(len(hidden)) == at
        if least[at] > SLACK:
            least = np.minimum(least, program.solve(aim.astype(float)))
        if most[at] < wide - SLACK:
            most = np.maximum(most, np.minimum(program.solve(-aim.astype(float), wide), wide))
    return least, most


class _Program:
    """The sums of a table as equations; beside each hidden cell a part of it that can be capped."""

    def __init__(self, cells: pl.DataFrame, sums: Pairs, hidden: Ints) -> None:
        rows = [row for row, (parts, _) in enumerate(sums) for _ in range(len(parts) + 1)]
        columns = [column for parts, whole in sums for column in (*parts, whole)]
        weights = [weight for parts, _ in sums for weight in (*[1.0] * len(parts), -1.0)]
        width, count = cells.height + len(hidden), np.arange(len(hidden))
        self._hidden, self._width = hidden, width
        self._equal = coo_array((weights, (rows, columns)), shape=(len(sums), width)).tocsr()
        ends = np.concatenate([np.ones(len(hidden)), -np.ones(len(hidden))])
        at = np.concatenate([cells.height + count, hidden]), np.concatenate([count, count])
        self._below = coo_array((ends, (at[1], at[0])), shape=(len(hidden), width)).tocsr()
        self._limits = cells.select(pl.col("low", "high").cast(pl.Float64)).to_numpy()

    def solve(self, aim: NDArray[np.float64], cap: float = np.inf) -> NDArray[np.float64]:
        """Minimise the hidden cells' sum by the weights, of each no more than the cap counted."""
        goal, parts = np.zeros(self._width), np.column_stack([np.zeros(len(aim)), np.full(len(aim), cap)])
        if np.isfinite(cap):
            goal[-len(aim) :] = aim
        else:
            goal[self._hidden] = aim
        solved = linprog(
            goal, A_ub=self._below, b_ub=np.zeros(len(aim)), A_eq=self._equal,
            b_eq=np.zeros(self._equal.shape[0]), bounds=np.vstack([self._limits, parts]), method="highs",
        )  # fmt: skip
        assert solved.status == 0, "what is released contradicts itself"
        values: NDArray[np.float64] = solved.x[self._hidden]
        return values
