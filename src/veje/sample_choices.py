"""The settings of cases that are drawn for review."""

from __future__ import annotations

from datetime import date

from veje.sections import Key, Section, key


class Sampling(Section):
    """Which cases `veje sample-cases` draws; nothing here changes a result of the run."""

    quota: int = key(20, "cases", "Cases drawn in each stratum.", ge=2)
    municipalities: list[Key] = key(
        [], "names", "Municipalities whose cases are drawn; none: all of the cohort's."
    )
    least: int = key(
        0,
        "cases",
        "So many cases of each municipality, at least, in each stratum; all where it has fewer.",
        ge=0,
    )
    reserves: int = key(
        10, "cases", "Cases in reserve in each stratum, in the order in which they are taken.", ge=0
    )
    from_: date | None = key(
        None, "date", "First day of decisions that are drawn from; none: the cohort's.", alias="from"
    )
    to: date | None = key(None, "date", "Last day of decisions that are drawn from; none: the cohort's.")
    team_only: bool = key(
        True,
        "yes or no",
        "Only cases that were before the rehabilitation team: with the day of its meeting in "
        "`registers.cases`.",
    )
    confidence: float = key(0.95, "probability", "Of the intervals of `veje sample-results`.", gt=0.5, lt=1)
