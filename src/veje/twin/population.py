"""The population register at 31 December, and education."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.even import choose, even_uniforms, rake
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
NOT_LISTED = 0.01
"""Share of persons who are not in the register of education."""
LAST_EXAM = np.datetime64("2007-06-30")
"""# ASSUME: nobody completed an education in the window, so that the highest one is that of the grant."""
MOST = 0.95
"""The largest chance of marriage."""
LEVELS = ("10", "20", "30", "40", "50", "60", "70", "90")
PRINTED_LEVELS = (
    "lower_secondary_incl_unknown",
    "upper_secondary",
    "vocational",
    "short_higher",
    *("longer_higher",) * 3,
    "lower_secondary_incl_unknown",
)
"""What table 6.2 calls each of LEVELS."""
# Percent by type: lower secondary, vocational and medium higher as section 7.2 prints them; ASSUME: the
# rest. Not stated are so many that all types give the lowest row of table 6.2, which holds them.
EDUCATION = (
    (64, 5, 19.5, 2.5, 3, 0.5, 0.5, 5),
    (60, 6, 17, 3.5, 4, 0.5, 1.5, 7.5),
    (42, 5.5, 30.5, 4, 10, 1, 1.5, 5.5),
    (38, 3.5, 38, 1.5, 12, 0.5, 1, 5.5),
    (50, 4, 30, 2, 7, 1, 1, 5),
    (29, 9, 32, 5, 13, 2, 6, 4),
)


def draw_bonds(rng: np.random.Generator, groups: Ints, areas: Ints, ages: Floats, strata: Ints) -> Ints:
    """Draw 0 single, 1 cohabiting, 2 married: (n,). groups: type, len(TYPES) for other citizens.

    areas: position in AREAS, NOBODY elsewhere. strata: of the persons with a grant, who come first.
    Marriage rises with age, the group's share stays; one factor a municipality brings the share with
    a partner to table 6.1.
    """
    printed = figures("table_6_1", "share", "area", "key")
    rise = np.clip((ages - 19) / 22, 0.02, 1.25)
    persons = np.maximum(np.bincount(groups, minlength=len(MARRIED)), 1)
    mean_rise = np.bincount(groups, weights=rise, minlength=len(MARRIED)) / persons
    chance = np.array(MARRIED)[groups] / 100 * rise / mean_rise[groups]
    together = np.array(COHABITING)[groups]
    own = np.concatenate([strata, np.full(groups.size - strata.size, -1)])
    for stratum, area in [(-1, "other_population"), *enumerate(AREAS)]:
        fitted = own == -1 if stratum < 0 else own // len(TYPES) == stratum
        here = fitted if stratum < 0 else (areas == stratum) & (own >= 0)
        factor = fit_factor(chance[fitted], together[fitted], printed[area, "partner"] / 100)
        chance[here] = np.minimum(chance[here] * factor, MOST)
    married = choose(rng, chance, own // len(TYPES), own)
    lives_together = choose(rng, np.where(married, 0.0, together), own // len(TYPES), own)
    bond: Ints = np.where(married, 2, lives_together.astype(np.int64))
    return bond


def fit_factor(chance: Floats, together: Floats, wanted: float) -> float:
    """Find the factor on chances of marriage that gives the wanted share with a partner; by bisection."""
    low, high = 0.0, 5.0
    for _ in range(60):
        factor = (low + high) / 2
        married = np.minimum(chance * factor, MOST)
        too_few = (married + (1 - married) * together).mean() < wanted
        low, high = (factor, high) if too_few else (low, factor)
    return (low + high) / 2


def draw_civil_status(rng: np.random.Generator, bond: Ints, ages: Floats) -> Texts:
    """Draw U (unmarried), G (married), F (divorced), E (widowed): (n,)."""
    divorced = np.clip((ages - 25) / 60, 0, 0.5)
    widowed = np.where(ages > 48, 0.05, 0.0)
    u = rng.random(bond.size)
    alone = np.where(u < widowed, "E", np.where(u < widowed + divorced, "F", "U"))
    status: Texts = np.where(bond == 2, "G", alone)
    return status


def draw_origin(rng: np.random.Generator, areas: Ints, strata: Ints, introduced: Flags) -> Ints:
    """Draw 1 Danish, 2 immigrant, 3 descendant: (n,); immigrants as table 6.1 prints them.

    areas: position in AREAS, NOBODY elsewhere. strata: of the persons with a grant, who come first.
    introduced: who ever had introduction benefit, which only immigrants get; of the others as many
    are immigrants as the printed share leaves.
    """
    printed = figures("table_6_1", "share", "area", "key")
    granted = np.arange(areas.size) < strata.size
    here = np.array([printed[area, "immigrants"] for area in AREAS] + [19.4])[areas]
    share = np.where(granted, here, printed["other_population", "immigrants"]) / 100
    group = np.full(areas.size, -1)
    group[: strata.size] = strata // len(TYPES)
    size = np.unique(group, return_inverse=True)[1]
    told = np.bincount(size, weights=introduced)[size] / np.bincount(size)[size]
    rest = np.clip((share - told) / np.maximum(1 - told, 1e-9), 0, 1)
    immigrant = introduced | choose(rng, np.where(introduced, 0.0, rest), group)
    # ASSUME: one per cent are descendants.
    descendant = ~immigrant & (rng.random(areas.size) < 0.01)
    origin: Ints = np.where(immigrant, 2, np.where(descendant, 3, 1))
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


def education_shares() -> Floats:
    """Give (types + 1, areas, levels) shares of levels: section 7.2 by type, fitted to table 6.2.

    The last row is that of other citizens. Table 6.2 prints who is not stated with lower secondary,
    and one level for all longer education; within those the shares by type stay.
    """
    printed = figures("table_6_2", "share", "area", "key")
    persons = figures("bilag_1", "count", "area", "type_key", "key")
    start = np.array(EDUCATION, dtype=float)
    start /= start.sum(axis=1, keepdims=True)
    shares = np.repeat(start[:, None], len(AREAS), axis=1)
    groups = list(dict.fromkeys(PRINTED_LEVELS))
    of_group = np.array([[level == group for level in PRINTED_LEVELS] for group in groups], dtype=float)
    for a, area in enumerate([*AREAS, "other_population"]):
        margin = np.array([printed[area, group] for group in groups])
        # Who is not in the register counts as not stated.
        margin = np.maximum(margin / margin.sum() - of_group[:, -1] * NOT_LISTED, 0) / (1 - NOT_LISTED)
        others = area == "other_population"
        rows, part = (slice(-1, None), start[-1:]) if others else (slice(0, -1), start[:-1])
        size = np.array([persons.get((area, key, "n_sequences"), 0.0) for key in TYPES])
        size = np.ones(1) if others else size
        fitted = rake((part @ of_group.T) * size[:, None], size, size.sum() * margin)
        factor = (fitted / np.maximum(size, 1e-9)[:, None]) / (part @ of_group.T)
        moved = np.where(size[:, None] > 0, part * (factor @ of_group), part)
        shares[rows, slice(None) if others else a] = moved[:, None] if others else moved
    return shares


def deliver_udda(
    rng: np.random.Generator, numbers: pl.Series, groups: Ints, areas: Ints, born: Days, strata: Ints
) -> pl.DataFrame:
    """Give highest completed education: PNR, HFAUDD, HF_VFRA; one person in a hundred is not in it.

    strata: of the persons with a grant, who come first.
    """
    cumulated = education_shares().cumsum(axis=2)[groups, np.maximum(areas, 0)]
    own = np.concatenate([strata, np.full(groups.size - strata.size, -1)])
    level = np.minimum((even_uniforms(rng, own)[:, None] > cumulated).sum(axis=1), len(LEVELS) - 1)
    ends = np.array([16, 19, 21, 23, 25, 25, 27, 18])[level] + rng.integers(0, 5, groups.size)
    ended = born + np.round(ends * 365.25).astype("timedelta64[D]")
    since = np.minimum(ended, LAST_EXAM).astype("datetime64[M]").astype("datetime64[D]")
    frame = pl.DataFrame({"PNR": numbers, "HFAUDD": np.array(LEVELS)[level], "HF_VFRA": since})
    kept = frame.filter(pl.Series(~choose(rng, np.full(groups.size, NOT_LISTED), own)))
    return kept[rng.permutation(kept.height)]
