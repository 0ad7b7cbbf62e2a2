"""What a refused delivery leaves of the run before, and who may read what a run writes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from tests.workflow.conftest import ROOT, Study, hashes


def test_a_refused_delivery_leaves_the_tables_and_keys_of_the_run_before(broken: Study) -> None:
    """Also once the former delivery is put back: nothing has to be done then."""
    grants = broken.folder / "twin/registers/GRANTS2009.csv"
    kept = shutil.copy2(grants, broken.folder / "kept.csv")
    folders = [broken.private / "keys", broken.private / "study/ingest", broken.private / "study/cohort"]
    before = [hashes(folder) for folder in folders]
    assert all(before)
    lines = grants.read_text(encoding="utf-8").splitlines(keepends=True)
    grants.write_text("".join([lines[0], lines[1].replace("-", "/"), *lines[2:]]), encoding="utf-8")
    refused = broken.run()
    assert refused.returncode == 11, refused.stderr
    # The list of what to make again is neither table nor key.
    marks = before[0].pop("imported/ledger/again.json")
    now = [hashes(folder) for folder in folders]
    assert now[0].pop("imported/ledger/again.json") != marks
    # The conversion of the new delivery is there beside that of the former one.
    assert [before[k].items() <= now[k].items() for k in range(3)] == [True] * 3
    assert now[1:] == before[1:]
    shutil.copy2(kept, grants)
    # As far as the folders that are compared.
    again = broken.run("--until", "cohort")
    assert again.returncode == 0, again.stderr
    assert [hashes(folder) for folder in folders][1:] == before[1:]


def test_no_result_is_for_others_whatever_the_umask(broken: Study) -> None:
    """Run by Snakemake itself, by a user whose files are open, after an older run that left folders open."""
    for path in broken.private.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    shutil.rmtree(broken.private / "study/ingest")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "--cores", "2"]
    command += ["--workflow-profile", str(ROOT / "workflow/profiles/default"), "--configfile", "config.yaml"]
    # An open umask for the child alone.
    before = os.umask(0)
    try:
        done = subprocess.run(
            [*command, "--forcerun", "ingest", "--until", "cohort"],
            cwd=broken.folder,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert (broken.private / "study/ingest/grants.parquet").is_file()
    open_to_others = [
        path.relative_to(broken.folder).as_posix()
        for folder in (broken.private, broken.release)
        for path in (folder, *folder.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & ~(0o750 if path.is_dir() else 0o640)
    ]
    assert open_to_others == []


def test_a_link_out_of_the_results_stops_the_run(broken: Study, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(broken.private / "study/tables")
    (broken.private / "study/tables").symlink_to(elsewhere)
    done = broken.run()
    assert done.returncode != 0
    assert "study/tables: a link that leads out of results" in done.stdout + done.stderr
    assert list(elsewhere.iterdir()) == []
