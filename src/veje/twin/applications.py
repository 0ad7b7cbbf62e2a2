"""Applications in the window that were no grants, and the legal basis of all (tables 5.1, 5.2 and 5.4)."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from veje.published import figures
from veje.twin.cases import PERIODS, work_days
from veje.twin.decisions import GRANT, REFUSAL, UNDECIDED, Days, Texts, rows
from veje.twin.diagnoses import draw_groups, draw_icd
from veje.twin.even import even_uniforms
from veje.twin.law import AREAS, FROM, TO, Floats, Ints

BASES = {
    "s18_full_assessment": "18",
    "s17_1_2_existing_basis": "17.1.2",
    "s17_2_municipality_initiated": "17.2",
    "new_assessment": "NY",
    "withdrawal": "FRAKEND",
    "other": "ANDET",
}
REFERRALS = {
    "no_referral": "0",
    "work_trial": "1",
    "vocational_maturing": "2",
    "rehabilitation": "3",
    "flexjob": "4",
    "sheltered_employment": "5",
    "s16_active_social_policy": "6",
    "other_measures": "7",
}
"""The codes of both columns, by the keys of tables 5.1 and 5.4."""
KINDS = {"rejected": REFUSAL, "undecided": UNDECIDED}
N_REFUSED_ELSEWHERE = 300
LAST_DAY = date(2009, 12, 31)


def missing_applications(held: pl.DataFrame, kind: str) -> dict[str, int]:
    """Count by municipality the applications of a kind that table 5.2 has and the decisions do not.

    held: decisions so far. The printed total less grants and refusals is the number undecided, as the
    register of inconsistencies has it (N04 to N06).
    """
    printed = figures("table_5_2", "count", "area", "key")
    window = pl.col("day").is_between(FROM, TO) & (pl.col("AFGTYPE") == KINDS[kind])
    there = dict(held.filter(window).group_by("KOM").len().iter_rows())
    wanted = {}
    for area, code in AREAS.items():
        known = sum(printed[area, key] for key in ("granted", "rejected"))
        total = printed[area, "rejected"] if kind == "rejected" else printed[area, "total"] - known
        wanted[area] = max(int(total) - there.get(code, 0), 0)
    return wanted


def other_applications(
    rng: np.random.Generator, held: pl.DataFrame, others: Ints, kom: Texts
) -> list[pl.DataFrame]:
    """Give applications of persons who never got a grant: in the window here (table 5.2), and elsewhere.

    They are spread over the window as the municipality's grants are (table 4.1).
    """
    left = rng.permutation(others)
    made = []
    for k, kind in enumerate(KINDS):
        for area, number in missing_applications(held, kind).items():
            chosen = left[kom[left] == AREAS[area]][:number]
            left = np.setdiff1d(left, chosen, assume_unique=True)
            made.append(_applied(rng, chosen, days_by_period(rng, area, chosen.size), KINDS[kind], kom, k))
    away = rng.permutation(left)[:N_REFUSED_ELSEWHERE]
    # Before the window, so that table 5.2's numbers stay.
    days = work_days(rng, date(2003, 1, 1), date(2007, 6, 29), away.size)
    return [*made, _applied(rng, away, days, REFUSAL, kom, len(KINDS))]


def days_by_period(rng: np.random.Generator, area: str, n: int) -> Days:
    """Draw n days of the window, as many of each period as the municipality's grants have (table 4.1)."""
    printed = figures("table_4_1", "share", "area", "key")
    share = np.array([printed[area, key] for key in PERIODS])
    u = even_uniforms(rng, np.zeros(n, dtype=np.int64))
    period = (u[:, None] > (share / share.sum()).cumsum()[:-1]).sum(axis=1)
    days = np.empty(n, dtype="datetime64[D]")
    for p, ends in enumerate(PERIODS.values()):
        days[period == p] = work_days(rng, *ends, int((period == p).sum()))
    return days


def _applied(
    rng: np.random.Generator, chosen: Ints, days: Days, kind: str, kom: Texts, block: int
) -> pl.DataFrame:
    some = np.zeros(chosen.size, dtype=np.int64)
    icd = draw_icd(rng, draw_groups(rng, some, some))
    return rows(chosen, chosen + 20_000_000 + block * 1_000_000, days, kind, kom[chosen], icd)


def add_basis(rng: np.random.Generator, held: pl.DataFrame, counted: pl.Series) -> pl.DataFrame:
    """Add HJEMMEL to every decision and HENVIS to refusals, by the municipality's tables 5.1 and 5.4.

    counted: the rows that are applications of the window; all others follow the country's shares.
    """
    code = {kom: a for a, kom in enumerate(AREAS.values())}
    place = held["KOM"].replace_strict(code, default=-1, return_dtype=pl.Int64).to_numpy()
    place = np.where(counted.to_numpy(), place, -1)
    refused = (held["AFGTYPE"] == REFUSAL).to_numpy()
    basis = _drawn(rng, shares_of("table_5_1", list(BASES)), place)
    # Refusals and others are apart, so that the refusals of a municipality have its shares.
    referral = _drawn(rng, shares_of("table_5_4", list(REFERRALS)), np.where(refused, place, -2))
    codes = pl.Series("HENVIS", np.array(list(REFERRALS.values()))[referral])
    return held.with_columns(
        pl.Series("HJEMMEL", np.array(list(BASES.values()))[basis]),
        pl.when(pl.Series(refused)).then(codes).alias("HENVIS"),
    )


def shares_of(table: str, keys: list[str]) -> Floats:
    """Give (areas + 1, keys) shares of a table that sum to one; the last row is the country's."""
    printed = figures(table, "share", "area", "key")
    shares = np.array([[printed[area, key] for key in keys] for area in (*AREAS, "all_regions")])
    summed: Floats = shares / shares.sum(axis=1, keepdims=True)
    return summed


def _drawn(rng: np.random.Generator, shares: Floats, place: Ints) -> Ints:
    """Draw positions in the rows of `shares`, evenly in every place; places below 0 are the country's."""
    cumulated = shares.cumsum(axis=1)[np.maximum(place, -1)]
    found = (even_uniforms(rng, place)[:, None] > cumulated).sum(axis=1)
    clipped: Ints = np.minimum(found, shares.shape[1] - 1)
    return clipped


def mark_counted(held: pl.DataFrame, cohort: Ints, days: Days) -> pl.Series:
    """Mark the rows that are applications of the window: the cohort's grants, refused and undecided ones."""
    first = pl.DataFrame({"person": cohort, "day": days, "is_grant": True})
    joined = held.join(first, on=["person", "day"], how="left", maintain_order="left")
    grant = (pl.col("AFGTYPE") == GRANT) & pl.col("is_grant").fill_null(False)
    window = pl.col("day").is_between(FROM, TO) & pl.col("AFGTYPE").is_in(list(KINDS.values()))
    return joined.select((grant | window).alias("counted")).to_series()
