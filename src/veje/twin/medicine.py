"""Prescriptions: the twelve groups of table 6.5 and the two indicators of Bilag 2."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.law import AREAS, TYPES, Flags, Floats, Ints

Days = NDArray[np.datetime64]

YEARS = range(2006, 2010)
# ASSUME: the study names groups, not ATC codes; data_schema/codes/medicine.csv says what is read as what.
ATC: Mapping[str, tuple[str, ...]] = {
    "anticoagulant": ("B01AA03", "B01AC04", "B01AC06"),
    "antirheumatic": ("M01AB05", "M01AE01", "M01AE02"),
    "hormones": ("G03CA03", "H02AB06", "H03AA01"),
    "antipsychotic": ("N05AH03", "N05AH04", "N05AX08", "N05AF03"),
    "antidepressant": ("N06AB04", "N06AB06", "N06AX11", "N06AX16"),
    "analgesic": ("N02AA01", "N02AA05", "N02AX02"),
    "cardiac": ("C03AB01", "C07AB02", "C08CA01", "C09AA02"),
    "antiepileptic": ("N03AX09", "N03AX12", "N03AX16"),
    "anxiolytic": ("N05BA01", "N05BA04", "N05BA06"),
    "acid_related": ("A02BC01", "A02BC02"),
    "headache": ("N02BE01", "N02CC01"),
    "adhd": ("N06BA04", "N06BA09"),
}
PSYCHO = ("antipsychotic", "antidepressant", "anxiolytic")


def group_chances(types: Ints, areas: Ints) -> Floats:
    """Give (n, 12) chances of persons with a grant: table 6.5, ADHD by type, the psychopharmaceuticals
    within those who take any (Bilag 2)."""
    table = figures("table_6_5", "share", "area", "key")
    by_type = figures("bilag_2", "share", "area", "type_key", "key")
    chance = np.zeros((len(TYPES), len(AREAS), len(ATC)))
    for a, area in enumerate(AREAS):
        any_psycho = by_type[area, "all", "psychopharmaceuticals"]
        for g, group in enumerate(ATC):
            base = any_psycho if group in PSYCHO else 100
            chance[:, a, g] = min(table[area, group] / base, 0.97)
            if group == "adhd":
                chance[:, a, g] = [by_type.get((area, key, "adhd_medicine"), 0) / 100 for key in TYPES]
    drawn: Floats = chance[types, areas]
    return drawn


def draw_takers(rng: np.random.Generator, types: Ints, areas: Ints) -> Flags:
    """Draw who takes which group in the year before the grant: (n, 12)."""
    by_type = figures("bilag_2", "share", "area", "type_key", "key")
    cells = [[by_type.get((a, t, "psychopharmaceuticals"), 40.0) / 100 for a in AREAS] for t in TYPES]
    takes = rng.random((types.size, len(ATC))) < group_chances(types, areas)
    any_psycho = rng.random(types.size) < np.array(cells)[types, areas]
    psycho = np.array([group in PSYCHO for group in ATC])
    takes[:, psycho] &= any_psycho[:, None]
    none = any_psycho & ~takes[:, psycho].any(axis=1)
    takes[none, list(ATC).index("antidepressant")] = True
    return takes


def draw_others(rng: np.random.Generator, n: int) -> Flags:
    """Draw who of the other citizens takes which group in a year: (n, 12) (table 6.5)."""
    table = figures("table_6_5", "share", "base", "key")
    share = np.array([table["other_citizens", group] for group in ATC]) / 100
    takes: Flags = rng.random((n, len(ATC))) < share
    return takes


def prescriptions(rng: np.random.Generator, takes: Flags, until: Days, most: int) -> pl.DataFrame:
    """Give 1 .. `most` prescriptions of each taker and group in the year before `until`: person, ATC, EKSD.

    takes: (n, 12); until: (n,).
    """
    person, group = np.nonzero(takes)
    times = rng.integers(1, most + 1, person.size)
    whom, what = np.repeat(person, times), np.repeat(group, times)
    width = max(len(codes) for codes in ATC.values())
    table = np.array([[codes[k % len(codes)] for k in range(width)] for codes in ATC.values()])
    drug = np.repeat(rng.integers(0, width, person.size), times)
    day = until[whom] - rng.integers(2, 360, whom.size).astype("timedelta64[D]")
    return pl.DataFrame({"person": whom, "ATC": table[what, drug], "EKSD": day})


def granted_prescriptions(rng: np.random.Generator, takes: Flags, days: Days) -> pl.DataFrame:
    """Give prescriptions of persons with a grant in the year before it, of some a year earlier or later."""
    # ASSUME: six takers in ten took the group the year before too, and as many go on after the grant.
    year = np.timedelta64(365, "D")
    earlier = takes & (rng.random(takes.shape) < 0.6)
    later = takes & (rng.random(takes.shape) < 0.6)
    parts = [(takes, days, 8), (earlier, days - year, 6), (later, days + year, 6)]
    return pl.concat([prescriptions(rng, who, until, most) for who, until, most in parts])


def other_prescriptions(rng: np.random.Generator, takes: Flags) -> pl.DataFrame:
    """Give prescriptions of other citizens: the same takers in each of the years."""
    ends = [np.full(takes.shape[0], np.datetime64(f"{year}-12-31")) for year in YEARS]
    return pl.concat([prescriptions(rng, takes, end, 5) for end in ends])


def deliver_lmdb(rng: np.random.Generator, numbers: pl.Series, held: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Give the yearly files: PNR, ATC, EKSD, in random order."""
    delivered = {}
    for year in YEARS:
        of_year = held.filter(pl.col("EKSD").is_between(date(year, 1, 1), date(year, 12, 31)))
        shuffled = of_year[rng.permutation(of_year.height)]
        delivered[f"LMDB{year}"] = shuffled.select(
            numbers.gather(shuffled["person"]).alias("PNR"), "ATC", pl.col("EKSD").cast(pl.Date)
        )
    return delivered
