"""The study's claims in words, each tested on figures of tables: printed ones, or a run's released ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from veje.names import PLACE

HOLDS, FAILS, TOO_CLOSE, NOT_COMPUTABLE = "holds", "does_not_hold", "too_close", "not_computable"
CLAIM_VERDICTS = (HOLDS, FAILS, TOO_CLOSE, NOT_COMPUTABLE)

DECIMALS = 3
"""Claims' figures are written with so many."""


@dataclass(frozen=True)
class Figure:
    """A figure and how far rounding may have moved it."""

    value: float
    slack: float = 0.0


Figures = Sequence[Figure]
Known = Mapping[tuple[str, ...], Figure]


def judge_claims(
    claims: pl.DataFrame, rules: pl.DataFrame, known: pl.DataFrame, tolerances: pl.DataFrame
) -> pl.DataFrame:
    """Test every claim on the figures of some tables: claim_id, value, verdict.

    claims: the register of claims (claim_id, printed_value, qualifier). rules: by claim the test, the
    kind of figure whose general tolerance holds, and the cells that are compared, each written as
    table/area/type/key/measure and, where a table has two bases, /base; cells joined by + are added
    up, and a word without / is a number. known: the key columns with `value` and `slack`. A claim
    without a rule, or with a cell that is not known, is not computable; an order that the figures'
    rounding leaves open is too close to tell. `up_to` sets only an upper bound.
    """
    figures = _by_place(known)
    general = tolerances.filter(table="*").select("measure", "absolute", "relative")
    allowed = {measure: (absolute, relative) for measure, absolute, relative in general.iter_rows()}
    found: list[tuple[str, float | None, str]] = []
    for row in claims.join(rules, on="claim_id", how="left").sort("claim_id").iter_rows(named=True):
        sides = [_cells(row[side], figures) for side in ("left", "right", "about")]
        if row["test"] is None or any(side is None for side in sides):
            found.append((row["claim_id"], None, NOT_COMPUTABLE))
            continue
        made = TESTS[row["test"]](*(side or [] for side in sides))
        within = _tolerance(row["kind"], float(row["printed_value"]), allowed)
        verdict = _verdict(made, float(row["printed_value"]), row["qualifier"], within)
        value = None if verdict == TOO_CLOSE else round(made.value, DECIMALS)
        found.append((row["claim_id"], value, verdict))
    schema = {"claim_id": pl.String(), "value": pl.Float64(), "verdict": pl.String()}
    return pl.DataFrame(found, schema=schema, orient="row")


def _by_place(known: pl.DataFrame) -> Known:
    found: dict[tuple[str, ...], Figure] = {}
    shown = known.filter(pl.col("value").is_not_null()).select(*PLACE, "base", "value", "slack")
    for *place, base, value, slack in shown.iter_rows():
        found[(*place, base)] = found[tuple(place)] = Figure(value, slack)
    return found


def _cells(written: str | None, known: Known) -> list[Figure] | None:
    """Look up the cells of one side; None when one of them is not known."""
    sums = [[_cell(cell, known) for cell in word.split("+")] for word in (written or "").split()]
    found = [[cell for cell in cells if cell is not None] for cells in sums]
    return None if found != sums else [_sum(cells) for cells in found]


def _cell(written: str, known: Known) -> Figure | None:
    return known.get(tuple(written.split("/"))) if "/" in written else Figure(float(written))


def _tolerance(kind: str, printed: float, allowed: Mapping[str, tuple[float, float]]) -> float:
    absolute, relative = allowed[kind]
    return max(absolute, relative * abs(printed) / 100)


def _verdict(made: Figure, printed: float, qualifier: str, within: float) -> str:
    """Judge a claim's figure; the value of an order is 1, 0, or between when rounding leaves it open."""
    if qualifier == "flag":
        return HOLDS if made.value == 1 else FAILS if made.value == 0 else TOO_CLOSE
    away = made.value - printed if qualifier == "up_to" else abs(made.value - printed)
    return HOLDS if away <= within + made.slack + 1e-9 else FAILS


def _sum(left: Figures, *_: Figures) -> Figure:
    return Figure(sum(one.value for one in left), sum(one.slack for one in left))


def _mean(left: Figures, *_: Figures) -> Figure:
    whole = _sum(left)
    return Figure(whole.value / len(left), whole.slack / len(left))


def _mean_rest(left: Figures, *_: Figures) -> Figure:
    mean = _mean(left)
    return Figure(100 - mean.value, mean.slack)


def _gap(left: Figures, right: Figures, _: Figures) -> Figure:
    one, other = _sum(left), _sum(right)
    return Figure(one.value - other.value, one.slack + other.slack)


def _ratio(left: Figures, right: Figures, _: Figures) -> Figure:
    one, other = _sum(left), _sum(right)
    value = one.value / other.value if other.value else 0.0
    least = other.value - other.slack
    return Figure(value, (one.value + one.slack) / least - value if least > 0 else 0.0)


def _percent(left: Figures, right: Figures, about: Figures) -> Figure:
    made = _ratio(left, right, about)
    return Figure(100 * made.value, 100 * made.slack)


def _spread(left: Figures, *_: Figures) -> Figure:
    high, low = max(left, key=lambda one: one.value), min(left, key=lambda one: one.value)
    return Figure(high.value - low.value, high.slack + low.slack)


def _least_gap(left: Figures, right: Figures, about: Figures) -> Figure:
    return min((_gap([one], right, about) for one in left), key=lambda gap: gap.value)


def _largest_gap(left: Figures, right: Figures, about: Figures) -> Figure:
    return max((_gap([one], right, about) for one in left), key=lambda gap: gap.value)


def _number_above(left: Figures, right: Figures, _: Figures) -> Figure:
    orders = [_above(one, other) for one, other in zip(left, right, strict=True)]
    return Figure(float(orders.count(1)), float(orders.count(0.5)))


def _above(one: Figure, other: Figure) -> float:
    """Tell whether one figure is above another: 1, 0, or 0.5 when rounding leaves it open."""
    gap, slack = one.value - other.value, one.slack + other.slack
    return 0.5 if abs(gap) < slack else float(gap > 0)


def _each_above(left: Figures, right: Figures, _: Figures) -> Figure:
    return Figure(min(_above(one, other) for one, other in zip(left, right, strict=True)))


def _none_above(left: Figures, right: Figures, _: Figures) -> Figure:
    return Figure(1 - max(_above(one, other) for one, other in zip(left, right, strict=True)))


def _highest(left: Figures, right: Figures, _: Figures) -> Figure:
    return Figure(min(_above(one, other) for one in left for other in right))


def _closest(left: Figures, right: Figures, about: Figures) -> Figure:
    near, far = ([Figure(-abs(o.value - about[0].value), o.slack) for o in side] for side in (left, right))
    return _highest(near, far, [])


def _most_per(left: Figures, right: Figures, _: Figures) -> Figure:
    first, *others = (_ratio([one], [other], []) for one, other in zip(left, right, strict=True))
    return _highest([first], others, [])


def _alike(left: Figures, right: Figures, about: Figures) -> Figure:
    gap = _gap(left, right, [])
    return Figure(1 - _above(Figure(abs(gap.value), gap.slack), about[0]))


def _all_present(left: Figures, *_: Figures) -> Figure:
    return Figure(float(all(one.value > 0 for one in left)))


TESTS: Mapping[str, Callable[[Figures, Figures, Figures], Figure]] = {
    "sum": _sum,
    "mean": _mean,
    "mean_rest": _mean_rest,
    "gap": _gap,
    "ratio": _ratio,
    "percent": _percent,
    "spread": _spread,
    "least_gap": _least_gap,
    "largest_gap": _largest_gap,
    "number_above": _number_above,
    "each_above": _each_above,
    "none_above": _none_above,
    "highest": _highest,
    "closest": _closest,
    "most_per": _most_per,
    "alike": _alike,
    "all_present": _all_present,
}
"""The tests by the name that `data_schema/replication/claims.csv` calls them."""
