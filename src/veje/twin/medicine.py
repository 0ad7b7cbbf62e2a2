"""Prescriptions: the twelve groups of table 6.5 and the two indicators of Bilag 2."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.even import choose
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


def draw_takers(rng: np.random.Generator, types: Ints, areas: Ints, strata: Ints, aged: Flags) -> Flags:
    """Draw who takes which group in the year before the grant: (n, 12).

    Psychopharmaceuticals and ADHD medicine are those of the type in the municipality (Bilag 2), the
    groups those of the municipality among persons of 19 to 59 years (`aged`, table 6.5). Who takes
    nothing at all is a person without psychopharmaceuticals; so many that figure 6.1's share comes
    out. strata: `strata_of` the persons.
    """
    by_type = figures("bilag_2", "share", "area", "type_key", "key")
    psycho, adhd = (
        np.array([[by_type.get((a, t, name), typical) / 100 for a in AREAS] for t in TYPES])[types, areas]
        for name, typical in (("psychopharmaceuticals", 40.0), ("adhd_medicine", 2.0))
    )
    any_psycho = choose(rng, psycho, strata // len(TYPES), strata)
    taker = any_psycho | ~choose(rng, np.where(any_psycho, 0.0, none_chance(psycho.mean())), strata)
    takes = np.zeros((types.size, len(ATC)), dtype=bool)
    place = 2 * (strata // len(TYPES)) + aged
    wanted = group_shares()[:, areas]
    for g, group in enumerate(ATC):
        able = any_psycho if group in PSYCHO else taker
        if group == "adhd":
            takes[:, g] = choose(rng, adhd, strata // len(TYPES), strata)
        elif group != "antidepressant":
            takes[:, g] = choose(rng, spread(wanted[g], able, place), place)
    return _add_antidepressants(rng, takes, any_psycho, wanted, place)


def _add_antidepressants(
    rng: np.random.Generator, takes: Flags, any_psycho: Flags, wanted: Floats, place: Ints
) -> Flags:
    """Add antidepressants: to all who take psychopharmaceuticals and no other group of them, and to
    as many more as table 6.5 has."""
    names = list(ATC)
    column = names.index("antidepressant")
    rest = takes[:, [names.index(group) for group in PSYCHO if group != "antidepressant"]].any(axis=1)
    must = any_psycho & ~rest
    missing = np.bincount(place, weights=wanted[column] - must)
    able = np.bincount(place, weights=any_psycho & rest)
    chance = np.clip(np.divide(missing, able, out=np.zeros_like(able), where=able > 0), 0, 1)
    takes[:, column] = must | choose(rng, np.where(any_psycho & rest, chance[place], 0.0), place)
    return takes


def group_shares() -> Floats:
    """Give (12, areas) shares of persons with a grant who take each group (table 6.5)."""
    table = figures("table_6_5", "share", "base", "area", "key")
    shares = [[table["grants_19_59", area, group] for area in AREAS] for group in ATC]
    return np.array(shares) / 100


def spread(wanted: Floats, able: Flags, place: Ints) -> Floats:
    """Give chances to those who are able, so that each place's share of all its persons is the wanted one."""
    need, there = np.bincount(place, weights=wanted), np.bincount(place, weights=able)
    chance = np.divide(need, there, out=np.zeros_like(need), where=there > 0)
    return np.where(able, np.minimum(chance[place], 1.0), 0.0)


def none_chance(psycho: float) -> float:
    """Give the chance to take nothing of a person without psychopharmaceuticals.

    Figure 6.1's share with no medicine is that of persons left out for certain and of those whom
    chance gives none of the other groups; found by bisection. psycho: share with psychopharmaceuticals.
    """
    table = figures("table_6_5", "share", "base", "area", "key")
    groups = [group for group in ATC if group not in PSYCHO]
    share = np.array([table["grants_19_59", "four_municipalities", group] for group in groups]) / 100
    wanted = no_medicine("grants_19_59")
    return certain_none(share, wanted, 1 - psycho)


def certain_none(share: Floats, wanted: float, part: float) -> float:
    """Find how many of a part of persons must take nothing for certain, so that the wanted share does.

    share: (g,) of all persons who take each group, drawn independently among the others; by bisection.
    """
    low, high = 0.0, 1.0
    for _ in range(60):
        left_out = (low + high) / 2
        by_chance = np.prod(1 - np.minimum(share / (1 - part * left_out), 1))
        too_few = part * (left_out + (1 - left_out) * by_chance) < wanted
        low, high = (left_out, high) if too_few else (low, left_out)
    return (low + high) / 2


def no_medicine(base: str) -> float:
    """Give figure 6.1's share of persons without prescription medicine."""
    return figures("figure_6_1", "share", "base", "key")[base, "no_prescription_medicine"] / 100


def draw_others(rng: np.random.Generator, n: int) -> Flags:
    """Draw who of the other citizens takes which group in a year: (n, 12) (table 6.5, figure 6.1)."""
    table = figures("table_6_5", "share", "base", "key")
    share = np.array([table["other_citizens", group] for group in ATC]) / 100
    everyone = np.zeros(n, dtype=np.int64)
    taker = ~choose(rng, np.full(n, certain_none(share, no_medicine("other_citizens"), 1.0)), everyone)
    chosen = [choose(rng, spread(np.full(n, one), taker, everyone), everyone) for one in share]
    return np.stack(chosen, axis=1)


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
