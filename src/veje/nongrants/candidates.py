"""Who could have been granted a pension on the grants' days, and was not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from veje.ages import add_age
from veje.decisions import keep_grants
from veje.others import AGES


def find_candidates(
    bef: pl.DataFrame,
    grants: pl.DataFrame,
    deaths: pl.DataFrame,
    index_dates: pl.Series,
    municipalities: Mapping[str, str],
    free_days: int,
    seed: int,
) -> pl.DataFrame:
    """Give everyone a day at random out of the grants' days, and keep who was at risk on it.

    bef, grants, deaths: tables of those names, `bef` with persons without a decision. municipalities:
    area by code. At risk: living in one of them on the last day of the population before, alive, 18 to
    64 years old, and without a grant up to `free_days` after. Returns person, index_date, area, sex
    and age, sorted by person.

    # ASSUME: one day a person, so that nobody counts twice; each quarter as often as there are grants.
    """
    people = bef.select("person").unique().sort("person")
    days = np.sort(index_dates.to_numpy())
    drawn = np.random.default_rng(seed).choice(days, size=people.height)
    looked = people.with_columns(pl.Series("index_date", drawn).cast(pl.Date))
    looked = looked.join(keep_late(grants, looked, free_days), on="person", how="anti", maintain_order="left")
    placed = add_last_row(keep_alive(looked, deaths), bef).with_columns(
        pl.col("municipality")
        .replace_strict(dict(municipalities), default=None, return_dtype=pl.String)
        .alias("area")
    )
    aged = add_age(placed.drop_nulls("area"), bef).filter(pl.col("age").is_between(*AGES))
    return aged.select("person", "index_date", "area", "sex", "age").sort("person")


def keep_alive(looked: pl.DataFrame, deaths: pl.DataFrame) -> pl.DataFrame:
    """Keep who is alive at the end of the day; looked: person, index_date."""
    joined = looked.join(deaths, on="person", how="left", maintain_order="left")
    alive = pl.col("death_date").is_null() | (pl.col("death_date") > pl.col("index_date"))
    return joined.filter(alive).drop("death_date")


def keep_late(grants: pl.DataFrame, looked: pl.DataFrame, free_days: int) -> pl.DataFrame:
    """Keep the persons with a grant before their day, or up to `free_days` after it."""
    dated = keep_grants(grants).join(looked, on="person", how="inner")
    until = pl.col("index_date") + pl.duration(days=free_days)
    return dated.filter(pl.col("decision_date") <= until).select("person").unique()


def add_last_row(looked: pl.DataFrame, bef: pl.DataFrame) -> pl.DataFrame:
    """Add sex and municipality of the last row in the population before each person's day."""
    rows = bef.select("person", "sex", "municipality", "status_date").with_columns(
        pl.col("status_date").fill_null(pl.date(1900, 1, 1))
    )
    found = looked.join(rows, on="person", how="inner").filter(pl.col("status_date") <= pl.col("index_date"))
    last = found.sort("person", "status_date").unique("person", keep="last", maintain_order=True)
    return last.drop("status_date")
