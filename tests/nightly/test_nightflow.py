"""What an unattended run reads from the lines of its workflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from veje.cli import nightflow
from veje.cli.status import Status
from veje.errors import BadInput

LINES = [
    "Shell command: veje sequences --config x\n",
    "veje sequences: done in 1.0 s\n",
    "Shell command: NUMBA_NUM_THREADS=2 veje distances-part --config x\n",
    "veje distances-part: note: as predicted\n",
    "veje distances-part: done in 1.0 s\n",
    "Shell command: NUMBA_NUM_THREADS=2 veje validation --config x\n",
]


def test_stages_and_their_parts_are_told_as_they_begin_and_end(tmp_path: Path) -> None:
    status = Status(tmp_path)
    seen = []
    for line in LINES:
        nightflow._follow([line], status)
        seen.append(status.told("stage"))
    assert seen == [
        "sequences",
        "sequences",
        "distances-part",
        "distances-part",
        "distances-part",
        "validation",
    ]
    assert status.told("done") == ["sequences", "distances-part"]


def test_a_part_that_failed_says_why() -> None:
    lines = [*LINES, "veje clusters-part: clusters: sample_size is too low\n"]
    with pytest.raises(BadInput, match=r"^clusters-part: clusters: sample_size is too low$"):
        nightflow._raise_failure(BadInput.exit_code, lines)
