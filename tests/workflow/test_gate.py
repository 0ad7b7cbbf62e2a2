"""A release that tells too much is not published until its repair is applied."""

from __future__ import annotations

import polars as pl

from tests.workflow.conftest import Study, hashes


def test_an_unsafe_release_stays_back_and_its_repair_is_proposed(broken: Study) -> None:
    """With `repair: propose` nothing is withheld besides; `protected` says the repair would be enough."""
    config = broken.folder / "config.yaml"
    text = config.read_text(encoding="utf-8")
    assert "repair:" not in text
    config.write_text(text.replace("disclosure:\n", "disclosure:\n  repair: propose\n"), encoding="utf-8")
    before = hashes(broken.release)
    refused = broken.run()
    assert refused.returncode == 40, refused.stderr
    line = next(line for line in refused.stderr.splitlines() if "can be computed too closely" in line)
    assert "state_distribution (" in line
    assert "nothing was published; " in line
    assert "`disclosure.repair: apply` withholds them" in line
    assert hashes(broken.release) == before
    proposed = pl.read_csv(broken.private / "study/audit/repairs.csv")
    protected = pl.read_parquet(broken.private / "study/audit/protected.parquet")
    assert proposed.height > 0
    assert protected["narrow_before"].any()
    assert not protected["narrow"].any()
