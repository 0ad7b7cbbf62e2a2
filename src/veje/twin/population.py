"""The population register at 31 December, and education."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.family import NOBODY
from veje.twin.law import ABROAD, AREAS, DEAD, NEIGHBOURS, TYPES, Flags, Floats, Ints, States
from veje.twin.weekly import column_of_day

Days = NDArray[np.datetime64]
Texts = NDArray[np.str_]

YEARS = (2006, 2007, 2008)
BEF = [
    "PNR",
    "REFERENCETID",
    "KOEN",
    "FOED_DAG",
    "KOM",
    "CIVST",
    "IE_TYPE",
    "E_FAELLE_ID",
    "MOR_ID",
    "FAR_ID",
]
# Percent married by type (section 7.2); other citizens have a partner in 62 % (table 6.1).
MARRIED = (24.0, 31.0, 48.0, 58.0, 42.0, 52.0)
# ASSUME: one unmarried person in eight lives with a partner (0.2 of other citizens).
COHABITING = (0.12, 0.12, 0.12, 0.12, 0.12, 0.20)
LEVELS = ("10", "20", "30", "40", "50", "60", "70", "90")
# Percent by type: lower secondary and vocational as section 7.2 prints them; ASSUME: the rest.
EDUCATION = (
    (61, 5, 19, 2, 6, 1, 2, 4),
    (60, 5, 17, 2, 6, 1, 2, 7),
    (42, 5, 31, 4, 12, 1, 2, 3),
    (38, 5, 39, 3, 10, 1, 2, 2),
    (49, 4, 30, 3, 9, 1, 2, 2),
    (29, 9, 32, 5, 13, 2, 6, 4),
)


def draw_bonds(rng: np.random.Generator, groups: Ints, areas: Ints, ages: Floats) -> Ints:
    """Draw 0 single, 1 cohabiting, 2 married: (n,). groups: type, len(TYPES) for other citizens.

    areas: position in AREAS, NOBODY elsewhere. Marriage rises with age; the group's share stays.
    """
    printed = figures("table_6_1", "share", "area", "key")
    of_area = np.array([printed[area, "partner"] / 52.5 for area in AREAS] + [1.0])[areas]
    rise = np.clip((ages - 19) / 22, 0.02, 1.25)
    persons = np.maximum(np.bincount(groups, minlength=len(MARRIED)), 1)
    mean_rise = np.bincount(groups, weights=rise, minlength=len(MARRIED)) / persons
    relative = rise / mean_rise[groups] * np.where(groups < len(TYPES), of_area, 1.0)
    chance = np.array(MARRIED)[groups] / 100 * relative
    married = rng.random(groups.size) < chance
    together = rng.random(groups.size) < np.array(COHABITING)[groups]
    bond: Ints = np.where(married, 2, together.astype(np.int64))
    return bond


def draw_civil_status(rng: np.random.Generator, bond: Ints, ages: Floats) -> Texts:
    """Draw U (unmarried), G (married), F (divorced), E (widowed): (n,)."""
    divorced = np.clip((ages - 25) / 60, 0, 0.5)
    widowed = np.where(ages > 48, 0.05, 0.0)
    u = rng.random(bond.size)
    alone = np.where(u < widowed, "E", np.where(u < widowed + divorced, "F", "U"))
    status: Texts = np.where(bond == 2, "G", alone)
    return status


def draw_origin(rng: np.random.Generator, areas: Ints, granted: Flags, introduced: Flags) -> Ints:
    """Draw 1 Danish, 2 immigrant, 3 descendant: (n,); immigrants as table 6.1 prints them.

    introduced: who ever had introduction benefit, which only immigrants get.
    """
    printed = figures("table_6_1", "share", "area", "key")
    here = np.array([printed[area, "immigrants"] for area in AREAS] + [19.4])[areas]
    share = np.where(granted, here, printed["other_population", "immigrants"]) / 100
    u = rng.random(areas.size)
    # ASSUME: one per cent are descendants.
    origin: Ints = np.where(introduced | (u < share), 2, np.where(u < share + 0.01, 3, 1))
    return origin


def draw_moves(rng: np.random.Generator, kom: Texts, leaves: Days) -> list[Texts]:
    """Give the municipality at each of the three snapshots; a person moves after `leaves` at most."""
    # ASSUME: three persons in a hundred move to a neighbouring municipality in the years observed.
    moves = rng.random(kom.size) < 0.03
    to = rng.choice(np.array(NEIGHBOURS), kom.size)
    moved = leaves + rng.integers(5, 700, kom.size).astype("timedelta64[D]")
    return [np.where(moves & (moved <= np.datetime64(f"{year}-12-31")), to, kom) for year in YEARS]


def deliver_bef(
    rng: np.random.Generator, people: pl.DataFrame, weeks: States, moves: list[Texts], may_miss: Flags
) -> dict[str, pl.DataFrame]:
    """Give the three snapshots; people: PNR, KOEN, FOED_DAG, CIVST, IE_TYPE, E_FAELLE_ID, MOR_ID, FAR_ID.

    Who is dead or abroad at 31 December is not in that year's file; a few others come in 2007 only.
    """
    missing = may_miss & (rng.random(people.height) < 0.006)
    delivered = {}
    for year, kom in zip(YEARS, moves, strict=True):
        last = np.datetime64(f"{year}-12-31")
        there = ~np.isin(weeks[:, column_of_day(np.array([last]))[0]], (DEAD, ABROAD))
        if year == YEARS[0]:
            there &= ~missing
        columns = [pl.lit(date(year, 12, 31)).alias("REFERENCETID"), pl.Series("KOM", kom)]
        frame = people.with_columns(columns).filter(pl.Series(there))
        delivered[f"BEF{year}"] = frame.select(BEF)[rng.permutation(frame.height)]
    return delivered


def names_of(numbers: pl.Series, rows: Ints, name: str) -> pl.Series:
    """Give the personal numbers of rows, null for NOBODY."""
    return numbers.gather(pl.Series(rows).replace(NOBODY, None)).alias(name)


def deliver_udda(rng: np.random.Generator, numbers: pl.Series, groups: Ints, born: Days) -> pl.DataFrame:
    """Give highest completed education: PNR, HFAUDD, HF_VFRA; one person in a hundred is not in it."""
    share = np.array(EDUCATION, dtype=float)
    cumulated = (share / share.sum(axis=1, keepdims=True)).cumsum(axis=1)[groups]
    level = np.minimum((rng.random(groups.size)[:, None] > cumulated).sum(axis=1), len(LEVELS) - 1)
    ends = np.array([16, 19, 21, 23, 25, 25, 27, 18])[level] + rng.integers(0, 5, groups.size)
    ended = born + np.round(ends * 365.25).astype("timedelta64[D]")
    since = np.minimum(ended, np.datetime64("2008-06-30")).astype("datetime64[M]").astype("datetime64[D]")
    frame = pl.DataFrame({"PNR": numbers, "HFAUDD": np.array(LEVELS)[level], "HF_VFRA": since})
    kept = frame.filter(pl.Series(rng.random(frame.height) > 0.01))
    return kept[rng.permutation(kept.height)]
