"""The synthetic twin: registers as they are delivered, and the truth that was planted in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.twin.amfo import deliver_amfo
from veje.twin.applications import add_basis, mark_counted, other_applications
from veje.twin.case_persons import case_rows
from veje.twin.codes import code_frame
from veje.twin.decisions import (
    case_decisions,
    deliver_grants,
    parent_grants,
)
from veje.twin.even import strata_of
from veje.twin.family import draw_pensions, is_aged, pension_chances, pension_strata
from veje.twin.industry import add_industry
from veje.twin.law import INTRO, Ints
from veje.twin.medicine import (
    deliver_lmdb,
    draw_others,
    draw_takers,
    granted_prescriptions,
    other_prescriptions,
)
from veje.twin.other_spells import draw_earlier_spells, draw_other_spells
from veje.twin.population import (
    deliver_bef,
    deliver_udda,
    draw_civil_status,
    draw_moves,
    draw_origin,
    names_of,
)
from veje.twin.roster import Granted, Roster, draw_granted, draw_roster
from veje.twin.seeds import stream
from veje.twin.spells import draw_spells
from veje.twin.yearly import (
    deliver_deaths,
    deliver_income,
    deliver_migration,
    deliver_unemployment,
    draw_late,
    told_by_table,
)

VERSION = "4"
"""Changes whenever the same seed gives other registers."""


@dataclass(frozen=True)
class Twin:
    """The registers by file stem, and what was planted.

    truth: PNR, type, area, index_date of the cohort; cases: case, PNR of the four case persons.
    """

    registers: dict[str, pl.DataFrame]
    truth: pl.DataFrame
    cases: pl.DataFrame
    seed: int


def make_twin(seed: int = 2012, others: int = 24_000, industry: bool = False) -> Twin:
    """Make the registers of a synthetic population with the study's law; pure and exact for a seed.

    others: persons without a grant. industry: DREAM has the months BRANCHE_YYYY_MM too; nothing else
    changes. Every PNR has day + 60, which the civil registry never issues:
    no number can belong to a living person. Nothing in the registers names a planted type.
    Source: Caswell et al. (2012), tables 4.1 to 7.7, Bilag 1 and 2.
    """
    granted = draw_granted(seed)
    roster = draw_roster(seed, granted, others)
    core = roster.core
    order = stream(seed, "order").permutation(roster.n)
    numbers = roster.numbers[: roster.n]
    dream = code_frame(stream(seed, "codes"), numbers.gather(order), core.weeks[order])
    registers = {
        "DREAM200912": add_industry(stream(seed, "industry"), dream, core.weeks[order])
        if industry
        else dream,
        **make_amfo(seed, granted, roster),
        "GRANTS2009": make_grants(seed, granted, roster),
        **make_population(seed, granted, roster),
        "UDDA2008": make_education(seed, granted, roster),
        **make_medicine(seed, granted, roster),
        "PARENTS": name_parents(roster).sort("PNR"),
        **make_yearly(seed, granted, roster),
        **make_departures(seed, granted, roster),
    }
    return Twin(registers, planted(granted, roster), planted_cases(granted, roster), seed)


def planted(granted: Granted, roster: Roster) -> pl.DataFrame:
    """Give the truth of the cohort: PNR, type, area, index_date; in the order of PNR."""
    cases = granted.cases
    frame = cases.with_columns(roster.numbers[: cases.height]).filter(pl.col("role") == "cohort")
    return frame.select("PNR", "type", "area", pl.col("day").cast(pl.Date).alias("index_date")).sort("PNR")


def planted_cases(granted: Granted, roster: Roster) -> pl.DataFrame:
    """Give the case persons: case, PNR."""
    cohort = granted.cases.filter(pl.col("role") == "cohort")
    told = case_rows(cohort["t"].to_numpy(), cohort["a"].to_numpy())
    frame = pl.DataFrame({"case": list(told.values()), "PNR": roster.numbers.gather(list(told))})
    return frame.sort("case")


def make_amfo(seed: int, granted: Granted, roster: Roster) -> dict[str, pl.DataFrame]:
    """Make AMFO2002 to AMFO2009: the cohort's measures exact, those of other persons by the same law."""
    cases = granted.cases
    n = int((cases["role"] == "cohort").sum())
    types, areas, days = (cases[name].to_numpy() for name in ("t", "a", "day"))
    rng, beside = stream(seed, "measures"), stream(seed, "other_measures")
    cohort = draw_spells(rng, types[:n], areas[:n], granted.courses[:n], days[:n], True)
    others = draw_spells(beside, types[n:], areas[n:], granted.courses[n:], days[n:], False)
    rest = draw_other_spells(beside, roster.core.weeks[cases.height :])
    spells = [
        cohort,
        draw_earlier_spells(beside, days),
        others.with_columns(pl.col("person") + n),
        rest.with_columns(pl.col("person") + cases.height),
    ]
    return deliver_amfo(stream(seed, "records"), roster.numbers, pl.concat(spells))


def make_grants(seed: int, granted: Granted, roster: Roster) -> pl.DataFrame:
    """Make GRANTS2009 with the decisions of the persons with a grant, of other applicants and of parents."""
    rng, core, cases = stream(seed, "decisions"), roster.core, granted.cases
    others: Ints = np.arange(roster.granted, roster.n)
    own = strata_of(cases)
    chance = pension_chances(core.groups, core.areas, core.ages(), own)
    strata = pension_strata(core.areas, core.ages(), own)
    parents = (roster.mother, roster.father)
    rows, days = draw_pensions(rng, parents, roster.born, core.days, chance, strata)
    held = pl.concat([*case_decisions(rng, cases), parent_grants(rng, rows, days)])
    beside = stream(seed, "applications")
    held = pl.concat([held, *other_applications(beside, held, others, core.kom)])
    cohort = np.flatnonzero((cases["role"] == "cohort").to_numpy())
    counted = mark_counted(held, cohort, core.days[cohort])
    return deliver_grants(rng, roster.numbers, add_basis(beside, held, counted))


def name_parents(roster: Roster) -> pl.DataFrame:
    """Give PNR, MOR_ID, FAR_ID of everybody in the core; null where the register knows no parent."""
    mother = names_of(roster.numbers, roster.mother, "MOR_ID")
    father = names_of(roster.numbers, roster.father, "FAR_ID")
    return pl.DataFrame([roster.numbers[: roster.n], mother, father])


def make_population(seed: int, granted: Granted, roster: Roster) -> dict[str, pl.DataFrame]:
    """Make BEF2006 to BEF2008."""
    rng, core = stream(seed, "population"), roster.core
    has_grant = np.arange(roster.n) < roster.granted
    introduced = (core.weeks == INTRO).any(axis=1)
    people = name_parents(roster).with_columns(
        pl.Series("KOEN", np.where(core.women, 2, 1)),
        pl.Series("FOED_DAG", core.born).cast(pl.Date),
        pl.Series("CIVST", draw_civil_status(rng, roster.bond, core.ages())),
        pl.Series("IE_TYPE", draw_origin(rng, core.areas, strata_of(granted.cases), introduced)),
        names_of(roster.numbers, roster.partner, "E_FAELLE_ID"),
    )
    moves = draw_moves(rng, core.kom, core.days)
    return deliver_bef(rng, people, core.weeks, moves, ~has_grant)


def make_medicine(seed: int, granted: Granted, roster: Roster) -> dict[str, pl.DataFrame]:
    """Make LMDB2006 to LMDB2009."""
    rng, n = stream(seed, "medicine"), roster.granted
    cases, aged = granted.cases, is_aged(roster.core.ages()[:n])
    takers = draw_takers(rng, cases["t"].to_numpy(), cases["a"].to_numpy(), strata_of(cases), aged)
    held = granted_prescriptions(rng, takers, roster.core.days[:n])
    beside = other_prescriptions(rng, draw_others(rng, roster.n - n))
    both = pl.concat([held, beside.with_columns(pl.col("person") + n)])
    return deliver_lmdb(rng, roster.numbers, both)


def make_education(seed: int, granted: Granted, roster: Roster) -> pl.DataFrame:
    """Make UDDA2008."""
    core, rng = roster.core, stream(seed, "education")
    numbers = roster.numbers[: roster.n]
    return deliver_udda(rng, numbers, core.groups, core.areas, core.born, strata_of(granted.cases))


def make_yearly(seed: int, granted: Granted, roster: Roster) -> dict[str, pl.DataFrame]:
    """Make IND2006 to IND2008 and IDAP2006 to IDAP2008."""
    numbers, core = roster.numbers[: roster.n], roster.core
    told = told_by_table(granted.cases, core.born, core.days)
    return {
        **deliver_income(stream(seed, "income"), numbers, core.weeks, told),
        **deliver_unemployment(stream(seed, "unemployment"), numbers, core.weeks, told),
    }


def make_departures(seed: int, granted: Granted, roster: Roster) -> dict[str, pl.DataFrame]:
    """Make DOD2009 and VNDS2009: deaths and moves."""
    rng, core, numbers = stream(seed, "departures"), roster.core, roster.numbers[: roster.n]
    dead, abroad = draw_late(rng, granted.cases)
    return {
        "DOD2009": deliver_deaths(rng, numbers, core.weeks, dead, core.days[dead]),
        "VNDS2009": deliver_migration(rng, numbers, core.weeks, abroad, core.days[abroad]),
    }
