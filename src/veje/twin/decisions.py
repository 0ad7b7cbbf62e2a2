"""The grants register: grants, refusals, re-assessments, superseded decisions, parents' grants."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.twin.cases import work_days
from veje.twin.diagnoses import draw_groups, draw_icd
from veje.twin.law import AREAS, FROM, NEIGHBOURS, TO, Ints

Days = NDArray[np.datetime64]
Texts = NDArray[np.str_]

GRANT, REFUSAL, REASSESSMENT, UNDECIDED = "1", "2", "3", "4"
LAST_DAY = date(2009, 12, 31)
N_SUPERSEDED, N_LATE_SUPERSEDED, N_SECOND = 45, 6, 12
# ASSUME: one cohort person in twelve was refused before, one in twenty re-assessed after the grant.
REFUSED_BEFORE, REASSESSED_AFTER = 0.08, 0.05
# ASSUME: a refusal lies sixteen months to three years before the grant, so that few of a
# municipality's refusals in the window (table 5.2) are of persons granted a pension in it.
REFUSED_FROM, REFUSED_TO = -1100, -500


def rows(person: Ints, case: Ints, day: Days, kind: str, kom: Texts, icd: Texts) -> pl.DataFrame:
    """Put decisions of one kind into a frame; `case` numbers are made texts later."""
    columns = {"person": person, "case": case, "day": day, "AFGTYPE": [kind] * person.size}
    return pl.DataFrame({**columns, "KOM": kom, "DIAG1": icd})


def further(cases: pl.DataFrame, chosen: Ints, case: Ints, day: Days, kind: str) -> pl.DataFrame:
    """Give decisions about chosen persons with a grant: same municipality and diagnosis as the grant's."""
    kom, icd = (cases[name].to_numpy()[chosen] for name in ("kom", "icd"))
    return rows(chosen, case, day, kind, kom, icd).filter(pl.col("day") <= LAST_DAY)


def days_from(rng: np.random.Generator, cases: pl.DataFrame, chosen: Ints, first: int, last: int) -> Days:
    """Draw days `first` .. `last` days from the grant; a weekend's day becomes the Friday before."""
    offset = rng.integers(first, last + 1, chosen.size).astype("timedelta64[D]")
    moved: Days = np.busday_offset(cases["day"].to_numpy()[chosen] + offset, 0, roll="backward")
    return moved


def superseded(rng: np.random.Generator, cases: pl.DataFrame) -> list[pl.DataFrame]:
    """Give earlier grant decisions of the same case, so that only the latest one counts.

    Some lie before the window though the person belongs to the cohort, some lie in it though the
    person does not.
    """
    day, role = cases["day"].to_numpy(), cases["role"].to_numpy()
    cohort = np.flatnonzero(role == "cohort")
    first = cohort[day[cohort] < np.datetime64("2007-07-25")][:4]
    chosen = np.union1d(rng.permutation(cohort)[:N_SUPERSEDED], first)
    late = np.flatnonzero((role == "late") & (day < np.datetime64("2009-05-15")))[:N_LATE_SUPERSEDED]
    return [
        further(cases, chosen, chosen, days_from(rng, cases, chosen, -50, -26), GRANT),
        further(cases, late, late, days_from(rng, cases, late, -80, -60), GRANT),
    ]


def case_decisions(rng: np.random.Generator, cases: pl.DataFrame) -> list[pl.DataFrame]:
    """Give every decision about the persons with a grant; positions in `cases` are the persons."""
    role = cases["role"].to_numpy()
    everyone = np.arange(cases.height)
    before = np.flatnonzero(role == "before")
    second = rng.permutation(np.flatnonzero(role == "cohort"))[:N_SECOND]
    refused = everyone[rng.random(everyone.size) < REFUSED_BEFORE]
    assessed = everyone[rng.random(everyone.size) < REASSESSED_AFTER]
    again = work_days(rng, FROM, TO, before.size)
    return [
        further(cases, everyone, everyone, cases["day"].to_numpy(), GRANT),
        *superseded(rng, cases),
        further(cases, before, before + 1_000_000, again, GRANT),
        further(cases, second, second + 2_000_000, days_from(rng, cases, second, 100, 260), GRANT),
        further(
            cases,
            refused,
            refused + 3_000_000,
            days_from(rng, cases, refused, REFUSED_FROM, REFUSED_TO),
            REFUSAL,
        ),
        further(
            cases, assessed, assessed + 4_000_000, days_from(rng, cases, assessed, 60, 400), REASSESSMENT
        ),
    ]


def parent_grants(rng: np.random.Generator, parents: Ints, days: Days) -> pl.DataFrame:
    """Give the parents' grants of 1996 to 2006."""
    some = np.zeros(parents.size, dtype=np.int64)
    kom = rng.choice(np.array([*AREAS.values(), *NEIGHBOURS]), parents.size)
    return rows(parents, parents + 30_000_000, days, GRANT, kom, draw_icd(rng, draw_groups(rng, some, some)))


def deliver_grants(rng: np.random.Generator, numbers: pl.Series, held: pl.DataFrame) -> pl.DataFrame:
    """Give the register: PNR, SAGSNR, AFGDATO (date), AFGTYPE, HJEMMEL, KOM, DIAG1, HENVIS; random order.

    A case number is a text YY-NNNNNN; decisions of one case share it, and its serial says nothing.
    """
    first = held.group_by("case").agg(pl.col("day").min().alias("opened")).sort("case")
    serial = pl.Series("serial", rng.permutation(np.arange(100_000, 100_000 + first.height)))
    named = first.with_columns(serial).select(
        "case", pl.format("{}-{}", pl.col("opened").dt.strftime("%y"), "serial").alias("SAGSNR")
    )
    joined = held.join(named, on="case", how="left", maintain_order="left")
    shuffled = joined[rng.permutation(joined.height)]
    return shuffled.select(
        numbers.gather(shuffled["person"]).alias("PNR"),
        "SAGSNR",
        pl.col("day").cast(pl.Date).alias("AFGDATO"),
        "AFGTYPE",
        "HJEMMEL",
        "KOM",
        "DIAG1",
        "HENVIS",
    )
