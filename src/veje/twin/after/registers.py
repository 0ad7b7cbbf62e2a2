"""The other registers after 2013: population, decisions, their cases, measures, deaths and moves."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from veje.twin.after.paths import ACTIVE, MEASURES, NAMES, PATHS
from veje.twin.after.people import Days, Ints, People
from veje.twin.after.weeks import States, code_of
from veje.weeks import EPOCH

GRANT, REFUSAL, REASSESSMENT, RESUMPTION = "1", "2", "3", "4"
ICD = ("F329", "F209", "M545", "C349", "G359", "I639", "Q909", "F840")


def days(rng: np.random.Generator, low: int, high: int, n: int) -> np.ndarray:
    """Draw numbers of days, both ends included."""
    return rng.integers(low, high + 1, n).astype("timedelta64[D]")


def deliver_bef(rng: np.random.Generator, people: People, year: int) -> pl.DataFrame:
    """Give the population on 31 December of a year; who is not born yet is not in it."""
    last = np.datetime64(f"{year}-12-31")
    frame = pl.DataFrame(
        {
            "PNR": people.numbers,
            "REFERENCETID": pl.Series([date(year, 12, 31)] * people.n),
            "KOEN": pl.Series(np.where(people.women, "2", "1")),
            "FOED_DAG": people.born,
            "KOM": people.kom,
            "CIVST": pl.Series(np.where(people.born < last - np.timedelta64(13_000, "D"), "G", "U")),
            "IE_TYPE": pl.Series(np.where(np.arange(people.n) % 11 == 0, "2", "1")),
        }
    )
    there = frame.with_columns(pl.col("FOED_DAG").cast(pl.Date)).filter(pl.Series(people.born <= last))
    return there[rng.permutation(there.height)]


def deliver_grants(rng: np.random.Generator, people: People, opened: int) -> pl.DataFrame:
    """Give decisions: grants, refusals and re-assessments around them, resumptions, refusals of others.

    opened: the register's first year. The grant behind every other resting pension lies in it.
    """
    everyone = np.arange(people.n)
    granted = everyone[: people.granted]
    resting = everyone[people.granted : people.granted + people.resting]
    others = everyone[people.granted + people.resting :]
    refused, assessed = granted[rng.random(granted.size) < 0.06], granted[rng.random(granted.size) < 0.04]
    old = np.datetime64(f"{opened}-03-01") + days(rng, 0, 400, resting.size)
    rows = [
        _decisions(granted, people.day[granted], GRANT),
        _decisions(refused, people.day[refused] - days(rng, 120, 600, refused.size), REFUSAL),
        _decisions(assessed, people.day[assessed] + days(rng, 60, 400, assessed.size), REASSESSMENT),
        _decisions(resting[::2], old[::2], GRANT),
        _decisions(resting, people.day[resting], RESUMPTION),
        _decisions(others[::9], people.day[others[::9]], REFUSAL),
    ]
    frame = pl.concat(rows)
    person = frame["person"].to_numpy()
    serial = rng.permutation(frame.height) + 100_000
    basis = np.where(people.role[person] == "existing_basis", "17.2", "18")
    delivered = frame.select(
        people.numbers.gather(person).alias("PNR"),
        pl.format("{}-{}", pl.col("AFGDATO").dt.strftime("%y"), pl.Series(serial)).alias("SAGSNR"),
        "AFGDATO",
        "AFGTYPE",
        pl.Series("HJEMMEL", basis),
        pl.Series("KOM", people.kom[person]),
        pl.Series("DIAG1", rng.choice(np.array(ICD), frame.height)),
    )
    return delivered[rng.permutation(delivered.height)]


def _decisions(person: Ints, day: Days, kind: str) -> pl.DataFrame:
    frame = pl.DataFrame({"person": person, "AFGDATO": day}).with_columns(pl.lit(kind).alias("AFGTYPE"))
    return frame.with_columns(pl.col("AFGDATO").cast(pl.Date))


def deliver_cases(rng: np.random.Generator, people: People) -> pl.DataFrame:
    """Give the dates of the cases behind the grants; one in five takes longer than three months."""
    n = people.granted
    day, role = people.day[:n], people.role[:n]
    late = rng.random(n) < 0.2
    start = day - np.where(late, days(rng, 95, 200, n), days(rng, 10, 85, n))
    meeting = start - np.where(rng.random(n) < 0.3, days(rng, 21, 60, n), days(rng, 1, 20, n))
    applied = meeting - days(rng, 10, 60, n)
    effect = (day.astype("datetime64[M]") + 1).astype("datetime64[D]")
    dates = {"AFGDATO": day, "VIRKDATO": effect, "ANSDATO": applied, "SAGSTART": start, "TEAMDATO": meeting}
    frame = pl.DataFrame(
        {"PNR": people.numbers[:n], **dates, "ORDNING": np.where(role == "senior", "senior", "ordinary")}
    )
    typed = frame.with_columns(pl.col(list(dates)).cast(pl.Date))
    # There was no rehabilitation team before 2013.
    team = pl.when(pl.col("TEAMDATO") >= date(2013, 1, 1)).then("TEAMDATO")
    return typed.with_columns(team)[rng.permutation(n)]


def deliver_measures(rng: np.random.Generator, people: People, weeks: States, first: int) -> pl.DataFrame:
    """Give OFFL's spells: measures that begin in a week on a benefit before the grant."""
    mean = np.array([*(path.measures for path in PATHS), 0.3])[people.path]
    active = np.isin(weeks, [code_of(state) for state in ACTIVE])
    rows = []
    codes, share = list(MEASURES), np.array(list(MEASURES.values()), dtype=float)
    for person in range(people.n):
        held = np.flatnonzero(active[person])
        # Four in five of those decided on the existing basis had no measure.
        unclarified = people.role[person] == "existing_basis" and rng.random() < 0.8
        if unclarified or not held.size:
            continue
        for start in rng.choice(held, rng.poisson(mean[person])):
            code = codes[int(rng.choice(len(codes), p=share / share.sum()))]
            rows.append((person, code, int(start), int(rng.integers(4, 21))))
    frame = pl.DataFrame(rows, schema=["person", "code", "start", "weeks"], orient="row")
    monday = np.datetime64(EPOCH) + (first + frame["start"].to_numpy()) * np.timedelta64(7, "D")
    end = monday + (7 * frame["weeks"].to_numpy() - 3).astype("timedelta64[D]")
    last = people.day[frame["person"].to_numpy()] - np.timedelta64(1, "D")
    granted = people.path[frame["person"].to_numpy()] >= 0
    cut = np.where(granted, np.minimum(end, last), end)
    delivered = pl.DataFrame(
        {
            "PNR": people.numbers.gather(frame["person"]),
            "PTI_TILSTAND_KODE": frame["code"],
            "PTI_VFRA": monday,
            "PTI_VTIL": np.maximum(cut, monday),
            "PTI_TIMER_PER_UGE": rng.integers(2, 38, frame.height).astype(float),
        }
    )
    typed = delivered.with_columns(pl.col("PTI_VFRA", "PTI_VTIL").cast(pl.Date))
    return typed[rng.permutation(typed.height)]


def deliver_deaths(rng: np.random.Generator, people: People, weeks: States, first: int) -> pl.DataFrame:
    """Give the deaths of the terminally ill, and some years later; their weeks become those of the dead."""
    ill = np.flatnonzero(people.role == "terminal")
    later = np.flatnonzero((people.path >= 0) & (people.role == "") & (rng.random(people.n) < 0.03))
    person = np.concatenate([ill, later])
    after = np.concatenate([days(rng, 10, 180, ill.size), days(rng, 400, 1500, later.size)])
    day = people.day[person] + after
    last = np.datetime64(EPOCH) + (first + weeks.shape[1]) * np.timedelta64(7, "D")
    kept = day < last
    for one, at in zip(person[kept], day[kept], strict=True):
        weeks[one, (at - np.datetime64(EPOCH)).astype(int) // 7 - first + 1 :] = code_of("dead")
    frame = pl.DataFrame({"PNR": people.numbers.gather(person[kept]), "DODDATO": day[kept]})
    return frame.with_columns(pl.col("DODDATO").cast(pl.Date)).sort("DODDATO")


def deliver_moves(people: People, weeks: States, first: int) -> pl.DataFrame:
    """Give the moves out of the country of those whose weeks are abroad."""
    gone = weeks == NAMES.index("abroad")
    person = np.flatnonzero(gone.any(axis=1))
    day = np.datetime64(EPOCH) + (first + gone[person].argmax(axis=1)) * np.timedelta64(7, "D")
    frame = pl.DataFrame({"PNR": people.numbers.gather(person), "HAEND_DATO": day, "INDUD_KODE": "U"})
    return frame.with_columns(pl.col("HAEND_DATO").cast(pl.Date)).sort("HAEND_DATO")
