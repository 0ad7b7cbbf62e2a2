"""The night's gate looks at the figures once more: what went round disclosure control is not published."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from veje import io
from veje.cli.gates import audit_found_nothing, withheld_are_withheld
from veje.contracts import contract
from veje.disclosure import release
from veje.errors import Unsafe
from veje.settings import Disclosure
from veje.tables.derived import add_derived

RULES = Disclosure(threshold=5, rounding=5, rule="five")


def cell(key: str, persons: int) -> dict[str, object]:
    usual = {"table": "flow", "base": "", "area": "herning", "type_key": "", "measure": "count"}
    numbers = {"persons": persons, "base_persons": 100, "rest_persons": None, "index": None}
    return usual | numbers | {"key": key, "unit": "persons", "numerator": persons, "denominator": 0}


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """A staged run of one table: 40 persons, and 3 whose figure is withheld."""
    cells = pl.DataFrame([cell("many", 40), cell("few", 3)], schema=dict(contract("cells").types))
    released = add_derived(release(cells, RULES), 9)
    assert released.filter(key="few")["value"].to_list() == [None]
    io.write_table(cells, tmp_path / "private/tables/cells.parquet", "cells")
    io.write_table(released, tmp_path / "private/disclosure/released.parquet", "released")
    io.write_csv(released.select("key", "value"), tmp_path / "staged/tables/flow.csv")
    return tmp_path / "staged"


def look(staged: Path) -> None:
    withheld_are_withheld(staged, staged.parent / "private", RULES, 9)


def test_what_went_through_disclosure_control_passes(staged: Path) -> None:
    look(staged)


def test_a_figure_of_too_few_persons_stops_the_night(staged: Path) -> None:
    path = staged.parent / "private/disclosure/released.parquet"
    released = io.read_table(path, "released").with_columns(value=pl.lit(3.0), status=pl.lit("published"))
    io.write_table(released, path, "released")
    with pytest.raises(Unsafe, match="1 released figures are of too few persons"):
        look(staged)


@pytest.mark.parametrize("text", ["key,value\nmany,40.0\nfew,3.0\n", "key,value\nmany,40.0\n", None])
def test_a_table_that_is_not_the_released_one_stops_the_night(staged: Path, text: str | None) -> None:
    path = staged / "tables/flow.csv"
    path.write_text(text) if text else path.unlink()
    with pytest.raises(Unsafe, match="did not go through disclosure control: flow"):
        look(staged)


def test_a_figure_of_nobody_known_stops_the_night(staged: Path) -> None:
    path = staged.parent / "private/tables/cells.parquet"
    io.write_table(io.read_table(path, "cells").head(1), path, "cells")
    with pytest.raises(Unsafe, match="1 of nobody known"):
        look(staged)


def test_a_derived_figure_that_does_not_follow_stops_the_night(staged: Path) -> None:
    """Entropy has no cells of its own: it passes as what the released shares give, and as nothing else."""
    path = staged.parent / "private/disclosure/released.parquet"
    released = io.read_table(path, "released")
    invented = released.head(1).with_columns(table=pl.lit("entropy"), value=pl.lit(0.5))
    io.write_table(pl.concat([released, invented]), path, "released")
    with pytest.raises(Unsafe, match="table entropy does not follow"):
        look(staged)


@pytest.mark.parametrize(("narrow", "stops"), [(0, False), (2, True)])
def test_small_counts_that_are_told_too_closely_stop_the_night(
    tmp_path: Path, narrow: int, stops: bool
) -> None:
    io.write_json({"too_narrow": narrow}, tmp_path / "disclosure/summary.json")
    if not stops:
        audit_found_nothing(tmp_path)
        return
    with pytest.raises(Unsafe, match="the audit found 2 small counts told too closely"):
        audit_found_nothing(tmp_path)
