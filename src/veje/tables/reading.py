"""Figures of the reading: rows of the registers, rows kept aside, and codes that no list knows."""

from __future__ import annotations

import polars as pl

from veje.names import RULES, UNKNOWN_KINDS
from veje.tables.figures import Head, headed

SPLIT = ("present", "absent", "unknown")
"""What the month of a blank week says of an industry, where the config asks for it."""

ROWS = "rows"
"""The key of all rows that were read of a register."""


def reading_figures(
    reading: pl.DataFrame,
    week_codes: pl.DataFrame,
    spell_flow: pl.DataFrame,
    spell_rules: pl.DataFrame,
    pooled: str,
) -> list[pl.DataFrame]:
    """Rows by register and rule, weeks and records of unknown codes, records of measures by joining rule.

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
    return [
        _figures(pl.concat([rows, _unknown_kinds(spell_flow), _joins(spell_rules)]), "rows", pooled),
        _figures(_weeks(week_codes), "weeks", pooled),
    ]


def _unknown_kinds(spell_flow: pl.DataFrame) -> pl.DataFrame:
    """Count the records of each register of measures with a code that is in no list."""
    keys = {step: f"{register}/unknown_measure_codes" for register, step in UNKNOWN_KINDS.items()}
    return spell_flow.filter(pl.col("key").is_in(list(keys))).select(
        pl.col("key").replace_strict(keys, return_dtype=pl.String),
        "persons",
        pl.col("rows").alias("numerator"),
    )


def _joins(spell_rules: pl.DataFrame) -> pl.DataFrame:
    """Count the records of measures that each rule of joining and cutting was used on."""
    key = pl.format("spells/{}", "rule").alias("key")
    return spell_rules.select(key, "persons", pl.col("rows").alias("numerator"))


def _weeks(week_codes: pl.DataFrame) -> pl.DataFrame:
    """Count the weeks in the windows whose code is unknown, and those read by a line of low confidence.

    Where blank weeks were split by industry, also what each could be told to be.
    """
    known = pl.col("state").is_not_null()
    tests = {
        "dream/weeks": pl.lit(True),
        "dream/unknown_week_codes": ~known,
        "dream/outside_validity_week_codes": pl.col("outside").fill_null(False),
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
