"""What the study says of timing, each claim held against one released figure.

`data_schema/replication/timing_claims.csv` names, for every line of the publication's
`timing_scenarios.csv` and `type_timing.csv`, the figure, the test, and what it is held against.
Only released figures are read, so that a verdict tells no more than they do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import polars as pl

from veje.contracts import data_schema
from veje.errors import BadInput

HOLDS, FAILS, UNKNOWN = "holds", "does_not_hold", "not_computable"
VERDICTS = (HOLDS, FAILS, UNKNOWN)

# ASSUME: the study gives words and no numbers; the limits of `at_least` and `less_than` are ours.
TESTS: Mapping[str, Callable[[float, float], bool]] = {
    "above": lambda value, other: value > other,
    "below": lambda value, other: value < other,
    "largest": lambda value, other: value >= other,
    "at_least": lambda value, other: value >= other,
    "less_than": lambda value, other: value < other,
}
"""How a figure is held against each other figure, or against the limit."""

NO_TEST = ("definition", "no_category")
"""Claims that the classes are made by, and such as no register has a category for."""

COLUMNS = (
    "source",
    "line",
    "scenario",
    "dimension",
    "subject",
    "emphasis",
    "figure",
    "test",
    "others",
    "limit",
)


@cache
def read_claims() -> pl.DataFrame:
    """Read the list of claims; `BadInput` when a column is missing or a test unknown."""
    name = "data_schema/replication/timing_claims.csv"
    frame = pl.read_csv(data_schema() / "replication" / "timing_claims.csv", infer_schema=False)
    absent = [column for column in COLUMNS if column not in frame.columns]
    if absent:
        raise BadInput(f"{name}: column '{absent[0]}' is missing")
    strange = sorted(set(frame["test"]) - set(TESTS) - set(NO_TEST))
    if strange:
        raise BadInput(f"{name}: column 'test': unknown: {', '.join(strange)}")
    return frame


def judge_claims(released: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Hold every claim against the release: its columns with value, compared and verdict.

    released: table of that name. compared: the other figure nearest to failing the claim, or the
    limit. A claim is not computable when it has no test, or a figure of it is withheld or not there.
    """
    # A withheld figure has no value; this holds even if a table should carry one.
    published = released.filter(measure="share", status="published")
    shares = published.select("table", "area", "type_key", "key", "value")
    known = {"/".join(at): value for *at, value in shares.iter_rows()}
    found = [_judged(known, *row) for row in claims.select("figure", "test", "others", "limit").iter_rows()]
    schema = {"value": pl.Float64(), "compared": pl.Float64(), "verdict": pl.String()}
    return pl.concat([claims, pl.DataFrame(found, schema=schema, orient="row")], how="horizontal")


def _judged(
    known: Mapping[str, float], figure: str, test: str, others: str | None, limit: str | None
) -> tuple[float | None, float | None, str]:
    """Give value, compared and verdict of one claim."""
    value = known.get(figure or "")
    against = [known.get(other) for other in others.split(";")] if others else []
    against += [float(limit)] if limit else []
    if value is None or test in NO_TEST or any(other is None for other in against):
        return value, None, UNKNOWN
    numbers = [other for other in against if other is not None]
    worst = _worst(test, numbers)
    return value, worst, HOLDS if all(TESTS[test](value, other) for other in numbers) else FAILS


def _worst(test: str, numbers: Sequence[float]) -> float:
    """Give the number that is hardest to meet: the highest to be above, the lowest to be below."""
    return min(numbers) if TESTS[test](0, 1) else max(numbers)


def any_computable(judged: pl.DataFrame) -> bool:
    """Tell whether the release has any figure that a claim is about; it is of another study when not."""
    return bool((judged["verdict"] != UNKNOWN).any())
