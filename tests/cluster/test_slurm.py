"""The same workflow on a real Slurm: one node on this machine's loopback, jobs through its queue.

`make slurm` asks for it: the queue starts a job some ten seconds after the former one, so that this takes
minutes. It needs root, the Debian packages of Slurm, and the extra `cluster`.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from tests.workflow.conftest import ROOT, Study, hashes
from veje.twin import make_twin, write_twin

NODE = ROOT.parent / "shared/tools/slurm_single_node.sh"
PROFILE = ROOT / "workflow/profiles/slurm"
STAGES = ("distances", "clusters", "validation")
# Nothing as far as the validation reads the costs that `distances` writes.
OF_SAMPLES = ("clusters", "validation")
QUICK = {
    "bootstraps": 5,
    "null_replications": 3,
    "orders": 1,
    "ties": 2,
    "choices": ["HAM"],
    "permutations": 99,
}
# What this one node needs beside the profile; the last of two options of a name counts.
NODE_OPTIONS = [
    *("--default-resources", "mem_mb=500", "runtime=10", "slurm_account='none'", "slurm_partition='all'"),
    *("--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "2", "--jobs", "2"),
    *(
        "--set-threads",
        *(
            f"{rule}=1"
            for rule in ("distances", "distances_part", "clusters_part", "validation", "validation_part")
        ),
    ),
]


@pytest.fixture(scope="module")
def node() -> Iterator[None]:
    """Start Slurm, or skip; stop it when this started it."""
    if "VEJE_SLURM" not in os.environ:
        pytest.skip("takes minutes: `make slurm` asks for it")
    if os.geteuid() != 0:
        pytest.skip("starting Slurm needs root")
    if not NODE.is_file():
        pytest.skip("the script that starts one node is not beside this checkout")
    if importlib.util.find_spec("snakemake_executor_plugin_slurm") is None:
        pytest.skip("the extra `cluster` is not installed: make CLUSTER=yes")
    if shutil.which("slurmctld") is None:
        pytest.skip("no Slurm here: apt-get install slurmctld slurmd slurm-client munge")
    up = subprocess.run(["sinfo", "-h"], capture_output=True, check=False).returncode == 0
    subprocess.run([NODE, "start"], check=True, capture_output=True)
    yield
    if not up:
        subprocess.run([NODE, "stop"], check=False, capture_output=True)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study on a small twin, run here, each stage as one job."""
    folder = tmp_path_factory.mktemp("local")
    write_twin(make_twin(seed=2012, others=2_000), folder / "twin")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    config |= {"sensitivity": {}, "timing_depth": {}, "validation": QUICK}
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    done = Study(folder, "").run("--until", "validation")
    assert done.returncode == 0, done.stderr
    return Study(folder, done.stdout + done.stderr)


def through_the_queue(
    local: Study, folder: Path, stages: Sequence[str], **config: object
) -> tuple[dict[str, dict[str, str]], str]:
    """Compute stages of a finished run again by jobs of the queue; gives their digests and the output."""
    shutil.copytree(local.folder, folder, symlinks=True)
    told = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    (folder / "config.yaml").write_text(yaml.safe_dump(told | config), encoding="utf-8")
    for stage in stages:
        shutil.rmtree(folder / f"results/private/study/{stage}")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--workflow-profile", str(PROFILE), "--configfile", "config.yaml", *NODE_OPTIONS]
    command += ["--until", "validation"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return digests(folder, stages), done.stdout + done.stderr


def digests(folder: Path, stages: Sequence[str]) -> dict[str, dict[str, str]]:
    found = {stage: hashes(folder / f"results/private/study/{stage}") for stage in stages}
    assert all(found.values())
    return found


def test_jobs_of_a_queue_give_the_bytes_of_one_machine(node: None, local: Study, tmp_path: Path) -> None:
    """Distances in three jobs, samples and random sets in two, everything through sbatch."""
    jobs = {"distances": 3, "validation": 2}
    found, said = through_the_queue(local, tmp_path / "shared", STAGES, jobs=jobs)
    # Three stretches and their gathering, clusters, two shares and their gathering.
    assert said.count("has been submitted with SLURM jobid") >= 8
    assert found == digests(local.folder, STAGES)


def test_samples_of_persons_in_jobs_give_the_bytes_of_one_machine(
    node: None, local: Study, tmp_path: Path
) -> None:
    """CLARA's samples in two jobs; no distances of all pairs are computed on either side."""
    alone = Study(tmp_path / "alone", "")
    shutil.copytree(local.folder, alone.folder, symlinks=True)
    told = yaml.safe_load((alone.folder / "config.yaml").read_text(encoding="utf-8"))
    told["clusters"] |= {"method": "clara", "sample_size": 200, "samples": 4}
    (alone.folder / "config.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    shutil.rmtree(alone.folder / "results/private/study/distances")
    done = alone.run("--until", "validation")
    assert done.returncode == 0, done.stderr
    jobs = {"clusters": 2, "validation": 2}
    found, said = through_the_queue(alone, tmp_path / "shared", OF_SAMPLES, jobs=jobs)
    # Two shares of the samples and their gathering, two shares of the validation and theirs.
    assert said.count("has been submitted with SLURM jobid") >= 6
    assert found == digests(alone.folder, OF_SAMPLES)
    assert found != digests(local.folder, OF_SAMPLES)
    for folder in (alone.folder, tmp_path / "shared"):
        assert not list(folder.rglob("distances.npy"))
