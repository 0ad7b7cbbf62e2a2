"""What the study says of timing, each claim held against one released figure.

`data_schema/replication/timing_claims.csv` names, for every line of the publication's
`timing_scenarios.csv` and `type_timing.csv`, the figure, the test, and what it is held against.
Only released figures are read, and how far rounding may have moved them, so that a verdict tells no more
than they do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import polars as pl

from veje.contracts import data_schema
from veje.errors import BadInput

HOLDS, FAILS, TOO_CLOSE, UNKNOWN = "holds", "does_not_hold", "too_close", "not_computable"
VERDICTS = (HOLDS, FAILS, TOO_CLOSE, UNKNOWN)

# ASSUME: the study gives words and no numbers; the limits of `at_least` and `less_than` are ours.
TESTS: Mapping[str, Callable[[float, float], bool]] = {
    "above": lambda value, other: value > other,
    "below": lambda value, other: value < other,
    "largest": lambda value, other: value >= other,
    "at_least": lambda value, other: value >= other,
    "less_than": lambda value, other: value < other,
}
"""How a figure is held against each other figure, or against the limit."""

Share = tuple[float, float]
"""A share and how far rounding may have moved it, percent."""

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


def judge_claims(shown: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Hold every claim against released figures: table `timing_claims`.

    shown: as `released_figures` gives them. compared: the other figure nearest to failing the claim,
    or the limit. A claim is not computable when it has no test, or a figure of it is withheld or not
    there, and too close to tell when what rounding may have moved decides it.
    """
    # A withheld figure has no value; this holds even if a table should carry one.
    published = shown.filter(pl.col("measure") == "share", ~pl.col("hidden"), pl.col("value").is_not_null())
    shares = published.select("table", "area", "type_key", "key", "value", "slack")
    known = {"/".join(at): (value, slack) for *at, value, slack in shares.iter_rows()}
    found = [_judged(known, *row) for row in claims.select("figure", "test", "others", "limit").iter_rows()]
    schema = {"value": pl.Float64(), "compared": pl.Float64(), "verdict": pl.String()}
    return pl.concat([claims, pl.DataFrame(found, schema=schema, orient="row")], how="horizontal")


def _judged(
    known: Mapping[str, Share], figure: str, test: str, others: str | None, limit: str | None
) -> tuple[float | None, float | None, str]:
    """Give value, compared and verdict of one claim."""
    own = known.get(figure or "")
    against = [known.get(other) for other in others.split(";")] if others else []
    against += [(float(limit), 0.0)] if limit else []
    shares = [other for other in against if other is not None]
    if own is None or test in NO_TEST or len(shares) < len(against):
        return own[0] if own else None, None, UNKNOWN
    return own[0], _worst(test, [value for value, _ in shares]), _verdict(test, own, shares)


def _verdict(test: str, own: Share, others: Sequence[Share]) -> str:
    """Test a share at both ends of what rounding leaves open."""
    # A test that a high share passes is hardest at the lower end.
    harder = -1 if TESTS[test](1, 0) else 1
    ends = [
        all(TESTS[test](own[0] + side * harder * (own[1] + slack), value) for value, slack in others)
        for side in (1, -1)
    ]
    return HOLDS if ends[0] else TOO_CLOSE if ends[1] else FAILS


def _worst(test: str, numbers: Sequence[float]) -> float:
    """Give the number that is hardest to meet: the highest to be above, the lowest to be below."""
    return min(numbers) if TESTS[test](0, 1) else max(numbers)


def any_computable(judged: pl.DataFrame) -> bool:
    """Tell whether the release has any figure that a claim is about; it is of another study when not."""
    return bool((judged["verdict"] != UNKNOWN).any())
