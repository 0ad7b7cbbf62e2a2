"""A run without a grant in the window: what each stage of persons gives when there are none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from veje import io
from veje.cli.files import Files
from veje.contracts import contract, names

TOLD_BY: Mapping[str, str] = {
    "sequences": "cohort",
    "distances": "unique",
    "clusters": "sequences",
    "typology": "sequences",
    "timing": "cohort",
    "validation": "sequences",
    "reforms": "cohort",
    "nongrants": "cohort",
    "sensitivity": "cohort",
}
"""Stages that have nothing to do without persons, and the input whose rows are the persons."""


def write_nothing(stage: str, inputs: Files, outputs: Files) -> list[str] | None:
    """Write all tables of a stage without rows when its persons have none; None when there are some.

    Gives the note for the log. A distance vector is of length zero.
    """
    asked = TOLD_BY.get(stage)
    if asked is None or inputs.table(asked).height:
        return None
    for name in outputs.names():
        if name in names("tables"):
            outputs.write(contract(name).empty(), name)
        else:
            io.write_array(np.empty(0, dtype=np.float32), outputs.one(name))
    return ["nobody was granted a pension in the window: its tables have no rows"]
