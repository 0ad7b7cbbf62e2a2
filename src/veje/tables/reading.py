"""Figures of the reading: rows of the registers, rows kept aside, and codes that no list knows."""

from __future__ import annotations

import polars as pl

from veje.names import KIND_UNKNOWN, RULES
from veje.tables.figures import Head, headed

SPLIT = ("present", "absent", "unknown")
"""What the month of a blank week says of an industry, where the config asks for it."""

ROWS = "rows"
"""The key of all rows that were read of a register."""


def reading_figures(
    reading: pl.DataFrame, week_codes: pl.DataFrame, spell_flow: pl.DataFrame, pooled: str
) -> list[pl.DataFrame]:
    """Rows by register and rule, weeks with an unknown or uncertain code, records of unknown kind.

    Every register has every rule. # ASSUME: a row or a week stands for one person, for the
    threshold; who they belong to is not known any more.
    """
    rules = pl.Series("rule", ["", *RULES, *sorted(set(reading["rule"]) - {"", *RULES})], dtype=pl.String)
    every = reading.select("register").unique().join(rules.to_frame(), how="cross")
    rows = every.join(reading, on=["register", "rule"], how="left").select(
        pl.format("{}/{}", "register", pl.col("rule").replace("", ROWS)).alias("key"),
        pl.col("rows").fill_null(0).alias("persons"),
        pl.col("rows").fill_null(0).alias("numerator"),
    )
    unknown = spell_flow.filter(key=KIND_UNKNOWN)
    records = pl.DataFrame(
        {
            "key": ["amfo/unknown_measure_codes"],
            "persons": [int(unknown["persons"].sum())],
            "numerator": [int(unknown["rows"].sum())],
        }
    )
    return [
        _figures(pl.concat([rows, records]), "rows", pooled),
        _figures(_weeks(week_codes), "weeks", pooled),
    ]


def _weeks(week_codes: pl.DataFrame) -> pl.DataFrame:
    """Count the weeks in the windows whose code is unknown, and those read by a line of low confidence.

    Where blank weeks were split by industry, also what each could be told to be.
    """
    known = pl.col("state").is_not_null()
    tests = {
        "dream/weeks": pl.lit(True),
        "dream/unknown_week_codes": ~known,
        "dream/uncertain_week_codes": known & pl.col("switch").is_not_null(),
    }
    if week_codes["industry"].is_not_null().any():
        tests |= {f"dream/blank_{kind}": pl.col("industry").eq_missing(pl.lit(kind)) for kind in SPLIT}
    weeks = [int(week_codes.filter(test)["weeks"].sum()) for test in tests.values()]
    return pl.DataFrame({"key": list(tests), "persons": weeks, "numerator": weeks})


def _figures(rows: pl.DataFrame, unit: str, pooled: str) -> pl.DataFrame:
    placed = rows.with_columns(
        pl.lit(pooled).alias("area"),
        pl.lit("").alias("type_key"),
        pl.col("persons").alias("base_persons"),
        pl.lit(0, dtype=pl.Int64).alias("denominator"),
    )
    return headed(placed, Head("reading", "register", "count", unit))
