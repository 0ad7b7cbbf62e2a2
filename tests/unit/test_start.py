"""What a stage loads before it begins: each of some thirty jobs of a run pays it anew."""

from __future__ import annotations

import subprocess
import sys

STAGES = [
    "cohort",
    "ingest",
    "typology",
    "background",
    "tables",
    "replication",
    "workbook",
    "report",
    "publish",
    "workflow",
]
SAYS = """
import sys
from importlib import import_module
for stage in {stages}:
    import_module("veje.cli." + stage)
from veje.contracts import check, contract
check(contract("cohort").empty(), "cohort")
print(*sorted({{"numba", "scipy", "sklearn", "matplotlib", "sqlalchemy"}} & set(sys.modules)))
import sqlalchemy
print(sqlalchemy.__name__)
"""


def loaded(*stages: str) -> list[str]:
    """Name what these stages load of the slow packages, and at last one that is left importable."""
    done = subprocess.run(
        [sys.executable, "-c", SAYS.format(stages=stages)], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_stages_without_the_engine_load_none_of_it_and_none_loads_a_database() -> None:
    assert loaded(*STAGES) == ["", "sqlalchemy"]


def test_the_pictures_load_what_draws_and_no_engine() -> None:
    assert loaded("figures") == ["matplotlib", "sqlalchemy"]
