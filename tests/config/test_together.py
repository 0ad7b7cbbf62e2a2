"""Settings that are fine alone and wrong together, and keys given twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from veje import config
from veje.errors import BadInput

STUDY = (Path(__file__).resolve().parents[2] / "config/config.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "    herning: 4\n",
            "    aarhus: 4\n",
            "clusters.k_by_area names no municipality of the cohort: aarhus",
        ),
        ("  k: 6\n", "  k: 0\n", "clusters.k"),
        ("cohort:\n", "sequences: {min_weeks: 14}\ncohort:\n", "min_weeks is above window.weeks_per_quarter"),
        ("  rounding: 5\n", "  rounding: 11\n", "rounding is above twice the threshold"),
        ("  municipalities:\n", "  pooled: herning\n  municipalities:\n", "is the key of a municipality too"),
        (
            "cohort:\n",
            "background: {income_groups: [100000, 100000]}\ncohort:\n",
            "key 'background.income_groups': limits must rise",
        ),
        (
            "cohort:\n",
            "background: {unemployment_groups: [500, 250]}\ncohort:\n",
            "key 'background.unemployment_groups': limits must rise",
        ),
        (
            "cohort:\n",
            "timing: {offl_codes: ofl}\ncohort:\n",
            "key 'timing.offl_codes': no list 'ofl': did you mean 'offl'?",
        ),
        ("cohort:\n", "cohort:\n  abroad: sometimes\n", "cohort.abroad"),
        (
            "  threshold: 5\n",
            "  threshold: 5\n  threshold: 3\n",
            "key 'threshold' stands twice, again at line",
        ),
    ],
)
def test_refused_with_the_reason(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert STUDY.count(old) == 1
    path = tmp_path / "mine.yaml"
    path.write_text(STUDY.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        config.load(str(path))
    assert told in str(error.value)
    assert "\n" not in str(error.value)
