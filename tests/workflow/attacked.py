"""The shipped study's release as attacks see it, a naive one beside it, and tables to judge by."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl

from tests.attacks import naive
from tests.attacks.released import Grain, read_figures
from tests.workflow.conftest import Study

POOLED = "four_municipalities"
AREAS = [POOLED, "herning", "holstebro", "silkeborg", "viborg"]
QUARTERS = 20
LEAST = 5
OURS, EXACT = Grain(5, LEAST), Grain(1, LEAST)
Report = Callable[[str, object], None]


def table(study: Study, path: str) -> pl.DataFrame:
    return pl.read_parquet(study.private / "study" / f"{path}.parquet")


@cache
def cells_of(study: Study) -> pl.DataFrame:
    return table(study, "tables/cells")


@cache
def ours(study: Study) -> pl.DataFrame:
    return read_figures(study.release / "tables")


@cache
def exact(study: Study) -> pl.DataFrame:
    return naive.exact_release(cells_of(study), LEAST)


def told(record_property: Report, attack: str, worked: int, left: int) -> None:
    """Record what an attack recovered of both releases."""
    record_property(f"attack, {attack}: recovered from a naive release", worked)
    record_property(f"attack, {attack}: recovered from ours", left)
