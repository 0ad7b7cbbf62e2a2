"""What the reviewers found, as they hand it in: a row a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from veje.errors import BadInput, near, shown

COLUMNS = ("case", "outcome", "eligible", "reason")
ELIGIBLE = ("yes", "no")


@dataclass(frozen=True)
class Coding:
    """The outcomes, what each says of eligibility (empty: nothing), and the reasons; in order."""

    outcomes: Mapping[str, str]
    reasons: Sequence[str]


def read_coding(outcomes: pl.DataFrame, reasons: pl.DataFrame) -> Coding:
    """Read the shipped lists of outcomes and reasons."""
    said = dict(outcomes.select("outcome", pl.col("eligible").fill_null("")).iter_rows())
    return Coding(said, reasons["reason"].to_list())


def read_outcomes(table: pl.DataFrame, name: str, cases: pl.DataFrame, coding: Coding) -> pl.DataFrame:
    """Check the reviewers' rows: columns case, outcome, eligible (Boolean) and reason (null for none).

    table: text as read. cases: table `sample_cases`. A row without an outcome is a case that was not
    reviewed, and is left out. Raises `BadInput` in one line that names the file, its line and the
    value that is not known, or the reserve that was taken before its turn.
    """
    drawn = set(cases["case"])
    for column in COLUMNS:
        if column not in table.columns:
            raise BadInput(f"{name}: no column '{column}': {near(column, table.columns)}")
    plain = table.select(pl.col(column).str.strip_chars().fill_null("") for column in COLUMNS)
    seen: dict[str, int] = {}
    for line, row in enumerate(plain.to_dicts(), start=2):
        _check(row, f"{name}: line {line}", drawn, coding)
        if row["case"] in seen:
            raise BadInput(f"{name}: line {line}: case {row['case']} stands in line {seen[row['case']]} too")
        seen[row["case"]] = line
    _check_turn(cases.filter("reserve"), seen, name)
    return plain.filter(pl.col("outcome") != "").with_columns(
        pl.col("eligible") == "yes", pl.col("reason").replace("", None)
    )


def _check(row: Mapping[str, str], where: str, cases: Collection[str], coding: Coding) -> None:
    if row["case"] not in cases:
        raise BadInput(f"{where}: case '{shown(row['case'])}' was not drawn")
    if not row["outcome"]:
        if row["eligible"] or row["reason"]:
            raise BadInput(f"{where}: case {row['case']} has no outcome, but {_filled(row)}")
        return
    known: Mapping[str, Collection[str]] = {
        "outcome": coding.outcomes,
        "eligible": ELIGIBLE,
        "reason": ["", *coding.reasons],
    }
    for column, values in known.items():
        if row[column] not in values:
            told = f"{column} '{shown(row[column])}' of case {row['case']}"
            raise BadInput(f"{where}: {told} is not known: {near(row[column], filter(None, values))}")
    said = coding.outcomes[row["outcome"]]
    if said and row["eligible"] != said:
        raise BadInput(f"{where}: case {row['case']} is {row['outcome']}, which says eligible: {said}")


def _check_turn(reserves: pl.DataFrame, lines: Mapping[str, int], name: str) -> None:
    """Refuse a reserve while one before it is not in the file: whoever picks chooses the result.

    A reserve that could not be reviewed either stands in the file without an outcome.
    """
    for (stratum,), own in reserves.group_by(["stratum"], maintain_order=True):
        waiting = ""
        for case in own["case"]:
            if case not in lines:
                waiting = waiting or case
            elif waiting:
                raise BadInput(
                    f"{name}: line {lines[case]}: case {case} is taken before {waiting}: "
                    f"the reserves of {stratum} are taken in their order"
                )


def _filled(row: Mapping[str, str]) -> str:
    return " and ".join(f"a value in {column}" for column in ("eligible", "reason") if row[column])
