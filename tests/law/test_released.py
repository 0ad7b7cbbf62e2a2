"""The figures of regimes and flags on the named people: counted, audited and released by the commands."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.unit.test_cli import TABLES, Run
from veje.cli.app import app

REGIMES = """regime,from,to,scheme_years,reform,source,certainty
R1,2003-01-01,2008-02-29,,,made up,high
R2,2008-03-01,2008-12-31,5,yes,made up,high
"""
"""A reform in the middle of the cohort's window, and days after it that no regime holds."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All stages up to the release, with regimes, every flag and every parameter made otherwise."""
    run = Run(tmp_path_factory.mktemp("released"))
    (run.folder / "mine.csv").write_text(REGIMES, encoding="utf-8")
    run.configure(
        reforms={
            "regimes": str(run.folder / "mine.csv"),
            "groups": {"before": ["R1"], "after": ["R2"]},
            "k": 2,
            "least_persons": 10,
        },
        flags={
            "alternatives": {
                "age_anchor": ["effect", "application"],
                "look_back_weeks": [1, 52],
                "terminal_days": [30],
                "turning_18_months": [24],
                "case_months": [1],
                "team_days": [1],
            }
        },
    )
    run.until("tables")
    more = [part for name in TABLES["reforms"] for part in ("--in", f"{name}={run.file(name)}")]
    for stage, given in (("tables", more), ("disclosure", [])):
        result = CliRunner().invoke(app, [*run.arguments(stage), *given])
        assert result.exit_code == 0, result.output
    return run


def released(run: Run, table: str) -> pl.DataFrame:
    return pl.read_parquet(run.file("released")).filter(table=table)


def test_what_is_declared_of_the_figures_holds_of_true_counts(run: Run) -> None:
    """The audit stops a run whose sums do not hold; this one has regimes, routes, variants, both timings."""
    cells = pl.read_parquet(run.file("cells"))
    assert {"R1", "R2", "outside"} <= set(cells.filter(table="regimes")["key"])
    assert {"route_a", "route_b", "route_c"} <= set(cells.filter(table="flags")["key"])
    assert {part.rsplit(".", 1)[1] for part in cells.filter(table="flag_variants")["key"]} == {
        *("held", "kept", "gained", "lost")
    }
    assert set(cells.filter(table="timing_expected")["base"]) == {"persons_expected", "persons_left_out"}
    by_regime = cells.filter(table="regimes", area="four_municipalities", measure="share")
    counted = by_regime.filter(pl.col("key") != "straddles")
    assert counted["numerator"].sum() == counted["denominator"][0] > 0


def test_no_figure_of_the_reforms_tells_of_few(run: Run) -> None:
    cells = pl.read_parquet(run.file("cells"))
    key = ["table", "base", "area", "type_key", "key", "measure"]
    for table in ("regimes", "flags", "flags_by_regime", "flag_variants", "timing_expected"):
        shown = released(run, table).filter(status="published").join(cells, on=key, how="inner")
        assert (shown["persons"] >= 3).all(), table
        assert (shown["base_persons"] >= 3).all(), table


def test_the_audit_leaves_no_count_of_the_reforms_narrow(run: Run) -> None:
    protected = pl.read_parquet(Path(run.file("released")).parent / "audit/protected.parquet")
    own = protected.filter(pl.col("quantity").str.contains(r"^(?:flag|regime|expected|left_out)"))
    assert own.height > 20
    assert not own["narrow"].any()
