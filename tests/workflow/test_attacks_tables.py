"""Attacks on the tables of the shipped study's release: each works on a naive release, none on ours."""

from __future__ import annotations

import polars as pl

from tests.attacks import classes, margins, naive
from tests.attacks.released import CELL, Grain, counts_of
from tests.workflow.attacked import (
    EXACT,
    LEAST,
    OURS,
    POOLED,
    QUARTERS,
    Report,
    cells_of,
    exact,
    ours,
    told,
)
from tests.workflow.conftest import Study


def recovered(study: Study, claims: pl.DataFrame) -> pl.DataFrame:
    """Give the claims that bound a count of few persons within less than nobody to the threshold.

    Every claim must be true: the adversary only computes.
    """
    truth = cells_of(study).filter(measure="share").select(*CELL, "persons", "base_persons").unique(CELL)
    of = claims if "of" in claims.columns else claims.with_columns(pl.lit("cell").alias("of"))
    rest = pl.col("base_persons") - pl.col("persons")
    known = of.join(truth, on=CELL).with_columns(
        pl.when(pl.col("of") == "rest").then(rest).otherwise("persons").alias("truth")
    )
    wrong = (pl.col("truth") < pl.col("least") - 1e-6) | (
        (pl.col("truth") > pl.col("most") + 1e-6) & (pl.col("most") < LEAST)
    )
    assert known.height == claims.height
    assert known.filter(wrong).height == 0
    narrow = (pl.col("least") > 1e-6) | (pl.col("most") < LEAST - 1e-6)
    return known.filter(narrow, pl.col("truth") < LEAST).select(*CELL, "least", "most", "of")


def test_margin_program(study: Study, record_property: Report) -> None:
    def attack(figures: pl.DataFrame, grain: Grain, *names: str) -> pl.DataFrame:
        counts = counts_of(figures, grain)
        parts = [counts.filter(pl.col("table") == "timing")]
        states = counts.filter(pl.col("table") == "state_distribution")
        parts += [states.filter(pl.col("key").str.starts_with(name)) for name in names]
        return pl.concat([recovered(study, margins.margin_program(part, POOLED, LEAST)) for part in parts])

    worked = attack(exact(study), EXACT)
    left = attack(ours(study), OURS, *(f"q{quarter:02d}_" for quarter in range(5, QUARTERS + 1, 5)))
    told(record_property, "margin program", worked.height, left.height)
    assert (worked["most"] - worked["least"] < 1e-6).sum() >= 20, "counts known exactly"
    assert left.rows() == []


def test_pooled_minus_municipalities(study: Study, record_property: Report) -> None:
    worked = recovered(study, margins.pooled_minus_areas(counts_of(exact(study), EXACT), POOLED))
    left = recovered(study, margins.pooled_minus_areas(counts_of(ours(study), OURS), POOLED))
    told(record_property, "pooled minus municipalities", worked.height, left.height)
    assert (worked["most"] == worked["least"]).sum() >= 10
    assert left.rows() == []


def test_subgroup_complement(study: Study, record_property: Report) -> None:
    worked = recovered(study, margins.complements(counts_of(exact(study), EXACT)))
    left = recovered(study, margins.complements(counts_of(ours(study), OURS)))
    told(record_property, "subgroup complement", worked.height, left.height)
    assert (worked["most"] == worked["least"]).sum() >= 50
    assert left.rows() == []


def test_zero_and_hundred_per_cent(study: Study, record_property: Report) -> None:
    worked = classes.zero_or_all(naive.exact_release(cells_of(study), 0))
    left = classes.zero_or_all(ours(study))
    told(record_property, "zero and 100 %", worked.height, left.height)
    assert worked.height >= 1_000
    assert left.select(*CELL, "value").rows() == []
