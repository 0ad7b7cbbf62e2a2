"""The shipped study from registers to release."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
from sklearn.metrics import adjusted_rand_score

from tests.workflow.conftest import ROOT, Study, hashes
from veje.names import CELL

NOT_OF_SEQUENCES = ("4_1", "5_1", "5_2", "5_3", "5_4", "6_1", "6_2", "6_3", "6_5", "6_6")
PROMISED_TABLES = {
    *(f"table_{n}" for n in ("6_4", "6_7", "6_8", "7_1", "7_2", "7_3", "7_4", "7_5", "7_6", "7_7")),
    *("bilag_1", "flow", "reading", "timing", "timing_quarters", "profile", "quality", "clusters"),
    *("replication", "replication_by_table", "claims", "data_dictionary"),
    *("transitions", "state_flow", "shared_sequences", "frequency_groups", "dendrogram", "entropy"),
    *("state_distribution", "stability", "null_models", "discrepancy", "indicators", "movers"),
    *("bilag_2", "figure_6_1", *(f"table_{n}" for n in NOT_OF_SEQUENCES)),
}  # fmt: skip


def table(study: Study, path: str) -> pl.DataFrame:
    return pl.read_parquet(study.private / "study" / f"{path}.parquet")


def test_release_holds_what_the_readme_promises(study: Study) -> None:
    names = set(hashes(study.release))
    assert {"report.html", "report.da.html", "provenance.json"} <= names
    assert {f"tables/{name}.csv" for name in PROMISED_TABLES} <= names
    assert len([name for name in names if name.startswith("figures/") and name.endswith(".png")]) >= 16
    assert {name.rsplit(".", 1)[1] for name in names} == {"html", "json", "csv", "png", "xlsx"}


def test_the_studys_other_tables_join_the_published_ones(study: Study) -> None:
    names = ["bilag_2", "figure_6_1", *(f"table_{n}" for n in NOT_OF_SEQUENCES)]
    found = table(study, "replication/replication").filter(pl.col("table").is_in(names))
    joined = found.filter(pl.col("verdict") != "not_computed")
    assert dict(joined.group_by("table").len().rows()) == {
        "table_4_1": 32, "table_5_1": 28, "table_5_2": 32, "table_5_3": 44, "table_5_4": 36,
        "table_6_1": 25, "table_6_2": 30, "table_6_3": 15, "table_6_5": 78, "table_6_6": 21,
        "bilag_2": 72, "figure_6_1": 4,
    }  # fmt: skip
    tried = joined.filter(pl.col("verdict").is_in(["agrees", "differs"]), pl.col("measure") != "count")
    assert (tried["verdict"] == "agrees").mean() > 0.95
    # The twin has a part of one region: what a whole one alone could tell is not there.
    absent = found.filter(verdict="not_computed")["area"].unique()
    assert all(area.startswith("region_") or area == "all_regions" for area in absent)


def test_the_report_is_announced(study: Study) -> None:
    assert "results/release/report.html" in study.output


def times(study: Study) -> dict[Path, int]:
    """Give when each file of the results was written, but for what every start tells Snakemake."""
    files = {path for path in (study.folder / "results").rglob("*") if path.is_file()}
    told = study.private / "study.config.json"
    assert told in files
    return {path: path.stat().st_mtime_ns for path in files - {told}}


def test_second_run_does_nothing(copied: Study) -> None:
    before = times(copied)
    again = copied.run()
    assert again.returncode == 0
    assert "nothing to do" in again.stderr
    assert times(copied) == before


def test_cohort_is_the_studys(study: Study) -> None:
    cohort = table(study, "cohort/cohort")
    counts = dict(cohort.group_by("area").len().rows())
    assert counts == {"herning": 545, "holstebro": 289, "silkeborg": 253, "viborg": 466}
    flow = table(study, "cohort/flow")
    assert flow["rows"].is_sorted(descending=True)
    assert (flow["rows"].diff().drop_nulls()[:-1] < 0).all(), "every exclusion has work"
    assert flow.row(-1, named=True) == {"step": 8, "key": "with_weeks", "rows": 1553, "persons": 1553}


def test_pooled_types_are_the_planted_ones(
    study: Study, record_property: Callable[[str, object], None]
) -> None:
    truth = pl.read_csv(study.folder / "twin/truth/planted_types.csv", infer_schema=False)
    keys = pl.read_parquet(study.private / "keys/study.parquet")
    types = table(study, "typology/types").join(keys, on="person").join(truth, left_on="pnr", right_on="PNR")
    assert types.height == 1553
    index = {name: adjusted_rand_score(types["type"], types[name]) for name in ("type_pooled", "type_own")}
    for name, value in index.items():
        record_property(f"adjusted Rand index of {name} to the planted types", round(value, 3))
    assert index["type_pooled"] >= 0.8


def test_types_present_as_published(study: Study) -> None:
    published = pl.read_csv(ROOT / "data_schema/published/table_7_1.csv").filter(
        pl.col("key") == "type_present"
    )
    ours = pl.read_csv(study.release / "tables/table_7_1.csv")
    both = published.join(ours, on=["area", "type_key", "key"], how="left", suffix="_ours")
    assert (
        both.filter(pl.col("value") != pl.col("value_ours").fill_null(0)).select("area", "type_key").rows()
        == []
    )


def test_timing_is_exhaustive_and_exclusive(study: Study) -> None:
    timing = table(study, "timing/timing")
    assert timing["person"].n_unique() == timing.height == 1553
    assert set(timing["scenario"]) == {"early", "continuous", "late", "mixed", "none"}


def test_bilag_1_adds_to_twenty_quarters(study: Study) -> None:
    cells = table(study, "tables/cells").filter(
        (pl.col("table") == "bilag_1") & (pl.col("unit") == "quarters")
    )
    sums = (
        cells.filter(pl.col("measure") == "mean")
        .group_by("area", "type_key")
        .agg(pl.col("numerator").sum(), pl.col("denominator").first())
    )
    assert (sums["numerator"] == 20 * sums["denominator"]).all()


def test_no_table_of_the_release_shows_few_persons(study: Study) -> None:
    cells = table(study, "tables/cells")
    released = table(study, "disclosure/released")
    both = cells.join(released, on=CELL)
    # Left out is only a trait of the profile that too few persons have anywhere.
    gone = cells.join(released, on=CELL, how="anti")
    assert both.height + gone.height == cells.height
    assert gone.filter((pl.col("table") != "profile") | (pl.col("persons") >= 5)).height == 0
    few = (pl.col("persons") < 5) & (pl.col("measure") != "presence")
    assert both.filter(few).height > 0
    assert both.filter(few & pl.col("value").is_not_null()).height == 0
    rest = pl.coalesce("rest_persons", pl.col("base_persons") - pl.col("persons"))
    left = (pl.col("measure") == "share") & rest.is_between(1, 4)
    assert both.filter(left).height > 0
    assert both.filter(left & pl.col("value").is_not_null()).height == 0


def test_every_area_and_type_have_the_same_rows(study: Study) -> None:
    released = table(study, "disclosure/released").filter(pl.col("table") != "clusters")
    released = released.filter(~pl.col("base").is_in(["other_population", "other_citizens", "all_citizens"]))
    for (name, type_key), rows in released.group_by("table", "type_key"):
        keys = {area: set(own["key"]) for (area,), own in rows.group_by("area")}
        pooled = keys.pop("four_municipalities", None)
        assert len({frozenset(one) for one in keys.values()}) <= 1, (name, type_key)
        assert len(keys) in (0, 4), (name, type_key)
        if name.startswith(("table_6", "table_7_3", "timing", "profile", "state", "quality")):
            assert pooled is not None, (name, type_key)
            assert all(one == pooled for one in keys.values()), (name, type_key)


def test_published_table_6_4_meets_a_row_of_ours(study: Study) -> None:
    published = pl.read_csv(ROOT / "data_schema/published/table_6_4.csv")
    ours = pl.read_csv(study.release / "tables/table_6_4.csv")
    missed = published.join(ours, on=["area", "key", "measure", "unit"], how="anti")
    assert missed.rows() == []


def test_what_was_read_is_released(study: Study) -> None:
    read = dict(pl.read_csv(study.release / "tables/reading.csv").select("key", "value").rows())
    exact = pl.read_parquet(study.private / "study/ingest/reading.parquet").filter(rule="")
    for register, rows in exact.select("register", "rows").iter_rows():
        assert read[f"{register}/rows"] == (rows + 2) // 5 * 5
    assert {"dream/unknown_week_codes", "amfo/unknown_measure_codes"} <= set(read)


def test_provenance_names_inputs_and_outputs(study: Study) -> None:
    told = json.loads((study.release / "provenance.json").read_text())
    assert len(told["inputs"]) == 27
    assert all(re.fullmatch(r"[0-9a-f]{64}", one["sha256"]) and one["rows"] > 0 for one in told["inputs"])
    assert all(one["rows"] % 5 == 0 for one in told["inputs"])
    exact = json.loads((study.private / "study/ingest/deliveries.json").read_text())
    assert any(one["rows"] % 5 for one in exact)
    outputs = hashes(study.release)
    del outputs["provenance.json"]
    assert told["outputs"] == outputs
    assert str(study.folder) not in json.dumps(told)
