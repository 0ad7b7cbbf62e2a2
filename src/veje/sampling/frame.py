"""Who could be drawn: the stratum of each grant, or why it is in none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from veje.errors import BadInput, near

COLUMNS = ("stratum", "age_from", "age_below", "prior_scheme", "from_cash_benefit", "label_en", "label_da")
FLAGS = ("prior_scheme", "from_cash_benefit")
"""The flags that strata ask for."""
SAYS = {"yes": True, "no": False, "": None}

OUTSIDE_PERIOD = "outside_period"
OTHER_MUNICIPALITY = "other_municipality"
NO_TEAM = "no_team_meeting"
NO_AGE = "age_unknown"
NO_RULE = "before_the_rules"
NO_STRATUM = "in_no_stratum"


@dataclass(frozen=True)
class Stratum:
    """Ages from and below (None: no limit) and what flags must say (absent: anything)."""

    name: str
    age_from: int
    age_below: int | None
    flags: Mapping[str, bool]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Scope:
    """Whose cases are drawn: municipalities, first and last day of decision, only those before the team."""

    areas: Collection[str]
    first: date
    last: date
    team_only: bool


def read_strata(table: pl.DataFrame, name: str) -> list[Stratum]:
    """Read the list of strata. Raises `BadInput` in one line that names the list and the line."""
    for column in COLUMNS:
        if column not in table.columns:
            raise BadInput(f"list {name}: no column '{column}': {near(column, table.columns)}")
    strata = [_stratum(row, line, name) for line, row in enumerate(table.to_dicts(), start=2)]
    if len({one.name for one in strata}) < len(strata):
        raise BadInput(f"list {name}: a stratum stands twice")
    return strata


def place_cases(grants: pl.DataFrame, strata: Sequence[Stratum], scope: Scope) -> pl.DataFrame:
    """Give each grant its stratum: columns person, area, stratum and reason, one of the two null.

    grants: person, area, decision_date, anchor (the day on which the age is taken), birth_date,
    team_meeting, and a column for each of `FLAGS`. Of a grant that is in no stratum the first reason
    that holds is given. Raises `BadInput` when two strata hold the same grant.
    """
    held = [_holds(one).fill_null(False) for one in strata]
    twice = grants.filter(pl.sum_horizontal(*(one.cast(pl.Int64) for one in held), pl.lit(0)) > 1).height
    if twice:
        raise BadInput(f"list of strata: {twice:,} grants are in more than one stratum")
    named = [pl.when(one).then(pl.lit(stratum.name)) for one, stratum in zip(held, strata, strict=True)]
    stratum = pl.coalesce(*named, pl.lit(None, dtype=pl.String))
    out = _out(scope)
    reason = pl.coalesce(out, pl.when(stratum.is_null()).then(_unplaced()))
    return grants.select(
        "person",
        "area",
        pl.when(out.is_null()).then(stratum).alias("stratum"),
        reason.alias("reason"),
    ).sort("person")


def _out(scope: Scope) -> pl.Expr:
    """Say why a grant could not be drawn whatever its stratum; null when it could."""
    day = pl.col("decision_date")
    return pl.coalesce(
        pl.when(~day.is_between(scope.first, scope.last)).then(pl.lit(OUTSIDE_PERIOD)),
        pl.when(~pl.col("area").is_in(list(scope.areas))).then(pl.lit(OTHER_MUNICIPALITY)),
        pl.when(pl.lit(scope.team_only) & pl.col("team_meeting").is_null()).then(pl.lit(NO_TEAM)),
        pl.when(pl.col(FLAGS[0]).is_null()).then(pl.lit(NO_RULE)),
    )


def _unplaced() -> pl.Expr:
    """Say why a grant that could be drawn is in no stratum."""
    return pl.when(pl.col("birth_date").is_null()).then(pl.lit(NO_AGE)).otherwise(pl.lit(NO_STRATUM))


def _holds(stratum: Stratum) -> pl.Expr:
    old = pl.col("birth_date").dt.offset_by(f"{stratum.age_from}y") <= pl.col("anchor")
    if stratum.age_below is not None:
        old &= pl.col("birth_date").dt.offset_by(f"{stratum.age_below}y") > pl.col("anchor")
    for flag, value in stratum.flags.items():
        old &= pl.col(flag) == value
    return old


def _stratum(row: Mapping[str, str | None], line: int, name: str) -> Stratum:
    title = row["stratum"] or ""
    try:
        said = {flag: SAYS[row[flag] or ""] for flag in FLAGS}
        low = int(row["age_from"] or "")
        high = int(row["age_below"]) if row["age_below"] else None
    except (KeyError, ValueError):
        raise BadInput(f"list {name}: line {line}: no ages in years, or neither yes nor no") from None
    if not title:
        raise BadInput(f"list {name}: line {line}: a stratum without a name")
    flags = {flag: value for flag, value in said.items() if value is not None}
    labels = {code: row[f"label_{code}"] or title for code in ("en", "da")}
    return Stratum(title, low, high, flags, labels)
