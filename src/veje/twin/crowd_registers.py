"""The registers of a national population beside DREAM: rows of one chunk of persons at a time.

Columns and types are those of the study's twin. Rows lie in the order of the persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.amfo import HOURS, cut_years
from veje.twin.applications import BASES, REFERRALS, shares_of
from veje.twin.crowd import Crowd, texts, years_later
from veje.twin.decisions import GRANT, REFUSAL
from veje.twin.diagnoses import ICD
from veje.twin.hashed import Lot
from veje.twin.law import Floats, Ints
from veje.twin.medicine import ATC
from veje.twin.medicine import YEARS as MEDICINE_YEARS
from veje.twin.numbering import SERIALS, number_text
from veje.twin.population import BEF, EDUCATION, LEVELS, MARRIED
from veje.twin.spells import CODES, WEEKS

Days = NDArray[np.datetime64]

SNAPSHOT = date(2006, 12, 31)
"""The population register holds the national population once; earlier than any decision of the study."""
# ASSUME: one refusal for every two grants; measures, medicine, education and parents like those of the
# study's other citizens.
REFUSED = 0.018
MEASURED = (0.15, 0.09, 0.05)
"""Chance of a first, second and third measure from 2002 to 2009."""


def make_rows(lot: Lot, crowd: Crowd) -> dict[str, pl.DataFrame]:
    """Make the rows of these persons by file stem."""
    mother, father = name_parent(lot, crowd, "mother"), name_parent(lot, crowd, "father")
    parents = pl.DataFrame([crowd.numbers, mother.alias("MOR_ID"), father.alias("FAR_ID")])
    return {
        "GRANTS2009": make_decisions(lot, crowd),
        "BEF2006": make_snapshot(lot, crowd, parents),
        "UDDA2008": make_education(lot, crowd),
        "PARENTS": parents,
        **make_measures(lot, crowd),
        **make_medicine(lot, crowd),
    }


def days_on(lot: Lot, step: str, ids: Ints, first: date, days: int) -> Days:
    """Draw a day from `first` on, within so many days: (n,)."""
    drawn: Days = np.datetime64(first) + lot.whole(step, ids, 0, days).astype("timedelta64[D]")
    return drawn


def make_decisions(lot: Lot, crowd: Crowd) -> pl.DataFrame:
    """Give grants and, of other persons, refusals: one decision a person."""
    refused = lot.unit("refused", crowd.ids) < REFUSED
    held = crowd.keep(crowd.has_grant | refused)
    ids, granted = held.ids, held.has_grant
    refused_on = np.busday_offset(days_on(lot, "refusal", ids, date(2003, 1, 1), 2555), 0, roll="forward")
    named = [code + str(digit) for codes in ICD.values() for code in codes for digit in range(10)]
    frame = pl.DataFrame(
        {
            "PNR": held.numbers,
            # Serials of seven digits and more: the study's own have six.
            "SAGSNR": 1_000_000 + ids,
            "AFGDATO": pl.Series(np.where(granted, held.grant_day, refused_on)).cast(pl.Date),
            "AFGTYPE": texts((REFUSAL, GRANT), granted.astype(np.int64)),
            "HJEMMEL": texts(list(BASES.values()), lot.pick("basis", ids, country("table_5_1", BASES))),
            "KOM": held.kom(),
            "DIAG1": texts(named, lot.whole("icd", ids, 0, len(named))),
            "HENVIS": texts(
                list(REFERRALS.values()), lot.pick("referral", ids, country("table_5_4", REFERRALS))
            ),
        }
    )
    frame = frame.with_columns(pl.when(~pl.Series(granted)).then("HENVIS").alias("HENVIS"))
    case = pl.format("{}-{}", pl.col("AFGDATO").dt.strftime("%y"), "SAGSNR").alias("SAGSNR")
    return frame.with_columns(case)


def country(table: str, codes: Mapping[str, str]) -> Floats:
    """Give the country's shares of a table, in the order of its codes."""
    shares: Floats = shares_of(table, list(codes))[-1]
    return shares


def name_parent(lot: Lot, crowd: Crowd, parent: str) -> pl.Series:
    """Give a parent's number, null where the register knows none; parents need not be in the file."""
    ids, aged = crowd.ids, 18 + 25 * lot.unit(f"{parent}:age", crowd.ids)
    year = crowd.born.astype("datetime64[Y]").astype(np.int64) + 1970
    known = lot.unit(f"{parent}:known", ids) < np.where(year >= 1960, 0.95, np.where(year >= 1950, 0.7, 0.3))
    born = np.maximum(years_later(crowd.born, -aged), np.datetime64("1900-01-01"))
    serial = lot.whole(f"{parent}:serial", ids, 0, SERIALS // 2) * 2 + (parent == "father")
    return number_text(born, serial).set(~pl.Series(known), None)


def make_snapshot(lot: Lot, crowd: Crowd, parents: pl.DataFrame) -> pl.DataFrame:
    """Give the population register's rows of who is born and not dead on the day of the snapshot."""
    ids, last = crowd.ids, np.datetime64(SNAPSHOT)
    married = lot.unit("married", ids) < MARRIED[-1] / 100
    with_partner = married | (lot.unit("cohabits", ids) < 0.2)
    near = years_later(crowd.born, 8 * lot.unit("partner:age", ids) - 4)
    serial = lot.whole("partner:serial", ids, 0, SERIALS // 2) * 2 + crowd.women
    adult = years_later(crowd.born, 18) <= last
    people = parents.with_columns(
        pl.lit(SNAPSHOT).alias("REFERENCETID"),
        pl.Series("KOEN", np.where(crowd.women, 2, 1)),
        pl.Series("FOED_DAG", crowd.born).cast(pl.Date),
        crowd.kom().alias("KOM"),
        texts(("U", "G"), (married & adult).astype(np.int64)).alias("CIVST"),
        pl.Series("IE_TYPE", 1 + lot.pick("origin", ids, np.array([0.91, 0.08, 0.01]))),
        number_text(near, serial).set(~pl.Series(with_partner & adult), None).alias("E_FAELLE_ID"),
    )
    there = (crowd.born <= last) & ~(crowd.died_on <= last)
    return people.filter(pl.Series(there)).select(BEF)


def make_education(lot: Lot, crowd: Crowd) -> pl.DataFrame:
    """Give highest completed education of adults: PNR, HFAUDD, HF_VFRA; one in a hundred is missing."""
    level = lot.pick("level", crowd.ids, np.array(EDUCATION[-1], dtype=np.float64))
    ends = np.array([16, 19, 21, 23, 25, 25, 27, 18])[level] + lot.whole("ended", crowd.ids, 0, 5)
    since = np.minimum(years_later(crowd.born, ends.astype(np.float64)), np.datetime64("2008-06-30"))
    since = since.astype("datetime64[M]").astype("datetime64[D]")
    frame = pl.DataFrame({"PNR": crowd.numbers, "HFAUDD": texts(LEVELS, level), "HF_VFRA": since})
    adult = years_later(crowd.born, 16) <= np.datetime64("2008-06-30")
    return frame.filter(pl.Series(adult & (lot.unit("educated", crowd.ids) > 0.01)))


def make_measures(lot: Lot, crowd: Crowd) -> dict[str, pl.DataFrame]:
    """Give AMFO2002 to AMFO2009: at most three measures a person, cut at year ends."""
    codes = [code for kind in CODES.values() for code in kind]
    mean = np.array([WEEKS[kind] for kind, of_kind in CODES.items() for _ in of_kind])
    parts = []
    for turn, share in enumerate(MEASURED):
        person = np.flatnonzero(lot.unit(f"measure{turn}", crowd.ids) < share)
        ids = crowd.ids[person]
        code = lot.whole(f"code{turn}", ids, 0, len(codes))
        days = np.maximum(14 * mean[code] * lot.unit(f"length{turn}", ids), 5).astype("timedelta64[D]")
        start = days_on(lot, f"start{turn}", ids, date(2002, 1, 1), 2800)
        hours = np.array(HOURS)[lot.whole(f"hours{turn}", ids, 0, len(HOURS))]
        of_person = {"person": person, "FORANST": texts(codes, code), "TIMERPU": hours}
        parts.append(pl.DataFrame({**of_person, "start": start, "end": start + days}))
    records = pl.concat(parts).sort("person", "start", "end", "FORANST")
    return {f"AMFO{year}": deliver(crowd, year, held) for year, held in cut_years(records).items()}


def deliver(crowd: Crowd, year: int, held: pl.DataFrame) -> pl.DataFrame:
    """Give one year's file: PNR, AAR, FORANST, STARTDTO, SLUTDTO (numbers YYYYMMDD), TIMERPU."""
    return held.select(
        crowd.numbers.gather(held["person"]).alias("PNR"),
        pl.lit(year, dtype=pl.Int64).alias("AAR"),
        "FORANST",
        pl.col("start").dt.strftime("%Y%m%d").cast(pl.Int64).alias("STARTDTO"),
        pl.col("end").dt.strftime("%Y%m%d").cast(pl.Int64).alias("SLUTDTO"),
        pl.col("TIMERPU").cast(pl.Int64),
    )


def make_medicine(lot: Lot, crowd: Crowd) -> dict[str, pl.DataFrame]:
    """Give LMDB2006 to LMDB2009: each taker of one of the 12 groups has one to five rows a year."""
    share = figures("table_6_5", "share", "base", "key")
    person, group = [], []
    for g, name in enumerate(ATC):
        takers = np.flatnonzero(lot.unit(f"takes:{name}", crowd.ids) < share["other_citizens", name] / 100)
        person.append(takers)
        group.append(np.full(takers.size, g))
    order = np.argsort(np.concatenate(person), kind="stable")
    whom, what = np.concatenate(person)[order], np.concatenate(group)[order]
    return {f"LMDB{year}": prescribe(lot, crowd, whom, what, year) for year in MEDICINE_YEARS}


def prescribe(lot: Lot, crowd: Crowd, whom: Ints, what: Ints, year: int) -> pl.DataFrame:
    """Give one year's rows; whom, what: takers (positions in the crowd) and their groups of medicine."""
    key = crowd.ids[whom] * len(ATC) + what
    times = lot.whole(f"times{year}", key, 1, 6)
    first = np.repeat(times.cumsum() - times, times)
    each = np.repeat(key * 8, times) + np.arange(first.size) - first
    width = max(len(codes) for codes in ATC.values())
    table = [codes[k % len(codes)] for codes in ATC.values() for k in range(width)]
    drug = what * width + lot.whole(f"drug{year}", key, 0, width)
    return pl.DataFrame(
        {
            "PNR": crowd.numbers.gather(np.repeat(whom, times)),
            "ATC": texts(table, np.repeat(drug, times)),
            "EKSD": pl.Series(days_on(lot, f"taken{year}", each, date(year, 1, 1), 360)).cast(pl.Date),
        }
    )
