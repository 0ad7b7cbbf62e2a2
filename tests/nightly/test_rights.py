"""Who may read what links numbers to persons, and where jobs keep their temporary files."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import polars as pl
import pytest

from tests.people import BY_NAME
from veje import config, io
from veje.cli.workflow import environment
from veje.importing import import_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_what_links_numbers_to_persons_is_for_its_owner_alone(tmp_path: Path, umask: int) -> None:
    source = tmp_path / "UDDA.csv"
    source.write_text(f"PNR,HFAUDD\n{BY_NAME['Torben'].pnr},30\n")
    before = os.umask(umask)
    try:
        keys = pl.DataFrame({"pnr": [BY_NAME["Torben"].pnr], "person": [1]})
        io.write_table(keys, tmp_path / "private/keys/study.parquet", "keys")
        import_file(source, tmp_path / "private/keys/imported/udda/ab.parquet")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "private").rglob("*")}
    assert modes["study.parquet"] == modes["ab.parquet"] == 0o600
    assert modes["keys"] == 0o700


def test_jobs_keep_their_temporary_files_with_the_results(tmp_path: Path) -> None:
    given = config.load(str(ROOT / "config/config.yaml"))
    settings = given.model_copy(update={"results": str(tmp_path / "it's here $HOME")})
    told = environment(settings, Path("/bin")) + 'echo "$TMPDIR|$VEJE_LEDGER|$VEJE_RUN"'
    said = subprocess.run(["bash", "-c", told], capture_output=True, text=True, check=True).stdout.strip()
    results = (tmp_path / "it's here $HOME").resolve()
    assert said.split("|") == [
        str(results / "private/tmp"),
        str(results / "private/study/ledger"),
        str(results),
    ]
