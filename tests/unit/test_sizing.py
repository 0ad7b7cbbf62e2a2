"""What the workflow's jobs ask a cluster for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml

from veje import config, io
from veje.cli import queue
from veje.settings import Clusters, Jobs, Settings
from veje.sizing import LOADS, job_megabytes, job_minutes

ROOT = Path(__file__).resolve().parents[2]
# benchmarks/README.md, "Clusters" and "Growth": unlike sequences and peak MB of what was measured.
MEASURED = {"clusters": [(4_848, 364), (11_680, 1_222), (11_680, 1_478)], "distances": [(20_000, 805 + 300)]}


@pytest.mark.parametrize("stage", MEASURED)
def test_jobs_ask_for_more_than_was_measured_and_not_for_thrice(stage: str):
    for unique, peak in MEASURED[stage]:
        asked = job_megabytes(stage, unique * (unique - 1) // 2)
        assert peak < asked < 3 * peak


def test_a_sampled_population_asks_for_more_than_was_measured():
    """benchmarks/README.md, "Clusters from samples"."""
    sample = 1_000 * 999 // 2
    for unique, peak in ((34_488, 690), (212_928, 2_029)):
        assert peak < job_megabytes("clusters", sample, unique=unique) < 3 * peak


def test_a_stretch_asks_for_its_share_and_a_second_start_for_twice():
    pairs = 10**10
    assert job_megabytes("distances_part", pairs, 10) < job_megabytes("distances", pairs) / 9
    assert job_megabytes("validation_part", pairs, 10) == job_megabytes("validation", pairs)
    assert job_megabytes("clusters", pairs, attempt=2) == pytest.approx(
        2 * job_megabytes("clusters", pairs), abs=2
    )


def test_time_falls_with_jobs_and_threads():
    alone, shared = job_minutes("distances", 10**11, "OM"), job_minutes("distances_part", 10**11, "OM", 5, 2)
    assert alone - 10 == pytest.approx(10 * (shared - 10), rel=0.1)
    assert job_minutes("distances", 10, "OM") == 10


def test_pairs_are_read_from_the_table_or_the_distances(tmp_path: Path):
    unique = pl.DataFrame(
        {"sequence": range(7), "weight": [1] * 7, "states": [[state] for state in range(7)]},
        schema={"sequence": pl.Int64, "weight": pl.Int64, "states": pl.List(pl.UInt8)},
    )
    io.write_table(unique, tmp_path / "unique.parquet", "unique")
    io.write_array(np.zeros(20_910, np.float32), tmp_path / "distances.npy")
    assert queue.pairs_of(tmp_path / "unique.parquet") == 21
    assert queue.pairs_of(tmp_path / "distances.npy") == 20_910
    # Snakemake asks again later when the error names an input that is not made yet.
    for later in (tmp_path / "later.parquet", tmp_path / "later.npy"):
        with pytest.raises(FileNotFoundError) as caught:
            queue.pairs_of(later)
        assert caught.value.filename == str(later)


def test_only_a_part_shares_its_stage():
    jobs = Jobs(distances=3, clusters=4, validation=2)
    settings = Settings.model_construct(jobs=jobs, clusters=Clusters())
    stages = {stage: queue.parts_of(settings, stage) for stage in LOADS}
    assert stages == dict.fromkeys(LOADS, 1) | {"distances_part": 3, "validation_part": 2}

    sampled = Settings.model_construct(jobs=jobs, clusters=Clusters(method="clara"))
    stages = {stage: queue.parts_of(sampled, stage) for stage in LOADS}
    assert stages == dict.fromkeys(LOADS, 1) | {"clusters_part": 4, "validation_part": 2}


def test_samples_are_sized_by_their_persons_and_not_by_all_pairs(tmp_path: Path):
    path = tmp_path / "unique.parquet"
    states = pl.Series("states", [[0]] * 200_000, dtype=pl.List(pl.UInt8))
    pl.DataFrame([pl.Series("sequence", range(200_000)), states]).write_parquet(path)
    settings = config.load(str(ROOT / "config/config.yaml"))
    sampled = settings.model_copy(update={"clusters": Clusters(method="clara", sample_size=1_000)})
    for stage in ("distances", "clusters_part", "clusters", "validation"):
        assert queue.megabytes(sampled, stage, str(path), 1) < 4_000
        assert queue.megabytes(settings, stage, str(path), 1) > 100_000
        assert queue.minutes(sampled, stage, str(path), 1, 1) < queue.minutes(
            settings, stage, str(path), 1, 1
        )


def test_the_profile_names_rules_that_there_are():
    profile = yaml.safe_load((ROOT / "workflow/profiles/slurm/config.yaml").read_text())
    text = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    for rule in {*profile["set-threads"], *profile["set-resources"]}:
        assert f"\nrule {rule}:\n" in text
    assert profile["executor"] == "slurm"
