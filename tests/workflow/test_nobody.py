"""Runs without enough persons: the tables say so and the run goes on; a false place still stops it."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from tests.workflow.conftest import ROOT, Study, copy_of

LIGHT: dict[str, Any] = {
    "languages": ["en"],
    "sensitivity": {"variants": {}},
    "timing_depth": {"grid": {}},
    "comparison": {"others": "none"},
    "validation": {"bootstraps": 1, "null_replications": 2, "orders": 1, "ties": 1, "permutations": 99},
}
FEBRUARY = {"from": date(2009, 2, 1), "to": date(2009, 2, 28)}
IN_FEBRUARY = pl.col("AFGDATO").str.starts_with("2009-02")


def prepare(study: Study, folder: Path, grants: pl.DataFrame, **cohort: object) -> Study:
    """Write a light config of the study with other grants and another window or other places.

    Of the finished run only the converted deliveries are there; all else is to be made.
    """
    copy_of(study, folder, "release", "study", "study.parquet")
    grants.write_csv(folder / "GRANTS2009.csv")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8")) | LIGHT
    config["roots"] = [str(study.folder)]
    config["cohort"] |= cohort
    config["registers"]["grants"]["files"] = ["GRANTS2009.csv"]
    (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return Study(folder, "")


def delivered(study: Study) -> pl.DataFrame:
    return pl.read_csv(study.folder / "twin/registers/GRANTS2009.csv", infer_schema=False)


def page(study: Study) -> str:
    text = (study.release / "report.html").read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", text, flags=re.S)))


def released(study: Study) -> pl.DataFrame:
    return pl.read_parquet(study.private / "study/disclosure/released.parquet")


def test_a_window_without_a_grant_is_told_and_the_run_goes_on(study: Study, tmp_path: Path) -> None:
    empty = prepare(study, tmp_path, delivered(study).filter(~IN_FEBRUARY), **FEBRUARY)
    done = empty.run()
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "note: nobody was granted a pension in the window" in said
    assert "Fewer than 5 persons, or none, had a first grant between 1 February 2009" in page(empty)
    shown = released(empty)
    of_persons = shown.filter(pl.col("table").is_in(["table_7_2", "bilag_1", "timing", "table_6_4"]))
    counted = of_persons.filter(pl.col("measure") != "presence")
    assert counted.height > 100
    assert set(counted["status"]) == {"withheld"}
    # Types that the reference names have their rows, also when nobody has them.
    assert {"commuter", "flexjob_referred"} <= set(shown.filter(table="bilag_1")["type_key"])
    assert (empty.release / "tables/table_7_1.csv").is_file()


def test_a_municipality_of_few_stays_whole_and_is_named(study: Study, tmp_path: Path) -> None:
    grants = delivered(study)
    cohort = pl.read_parquet(study.private / "study/cohort/cohort.parquet").filter(area="viborg").head(3)
    keys = pl.read_parquet(study.private / "keys/study.parquet")
    moved = cohort.join(keys, on="person")["pnr"].implode()
    kom = pl.when(pl.col("PNR").is_in(moved)).then(pl.lit("741")).otherwise("KOM").alias("KOM")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    places = {**config["cohort"]["municipalities"], "741": "lemvig"}
    few = prepare(study, tmp_path, grants.with_columns(kom), municipalities=places)
    written = yaml.safe_load((tmp_path / "config.yaml").read_text(encoding="utf-8"))
    written["clusters"]["k_by_area"]["lemvig"] = 5
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    done = few.run()
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "unlike sequences, too few for 5 clusters: it stays whole" in said
    assert "Fewer than 5 persons lived in Lemvig, or none" in page(few)
    lemvig = released(few).filter(pl.col("area") == "lemvig", pl.col("measure") != "presence")
    assert lemvig.height > 100
    assert set(lemvig["status"]) == {"withheld"}
