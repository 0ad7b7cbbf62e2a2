"""One twin for all tests of this folder: making it takes some seconds."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from veje.twin import Twin, make_twin, write_twin


@pytest.fixture(scope="session")
def twin() -> Twin:
    return make_twin()


@pytest.fixture(scope="session")
def small() -> Twin:
    """Another seed with few other citizens."""
    return make_twin(seed=7, others=1_000)


@pytest.fixture(scope="session")
def written(twin: Twin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("twin")
    write_twin(twin, out)
    return out


@pytest.fixture(scope="session")
def records(twin: Twin) -> pl.DataFrame:
    """All AMFO records with dates."""
    years = [twin.registers[f"AMFO{year}"] for year in range(2002, 2010)]
    return pl.concat(years).with_columns(
        start=pl.col("STARTDTO").cast(pl.String).str.to_date("%Y%m%d"),
        end=pl.col("SLUTDTO").cast(pl.String).str.to_date("%Y%m%d"),
    )
