"""The AMFORA register as delivered: measures split, overlapping, cut at year ends, expected ends."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

YEARS = range(2002, 2010)
HOURS = (37, 30, 25, 20, 15, 12, 8)
# ASSUME: one measure in five is closed and opened again by a change of hours; in a few of these the
# two records overlap. Of measures under way at the grant six in ten hold an expected end after it.
SPLIT, OVERLAP, EXPECTED = 0.20, 0.20, 0.60


def add_expected_ends(rng: np.random.Generator, spells: pl.DataFrame) -> pl.DataFrame:
    """Give some measures that are under way at the grant an end 30 to 150 days after it."""
    late = pl.Series(rng.integers(30, 151, spells.height)) * pl.Series(rng.random(spells.height) < EXPECTED)
    later = pl.col("end") + pl.duration(days=pl.lit(late))
    return spells.with_columns(end=pl.when("runs_past").then(later).otherwise("end"))


def split_records(rng: np.random.Generator, spells: pl.DataFrame) -> pl.DataFrame:
    """Split some measures of three weeks or more into two adjacent or overlapping records."""
    n = spells.height
    length = (spells["end"] - spells["start"]).dt.total_days()
    part = pl.Series((rng.uniform(0.3, 0.7, n) * length.to_numpy()).astype(np.int64))
    chosen = pl.Series(rng.random(n) < SPLIT) & (length >= 21)
    reach = pl.Series(np.where(rng.random(n) < OVERLAP, rng.integers(1, 6, n), 0))
    hours = pl.Series("TIMERPU", rng.choice(np.array(HOURS), n))
    fewer = pl.Series("TIMERPU", rng.choice(np.array(HOURS), n))
    border = pl.col("start") + pl.duration(days=pl.lit(part))
    first_end = pl.when(pl.lit(chosen)).then(border + pl.duration(days=pl.lit(reach))).otherwise("end")
    first = spells.with_columns(hours).with_columns(end=first_end)
    second = spells.with_columns(fewer, start=border + pl.duration(days=1)).filter(chosen)
    return pl.concat([first, second])


def cut_years(records: pl.DataFrame) -> dict[int, pl.DataFrame]:
    """Cut records at 31 December: one frame a year, with `start` and `end` inside it."""
    years = {}
    for year in YEARS:
        first, last = date(year, 1, 1), date(year, 12, 31)
        held = records.filter(pl.col("start") <= last, pl.col("end") >= first)
        clipped = held.with_columns(
            start=pl.max_horizontal("start", pl.lit(first)), end=pl.min_horizontal("end", pl.lit(last))
        )
        years[year] = clipped
    return years


def deliver_amfo(
    rng: np.random.Generator, numbers: pl.Series, spells: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Give the yearly files: PNR, AAR, FORANST, STARTDTO, SLUTDTO (numbers YYYYMMDD), TIMERPU.

    spells: person, code, start, end, runs_past; rows of a file are in random order.
    """
    records = split_records(rng, add_expected_ends(rng, spells))
    delivered = {}
    for year, held in cut_years(records).items():
        shuffled = held[rng.permutation(held.height)]
        delivered[f"AMFO{year}"] = shuffled.select(
            numbers.gather(shuffled["person"]).alias("PNR"),
            pl.lit(year, dtype=pl.Int64).alias("AAR"),
            pl.col("code").alias("FORANST"),
            pl.col("start").dt.strftime("%Y%m%d").cast(pl.Int64).alias("STARTDTO"),
            pl.col("end").dt.strftime("%Y%m%d").cast(pl.Int64).alias("SLUTDTO"),
            pl.col("TIMERPU").cast(pl.Int64),
        )
    return delivered
