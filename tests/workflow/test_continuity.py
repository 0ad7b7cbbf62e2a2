"""Two nights, of which the second adds persons: distances and names are kept, and what moved is told."""

from __future__ import annotations

import polars as pl
import pytest
import yaml

from tests.workflow.conftest import ROOT, Study, hashes
from veje.twin import make_twin, write_twin

QUICK = {
    "bootstraps": 2,
    "null_replications": 2,
    "orders": 1,
    "ties": 1,
    "choices": ["HAM"],
    "permutations": 99,
}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, pl.DataFrame]:
    """The folder after the second night, and the first night's named clusters."""
    folder = tmp_path_factory.mktemp("nights")
    write_twin(make_twin(seed=2012, others=500), folder / "twin")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    config |= {"sensitivity": {}, "timing_depth": {}, "validation": QUICK, "languages": ["en"]}
    config |= {
        "distances": {"costs": "CONSTANT"},
        "continuity": {"distances": True, "names": True, "drift": True},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    grants = folder / config["registers"]["grants"]["files"][0]
    rows = grants.read_bytes().splitlines(keepends=True)
    grants.write_bytes(b"".join(rows[: len(rows) * 9 // 10]))
    first = Study(folder, "").run()
    assert first.returncode == 0, first.stderr
    named = pl.read_parquet(folder / "results/private/study/typology/named_clusters.parquet")
    grants.write_bytes(b"".join(rows))
    second = Study(folder, "").run()
    assert second.returncode == 0, second.stderr
    return Study(folder, second.stderr), named


def test_new_pairs_alone_are_computed_and_the_bytes_are_those_of_a_clean_run(nights) -> None:
    study, _ = nights
    (note,) = [line for line in study.output.splitlines() if "the others kept" in line]
    computed, of = (
        int(word.replace(",", "")) for word in note.split("note: ")[1].split(" pairs")[0].split(" of ")
    )
    assert 0 < computed < of / 2
    after = hashes(study.private / "study/distances")
    clean = yaml.safe_load((study.folder / "config.yaml").read_text()) | {
        "continuity": {},
        "results": "clean",
    }
    (study.folder / "clean.yaml").write_text(yaml.safe_dump(clean))
    done = study.run("--until", "distances", config="clean.yaml")
    assert done.returncode == 0, done.stderr
    assert hashes(study.folder / "clean/private/study/distances") == after


def test_clusters_keep_numbers_and_types(nights) -> None:
    study, before = nights
    after = pl.read_parquet(study.private / "study/typology/named_clusters.parquet")
    both = before.join(after, on=["area", "cluster"], suffix="_after")
    assert both.height >= 0.8 * after.height
    assert (both["type_key"] == both["type_key_after"]).all()
    assert study.run().stderr.count("nothing to do") == 1


def test_the_drift_table_is_the_difference_of_two_releases(nights) -> None:
    study, _ = nights
    drift = pl.read_csv(study.release / "tables/drift.csv")
    moved = drift.filter(
        table="table_7_2", area="four_municipalities", type_key="all", key="total", what="moved"
    )
    now = pl.read_csv(study.release / "tables/table_7_2.csv", infer_schema_length=None)
    total = now.filter(area="four_municipalities", type_key="all", key="total", measure="count")["value"][0]
    assert moved.filter(measure="count")["now"].to_list() == [total]
    assert moved.filter(measure="count")["change"][0] > 0
