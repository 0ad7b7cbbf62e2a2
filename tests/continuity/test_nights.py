"""Two nights, of which the second adds persons: distances, numbers and types are kept, what moved is told.

`make continuity` asks for it: it is two whole nights and the distances of a clean run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

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


def start(study: Study, *command: str, config: str = "config.yaml") -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "veje", *command, "--config", config]
    return subprocess.run(words, cwd=study.folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, pl.DataFrame]:
    """The folder after the second night, and the first night's named clusters."""
    if "VEJE_CONTINUITY" not in os.environ:
        pytest.skip("takes minutes: `make continuity` asks for it")
    study = Study(tmp_path_factory.mktemp("nights"), "")
    write_twin(make_twin(seed=2012, others=500), study.folder / "twin")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    config |= {"sensitivity": {}, "timing_depth": {}, "validation": QUICK, "languages": ["en"]}
    config |= {"distances": {"costs": "CONSTANT"}, "continuity": {"distances": True, "names": True}}
    config |= {"nightly": {"free_gb": 0, "memory_gb": 0}}
    (study.folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    grants = study.folder / config["registers"]["grants"]["files"][0]
    rows = grants.read_bytes().splitlines(keepends=True)
    grants.write_bytes(b"".join(rows[: len(rows) * 9 // 10]))
    first = start(study, "nightly")
    assert first.returncode == 0, first.stderr
    named = pl.read_parquet(study.private / "study/typology/named_clusters.parquet")
    grants.write_bytes(b"".join(rows))
    second = start(study, "nightly")
    assert second.returncode == 0, second.stderr
    return Study(study.folder, second.stderr), named


def test_new_pairs_alone_are_computed_and_the_bytes_are_those_of_a_clean_run(
    nights: tuple[Study, pl.DataFrame],
) -> None:
    study, _ = nights
    log = (study.private / "study/logs/distances.log").read_text()
    (note,) = [line for line in log.splitlines() if "the others kept" in line]
    told = note.split("note: ")[1].split(" pairs")[0].split(" of ")
    computed, of = (int(word.replace(",", "")) for word in told)
    assert 0 < computed < of / 2
    after = hashes(study.private / "study/distances")
    clean = yaml.safe_load((study.folder / "config.yaml").read_text())
    clean |= {"continuity": {}, "results": "clean"}
    (study.folder / "clean.yaml").write_text(yaml.safe_dump(clean))
    done = study.run("--until", "distances", config="clean.yaml")
    assert done.returncode == 0, done.stderr
    assert hashes(study.folder / "clean/private/study/distances") == after


def test_clusters_keep_numbers_and_types(nights: tuple[Study, pl.DataFrame]) -> None:
    study, before = nights
    after = pl.read_parquet(study.private / "study/typology/named_clusters.parquet")
    both = before.join(after, on=["area", "cluster"], suffix="_after")
    assert both.height >= 0.8 * after.height
    assert (both["type_key"] == both["type_key_after"]).all()
    # The same groups bear the numbers: nearly all persons of both nights are where they were.
    assert (both["persons_after"] >= both["persons"] * 0.8).mean() > 0.8


def test_the_drift_table_is_the_difference_of_two_published_runs_and_stays_private(
    nights: tuple[Study, pl.DataFrame],
) -> None:
    study, _ = nights
    first, second = sorted((study.folder / "results/runs").iterdir())
    drift = pl.read_csv(study.private / f"published/{second.name}.drift.csv")
    place = {"area": "four_municipalities", "type_key": "all", "key": "total", "measure": "count"}
    shown = [
        pl.read_csv(run / "tables/table_7_2.csv", infer_schema_length=None).filter(**place)["value"][0]
        for run in (first, second)
    ]
    moved = drift.filter(table="table_7_2", what="moved", **place)
    assert moved.select("before", "now").rows() == [tuple(shown)]
    assert moved["change"][0] == shown[1] - shown[0] > 0
    assert pl.read_csv(study.private / f"published/{first.name}.drift.csv").height == 0
    for folder in (study.release, first, second):
        assert not [path for path in folder.rglob("*") if "drift" in path.name]

    counted = dict(drift.group_by("what").len().rows())
    assert json.loads((study.folder / "results/status.json").read_text())["drift"] == counted
    assert f"{counted['moved']:,} moved" in start(study, "status").stdout


def test_a_night_without_a_change_reruns_and_publishes_nothing(nights: tuple[Study, pl.DataFrame]) -> None:
    """What was kept and what publishing left behind is no change."""
    study, _ = nights
    before = hashes(study.private / "study")
    again = start(study, "nightly")
    assert (again.returncode, again.stderr.count("nothing was published")) == (0, 1), again.stderr
    assert "veje clusters:" not in again.stderr
    assert len(list((study.folder / "results/runs").iterdir())) == 2
    after = hashes(study.private / "study")
    assert {name for name in before if before[name] != after.get(name)} <= {"ledger/again.json"}
