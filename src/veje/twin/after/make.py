"""The twin after 2013, put together: registers by file stem, and what was planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.twin.after.paths import PATHS
from veje.twin.after.people import BEFORE, People, draw_people
from veje.twin.after.registers import (
    deliver_bef,
    deliver_cases,
    deliver_deaths,
    deliver_grants,
    deliver_measures,
    deliver_moves,
)
from veje.twin.after.weeks import REACH, draw_weeks, dream_frame, first_week

VERSION = "1"
"""Changes whenever the same seed and years give other registers."""


@dataclass(frozen=True)
class AfterTwin:
    """The registers by file stem, and the truth: PNR, kind (granted, resting), path, role, day."""

    registers: dict[str, pl.DataFrame]
    truth: pl.DataFrame
    years: tuple[int, int]
    seed: int


def make_after(
    years: tuple[int, int] = (2013, 2022), seed: int = 2013, grants: int = 1_500, others: int = 1_200
) -> AfterTwin:
    """Make the registers of made-up grants of some years, and of the two years before; exact for a seed.

    years: of the first and last decisions. grants: persons with a first grant. others: persons
    without one. Every PNR has day + 60, which the civil registry never issues.
    """
    rng = np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=years))
    people = draw_people(rng, years, grants, others)
    first = first_week(years)
    weeks = draw_weeks(rng, people, years)
    deaths = deliver_deaths(rng, people, weeks, first)
    end, opened = years[1], years[0] - BEFORE - REACH
    snapshots = range(years[0] - BEFORE - 1, end)
    registers = {
        f"DREAM{end + 1}01": dream_frame(rng, people.numbers, weeks, first)[rng.permutation(people.n)],
        f"GRANTS{end}": deliver_grants(rng, people, opened),
        f"CASES{end}": deliver_cases(rng, people),
        f"OFFL{end}": deliver_measures(rng, people, weeks, first),
        f"DOD{end}": deaths,
        f"VNDS{end}": deliver_moves(people, weeks, first),
        **{f"BEF{year}": deliver_bef(rng, people, year) for year in snapshots},
    }
    return AfterTwin(registers, planted(people), years, seed)


def planted(people: People) -> pl.DataFrame:
    """Give what was planted for the granted and for those with a resting pension."""
    n = people.granted + people.resting
    names = np.array([*(path.name for path in PATHS), "resting_pension"])
    return pl.DataFrame(
        {
            "PNR": people.numbers[:n],
            "kind": np.where(np.arange(n) < people.granted, "granted", "resting"),
            "path": names[people.path[:n]],
            "role": people.role[:n],
            "day": people.day[:n],
        }
    ).with_columns(pl.col("day").cast(pl.Date))
