"""The shipped scenario after 2013 on a small twin: regimes, flags, straddling windows, and the chapter."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.workflow.conftest import ROOT, Study
from tests.workflow.sharing import common, once
from veje.twin.after import make_after, write_after


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = common(tmp_path_factory) / "after_2013"
    return Study(folder, once(folder, run_after))


def run_after(folder: Path) -> str:
    """Run with few checks and one language; the shares are the shipped scenario's."""
    write_after(make_after((2013, 2022), seed=2012, grants=600, others=100), folder / "twin_2013")
    shutil.copytree(ROOT / "config", folder / "config")
    path = folder / "config/after_2013.yaml"
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    plain |= {"results": "results", "languages": ["en"], "title": {"en": "Across the reform"}}
    # Two places and few types: the audit's time grows with every figure.
    plain["cohort"]["municipalities"] = {"657": "west", "661": "west", "740": "east", "791": "east"}
    plain["clusters"] = {"k": 3, "k_by_area": {"west": 2, "east": 2}}
    plain["validation"] = {"bootstraps": 2, "null_models": [], "choices": [], "orders": 1, "ties": 1}
    path.write_text(yaml.safe_dump(plain), encoding="utf-8")
    done = Study(folder, "").run(config="config/after_2013.yaml")
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def private(after: Study, name: str) -> pl.DataFrame:
    return pl.read_parquet(after.private / f"after_2013/reforms/{name}.parquet")


def truth(after: Study) -> pl.DataFrame:
    """What was planted for the persons of the cohort, by their surrogate numbers."""
    keys = pl.read_parquet(after.private / "keys/after_2013.parquet")
    planted = pl.read_csv(after.folder / "twin_2013/truth/planted.csv", infer_schema=False)
    identifier = next(name for name in keys.columns if name != "person")
    planted = planted.join(keys, left_on="PNR", right_on=identifier, how="left").fill_null("")
    return planted.with_columns(pl.col("day").str.to_date())


def test_what_is_planted_is_found(after: Study) -> None:
    planted, placed = truth(after), private(after, "grant_regimes")
    granted = planted.filter(kind="granted")
    assert set(placed["person"]) == set(granted["person"]), "a resumption is no grant"
    assert set(placed["regime"]) == {"R1", "R2", "R3", "R3b", "R4"}
    straddling = granted.filter(pl.col("day").is_between(pl.date(2013, 1, 1), pl.date(2017, 11, 30)))
    assert set(straddling["person"]) <= set(placed.filter("straddles")["person"])
    flags = private(after, "flags")
    # Of those who die after the registers end nobody can know.
    deaths = pl.read_parquet(after.folder / "twin_2013/registers/DOD2022.parquet")
    lives = pl.col("role") == "terminal", ~pl.col("PNR").is_in(deaths["PNR"].implode())
    granted = granted.filter(~pl.all_horizontal(lives))
    for role, flag in (
        ("abroad", "resident_abroad"),
        ("terminal", "terminal_proxy"),
        ("existing_basis", "existing_basis"),
        ("early_scheme", "scheme_before_2013"),
    ):
        held = set(flags.filter(pl.col("flag") == flag, pl.col("value"))["person"])
        assert held == set(granted.filter(role=role)["person"]), flag
        assert held, flag
    senior = set(flags.filter(pl.col("flag") == "senior_scheme", pl.col("value"))["person"])
    assert senior == set(granted.filter(role="senior")["person"])
    young = flags.filter(pl.col("flag") == "turning_18", pl.col("value"))
    assert set(young["person"]) == set(granted.filter(path="turning_18")["person"])


def test_the_release_tells_of_it(after: Study) -> None:
    tables = {path.stem for path in (after.release / "tables").glob("*.csv")}
    assert {"regimes", "flags", "flags_by_regime", "flag_variants", "timing_expected"} <= tables
    assert {"regime_types", "regime_profiles", "regime_matches", "regime_discrepancy"} <= tables
    types = pl.read_csv(after.release / "tables/regime_types.csv").filter(
        pl.col("key").str.ends_with("share"), pl.col("value").is_not_null()
    )
    with_scheme = types.filter(pl.col("type_key").str.contains("resource_scheme"))
    assert not with_scheme["key"].str.starts_with("before_2013").any()
    assert with_scheme.height
    reading = pl.read_csv(after.release / "tables/reading.csv")
    outside = reading.filter(key="dream/outside_validity_week_codes")["value"].item()
    assert outside > 0
    page = (after.release / "report.html").read_text(encoding="utf-8")
    assert 'id="reforms"' in page
    assert page.count("§17(2)") > 1
    paths = pl.read_csv(after.release / "tables/not_granted.csv")
    drawn = pl.read_parquet(after.private / "after_2013/nongrants/not_granted.parquet")
    cohort = pl.read_parquet(after.private / "after_2013/cohort/cohort.parquet")
    assert drawn.height > 50
    again = drawn.join(cohort, on="person", suffix="_of_grant")
    assert ((again["index_date_of_grant"] - again["index_date"]).dt.total_days() > 730).all(), "at risk"
    whole = paths.filter(pl.col("area") == "four_municipalities", pl.col("type_key").is_null())
    share = 100 * cohort.height / (cohort.height + drawn["weight"].sum())
    assert whole["value"].item() == pytest.approx(share, abs=1.5), "counts are rounded first"
    assert 'id="not_granted"' in page
    assert "describes and does not explain" in page
    assert (after.release / "figures/not_granted.png").is_file()
    pictures = {path.name for path in Path(after.release / "figures").glob("regime_*.png")}
    assert pictures == {"regime_types.png", "regime_profiles.png"}
    assert "outside its dates or version" in after.output
