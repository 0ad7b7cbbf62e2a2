"""Stage 2: who is studied: first grants in window and municipalities, with every exclusion counted."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from veje.ages import add_age
from veje.decisions import add_residence, keep_first_per_person, keep_grants, keep_latest_per_case
from veje.errors import BadInput, OverLimit
from veje.settings import Cohort

OLDEST = 120


@dataclass(frozen=True)
class CohortResult:
    """The cohort (table `cohort`), the flow of exclusions (table `flow`), and first grants everywhere.

    granted: the first grants in the window, `municipality` being the residence, wherever it is.
    """

    cohort: pl.DataFrame
    flow: pl.DataFrame
    granted: pl.DataFrame


def build_cohort(
    grants: pl.DataFrame,
    bef: pl.DataFrame,
    settings: Cohort,
    dream: pl.DataFrame | None = None,
    *,
    deaths: pl.DataFrame | None = None,
    migration: pl.DataFrame | None = None,
) -> CohortResult:
    """Select the cohort step by step and count rows and persons after each.

    grants, bef, dream, deaths, migration: tables of those names; a register that is None has no
    step: without `dream` nobody is asked for weeks. Residence is the deciding municipality, or the
    last known one before the decision where the grant register has none. A window without a grant
    gives a cohort without rows. Raises `BadInput` when there are grants in the window and nobody is
    left of them, and for a birth date that gives no possible age, and `OverLimit` for more persons
    without a row in DREAM than the config allows.
    """
    steps = _steps_of_grants(grants, deaths, migration if settings.abroad == "exclude" else None)
    in_window = pl.col("decision_date").is_between(settings.from_, settings.to)
    steps.append(("in_window", steps[-1][1].filter(in_window)))
    placed = add_residence(steps[-1][1], bef)
    study = pl.col("municipality").is_in(list(settings.municipalities))
    steps.append(("in_municipalities", placed.filter(study)))
    if dream is not None:
        with_weeks = steps[-1][1].join(dream, on="person", how="semi", maintain_order="left")
        check_weeks(steps[-1][1].height, with_weeks.height, settings.absent_limit)
        steps.append(("with_weeks", with_weeks))
    flow = pl.DataFrame([_count(i, *step) for i, step in enumerate(steps)])
    cohort = steps[-1][1]
    if cohort.height == 0 and dict(steps)["in_window"].height:
        told = ", ".join(f"{r['key']} {r['rows']:,}" for r in flow.to_dicts())
        raise BadInput(f"cohort: nobody is left (rows after each step: {told})")
    result = CohortResult(_finish(cohort, bef, settings), flow, placed)
    check_ages(result.cohort)
    return result


def check_ages(cohort: pl.DataFrame) -> None:
    """Raise `BadInput` when persons of the cohort have an age that nobody can have."""
    impossible = int((~cohort["age"].is_between(0, OLDEST)).sum())
    if impossible:
        raise BadInput(f"bef: {impossible:,} of {cohort.height:,} persons of the cohort have no possible age")


def check_weeks(before: int, after: int, limit: float) -> None:
    """Raise `OverLimit` when a larger share of the cohort than the limit has no row in DREAM."""
    absent = before - after
    if absent and absent / before > limit:
        raise OverLimit(
            f"dream: {absent:,} of {before:,} persons of the cohort have no row "
            f"(cohort.absent_limit is {limit:g})"
        )


def drop_dead(grants: pl.DataFrame, deaths: pl.DataFrame) -> pl.DataFrame:
    """Leave out grants decided after the person's death; one of the day of death stays.

    # ASSUME: such a decision closes a case, and nobody was pensioned by it.
    """
    joined = grants.join(deaths, on="person", how="left", maintain_order="left")
    late = (pl.col("decision_date") > pl.col("death_date")).fill_null(False)
    return joined.filter(~late).drop("death_date")


def drop_abroad(grants: pl.DataFrame, migration: pl.DataFrame) -> pl.DataFrame:
    """Leave out grants decided while the person lived abroad: the last move by that day went out.

    A move on the day of the decision counts. # ASSUME: of two moves on one day the one into the
    country is the later; who has no move lives in the country.
    """
    day = ["person", "decision_date"]
    moves = grants.select(day).unique().join(migration, on="person", how="inner")
    moves = moves.filter(pl.col("date") <= pl.col("decision_date"))
    last = moves.sort(*day, "date", pl.col("direction") == "in").unique(day, keep="last", maintain_order=True)
    abroad = last.filter(pl.col("direction") == "out")
    return grants.join(abroad, on=day, how="anti", maintain_order="left")


def _steps_of_grants(
    grants: pl.DataFrame, deaths: pl.DataFrame | None, migration: pl.DataFrame | None
) -> list[tuple[str, pl.DataFrame]]:
    """Go from decisions to first grants; persons dead or abroad go after that, not to a later grant."""
    steps = [("decisions", grants)]
    steps.append(("grants", keep_grants(steps[-1][1])))
    steps.append(("latest_per_case", keep_latest_per_case(steps[-1][1])))
    steps.append(("first_per_person", keep_first_per_person(steps[-1][1])))
    if deaths is not None:
        steps.append(("alive", drop_dead(steps[-1][1], deaths)))
    if migration is not None:
        steps.append(("in_the_country", drop_abroad(steps[-1][1], migration)))
    return steps


def _count(step: int, key: str, frame: pl.DataFrame) -> dict[str, object]:
    return {"step": step, "key": key, "rows": frame.height, "persons": frame.get_column("person").n_unique()}


def _finish(cohort: pl.DataFrame, bef: pl.DataFrame, settings: Cohort) -> pl.DataFrame:
    named = cohort.rename({"decision_date": "index_date"}).with_columns(
        pl.col("municipality").replace_strict(settings.municipalities, return_dtype=pl.String).alias("area")
    )
    aged = add_age(named, bef)
    return aged.select("person", "index_date", "area", "age", "diagnosis").sort("person")
