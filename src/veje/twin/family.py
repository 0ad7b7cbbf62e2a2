"""Partners and parents: who lives with whom, whose parents are known, and which have a pension."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.even import choose
from veje.twin.law import AREAS, TYPES, Flags, Floats, Ints

Days = NDArray[np.datetime64]

YEAR = 365.25
NOBODY = -1
# Percent of the type with a parent on pension (section 7.2), in the order of AREAS before these are
# brought to table 6.6, and of other citizens (table 6.6). Herning's commuters are printed apart.
ON_PENSION = {
    "short_term_cash_benefit": (20.0, 20.0, 20.0, 20.0),
    "long_term_cash_benefit": (20.0, 20.0, 20.0, 20.0),
    "commuter": (14.0, 8.0, 8.0, 8.0),
    "wage_earner_became_ill": (8.0, 8.0, 8.0, 8.0),
    "flexjob_referred": (16.0, 16.0, 16.0, 16.0),
}
OTHERS_ON_PENSION = 10.7
AGED = (19, 59)
"""The ages of table 6.6."""


@dataclass(frozen=True)
class Relatives:
    """Persons who are only somebody's relative: birth days and sexes; rows follow the known persons."""

    born: Days
    women: Flags


def days_of(years: Floats) -> NDArray[np.timedelta64]:
    """Turn years into days."""
    return np.round(years * YEAR).astype("timedelta64[D]")


def draw_parents(rng: np.random.Generator, born: Days) -> tuple[Ints, Ints, Relatives]:
    """Draw mothers and fathers of n persons: rows from n on, or NOBODY where the register has none."""
    # ASSUME: parents are known for nearly everybody born from 1960 on, for few born before 1950.
    n = born.size
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    chance = np.where(year >= 1960, 0.97, np.where(year >= 1950, 0.75, 0.35))
    mother_age = np.clip(rng.normal(27, 5, n), 17, 44)
    father_age = np.clip(mother_age + rng.normal(2.5, 4, n), 18, 60)
    knows = [rng.random(n) < chance, rng.random(n) < chance * 0.95]
    births = [born - days_of(age) for age in (mother_age, father_age)]
    mother = np.where(knows[0], n + knows[0].cumsum() - 1, NOBODY)
    father = np.where(knows[1], n + int(knows[0].sum()) + knows[1].cumsum() - 1, NOBODY)
    both = np.maximum(np.concatenate([births[0][knows[0]], births[1][knows[1]]]), np.datetime64("1900-01-01"))
    women = np.repeat([True, False], [int(knows[0].sum()), int(knows[1].sum())])
    return mother, father, Relatives(both, women)


def pension_span(born: Days, limit: Days) -> tuple[Days, Days]:
    """Give the first and last day on which a parent can have got a pension: 1996 to 2006, aged 25 to 64."""
    first = np.maximum(born + days_of(np.full(born.size, 25.0)), np.datetime64("1996-01-01"))
    last = np.minimum(born + days_of(np.full(born.size, 64.5)), np.datetime64("2006-12-29"))
    return first, np.minimum(last, limit - np.timedelta64(30, "D"))


def is_aged(ages: Floats) -> Flags:
    """Tell who is of the ages that tables 6.5 and 6.6 count."""
    aged: Flags = (ages >= AGED[0]) & (ages < AGED[1] + 1)
    return aged


def pension_strata(areas: Ints, ages: Floats, strata: Ints) -> tuple[Ints, Ints, Ints]:
    """Give the strata of parents' pensions: municipality, ages of table 6.6, type.

    strata: of the persons with a grant, who come first; other citizens come by municipality.
    """
    others = -2 - areas[strata.size :]
    place = np.concatenate([strata // len(TYPES), others])
    fine = np.concatenate([strata, others])
    return place, is_aged(ages).astype(np.int64), fine


def pension_chances(groups: Ints, areas: Ints, ages: Floats, strata: Ints) -> Floats:
    """Give (n,) chances of a parent on pension: section 7.2 by type, table 6.6 by municipality.

    One factor a municipality brings the cohort of AGED to table 6.6; the shares of all types together
    come out below it, as the publication's do (its register of inconsistencies, N23). strata: of the
    persons with a grant, who come first; groups: type, len(TYPES) for other citizens.
    """
    printed = figures("table_6_6", "share", "area", "base")
    by_group = np.array([*(ON_PENSION[key] for key in TYPES), (OTHERS_ON_PENSION,) * len(AREAS)])
    chance = by_group[groups, np.maximum(areas, 0)] / 100
    own = np.concatenate([strata, np.full(groups.size - strata.size, -1)])
    aged = is_aged(ages)
    for a, area in enumerate(AREAS):
        fitted = aged & (own >= 0) & (own // len(TYPES) == a)
        factor = printed[area, "grants_19_59"] / 100 / chance[fitted].mean()
        chance[(areas == a) & (own >= 0)] *= factor
        chance[(areas == a) & (own < 0)] = printed[area, "other_citizens"] / 100
    return chance


def draw_pensions(
    rng: np.random.Generator,
    parent: tuple[Ints, Ints],
    born: Days,
    limit: Days,
    chance: Floats,
    strata: tuple[Ints, ...],
) -> tuple[Ints, Days]:
    """Draw which parents got a pension and when: rows and days.

    parent: mothers and fathers; born: births of everybody; limit: each child's index date; chance:
    (n,) of the child. A child whose parents cannot have had one leaves its chance to its stratum.
    """
    n = chance.size
    which = np.where(rng.random(n) < 0.5, parent[0], parent[1])
    chosen_row = np.where(which == NOBODY, np.maximum(parent[0], parent[1]), which)
    first, last = pension_span(born[np.maximum(chosen_row, 0)], limit)
    possible = (chosen_row != NOBODY) & (first < last)
    place = np.unique(np.stack(strata), axis=1, return_inverse=True)[1].reshape(-1)
    wanted, able = np.bincount(place, weights=chance), np.bincount(place, weights=chance * possible)
    spread = np.divide(wanted, able, out=np.zeros_like(wanted), where=able > 0)
    child = np.flatnonzero(choose(rng, np.minimum(chance * possible * spread[place], 1.0), *strata))
    span = (last[child] - first[child]).astype(np.int64)
    day = first[child] + np.floor(rng.random(child.size) * span).astype("timedelta64[D]")
    return chosen_row[child], np.busday_offset(day, 0, roll="backward")


def match(rng: np.random.Generator, born: Days, men: Ints, women: Ints) -> tuple[Ints, Ints, Ints]:
    """Pair men with women by age; who is left over comes third."""
    men, women = rng.permutation(men), rng.permutation(women)
    n = min(men.size, women.size)
    by_age = [group[:n][np.argsort(born[group[:n]], kind="stable")] for group in (men, women)]
    return by_age[0], by_age[1], np.concatenate([men[n:], women[n:]])


def draw_partners(
    rng: np.random.Generator, born: Days, women: Flags, bond: Ints, kom: NDArray[np.str_], first_row: int
) -> tuple[Ints, Relatives]:
    """Draw partners: (n,) rows, NOBODY for singles; the left over get one from outside the register.

    bond: (n,) 0 single, 1 cohabiting, 2 married; couples are of one municipality and one bond, and
    each is the other's partner. first_row: the row of the first outsider.
    """
    partner = np.full(born.size, NOBODY, dtype=np.int64)
    left = []
    for code in np.unique(kom):
        for kind in (1, 2):
            here = (kom == code) & (bond == kind)
            men, wives, rest = match(rng, born, np.flatnonzero(here & ~women), np.flatnonzero(here & women))
            partner[men], partner[wives] = wives, men
            left.append(rest)
    alone = np.concatenate(left) if left else np.zeros(0, dtype=np.int64)
    partner[alone] = first_row + np.arange(alone.size)
    births = born[alone] + days_of(rng.normal(0, 3, alone.size))
    limits = np.datetime64("1900-01-01"), np.datetime64("1991-12-31")
    return partner, Relatives(np.clip(births, *limits), ~women[alone])
