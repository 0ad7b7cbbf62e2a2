"""Which change reruns which rules, and faults of the config."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.workflow.conftest import Study

END = {"disclosure", "replication", "workbook", "figures", "report", "publish"}
TYPES = {"typology", "validation", "sensitivity", "tables", "private_figures", *END}
CHANGES = {
    "disclosure.rounding": (10, {"validation", "tables", *END}),
    "timing.concentration": (0.8, {"timing", "tables", *END}),
    "typology.limit": (4.0, {"typology", "sensitivity", "tables", "private_figures", *END}),
    "clusters.criterion": ("HG", {"clusters", *TYPES}),
    "clusters.method": ("clara", {"distances", "clusters", *TYPES}),
    "continuity.names": (True, {"clusters", *TYPES} - {"sensitivity"}),
    "continuity.distances": (True, {"distances", "clusters", *TYPES} - {"sensitivity"}),
    "jobs.distances": (2, {"distances_part", "distances", "clusters", *TYPES} - {"sensitivity"}),
    "jobs.validation": (2, {"validation_part", "validation", "tables", *END}),
    "distances.costs": ("CONSTANT", {"distances", "clusters", *TYPES}),
    "background.medicine_days": (730, {"background", "validation", "tables", *END}),
    "validation.bootstraps": (20, {"validation", "tables", *END}),
    "timing_depth.clusters": (5, {"timing", "tables", *END}),
    "sensitivity.most_persons": (1_000, {"sensitivity", "tables", *END}),
    "title": ({"en": "Another"}, {"report", "publish"}),
}


def planned(study: Study, *more: str) -> set[str]:
    """Give the rules that a dry run would run."""
    done = study.run("--dry-run", "--quiet", "reason", *more)
    assert done.returncode == 0, done.stderr
    lines = (done.stdout + done.stderr).splitlines()
    counted = [line.split() for line in lines]
    names = {
        parts[0] for parts in counted if len(parts) == 2 and parts[0].isidentifier() and parts[1].isdigit()
    }
    return names - {"all", "total"}


@pytest.mark.parametrize("change", CHANGES)
def test_a_setting_reruns_its_stage_and_what_follows(copied: Study, change: str) -> None:
    value, expected = CHANGES[change]
    path = copied.folder / "config.yaml"
    data = yaml.safe_load(path.read_text())
    *section, name = change.split(".")
    (data.setdefault(section[0], {}) if section else data)[name] = value
    path.write_text(yaml.safe_dump(data))
    rerun = planned(copied)
    # The report prints every setting; figures follow the tables only.
    assert rerun == expected | {"report", "publish"}


def test_nothing_reruns_without_a_change(broken: Study) -> None:
    """Also when the same deliveries were put there anew."""
    assert planned(broken) == set()


def test_an_older_file_with_other_content_reruns_all(broken: Study) -> None:
    path = broken.folder / "twin/registers/UDDA2008.parquet"
    pl.read_parquet(path).head(-1).write_parquet(path)
    os.utime(path, (1, 1))
    assert "ingest" in planned(broken)


def fails(study: Study, text: str, path: Path) -> str:
    path.write_text(text)
    done = study.run(config=str(path))
    assert done.returncode == 10
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_an_unknown_key_is_named_with_its_neighbour(study: Study, tmp_path: Path) -> None:
    text = (study.folder / "config.yaml").read_text()
    line = fails(study, text.replace("  threshold: 5", "  treshold: 5"), tmp_path / "faulty.yaml")
    assert "unknown key 'disclosure.treshold'" in line
    assert "did you mean 'threshold'" in line


def test_a_mistyped_value_is_named(study: Study, tmp_path: Path) -> None:
    text = (study.folder / "config.yaml").read_text().replace("threshold: 5", "threshold: few")
    assert "key 'disclosure.threshold'" in fails(study, text, tmp_path / "faulty.yaml")


def test_snakemake_itself_names_the_key(study: Study, tmp_path: Path) -> None:
    import subprocess
    import sys

    from tests.workflow.conftest import ROOT

    path = tmp_path / "faulty.yaml"
    path.write_text((study.folder / "config.yaml").read_text().replace("  threshold: 5", "  treshold: 5"))
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "--snakefile",
        str(ROOT / "Snakefile"),
        "--cores",
        "1",
        "-n",
    ]
    done = subprocess.run(
        [*command, "--configfile", str(path)], cwd=study.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "did you mean 'threshold'" in done.stdout + done.stderr
